package complete

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/reference"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// commentWords are the words that a comment with a meaning begins with.
func (p *place) commentWords(body int, top bool) []Item {
	span := p.rest(body, "=")
	if slices.ContainsFunc(p.Model.Directives, func(d syntax.Directive) bool { return d.Touches(span) }) {
		return nil // another name would change how the file is read
	}
	var items []Item
	if top {
		for _, entry := range reference.All(reference.Directive) {
			if !slices.ContainsFunc(p.Model.Directives, p.isOther(entry.Name)) {
				items = append(items, p.key(span, reference.Directive, "", entry.Name, ""))
			}
		}
	} else if strings.HasPrefix("check", strings.ToLower(p.line[body:p.at])) {
		items = append(items, p.key(span, reference.Directive, "", "check", ""))
	}
	for _, of := range [...]string{"dockerfile-ls", "hadolint"} {
		items = append(items, p.key(span, reference.Pragma, of, "ignore", of+" "))
	}
	return items
}

// key is an item with = behind its name, if there is none yet.
func (p *place) key(span text.Span, kind reference.Kind, of, name, prefix string) Item {
	item := Item{Span: span, Label: prefix + name, Kind: Key, Insert: prefix + name}
	if p.next(span) != '=' {
		item.Insert += "="
	}
	return documented(item, kind, of, name)
}

// directive are the values of a directive.
func (p *place) directive(name string, start int) []Item {
	start += blanks(p.line[start:p.at])
	span := p.rest(start, "")
	if name == "syntax" {
		return valuesAt(span, []value{
			{"docker/dockerfile:1", "the newest of version 1"},
			{"docker/dockerfile:1-labs", "with what is not stable yet"},
			{"docker/dockerfile:1.7", ""},
		})
	}
	list := slices.DeleteFunc([]value{
		{"`", "leaves backslashes to paths of Windows"}, {`\`, "what counts without the directive"},
	}, func(v value) bool { // the lines below must not mean something else
		return v.name != string(p.Model.Escape) && strings.Contains(p.Model.Text[span.End:], string(p.Model.Escape))
	})
	return valuesAt(span, list)
}

// check are the options of the check directive, and the names of BuildKit's checks.
func (p *place) check(start int) []Item {
	start += strings.LastIndexByte(p.line[start:p.at], ';') + 1
	start += blanks(p.line[start:p.at])
	option, list, isValue := strings.Cut(p.line[start:p.at], "=")
	if !isValue {
		span := p.rest(start, "=;")
		var items []Item
		for _, entry := range reference.List(reference.Option, "check") {
			items = append(items, p.key(span, reference.Option, "check", entry.Name, ""))
		}
		return items
	}
	start = p.at - len(list)
	switch strings.ToLower(option) {
	case "error":
		return valuesAt(p.rest(start, ";"), []value{{"true", "a warning ends the build"}, {"false", ""}})
	case "skip", "experimental":
		return p.ruleNames(start, checkNames())
	}
	return nil
}

// checks are those of BuildKit. Source: its linter's ruleset.go; TestChecks compares.
var checks = [...]string{
	"ConsistentInstructionCasing", "CopyIgnoredFile", "DuplicateStageName", "ExposeInvalidFormat", "ExposeProtoCasing",
	"FromAsCasing", "FromPlatformFlagConstDisallowed", "InvalidBaseImagePlatform", "InvalidDefaultArgInFrom",
	"InvalidDefinitionDescription", "JSONArgsRecommended", "LegacyKeyValueFormat", "MaintainerDeprecated",
	"MultipleInstructionsDisallowed", "NoEmptyContinuation", "RedundantTargetPlatform", "ReservedStageName",
	"SecretsUsedInArgOrEnv", "StageNameCasing", "UndefinedArgInFrom", "UndefinedVar", "WorkdirRelativePath",
}

func checkNames() []value {
	list := []value{{"all", "all checks"}}
	for _, name := range checks {
		list = append(list, value{name: name})
	}
	return list
}
