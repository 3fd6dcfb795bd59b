package complete

import (
	"fmt"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/reference"
	"dockerfile-ls/analysis/text"
)

// stages are the earlier stages that have a name, the last one first: that is what people build on.
func (p *place) stages(span text.Span) []Item {
	var items []Item
	var seen []string
	for _, s := range slices.Backward(p.Model.Stages[:p.earlier()]) {
		name := s.Name.Text
		if name == "" || dockerfile.CheckStageName(name) != nil || slices.Contains(seen, strings.ToLower(name)) {
			continue
		}
		seen = append(seen, strings.ToLower(name))
		items = append(items, Item{
			Span: span, Label: name, Kind: Stage, Insert: name,
			Detail: fmt.Sprintf("stage %d, from %s", s.Index, orElse(p.Model.Base(s), s.Base.Text)),
		})
	}
	return items
}

func orElse(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// origins are what files are taken from: earlier stages, by number where they have no name and a number counts, then images.
func (p *place) origins(start int, numbers bool) []Item {
	span, ok := p.word(start, quotes+",")
	if !ok {
		return nil
	}
	if items, ok := p.tags(start, quotes+","); ok {
		return items
	}
	items := p.stages(span)
	for _, s := range p.Model.Stages[:p.earlier()] {
		if name := fmt.Sprint(s.Index); numbers && s.Name.Text == "" {
			items = append(items, Item{
				Span: span, Label: name, Kind: Stage, Insert: name,
				Detail: "the stage from " + orElse(p.Model.Base(s), s.Base.Text),
			})
		}
	}
	return append(items, p.images(span, false)...)
}

// from are the items behind the flags of a FROM: an earlier stage or an image, then AS, and then a name.
func (p *place) from() []Item {
	index, start, _, ok := p.current()
	if !ok {
		return nil
	}
	span, ok := p.word(start, "")
	switch {
	case !ok:
		return nil
	case index == 0 && !p.Blank:
		if items, ok := p.tags(start, ""); ok {
			return items
		}
		return append(p.stages(span), p.images(span, true)...)
	case index == 1:
		return []Item{{
			Span: span, Label: p.cased("AS"), Kind: Keyword, Insert: p.cased("AS"), Preselect: true,
			Snippet: p.asSnippet(span), Detail: "AS name", Page: page("from"),
			Text: "Names the stage, so that later ones can be based on it and copy from it.",
		}}
	case index == 2 && !p.Blank:
		return p.stageNames(span)
	}
	return nil
}

func (p *place) asSnippet(span text.Span) string {
	if strings.TrimSpace(p.behind()[span.End-p.offset:]) != "" {
		return ""
	}
	return p.cased("AS") + " ${1:name}"
}

func page(anchor string) string { return reference.Reference + "#" + anchor }

// stageNames are what people call their stages, without those that there are.
func (p *place) stageNames(span text.Span) []Item {
	list := slices.DeleteFunc([]value{
		{"build", "compiles and bundles"},
		{"deps", "installs dependencies"},
		{"base", "is what others are based on"},
		{"test", "runs tests, and is not shipped"},
		{"dev", "is for development, and is not shipped"},
		{"production", "is shipped"},
	}, func(v value) bool { return p.Model.Named(v.name) != nil })
	return valuesAt(span, list)
}
