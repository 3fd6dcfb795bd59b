package format

import (
	"slices"
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
	joined := 0 // of the logical line
	for i, l := range lines {
		content := l.Of(f.src)
		if i == 0 {
			content = f.src[inst.Start:max(inst.Start, l.End)]
		} else if isBlankLine(content) || isComment(content) {
			continue
		}
		moves[i] = i > 0 && f.isFree(inst, l, joined)
		if n := strings.TrimRight(content, " \t"); len(n) > 0 {
			joined += len(n) - 1 // the continuation; behind the last line nothing follows
		}
	}
	return moves
}

// isFree reports whether the blanks in front of a line stand between words of the instruction, and are some.
func (f *formatter) isFree(inst *dockerfile.Instruction, l line, joined int) bool {
	n := lead(l.Of(f.src))
	logical := inst.Line.Text
	if n == 0 && (joined == 0 || logical[joined-1] != ' ' && logical[joined-1] != '\t') {
		return false // the line goes on in the middle of a word
	}
	core := inst
	if inst.Inner != nil {
		core = inst.Inner
	}
	run := text.Span{Start: l.Start, End: l.Start + n}
	if start, end := shell.CommandRange(core.Instruction); runsShell(core.Instruction) && start <= joined && joined < end {
		return f.isFreeInScript(core, text.Span{Start: joined - start, End: joined + n - start}, logical[start:end])
	}
	if splitsWords(core.Instruction) && core.JSON == nil && hasQuotes(core.Rest.Text) {
		return false
	}
	return !slices.ContainsFunc(wordsOf(core.Instruction), func(word text.Span) bool { return holds(word, run) })
}

// holds reports whether a run of blanks, or the place where one could be, has something of a word or lies inside it.
func holds(word, run text.Span) bool {
	if run.Empty() {
		return word.Start < run.Start && run.Start < word.End
	}
	return word.Start < run.End && run.Start < word.End
}

// runsShell reports whether an instruction has a command in shell form.
func runsShell(inst *syntax.Instruction) bool {
	return inst.JSON == nil && slices.Contains([]string{"CMD", "ENTRYPOINT", "HEALTHCHECK", "RUN"}, inst.Name)
}

// isFreeInScript reports whether blanks of a script mean nothing to a shell. Others than POSIX's, and those of files in
// which the backslash does not continue lines, are not known.
func (f *formatter) isFreeInScript(inst *dockerfile.Instruction, run text.Span, script string) bool {
	if f.Escape != '\\' || len(inst.Heredocs) > 0 || !f.IsPOSIX(inst) {
		return false
	}
	if f.script != script {
		f.script = script
		f.solid, f.readable = shell.Solid(script)
	}
	return f.readable && !slices.ContainsFunc(f.solid, func(word text.Span) bool { return holds(word, run) })
}

// wordsOf are the words of an instruction whose blanks count.
func wordsOf(inst *syntax.Instruction) []text.Span {
	words := []text.Span{inst.Keyword.Span}
	for _, flag := range inst.Flags {
		words = append(words, flag.Span)
	}
	for _, arg := range inst.Args {
		words = append(words, arg.Span)
	}
	for _, h := range inst.Heredocs {
		words = append(words, h.Span)
	}
	return words
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
