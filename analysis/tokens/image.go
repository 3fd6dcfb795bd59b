package tokens

import (
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// origin paints what COPY and mounts take files from: a stage by name or number, or an image.
func (p *painter) origin(inst *dockerfile.Instruction, word syntax.Word) {
	if word.Text == "" {
		return
	}
	if p.model.Named(word.Text) != nil || isNumber(word.Text) {
		p.add(word.Span, Stage, 0)
		return
	}
	p.image(word.Text, func(part text.Span) text.Span { return inst.Within(word, part) })
}

func isNumber(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

// image paints a reference, name:tag@digest; place says where a part of it stands.
func (p *painter) image(reference string, place func(part text.Span) text.Span) {
	colon, at := separators(reference)
	nameEnd := len(reference)
	if at >= 0 {
		nameEnd = at
		p.add(place(text.Span{Start: at, End: at + 1}), Operator, 0)
		p.add(place(text.Span{Start: at + 1, End: len(reference)}), Digest, 0)
	}
	if colon >= 0 {
		p.add(place(text.Span{Start: colon, End: colon + 1}), Operator, 0)
		if colon+1 < nameEnd {
			p.add(place(text.Span{Start: colon + 1, End: nameEnd}), Tag, 0)
		}
		nameEnd = colon
	}
	if nameEnd > 0 {
		p.add(place(text.Span{Start: 0, End: nameEnd}), Image, 0)
	}
}

// separators are the offsets of the colon in front of a tag and of the @ in front of a digest, -1 for those that are not
// there. What stands in ${…} is part of a name or a tag.
func separators(reference string) (colon, at int) {
	colon, at = -1, -1
	depth := 0
	for i := range len(reference) {
		switch c := reference[i]; {
		case c == '{' && i > 0 && reference[i-1] == '$':
			depth++
		case depth > 0:
			if c == '}' {
				depth--
			}
		case at >= 0:
		case c == '/':
			colon = -1
		case c == ':':
			colon = i
		case c == '@':
			at = i
		}
	}
	return colon, at
}
