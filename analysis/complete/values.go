package complete

import (
	"fmt"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/reference"
	"dockerfile-ls/analysis/syntax"
)

// healthcheck are the items behind the flags of HEALTHCHECK: CMD or NONE, then a command.
func (p *place) healthcheck() []Item {
	index, start, _, ok := p.current()
	if len(p.half.Args) > 0 && (len(p.half.Args) > 1 || p.isBlank()) {
		return p.scripts()
	}
	span, fits := p.word(start, "")
	if !ok || !fits || index > 0 {
		return nil
	}
	var items []Item
	alone := strings.TrimSpace(p.line[p.at+span.End-p.offset:]) == ""
	for _, entry := range reference.List(reference.Value, "HEALTHCHECK") {
		if entry.Name == "NONE" && (!alone || len(p.half.Flags) > 0) {
			continue
		}
		item := Item{Span: span, Label: p.cased(entry.Name), Kind: Keyword, Insert: p.cased(entry.Name)}
		if entry.Name == "CMD" && alone {
			item.Snippet = item.Insert + " ${1:command}"
		}
		items = append(items, documented(item, reference.Value, "HEALTHCHECK", entry.Name))
	}
	return items
}

// common are the signals that are sent to stop a program, the most usual first.
var common = []string{"SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGWINCH", "SIGKILL"}

func (p *place) signals() []Item {
	index, start, _, ok := p.current()
	span, fits := p.word(start, quotes)
	if !ok || !fits || index > 0 {
		return nil
	}
	var items []Item
	for _, s := range reference.Signals() {
		items = append(items, Item{
			Span: span, Label: s.Name, Kind: Value, Insert: s.Name,
			Detail: fmt.Sprintf("%d, %s", s.Number, strings.ReplaceAll(s.Use, "`", "")),
			Text:   "It " + s.Action + ".",
		})
	}
	items = ranked(items, len(common)+1, func(item *Item) int {
		if i := slices.Index(common, item.Label); i >= 0 {
			return i
		}
		return len(common)
	})
	if p.Blank {
		items = items[:len(common)]
	}
	return items
}

// shells are the shells that people choose, as the whole array.
func (p *place) shells() []Item {
	if p.half.Rest.Text != "" || !p.isBlank() || strings.TrimSpace(p.behind()) != "" {
		return nil
	}
	span, ok := p.word(p.at, "")
	if !ok {
		return nil
	}
	return valuesAt(span, []value{
		{`["/bin/bash", "-o", "pipefail", "-c"]`, "Bash; a pipe fails with any of its commands"},
		{`["/bin/ash", "-o", "pipefail", "-c"]`, "the shell of Alpine; a pipe fails with any of its commands"},
		{`["/bin/sh", "-c"]`, "what counts without SHELL"},
		{`["powershell", "-Command"]`, "PowerShell of Windows"},
		{`["cmd", "/S", "/C"]`, "what counts without SHELL on Windows"},
	})
}

// ports are what servers usually listen on, and the protocols behind a port.
func (p *place) ports() []Item {
	_, start, _, ok := p.current()
	if !ok || p.Blank {
		return nil
	}
	if slash := strings.LastIndexByte(p.line[start:p.at], '/'); slash >= 0 {
		return p.values(start+slash+1, "", []value{{"tcp", "the default"}, {"udp", ""}})
	}
	return p.values(start, "/", []value{
		{"3000", "what Node.js servers take"}, {"8080", "HTTP without rights"}, {"80", "HTTP"}, {"443", "HTTPS"},
		{"8000", "what Python servers take"}, {"5000", ""}, {"9229", "the inspector of Node.js"}, {"5432", "PostgreSQL"},
		{"6379", "Redis"}, {"3306", "MySQL"}, {"27017", "MongoDB"},
	})
}

// annotations are the keys of labels that everybody reads alike. Source: the annotations of the OCI image specification.
var annotations = []value{
	{"title", "what people call the image"}, {"description", "what it is for"}, {"version", "of what is packed"},
	{"source", "where the source code is"}, {"url", "where there is more about it"}, {"documentation", ""},
	{"authors", "who is responsible"}, {"vendor", "who gives it out"}, {"licenses", "as SPDX has them"},
	{"revision", "of the source code"}, {"created", "when, as RFC 3339 has it"}, {"base.name", "the image below"},
	{"base.digest", "of the image below"},
}

func (p *place) labels() []Item {
	if p.Blank || p.isLegacy() {
		return nil
	}
	start := lastBlank(p.line, p.at)
	span, ok := p.word(start, "=")
	if !ok || strings.ContainsAny(p.line[start:p.at], `="'`) || singleQuoted(p.before()) {
		return nil
	}
	var items []Item
	for _, a := range annotations {
		item := Item{Span: span, Label: "org.opencontainers.image." + a.name, Kind: Key, Detail: a.detail}
		if item.Insert = item.Label; p.next(span) != '=' {
			item.Insert += "="
			item.Snippet = item.Insert + `"$1"`
		}
		if !slices.ContainsFunc(p.half.Args, func(arg syntax.Word) bool {
			return strings.HasPrefix(arg.Text, item.Label+"=")
		}) {
			items = append(items, item)
		}
	}
	return items
}

// isLegacy reports whether the instruction has the form of one key and value with a blank between.
func (p *place) isLegacy() bool {
	if p.inst != nil && len(p.inst.Pairs) == 1 && p.inst.Pairs[0].Legacy && p.inst.Pairs[0].HasValue {
		return true
	}
	return len(p.half.Pairs) == 1 && p.half.Pairs[0].Legacy && (p.half.Pairs[0].HasValue || p.isBlank())
}

// declarations are the build arguments that a stage can take: the global ones, then those of the platform.
func (p *place) declarations() []Item {
	_, start, _, ok := p.current()
	if !ok || p.Blank || strings.ContainsAny(p.line[start:p.at], `="'`) {
		return nil
	}
	span, fits := p.word(start, "=")
	if !fits || p.stage == nil {
		return nil
	}
	declared := map[string]bool{}
	for _, inst := range p.stage.Instructions {
		for _, pair := range inst.Pairs {
			if inst.Name == "ARG" && (inst != p.outer || !pair.Key.Contains(span)) {
				declared[pair.Key.Text] = true
			}
		}
	}
	var items []Item
	add := func(item Item) {
		if !declared[item.Label] && isVariable(item.Label) {
			declared[item.Label] = true
			item.Span, item.Kind, item.Insert = span, Variable, item.Label
			items = append(items, item)
		}
	}
	p.globals(func(name string, inst *dockerfile.Instruction) {
		detail := "global build argument"
		if v := p.Model.Value(p.Model.Stages[0].From, name); v.State == dockerfile.Known {
			detail = orElse(shown(name, v.Text), detail)
		}
		add(Item{Label: name, Detail: detail})
	})
	for _, entry := range reference.List(reference.Argument, "platform") {
		add(documented(Item{Label: entry.Name, Detail: "set by BuildKit"}, reference.Argument, "platform", entry.Name))
	}
	return items
}
