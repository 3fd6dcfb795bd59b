// Package annotate knows what is shown beside the text of a Dockerfile: where its words lead to, what values stand behind
// them, and what there is to do at a line.
// It must not know LSP, and does no I/O.
package annotate

import (
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/navigate"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// Link leads from a word to a page or to a file. One of URL and File is empty.
type Link struct {
	text.Span
	URL string
	// File is a path in the file system that the surroundings were read from.
	File  string
	Title string // what it leads to
}

// Links are the links of a file, in order: images to their pages, sources to files of the build context and to what ADD
// fetches, names of rules in pragmas to the pages of the rules. The surroundings may be nil.
func Links(m *dockerfile.Model, around *project.Surroundings) []Link {
	var links []Link
	for i := range m.Directives {
		if d := &m.Directives[i]; strings.EqualFold(d.Name.Text, "syntax") {
			links = appendImage(m, links, d.Value)
		}
	}
	for _, name := range lint.PragmaNames(m) {
		for _, rule := range rules.All() {
			if rule.IsCalled(name.Text) {
				links = append(links, Link{Span: name.Span, URL: rule.Page(), Title: rule.Title})
				break
			}
		}
	}
	for _, inst := range m.Instructions {
		links = appendImages(m, links, inst)
		links = appendSources(m, links, inst, around)
		if inst.Inner != nil {
			links = appendImages(m, links, inst.Inner)
		}
	}
	return inOrder(links)
}

func appendImages(m *dockerfile.Model, links []Link, inst *dockerfile.Instruction) []Link {
	if stage := m.StageOf(inst); inst.Name == "FROM" && stage != nil && stage.From == inst {
		if _, external := m.External(stage); external {
			links = appendImage(m, links, stage.Base)
		}
	}
	for _, origin := range m.Origins(inst) {
		if origin.Stage == nil && !origin.Numbered && origin.Err == nil {
			links = appendImage(m, links, origin.Word)
		}
	}
	return links
}

// appendImage leads from the name of an image, without its tag and digest, which may have variables: those lead elsewhere.
func appendImage(m *dockerfile.Model, links []Link, word syntax.Word) []Link {
	name, _, _ := strings.Cut(word.Text, "@")
	if at := strings.LastIndexByte(name, ':'); at > strings.LastIndexByte(name, '/') {
		name = name[:at]
	}
	if word.Text == "scratch" || !strings.HasPrefix(word.Of(m.Text), name) {
		return links
	}
	ref, err := image.Parse(name)
	if err != nil {
		return links
	}
	page, ok := ref.Page()
	if !ok {
		return links
	}
	span := text.Span{Start: word.Start, End: word.Start + len(name)}
	return append(links, Link{Span: span, URL: page, Title: "Page of " + ref.Name})
}

func appendSources(
	m *dockerfile.Model, links []Link, inst *dockerfile.Instruction, around *project.Surroundings,
) []Link {
	if inst.Name == "ADD" {
		for _, word := range inst.Sources() {
			if page, ok := pageOf(m.Expand(inst, word.Text)); ok {
				links = append(links, Link{Span: word.Span, URL: page, Title: page})
			}
		}
	}
	if around == nil {
		return links
	}
	for _, source := range navigate.SourcesOf(m, inst) {
		if strings.Contains(source.Of(m.Text), "$") {
			continue // its variables lead elsewhere
		}
		if file, ok := around.Leads(source.Path); ok {
			links = append(links, Link{Span: source.Span, File: file, Title: file})
		}
	}
	return links
}
