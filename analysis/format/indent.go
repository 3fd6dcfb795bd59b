package format

import (
	"slices"
	"sort"
	"strings"
	"unicode"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// indentation shifts the continued lines of an instruction so that the least indented one has the indentation of the
// options, and each other one keeps its distance from it. Comments between them go along, but for those that begin their
// line. A line in front of which blanks mean something stays.
func (f *formatter) indentation(inst *dockerfile.Instruction, lines []line) {
	if len(lines) < 2 {
		return
	}
	moves := f.movable(inst, lines)
	base := -1
	for i, l := range lines {
		if moves[i] {
			if width := f.width(l); base < 0 || width < base {
				base = width
			}
		}
	}
	if base < 0 {
		return
	}
	for i, l := range lines[1:] {
		content := l.Of(f.src)
		width := f.width(l)
		if comment := strings.HasPrefix(content[lead(content):], "#"); !moves[i+1] && (!comment || width == 0) {
			continue
		}
		f.edit(l.Start, l.Start+lead(content), f.blanks(max(0, width-base+f.o.Indent)))
	}
}

// width is the width of a line's indentation in columns.
func (f *formatter) width(l line) int {
	width := 0
	for _, c := range []byte(l.Of(f.src)) {
		switch c {
		case ' ':
			width++
		case '\t':
			width += f.o.TabWidth - width%f.o.TabWidth
		default:
			return width
		}
	}
	return width
}

// blanks is an indentation of so many columns.
func (f *formatter) blanks(columns int) string {
	if !f.o.Tabs {
		return strings.Repeat(" ", columns)
	}
	return strings.Repeat("\t", columns/f.o.TabWidth) + strings.Repeat(" ", columns%f.o.TabWidth)
}

// movable says of each line of an instruction whether it goes on with a word of its own, so that the number of blanks in
// front of it does not count.
func (f *formatter) movable(inst *dockerfile.Instruction, lines []line) []bool {
	moves := make([]bool, len(lines))
	s := f.solidsOf(inst)
	joined := 0 // of the logical line
	for i, l := range lines {
		content := l.Of(f.src)
		if i == 0 {
			content = f.src[inst.Start:max(inst.Start, l.End)]
		} else if isBlankLine(content) || isComment(content) {
			continue
		}
		moves[i] = i > 0 && s.frees(l.Start, joined, lead(content))
		if n := strings.TrimRight(content, " \t"); len(n) > 0 {
			joined += len(n) - 1 // the continuation; behind the last line nothing follows
		}
	}
	return moves
}

// solids are the parts of an instruction in which blanks count.
type solids struct {
	line     string      // the logical line
	words    []text.Span // in the file, in order
	heredocs []syntax.Heredoc
	script   text.Span   // in the logical line
	inScript []text.Span // in the script, in order
	fixed    bool        // all of the arguments
	unread   bool        // all of the script
}

func (f *formatter) solidsOf(inst *dockerfile.Instruction) solids {
	s := solids{line: inst.Line.Text, words: []text.Span{inst.Keyword.Span}}
	if inst.Inner != nil {
		inst = inst.Inner
		s.words = append(s.words, inst.Keyword.Span)
	}
	for _, flag := range inst.Flags {
		s.words = append(s.words, flag.Span)
	}
	s.heredocs = inst.Heredocs
	s.fixed = splitsWords(inst.Instruction) && inst.JSON == nil && hasQuotes(inst.Rest.Text)
	if runsShell(inst.Instruction) {
		s.script.Start, s.script.End = shell.CommandRange(inst.Instruction)
		s.inScript, s.unread = f.inScript(inst, s.script.Of(s.line))
	}
	for _, arg := range inst.Args {
		s.words = append(s.words, arg.Span)
	}
	return s
}

// inScript is what of a script is solid, or that all of it is. Scripts for others than POSIX's shells, and those of files in
// which the backslash does not continue lines, are not read.
func (f *formatter) inScript(inst *dockerfile.Instruction, script string) (inScript []text.Span, unread bool) {
	if f.Escape != '\\' || len(inst.Heredocs) > 0 || !f.IsPOSIX(inst) {
		return nil, true
	}
	inScript, ok := shell.Solid(script)
	return inScript, !ok
}

// frees reports whether the blanks in front of a line stand between words, and are some: so many, at a place of the file and
// of the logical line.
func (s *solids) frees(at, joined, blanks int) bool {
	if blanks == 0 && (joined == 0 || s.line[joined-1] != ' ' && s.line[joined-1] != '\t') {
		return false // the line goes on in the middle of a word
	}
	if s.script.Start <= joined && joined < s.script.End {
		in := joined - s.script.Start
		return !s.unread && !holds(s.inScript, text.Span{Start: in, End: in + blanks})
	}
	run := text.Span{Start: at, End: at + blanks}
	return !s.fixed && !holds(s.words, run) && !slices.ContainsFunc(s.heredocs, func(h syntax.Heredoc) bool {
		return holds([]text.Span{h.Span}, run)
	})
}

// holds reports whether one of some words, which are in order, has something of a run of blanks, or has inside it the place
// where one could be.
func holds(words []text.Span, run text.Span) bool {
	i := sort.Search(len(words), func(i int) bool { return words[i].End > run.Start })
	if i == len(words) {
		return false
	}
	if run.Empty() {
		return words[i].Start < run.Start
	}
	return words[i].Start < run.End
}

// runsShell reports whether an instruction has a command in shell form.
func runsShell(inst *syntax.Instruction) bool {
	return inst.JSON == nil && slices.Contains([]string{"CMD", "ENTRYPOINT", "HEALTHCHECK", "RUN"}, inst.Name)
}

// looksLost reports whether a continued line looks like an instruction of its own, or would: then people and BuildKit may
// read the file differently when it is laid out.
func (f *formatter) looksLost(lines []line) bool {
	if len(lines) < 2 {
		return false
	}
	own, least := indented(lines[0].Of(f.src)), f.o.Indent
	if f.o.Tabs {
		least = 1
	}
	return slices.ContainsFunc(lines[1:], func(l line) bool {
		content := l.Of(f.src)
		columns := indented(content)
		word := strings.IndexFunc(content[columns:], unicode.IsSpace)
		return word > 0 && syntax.Known(content[columns:columns+word]) && min(columns, least) <= own
	})
}

// indented is the number of bytes of white space in front of a line.
func indented(content string) int {
	return len(content) - len(strings.TrimLeftFunc(content, unicode.IsSpace))
}
