package complete

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/reference"
	"dockerfile-ls/analysis/text"
)

// images are the names of images: those of the file, those of the workspace, then well-known ones. Scratch is no image that
// files can be copied from.
func (p *place) images(span text.Span, scratch bool) []Item {
	var items []Item
	seen := map[string]bool{}
	add := func(name, detail, text string) {
		if name == "" || seen[name] {
			return
		}
		seen[name] = true
		items = append(items, Item{
			Span: span, Label: name, Kind: Image, Detail: detail, Text: text, Insert: name, Page: imagePage(name),
		})
	}
	for _, s := range slices.Backward(p.Model.Stages) {
		if ref, ok := p.Model.External(s); ok && s != p.stageOfCursor() {
			add(written(ref), "used in this file", "")
		}
	}
	for _, name := range p.Used {
		add(name, "used in the workspace", "")
	}
	for _, known := range image.Catalogue() {
		add(known.Name, known.About, "")
	}
	if scratch {
		entry, _ := reference.Find(reference.Concept, "", "scratch")
		items = append(items, Item{
			Span: span, Label: "scratch", Kind: Image, Insert: "scratch", Detail: "the empty image",
			Text: entry.Text, Page: entry.Page(),
		})
	}
	return items
}

// written is a reference as people write it in another line: with its digest, which belongs to it.
func written(r image.Reference) string {
	name := r.Name
	if r.Tag != "" {
		name += ":" + r.Tag
	}
	if r.Digest != "" {
		name += "@" + r.Digest
	}
	return name
}

func imagePage(name string) string {
	ref, err := image.Parse(name)
	if err != nil {
		return ""
	}
	page, _ := ref.Page()
	return page
}

// tags are those that are known of the image whose name stands in front of the cursor; false while the name is written.
func (p *place) tags(start int, stops string) ([]Item, bool) {
	name := p.line[start:p.at]
	if at := strings.IndexByte(name, '@'); at >= 0 {
		return p.digests(start+at+1, stops, name[:at]), true
	}
	colon := strings.LastIndexByte(name, ':')
	if colon < 0 || colon < strings.LastIndexByte(name, '/') {
		return nil, false
	}
	span, ok := p.word(start+colon+1, stops+"@")
	if !ok {
		return nil, true
	}
	name = name[:colon]
	if ref, err := image.Parse(name); err == nil {
		name = ref.Name
	}
	var items []Item
	seen := map[string]bool{"": true}
	add := func(tag, detail string) {
		if !seen[tag] {
			seen[tag] = true
			items = append(items, Item{Span: span, Label: tag, Kind: Tag, Detail: detail, Insert: tag})
		}
	}
	for _, s := range slices.Backward(p.Model.Stages) {
		if ref, ok := p.Model.External(s); ok && ref.Name == name && s != p.stageOfCursor() {
			add(ref.Tag, "used in this file")
		}
	}
	for _, used := range p.Used {
		if ref, err := image.Parse(used); err == nil && ref.Name == name {
			add(ref.Tag, "used in the workspace")
		}
	}
	for _, tag := range p.answered(name) {
		add(tag, p.Images[name+":"+tag].About())
	}
	if name == "node" {
		for _, tag := range image.NodeTags() {
			add(tag.Name, tag.About)
		}
	}
	return items, true
}

// stageOfCursor is the stage whose FROM the cursor stands in: what is being typed is no proposal.
func (p *place) stageOfCursor() *dockerfile.Stage {
	if p.stage != nil && p.stage.From == p.outer {
		return p.stage
	}
	return nil
}

// answered are the tags of an image that a registry has said something of, sorted.
func (p *place) answered(name string) []string {
	var tags []string
	for key, facts := range p.Images {
		if tag, ok := strings.CutPrefix(key, name+":"); ok && facts.Digest != "" {
			tags = append(tags, tag)
		}
	}
	slices.Sort(tags)
	return tags
}

// digests are what the tag in front of an @ has meant when a registry was asked.
func (p *place) digests(start int, stops, tagged string) []Item {
	span, ok := p.word(start, stops)
	if !ok {
		return nil
	}
	ref, err := image.Parse(tagged)
	if err != nil {
		return nil
	}
	facts := p.Images[ref.Key()]
	if facts.Digest == "" {
		return nil
	}
	return []Item{{Span: span, Label: facts.Digest, Kind: Tag, Detail: facts.About(), Insert: facts.Digest, Preselect: true}}
}
