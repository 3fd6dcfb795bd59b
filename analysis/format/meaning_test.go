package format_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
	sh "mvdan.cc/sh/v3/syntax"

	"dockerfile-ls/analysis/syntax"
)

// meaning is what a file says to people: its directives, comments, instructions with their words, JSON values and heredocs,
// in order. A script is what a shell reads of it; all else counts byte for byte.
func meaning(source string) []string {
	m := model(source)
	type at struct {
		offset int
		says   string
	}
	var all []at
	for _, d := range m.Directives {
		all = append(all, at{d.Start, fmt.Sprintf("directive %s %q %t", d.Name.Text, d.Value.Text, d.Repeated)})
	}
	for _, c := range m.Comments {
		all = append(all, at{c.Start, fmt.Sprintf("comment %q %t", strings.TrimRight(c.Of(source), " \t"), c.Late != nil)})
	}
	for _, inst := range m.Instructions {
		all = append(all, at{inst.Start, says(source, inst.Instruction) + fmt.Sprint(inst.Err == nil, inst.Recovered)})
	}
	slices.SortStableFunc(all, func(a, b at) int { return a.offset - b.offset })
	var lines []string
	for _, one := range all {
		lines = append(lines, one.says)
	}
	return lines
}

func says(source string, inst *syntax.Instruction) string {
	var out strings.Builder
	fmt.Fprint(&out, inst.Name)
	for _, flag := range inst.Flags {
		fmt.Fprintf(&out, " flag %q=%q", flag.Name.Text, flag.Value.Text)
	}
	if inst.Inner != nil {
		return out.String() + " " + says(source, inst.Inner)
	}
	for i, arg := range inst.Args {
		word := arg.Text
		switch shellForm := inst.JSON == nil || inst.JSON.Unfinished; {
		case inst.Name == "HEALTHCHECK" && i == 0, inst.Name == "FROM" && i == 1:
			word = strings.ToUpper(word)
		case shellForm && slices.Contains([]string{"RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"}, inst.Name):
			word = asShell(word)
		}
		fmt.Fprintf(&out, " %q", word)
	}
	for _, p := range inst.Pairs {
		fmt.Fprintf(&out, " pair %q=%q %t", p.Key.Text, p.Value.Text, p.Legacy)
	}
	fmt.Fprintf(&out, " json %t, %d blank lines, %d bad", inst.JSON != nil, len(inst.BlankLines), len(inst.BadDelimiters))
	for _, h := range inst.Heredocs {
		fmt.Fprintf(&out, " heredoc %s %d %t %t %q", h.Name.Text, h.FD, h.Expand, h.Terminated, h.Body.Of(source))
	}
	return out.String()
}

// asShell is a script as a shell reads it, or as it is where none can.
func asShell(script string) string {
	file, err := sh.NewParser(sh.KeepComments(true)).Parse(strings.NewReader(script), "")
	if err != nil {
		return script
	}
	var out bytes.Buffer
	if err := sh.NewPrinter(sh.Minify(false)).Print(&out, file); err != nil {
		return script
	}
	return out.String()
}

// buildKits is the tree that BuildKit's own parser makes of a file, without places and the casing of keywords.
func buildKits(source string) []string {
	result, err := parser.Parse(strings.NewReader(source))
	if err != nil {
		reason, _, _ := strings.Cut(err.Error(), "on line ")
		return []string{"error " + strings.ToUpper(reason[:min(40, len(reason))])}
	}
	lines := []string{"escape " + string(result.EscapeToken)}
	for _, node := range result.AST.Children {
		lines = append(lines, nodeSays(node))
	}
	return lines
}

func nodeSays(node *parser.Node) string {
	var out strings.Builder
	name := strings.ToUpper(node.Value)
	fmt.Fprintf(&out, "%s %q %v", name, node.Flags, node.Attributes)
	// BuildKit takes the first byte of a comment for the #, be it a blank; what stands above one without a word is dropped.
	comments := ""
	for _, comment := range node.PrevComment {
		if comment = strings.TrimLeft(comment, "# \t"); comment == "" {
			comments = ""
			continue
		}
		comments += fmt.Sprintf(" # %q", comment)
	}
	out.WriteString(comments)
	for _, h := range node.Heredocs {
		fmt.Fprintf(&out, " heredoc %+v", h)
	}
	shellForm := !node.Attributes["json"] && slices.Contains([]string{"RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"}, name)
	i := 0
	for next := node.Next; next != nil; next = next.Next {
		word := next.Value
		for _, child := range next.Children {
			word += nodeSays(child)
		}
		switch {
		case name == "HEALTHCHECK" && i == 0, name == "FROM" && i == 1:
			word = strings.ToUpper(word)
		case shellForm:
			word = asShell(word)
		}
		fmt.Fprintf(&out, " %q", word)
		i++
	}
	return out.String()
}

// significant is a text without its blanks and line continuations, in lower case.
func significant(source string) string {
	var out strings.Builder
	for _, r := range strings.ToLower(source) {
		if !unicode.IsSpace(r) && r != '\\' && r != '`' {
			out.WriteRune(r)
		}
	}
	return out.String()
}
