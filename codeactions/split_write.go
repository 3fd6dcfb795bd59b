package codeactions

import (
	"cmp"
	"strings"

	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/text"
)

// The comments above the two stages are those of the cheat sheet.
const (
	buildComment      = "# --------------> The build image"
	productionComment = "# --------------> The production image"
)

// twoStages is the text of the stage as two. The comments above its FROM may be about the file if nothing stands above them.
func (p *split) twoStages() string {
	from := p.stage.From
	w := &writer{ending: lineEndingAt(p.Text, from.Start), indent: p.Text[from.Extent.Start:from.Start]}
	head := p.lines[0]
	before := p.Text[:lint.StartWithComments(p.Model, p.stage.From)]
	if opens := strings.Trim(before, "\uFEFF \t\r\n") == ""; opens {
		w.put(head.comments + w.line(buildComment) + head.pragmas)
	} else {
		if _, gap := cutGap(before); gap == "" {
			w.put(w.ending)
		}
		w.put(w.line(buildComment) + head.comments + head.pragmas)
	}
	w.put(p.buildFrom())
	p.writeBuild(w)
	w.put(w.ending)
	w.put(w.line(productionComment))
	w.put(head.pragmas)
	w.put(head.text)
	p.writeProduction(w)
	return w.String()
}

// buildFrom is the FROM of the build stage: the same with another name.
func (p *split) buildFrom() string {
	from := p.stage.From
	as := "AS"
	if p.keyword(as) == strings.ToLower(as) {
		as = "as"
	}
	end := text.Span{Start: from.Extent.Start, End: p.stage.Base.End}
	return end.Of(p.Text) + " " + as + " " + p.stageName
}

func (p *split) writeBuild(w *writer) {
	last := p.lastWork()
	for last+1 < len(p.lines) && p.lines[last+1].inst == nil && p.standsInBuild(last+1) {
		last++ // comments below it
	}
	for i, line := range p.lines {
		for _, generated := range p.generated[line.inst] {
			w.put(w.line(generated))
		}
		if p.standsInBuild(i) {
			part := line.passage
			if line.inProduction && !p.whole && !line.works {
				part = line.copy()
			}
			part.text = cmp.Or(line.buildText, part.text)
			w.passage(part)
		}
		for _, prune := range p.prunes {
			if i == last {
				w.put(w.line(prune))
			}
		}
	}
}

func (p *split) writeProduction(w *writer) {
	for i, line := range p.lines[1:] {
		part := line.passage
		for n, put := range p.puts[i+1] {
			if n == 0 && !p.whole {
				w.put(line.gap)
			}
			w.put(w.line(put))
		}
		if p.puts[i+1] != nil && !p.whole && line.comments == "" {
			part.gap = ""
		}
		if !p.standsInProduction(i + 1) {
			continue
		}
		if line.inBuild && (p.whole || line.works) {
			part = line.copy()
		}
		part.text = cmp.Or(line.productionText, part.text)
		w.passage(part)
	}
	for _, put := range p.puts[len(p.lines)] {
		w.put(w.line(put))
	}
}

// standsInBuild reports whether a line goes into the build stage. Comments that stand by themselves go with the instruction
// directly above them, or else with the one below them.
func (p *split) standsInBuild(i int) bool {
	line := p.lines[i]
	if line.inst != nil {
		return line.inBuild && i > 0
	}
	with := p.below(i)
	if i > 1 && line.gap == "" {
		with = p.lines[i-1]
	}
	switch {
	case with == nil:
		return false
	case p.whole:
		return with.inBuild
	}
	return with.inBuild && !with.inProduction
}

func (p *split) standsInProduction(i int) bool {
	if line := p.lines[i]; line.inst != nil {
		return line.inProduction
	}
	return !p.standsInBuild(i)
}

// below is the instruction below comments; nil if there is none.
func (p *split) below(i int) *splitLine {
	for _, line := range p.lines[i:] {
		if line.inst != nil {
			return line
		}
	}
	return nil
}
