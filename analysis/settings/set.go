package settings

import (
	"maps"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/text"
	"dockerfile-ls/analysis/yaml"
)

// SetLevel is the edit that gives a rule a level in the text of a configuration file, in byte offsets. It is false where the
// file is not written in a way that can be edited without touching more, such as JSON. Nothing else that the file says is
// another thing then.
func SetLevel(source string, rule *lint.Rule, level lint.Severity) (text.Edit, bool) {
	edit, ok := setLevel(source, rule, rule.ID+": "+level.String(), level.String())
	if !ok {
		return text.Edit{}, false
	}
	after, err := text.Apply(source, []text.Edit{edit})
	if err != nil {
		return text.Edit{}, false
	}
	was, told := Read(source, []*lint.Rule{rule})
	is, tells := Read(after, []*lint.Rule{rule})
	levels := lint.Levels{rule.ID: level}
	return edit, len(told) == len(tells) && maps.Equal(is.Rules, levels) && was.Context == is.Context &&
		len(was.Overrides) == len(is.Overrides)
}

func setLevel(source string, rule *lint.Rule, line, level string) (text.Edit, bool) {
	file, err := yaml.Parse(source, parser.AllowDuplicateMapKey())
	if err != nil || len(file.Docs) > 1 {
		return text.Edit{}, false
	}
	ending := "\n"
	if strings.Contains(source, "\r\n") {
		ending = "\r\n"
	}
	var pairs []*ast.MappingValueNode
	if len(file.Docs) == 1 && file.Docs[0].Body != nil && file.Docs[0].Body.Type() != ast.NullType {
		var ok bool
		if pairs, ok = pairsOf(file.Docs[0].Body); !ok || isFlow(file.Docs[0].Body) {
			return text.Edit{}, false
		}
	}
	for _, pair := range pairs {
		if textOf(pair.Key) == "rules" {
			return inRules(source, pair, rule, line, level, ending)
		}
	}
	return atEnd(source, "rules:"+ending+"  "+line+ending, ending), true
}

// inRules puts the line into what stands below rules, or its level in the place of the one that is there.
func inRules(source string, pair *ast.MappingValueNode, rule *lint.Rule, line, level, ending string) (text.Edit, bool) {
	if pair.Value.Type() == ast.NullType {
		at := strings.IndexByte(source[offsetOf(source, pair.Key.GetToken()):], '\n')
		if at < 0 {
			return atEnd(source, "  "+line+ending, ending), true
		}
		return insert(offsetOf(source, pair.Key.GetToken())+at+1, "  "+line+ending), true
	}
	pairs, ok := pairsOf(pair.Value)
	if !ok {
		return text.Edit{}, false
	}
	for _, p := range pairs {
		if rule.IsCalled(textOf(p.Key)) {
			value := p.Value.GetToken()
			at := offsetOf(source, value)
			written := strings.TrimSpace(value.Origin)
			return text.Edit{
				Span: text.Span{Start: at, End: at + len(written)}, New: level,
			}, strings.HasPrefix(source[at:], written)
		}
	}
	if isFlow(pair.Value) {
		open := offsetOf(source, pair.Value.GetToken())
		separator := ", "
		if len(pairs) == 0 {
			separator = ""
		}
		return insert(open+1, line+separator), strings.HasPrefix(source[open:], "{")
	}
	first := offsetOf(source, pairs[0].Key.GetToken())
	start := strings.LastIndexByte(source[:first], '\n') + 1
	return insert(start, source[start:first]+line+ending), strings.TrimSpace(source[start:first]) == ""
}

func isFlow(node ast.Node) bool {
	mapping, ok := node.(*ast.MappingNode)
	return ok && mapping.IsFlowStyle
}

func insert(at int, new string) text.Edit {
	return text.Edit{Span: text.Span{Start: at, End: at}, New: new}
}

func atEnd(source, new, ending string) text.Edit {
	if source != "" && !strings.HasSuffix(source, "\n") {
		new = ending + new
	}
	return insert(len(source), new)
}

// offsetOf is where a token stands in bytes: the parser counts lines from 1, and columns from 1 in characters.
func offsetOf(source string, t *token.Token) int {
	at := 0
	for range t.Position.Line - 1 {
		next := strings.IndexByte(source[at:], '\n')
		if next < 0 {
			return len(source)
		}
		at += next + 1
	}
	for range t.Position.Column - 1 {
		_, size := utf8.DecodeRuneInString(source[at:])
		at += size
	}
	return at
}
