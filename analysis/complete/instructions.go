package complete

import (
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/reference"
	"dockerfile-ls/analysis/syntax"
)

// templates are the instructions, those that people write most first, each with what follows it: a stage is begun less often
// than gone on with.
var templates = []struct{ name, rest string }{
	{"RUN", "${1:command}"},
	{"COPY", "${1:source} ${2:destination}"},
	{"WORKDIR", "${1:/app}"},
	{"ENV", "${1:NAME}=${2:value}"},
	{"ARG", "${1:NAME}"},
	{"CMD", `["${1:program}"]`},
	{"ENTRYPOINT", `["${1:program}"]`},
	{"EXPOSE", "${1:8080}"},
	{"USER", "${1:user}"},
	{"FROM", "${1:image}"},
	{"LABEL", "${1:key}=${2:value}"},
	{"HEALTHCHECK", `CMD ${1:command}`},
	{"ADD", "${1:source} ${2:destination}"},
	{"VOLUME", "${1:/data}"},
	{"SHELL", `["${1:/bin/sh}", "${2:-c}"]`},
	{"STOPSIGNAL", "${1:SIGTERM}"},
	{"ONBUILD", "${1:RUN} ${2:command}"},
	{"MAINTAINER", "${1:name}"},
}

// instructions are those that can stand at the cursor: in front of the first FROM only ARG and FROM can, and behind ONBUILD
// neither FROM, MAINTAINER nor ONBUILD. Of what people change into another one those remain that can have its arguments.
func (p *place) instructions() []Item {
	if p.Blank && !p.onbuild {
		return nil
	}
	span, ok := p.word(p.half.Keyword.Start, "")
	if !ok {
		return nil
	}
	var items []Item
	alone := strings.TrimSpace(p.line[p.at+span.End-p.offset:]) == ""
	for _, t := range templates {
		if !p.isAllowed(t.name) {
			continue
		}
		keyword := p.cased(t.name)
		item := Item{
			Span: span, Label: keyword, Kind: Keyword, Insert: keyword, Deprecated: t.name == "MAINTAINER",
			Preselect: t.name == "FROM" && len(p.Model.Stages) == 0,
		}
		if alone {
			item.Snippet = keyword + " " + p.casedRest(t.name, t.rest)
		}
		items = append(items, documented(item, reference.Instruction, "", t.name))
	}
	if !alone && p.inst != nil {
		items = p.readable(items)
	}
	if len(items) == 2 { // in front of the first FROM that is what people write
		items[0], items[1] = items[1], items[0]
	}
	return items
}

func (p *place) casedRest(name, rest string) string {
	if name == "HEALTHCHECK" || name == "ONBUILD" {
		for _, keyword := range [...]string{"CMD", "RUN"} {
			rest = strings.Replace(rest, keyword, p.cased(keyword), 1)
		}
	}
	return rest
}

func (p *place) isAllowed(name string) bool {
	switch name {
	case "FROM", "MAINTAINER", "ONBUILD":
		if p.onbuild {
			return false
		}
	}
	return p.onbuild || name == "FROM" || name == "ARG" || p.stage != nil && (p.stage.Index > 0 || p.stage.From != p.outer)
}

// readable are the items that BuildKit takes with what stands behind the keyword; all if it takes none, since then something
// else is wrong.
func (p *place) readable(items []Item) []Item {
	whole := p.outer.Span.Of(p.Model.Text)
	var same, readable []Item
	for _, item := range items {
		start, end := item.Start-p.outer.Start, item.End-p.outer.Start
		if start < 0 || end > len(whole) {
			return items
		}
		source := whole[:start] + item.Insert + whole[end:]
		if p.Model.Escape != '\\' {
			source = "# escape=" + string(p.Model.Escape) + "\n" + source
		}
		m := dockerfile.New(syntax.Parse(source), nil)
		if len(m.Instructions) != 1 || len(m.Instructions[0].Heredocs) != len(p.outer.Heredocs) {
			continue // the bodies of its here-documents would be instructions, or instructions a body
		}
		same = append(same, item)
		if inst := m.Instructions[0]; inst.Err == nil && (inst.Inner == nil || inst.Inner.Err == nil) {
			readable = append(readable, item)
		}
	}
	if readable == nil {
		return same
	}
	return readable
}
