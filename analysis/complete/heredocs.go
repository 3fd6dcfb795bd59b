package complete

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// delimiters are words that can end a here-document which is being opened. Where no line ends it yet, one is inserted too,
// and
// so nothing else may stand behind the cursor.
func (p *place) delimiters() []Item {
	switch p.half.Name {
	case "RUN", "COPY", "ADD":
	default:
		return nil
	}
	start := strings.LastIndexAny(p.before(), " \t|&;(") + 1
	typed := strings.TrimLeft(p.line[start:p.at], "0123456789")
	if !strings.HasPrefix(typed, "<<") || strings.HasPrefix(typed, "<<<") || p.half.JSON != nil {
		return nil
	}
	start = p.at - len(strings.TrimPrefix(strings.TrimPrefix(typed, "<<"), "-"))
	if start < p.at && strings.ContainsAny(p.line[start:p.at], `"'`) {
		return nil
	}
	span, ok := p.word(start, "")
	if !ok || strings.TrimSpace(p.line[p.at+span.End-p.offset:]) != "" || p.inst == nil {
		return nil
	}
	end := "\n"
	if strings.Contains(p.Model.Text, "\r\n") {
		end = "\r\n"
	}
	var items []Item
	opened := p.openedAt(span)
	for _, word := range p.delimiterWords() {
		if opened != nil && opened.Terminated && opened.Name.Text != word {
			continue // what is its body would be instructions
		}
		item := Item{Span: span, Label: word, Kind: Template, Insert: word, Detail: "a here-document that ends at " + word}
		switch {
		case opened != nil && (opened.Terminated || strings.TrimSpace(opened.Body.Of(p.Model.Text)) != ""):
		case p.half.Name == "RUN":
			item.Insert += end + word
			item.Snippet = word + end + "$0" + end + word
		default:
			item.Insert += " ./" + end + word
			item.Snippet = word + " ${1:destination}" + end + "$0" + end + word
		}
		items = append(items, item)
	}
	return items
}

// delimiterWords are those of the file, and what everybody takes.
func (p *place) delimiterWords() []string {
	words := []string{"EOF"}
	for _, inst := range p.Model.Instructions {
		for _, h := range inst.Heredocs {
			if name := h.Name.Text; inst != p.outer && isVariable(name) && !slices.Contains(words, name) {
				words = append(words, name)
			}
		}
	}
	return words
}

// openedAt is the here-document whose delimiter lies at a span; nil if there is none.
func (p *place) openedAt(span text.Span) *syntax.Heredoc {
	if p.outer == nil {
		return nil
	}
	for i := range p.outer.Heredocs {
		if h := &p.outer.Heredocs[i]; h.Span.Start < span.End && span.Start < h.Span.End {
			return h
		}
	}
	return nil
}

func (p *place) opensHeredoc(span text.Span) bool { return p.openedAt(span) != nil }

// inHeredoc are the items for a place in the body of a here-document: the word that ends it, where none does yet, and what a
// shell or BuildKit reads there.
func (p *place) inHeredoc() []Item {
	if p.heredoc.Terminated && p.offset-p.at >= p.heredoc.Body.End {
		return nil // in the line that ends it
	}
	if !p.heredoc.Terminated {
		typed := p.before()
		if p.heredoc.Chomp {
			typed = strings.TrimLeft(typed, "\t")
		}
		word := p.heredoc.Name.Text
		if strings.HasPrefix(word, typed) && word != "" && strings.TrimSpace(p.behind()) == "" && !p.Blank {
			span, _ := p.word(p.at-len(typed), "")
			return []Item{{
				Span: span, Label: word, Kind: Keyword, Insert: word, Preselect: typed != "",
				Detail: "ends the here-document",
			}}
		}
	}
	if start, braces, ok := variableIn(p.before(), '\\'); ok {
		if !p.heredoc.Expand && p.inst.Name != "RUN" {
			return nil
		}
		return p.variablesAt(start, braces)
	}
	if p.inst.Name == "RUN" {
		return p.scriptsIn(p.before())
	}
	return nil
}
