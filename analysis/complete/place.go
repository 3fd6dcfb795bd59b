package complete

import (
	"sort"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// place is where a cursor stands.
type place struct {
	Facts
	offset int
	// inst is the instruction around the cursor, behind ONBUILD the one behind it; nil where there is none yet.
	inst  *dockerfile.Instruction
	outer *dockerfile.Instruction // with its ONBUILD
	stage *dockerfile.Stage       // nil in front of the first FROM
	// line is the logical line, and at the cursor in it; left is how much of it follows on the same physical line.
	line     string
	at, left int
	// half is what stands in front of the cursor, as an instruction of its own: its spans are offsets into line. It is nil
	// in
	// comments and in bodies of here-documents, where line is the physical line.
	half *syntax.Instruction
	// heredoc is the one whose body the cursor stands in.
	heredoc *syntax.Heredoc
	onbuild bool
	// between says that the cursor stands on a blank line behind which the instruction goes on.
	between bool
}

func (f Facts) placeAt(offset int) *place {
	m := f.Model
	if f.Project != nil {
		f.Project = f.Project.Likely()
	}
	p := &place{Facts: f, offset: offset}
	p.stage = stageAt(m, offset)
	i := sort.Search(len(m.Instructions), func(i int) bool { return m.Instructions[i].Extent.Start > offset }) - 1
	if i >= 0 {
		p.outer = m.Instructions[i]
	}
	start := strings.LastIndexByte(m.Text[:offset], '\n') + 1
	end := len(m.Text)
	if n := strings.IndexByte(m.Text[offset:], '\n'); n >= 0 {
		end = offset + n
	}
	physical := strings.TrimRight(m.Text[start:end], "\r")
	if offset > start+len(physical) {
		return nil // in the middle of a line ending
	}
	if start == 0 && strings.HasPrefix(physical, bom) {
		start, physical = len(bom), physical[len(bom):]
	}
	if offset < start {
		return nil
	}
	p.line, p.at, p.left = physical, offset-start, len(physical)-(offset-start)
	if p.outer != nil && p.inBody(start) {
		return p
	}
	if strings.HasPrefix(strings.TrimLeft(physical, " \t"), "#") {
		if strings.IndexByte(physical, '#') >= p.at {
			return nil
		}
		return p
	}
	return p.inLine(start)
}

const bom = "\uFEFF"

// inBody reports whether the cursor stands in the body of a here-document, in the line that ends it, or behind one that
// nothing
// ends.
func (p *place) inBody(start int) bool {
	list := p.outer.Heredocs
	for i := range list {
		h := &list[i]
		if start < h.Body.Start || p.outer.Line.Source(len(p.outer.Line.Text)) >= start {
			continue
		}
		if start < h.Body.End || h.Terminated && start <= h.Terminator.Start || !h.Terminated && i == len(list)-1 {
			p.heredoc, p.inst = h, p.outer
			if p.inst.Inner != nil {
				p.inst = p.inst.Inner
			}
			return true
		}
	}
	return false
}

// inLine finds the cursor in the logical line of its instruction; where there is none, one may begin.
func (p *place) inLine(start int) *place {
	if p.outer == nil || !p.reaches(start) {
		p.outer = nil
		return p.split()
	}
	p.inst = p.outer
	line := &p.inst.Line
	at, left, ok := line.Offset(p.offset)
	switch {
	case ok:
		p.line, p.at, p.left = line.Text, at, left
	case p.offset < p.inst.Start: // in the indentation of its first line
		p.line, p.at, p.left = p.line[p.at:], 0, len(p.line)-p.at
	case strings.TrimSpace(p.line) == "": // on a blank line between continued ones
		joined := line.Joined(p.offset)
		before, rest := line.Text[:joined]+p.line[:p.at], line.Text[joined:]
		if p.swallows(rest) {
			rest = ""
		}
		p.between = rest != ""
		p.line, p.at, p.left = before+" "+rest, len(before), 0
	default: // behind the continuation of its line
		return nil
	}
	return p.split()
}

// swallows reports whether the rest of an instruction behind a blank line is one of its own, which that one has taken for
// what
// it waits for.
func (p *place) swallows(rest string) bool {
	first, _, _ := strings.Cut(strings.TrimLeft(rest, " \t"), " ")
	switch p.inst.Name {
	case "ONBUILD":
		return false
	case "HEALTHCHECK":
		return syntax.Known(first) && !strings.EqualFold(first, "CMD")
	}
	return syntax.Known(first)
}

// reaches reports whether a line that begins at an offset of the file is one of the instruction's logical line.
func (p *place) reaches(start int) bool {
	line := &p.outer.Line
	if start <= line.Source(len(line.Text)) {
		return true
	}
	for _, blank := range p.outer.BlankLines {
		if blank.Start == start {
			return true
		}
	}
	// Behind the last line of the file, which is continued, the next one still belongs to it.
	return start == len(p.Model.Text) && !p.outer.Recovered && p.outer.Extent.End == len(p.Model.Text) &&
		len(p.outer.Heredocs) == 0 && p.endsOpen()
}

func (p *place) endsOpen() bool {
	last := p.outer.Of(p.Model.Text)
	return strings.HasSuffix(last, string(p.Model.Escape)) &&
		!strings.HasSuffix(last, strings.Repeat(string(p.Model.Escape), 2))
}

// split reads what stands in front of the cursor.
func (p *place) split() *place {
	before := p.line[:p.at]
	if strings.HasSuffix(before, string(p.Model.Escape)) {
		return nil // the next character is escaped, whatever it is
	}
	p.half = syntax.ParseLine(before, p.Model.Escape)
	if p.half.Name != "ONBUILD" || p.at <= p.half.Keyword.End {
		return p
	}
	p.onbuild = true
	inner := p.half.Inner
	if inner == nil { // nothing behind it yet
		inner = &syntax.Instruction{Line: p.half.Line}
		inner.Keyword.Span = text.Span{Start: p.at, End: p.at}
	}
	p.half = inner
	if p.inst != nil && p.inst.Inner != nil {
		p.inst = p.inst.Inner
	}
	return p
}

// stageAt is the stage that an offset lies in; nil in front of the first FROM. A FROM belongs to its stage.
func stageAt(m *dockerfile.Model, offset int) *dockerfile.Stage {
	i := sort.Search(len(m.Stages), func(i int) bool { return m.Stages[i].From.Start >= offset })
	if i == 0 {
		return nil
	}
	return m.Stages[i-1]
}

// earlier is how many stages stand in front of the one that the cursor is in, which it may refer to.
func (p *place) earlier() int {
	if p.stage == nil {
		return 0
	}
	return p.stage.Index
}

// before is what stands in front of the cursor.
func (p *place) before() string { return p.line[:p.at] }

// behind is what follows the cursor on its physical line, without what continues it.
func (p *place) behind() string { return p.line[p.at : p.at+p.left] }

// word is the span in the file of the word that begins at an offset of the line, up to a blank or one of the stops behind
// the
// cursor. It is false where the word begins on an earlier physical line.
func (p *place) word(from int, stops string) (text.Span, bool) {
	start := p.offset - (p.at - from)
	if start < 0 || from > p.at || strings.ContainsAny(p.Model.Text[start:p.offset], "\r\n") ||
		p.Model.Text[start:p.offset] != p.line[from:p.at] {
		return text.Span{}, false
	}
	end := strings.IndexAny(p.behind(), " \t\r\v\f"+stops)
	if end < 0 {
		end = p.left
	} else if strings.IndexByte(quotes, p.behind()[end]) >= 0 && p.half != nil && p.half.JSON == nil &&
		openQuote(p.line[lastBlank(p.line, from):p.at]) == 0 {
		return text.Span{}, false // the quote ends nothing, and so is a part of the word
	}
	return text.Span{Start: start, End: p.offset + end}, true
}

// next is the character behind a span of the cursor's physical line; 0 at its end.
func (p *place) next(span text.Span) byte {
	if at := span.End - p.offset; at < p.left {
		return p.behind()[at]
	}
	return 0
}

// isBlank reports whether the cursor stands behind a blank, so that a new word begins at it.
func (p *place) isBlank() bool {
	before := p.before()
	return before == "" || strings.TrimRight(before, " \t\r\v\f") != before
}

// current is the argument that the cursor stands in or begins: its index, and where it begins in the line. In an array
// quoted
// is true, and the cursor stands in a string. It is false where no argument can be written.
func (p *place) current() (index, start int, quoted, ok bool) {
	args := p.half.Args
	if array := p.half.JSON; array != nil {
		if !array.Unfinished || !array.OpenString {
			return 0, 0, false, false
		}
		last := array.Elements[len(array.Elements)-1]
		ok = !strings.Contains(last.Text, `\`)
		return len(array.Elements) - 1, last.Start + 1, true, ok
	}
	if p.isBlank() || len(args) == 0 {
		return len(args), p.at, false, true
	}
	return len(args) - 1, args[len(args)-1].Start, false, true
}

// isLower reports whether the keywords of the file are written in lower case.
func (p *place) isLower() bool {
	lower, upper := 0, 0
	for _, inst := range p.Model.Instructions {
		if inst == p.outer || inst.Keyword.Text == "" {
			continue
		}
		if inst.Keyword.Text == inst.Name {
			upper++
		} else {
			lower++
		}
	}
	return lower > upper
}

// cased is a keyword in the casing of the file.
func (p *place) cased(keyword string) string {
	if p.isLower() {
		return strings.ToLower(keyword)
	}
	return keyword
}
