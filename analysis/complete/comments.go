package complete

import (
	"strings"

	"dockerfile-ls/analysis/text"
)

// inComment are the items for a place in a comment: directives at the top of the file, and pragmas. Whoever writes a
// sentence
// is left alone.
func (p *place) inComment() []Item {
	if p.Blank || strings.Contains(p.line, "\r") { // to an editor that ends the line
		return nil
	}
	hash := strings.IndexByte(p.line, '#')
	body := hash + 1 + blanks(p.line[hash+1:p.at])
	typed := p.line[body:p.at]
	name, value, isValue := strings.Cut(typed, "=")
	top := p.isTop()
	switch lower := strings.ToLower(strings.TrimSpace(name)); {
	case !strings.ContainsAny(typed, " \t="):
		return p.commentWords(body, top)
	case isValue && lower == "check":
		return p.check(p.at - len(value))
	case isValue && top && (lower == "syntax" || lower == "escape"):
		return p.directive(lower, p.at-len(value))
	case lower == "dockerfile-ls ignore" || lower == "dockerfile-ls ignore-file":
		return p.ruleNames(p.at-len(value), ourNames())
	case lower == "hadolint ignore" || lower == "hadolint global ignore":
		return p.ruleNames(p.at-len(value), hadolintNames())
	case strings.HasPrefix(lower+" ", "dockerfile-ls ") || strings.HasPrefix(lower+" ", "hadolint "):
		return p.pragmaKeys(body, typed)
	}
	return nil
}

func blanks(s string) int { return len(s) - len(strings.TrimLeft(s, " \t")) }

// isTop reports whether a directive can stand in the line of the cursor: only directives are above it.
func (p *place) isTop() bool {
	start := p.offset - p.at
	for _, c := range p.Model.Comments {
		if c.Start < start {
			return false
		}
	}
	if len(p.Model.Instructions) > 0 && p.Model.Instructions[0].Start < start {
		return false
	}
	above := p.Model.Text[:start]
	return strings.Count(above, "\n") == len(p.directivesAbove(start))
}

func (p *place) directivesAbove(start int) []string {
	var names []string
	for i := range p.Model.Directives {
		if d := &p.Model.Directives[i]; d.Start < start {
			names = append(names, strings.ToLower(d.Name.Text))
		}
	}
	return names
}

// rest is the span of the word at the cursor in a comment, which begins at an offset of the line.
func (p *place) rest(start int, stops string) text.Span {
	span, _ := p.word(start, stops)
	return span
}
