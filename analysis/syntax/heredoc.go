package syntax

import (
	"strconv"
	"strings"

	"dockerfile-ls/analysis/text"
)

// heredocs reads the here-documents that an instruction opens, from the next line on.
// Source: Parse and heredocsFromLine of BuildKit's parser.
func (r *reader) heredocs(inst *Instruction, first physical, indent int) {
	if !inst.takesHeredocs() || !strings.Contains(inst.Line.Text, "<<") {
		return
	}
	for _, h := range inst.openers() {
		if inst.Recovered && len(inst.Heredocs) > 0 {
			inst.Heredocs = append(inst.Heredocs, h.emptyAt(inst.Heredocs[len(inst.Heredocs)-1].Body.End))
			continue // the one before has ended the instruction
		}
		r.heredocBody(&h)
		if !h.Terminated && !r.strict {
			inst.Recovered = r.recoverBody(&h, first, indent) || inst.Recovered
		}
		r.pos = h.next
		inst.End = max(inst.End, h.Span.End) // an escaped blank at the end of the line belongs to the delimiter
		if n := trailingSpace(h.Body.Of(r.Text)); n < h.Body.Len() {
			inst.End = max(inst.End, h.Body.End-n)
		}
		if h.Terminated {
			inst.End = h.Terminator.End
		}
		inst.Heredocs = append(inst.Heredocs, h.Heredoc)
	}
	if inst.Inner != nil {
		inst.Inner.Heredocs, inst.Inner.End = inst.Heredocs, inst.End
	}
}

func (inst *Instruction) takesHeredocs() bool {
	if inst.Name == "ONBUILD" && inst.Inner != nil {
		return inst.Inner.Name != "ONBUILD" && inst.Inner.takesHeredocs()
	}
	exec := inst.JSON != nil && !inst.JSON.Unfinished
	return !exec && (inst.Name == "ADD" || inst.Name == "COPY" || inst.Name == "RUN")
}

// openedHeredoc is a heredoc and the offset of the line behind it.
type openedHeredoc struct {
	Heredoc
	next int
}

// openers finds the redirections in the logical line. BuildKit always takes the backslash for the escape character here,
// and rejects the instruction where a delimiter has an unclosed quote; the tree notes that.
func (inst *Instruction) openers() []openedHeredoc {
	l := lexer{src: inst.Line.Text, escape: '\\', rawQuotes: true, rawEscapes: true, keep: true}
	words, _ := l.lex()
	var opened []openedHeredoc
	for _, word := range words {
		h, ok, bad := inst.opener(word)
		if bad {
			inst.BadDelimiters = append(inst.BadDelimiters, h.Name.Span)
		}
		if ok {
			opened = append(opened, openedHeredoc{Heredoc: h})
		}
	}
	return opened
}

// opener reads a word of the form [fd]<<[-]delimiter. Bad says that the delimiter cannot be read.
func (inst *Instruction) opener(word lexWord) (h Heredoc, ok, bad bool) {
	digits := 0
	for digits < len(word.text) && word.text[digits] >= '0' && word.text[digits] <= '9' {
		digits++
	}
	rest, ok := strings.CutPrefix(word.text[digits:], "<<")
	if !ok || strings.Contains(rest, "<") {
		return h, false, false
	}
	rest, h.Chomp = strings.CutPrefix(rest, "-")
	rest = rest[blanks(rest):]
	name, quoted, ok, bad := delimiter(rest)
	fd, _ := strconv.ParseUint(word.text[:digits], 10, 0)
	h.FD = uint(fd)
	h.Expand = !quoted
	h.Span = inst.Line.Span(word.Start, word.End)
	h.Name = Word{inst.Line.Span(max(word.End-len(rest), word.Start), word.End), name}
	return h, ok, bad
}

// delimiter reads a heredoc's delimiter; ok is false if it is not one word, bad is true if BuildKit fails to read it.
func delimiter(written string) (name string, quoted, ok, bad bool) {
	if written == "" {
		return "", false, false, false
	}
	plain := lexer{src: written, escape: '\\', keep: true}
	words, err := plain.lex()
	if err != nil || len(words) != 1 {
		return "", false, false, err != nil
	}
	raw := lexer{src: written, escape: '\\', keep: true, rawQuotes: true}
	rawWords, err := raw.lex()
	if err != nil || len(rawWords) != 1 {
		return "", false, false, true
	}
	return words[0].text, countQuotes(words[0].text) != countQuotes(rawWords[0].text), true, false
}

func countQuotes(s string) int { return strings.Count(s, `'`) + strings.Count(s, `"`) }

// heredocBody reads up to the terminator, or to the end of the file if there is none.
func (r *reader) heredocBody(h *openedHeredoc) {
	h.Body = text.Span{Start: r.pos, End: len(r.Text)}
	h.Terminator = text.Span{Start: len(r.Text), End: len(r.Text)}
	h.next = len(r.Text)
	key := h.Name.Text
	if h.Chomp {
		key = "\t" + key
	}
	if r.unterminated[key] {
		return
	}
	for at := r.pos; at < len(r.Text); {
		l := r.line(at)
		content := r.Text[l.start:l.end]
		if h.Chomp {
			content = strings.TrimLeft(content, "\t")
		}
		if content == h.Name.Text {
			h.Body.End = at
			h.Terminator = text.Span{Start: l.end - len(content), End: l.end}
			h.Terminated = true
			h.next = l.next
			return
		}
		at = l.next
	}
	if r.unterminated == nil {
		r.unterminated = map[string]bool{}
	}
	r.unterminated[key] = true
}

// emptyAt is a heredoc that has no body, at an offset.
func (h *openedHeredoc) emptyAt(offset int) Heredoc {
	h.Body = text.Span{Start: offset, End: offset}
	h.Terminator = h.Body
	return h.Heredoc
}

// recoverBody ends the body of an unterminated heredoc in front of the first line that looks like an instruction, and of
// the blank lines before it.
func (r *reader) recoverBody(h *openedHeredoc, first physical, indent int) bool {
	for at := r.pos; at < len(r.Text); {
		l := r.line(at)
		if r.standsAsInstruction(l, first, indent) {
			body := r.Text[r.pos:at]
			h.Body.End = r.pos + len(body) - trailingSpace(body)
			if n := strings.IndexByte(r.Text[h.Body.End:at], '\n'); n >= 0 && h.Body.End > r.pos {
				h.Body.End += n + 1
			}
			h.Terminator = text.Span{Start: h.Body.End, End: h.Body.End}
			h.next = at
			return true
		}
		at = l.next
	}
	return false
}

// OpensHeredoc reports whether an argument is the redirection of a here-document.
func OpensHeredoc(arg string) bool {
	if !strings.Contains(arg, "<<") {
		return false
	}
	inst := &Instruction{Line: Line{Text: arg, segments: []segment{{0, 0}}}}
	_, ok, _ := inst.opener(lexWord{text.Span{Start: 0, End: len(arg)}, arg})
	return ok
}

// keepBodies moves the empty bodies of a recovered instruction, which may stand behind blank lines, to its end.
func (inst *Instruction) keepBodies() {
	for i := range inst.Heredocs {
		if h := &inst.Heredocs[i]; h.Body.Empty() && h.Body.Start > inst.Extent.End {
			h.Body = text.Span{Start: inst.Extent.End, End: inst.Extent.End}
			h.Terminator = h.Body
		}
	}
}
