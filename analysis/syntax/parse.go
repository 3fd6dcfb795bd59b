package syntax

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/text"
)

// maxLine is the length of a physical line, without its \n, from which on BuildKit does not read it
// (bufio.MaxScanTokenSize).
const maxLine = 64 * 1024

const bom = "\uFEFF"

// Parse reads a Dockerfile for people: an instruction that stands behind a blank line of a continued instruction, or in
// an unterminated heredoc, is an instruction, and the one before it is marked Recovered. It never fails.
func Parse(src string) *File { return parse(src, false) }

// ParseAsBuildKit reads a Dockerfile as BuildKit does: a trailing continuation and an unterminated heredoc swallow what
// follows. It equals Parse where nothing is marked Recovered. It never fails, also where BuildKit does.
func ParseAsBuildKit(src string) *File { return parse(src, true) }

func parse(src string, strict bool) *File {
	r := &reader{File: &File{Text: src, Escape: '\\'}, strict: strict}
	r.noteLongLines()
	if strings.HasPrefix(src, bom) {
		r.pos = len(bom)
	}
	for r.pos < len(src) {
		r.statement()
	}
	return r.File
}

type reader struct {
	*File
	pos    int  // the start of the next physical line
	strict bool // read on where BuildKit does
	// directivesDone is set with the first instruction, blank line, or comment that is no directive: then none can follow.
	directivesDone bool
	// unterminated holds the delimiters that no line from here on equals, so that each is looked for only once.
	unterminated map[string]bool
}

// physical is one physical line: start and end of its content, and the start of the next line.
// Lines end at \n only; all \r in front of it are left out of the content, as BuildKit does.
type physical struct{ start, end, next int }

func (r *reader) line(start int) physical {
	l := physical{start: start, end: len(r.Text), next: len(r.Text)}
	if n := strings.IndexByte(r.Text[start:], '\n'); n >= 0 {
		l.end, l.next = start+n, start+n+1
	}
	for l.end > start && (r.Text[l.end-1] == '\r' || r.Text[l.end-1] == '\n') {
		l.end--
	}
	return l
}

func (r *reader) noteLongLines() {
	if len(r.Text) < maxLine {
		return
	}
	for at := 0; at < len(r.Text); {
		n := strings.IndexByte(r.Text[at:], '\n')
		if n < 0 {
			n = len(r.Text) - at
		}
		if n >= maxLine {
			r.TooLong = append(r.TooLong, text.Span{Start: at, End: at + n})
		}
		at += n + 1
	}
}

// statement reads what begins at the next line: a blank line, a comment, a directive or an instruction.
func (r *reader) statement() {
	l := r.line(r.pos)
	l.start += leadingSpace(r.Text[l.start:l.end])
	if l.start < l.end && r.Text[l.start] == '#' {
		r.commentOrDirective(l)
		r.pos = l.next
		return
	}
	r.directivesDone = true
	if l.start == l.end {
		r.pos = l.next
		return
	}
	r.instruction(l)
}

func (r *reader) commentOrDirective(l physical) {
	d, ok := directiveAt(r.Text, l.start, l.end)
	name := d.known()
	if !r.directivesDone && (!ok || name == "") {
		r.directivesDone = true
	}
	if r.directivesDone {
		c := Comment{Span: text.Span{Start: l.start, End: l.end}}
		// A check directive may stand above any instruction.
		if ok && (name == "syntax" || name == "escape") {
			c.Late = &d
		}
		r.Comments = append(r.Comments, c)
		return
	}
	for i := range r.Directives {
		d.Repeated = d.Repeated || r.Directives[i].known() == name
	}
	r.Directives = append(r.Directives, d)
	if name == "escape" && !d.Repeated && (d.Value.Text == "`" || d.Value.Text == `\`) {
		r.Escape = d.Value.Text[0]
	}
}

// continued returns the length of a line's content without a continuation at its end, and whether there is one.
// An escape character with another one in front of it does not continue the line.
// Source: lineContinuationRegex of BuildKit's parser.
func continued(content string, escape byte) (int, bool) {
	n := len(content)
	for n > 0 && (content[n-1] == ' ' || content[n-1] == '\t') {
		n--
	}
	if n == 0 || content[n-1] != escape || n > 1 && content[n-2] == escape {
		return len(content), false
	}
	return n - 1, true
}

// instruction reads the logical line that begins with l, then the heredocs that it opens.
func (r *reader) instruction(l physical) {
	inst := &Instruction{}
	inst.Extent.Start = r.pos
	first := l
	indent := l.start - r.pos
	var joined strings.Builder
	n, open := continued(r.Text[l.start:l.end], r.Escape)
	inst.Line.segments = []segment{{0, l.start}}
	inst.Line.Text = r.Text[l.start : l.start+n]
	end := contentEnd(r.Text, l.start, l.start+n, open)
	r.pos = l.next
	for open && r.pos < len(r.Text) {
		l = r.line(r.pos)
		switch content := r.Text[l.start:l.end]; r.kindOf(content) {
		case commentLine:
			at := l.start + leadingSpace(content)
			r.Comments = append(r.Comments, Comment{Span: text.Span{Start: at, End: l.end}})
		case blankLine:
			inst.BlankLines = append(inst.BlankLines, text.Span{Start: l.start, End: l.end})
		default:
			if !r.strict && r.isLost(l, first, indent, len(inst.BlankLines) > 0) &&
				!unfinished(longer(joined.String(), inst.Line.Text)) {
				inst.Recovered = true
				inst.Dangling = text.Span{Start: end - 1, End: end}
				open = false
				continue
			}
			if joined.Len() == 0 {
				joined.WriteString(inst.Line.Text)
			}
			n, open = continued(content, r.Escape)
			inst.Line.segments = append(inst.Line.segments, segment{joined.Len(), l.start})
			joined.WriteString(content[:n])
			end = contentEnd(r.Text, l.start, l.start+n, open)
		}
		r.pos = l.next
	}
	if len(inst.Line.segments) > 1 {
		inst.Line.Text = joined.String()
	}
	inst.Span = text.Span{Start: first.start, End: end}
	inst.parse(0, r.Escape)
	r.heredocs(inst, first, indent)
	inst.Extent.End = r.pos
	if inst.Recovered {
		inst.Extent.End = r.recoveredExtent(inst)
		inst.keepBodies()
	}
	if inst.Inner != nil {
		inst.Inner.Extent = inst.Extent
	}
	r.Instructions = append(r.Instructions, inst)
}

// contentEnd is the end of a line's last byte that counts: blanks at its end do not, a continuation character does.
func contentEnd(src string, start, end int, open bool) int {
	if open {
		return end + 1
	}
	return end - trailingSpace(src[start:end])
}

// recoveredExtent ends the extent of a recovered instruction with its last line that is not blank, so that the lines in
// front of the next instruction belong to none.
func (r *reader) recoveredExtent(inst *Instruction) int {
	if n := strings.IndexByte(r.Text[inst.End:r.pos], '\n'); n >= 0 {
		return inst.End + n + 1
	}
	return r.pos
}

type lineKind int

const (
	codeLine lineKind = iota
	commentLine
	blankLine
)

// kindOf says what the content of a line inside a continued instruction is.
func (r *reader) kindOf(content string) lineKind {
	at := leadingSpace(content)
	if at == len(content) {
		return blankLine
	}
	if content[at] == '#' {
		return commentLine
	}
	return codeLine
}

// standsAsInstruction reports whether a line that BuildKit reads as part of the instruction that begins at first looks
// like an instruction of its own to people: it starts with a keyword in the casing of the first one, no further
// indented.
func (r *reader) standsAsInstruction(l, first physical, indent int) bool {
	content := r.Text[l.start:l.end]
	own := leadingSpace(content)
	keyword := firstWord(content[own:])
	if own > indent || !Known(keyword) || own+len(keyword) == len(content) {
		return false
	}
	owner := firstWord(r.Text[first.start:first.end])
	return isUpper(owner) == isUpper(keyword)
}

// waits reports whether a logical line, as far as it is read, needs another instruction behind it: ONBUILD and HEALTHCHECK.
func waits(line string) bool {
	words := strings.Fields(line)
	switch {
	case len(words) == 0:
		return true
	case strings.EqualFold(words[0], "ONBUILD"):
		return len(words) == 1
	case strings.EqualFold(words[0], "HEALTHCHECK"):
		return !slices.ContainsFunc(words, func(w string) bool {
			return strings.EqualFold(w, "CMD") || strings.EqualFold(w, "NONE")
		})
	}
	return false
}

// isLost reports whether a line of a continued instruction looks like an instruction of its own: behind a blank line, or at
// the very start of a line and in capitals as the one that it would belong to.
func (r *reader) isLost(l, first physical, indent int, blank bool) bool {
	if !r.standsAsInstruction(l, first, indent) {
		return false
	}
	c := r.Text[l.start]
	return blank || c >= 'A' && c <= 'Z' && isUpper(firstWord(r.Text[l.start:l.end]))
}

// unfinished reports whether a logical line, as far as it is read, needs what follows: it waits for an instruction, or is
// inside quotes.
func unfinished(line string) bool {
	var quote rune
	escaped := false
	for _, c := range line {
		switch {
		case escaped:
			escaped = false
		case c == '\\' && quote != '\'':
			escaped = true
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		}
	}
	return quote != 0 || waits(line)
}

func longer(a, b string) string {
	if len(a) > len(b) {
		return a
	}
	return b
}

func isUpper(keyword string) bool { return keyword == strings.ToUpper(keyword) }

// firstWord is what stands in front of the first blank of s.
func firstWord(s string) string {
	for i := range len(s) {
		if isSeparator(s[i]) {
			return s[:i]
		}
	}
	return s
}

// isSeparator reports whether BuildKit splits a line at the byte (reWhitespace of its parser).
func isSeparator(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' && c != '\n' }
