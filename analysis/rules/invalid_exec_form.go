package rules

import (
	"fmt"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/execform"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

var invalidExecForm = &lint.Rule{
	ID:       InvalidExecForm,
	Severity: lint.Warning,
	Section:  5,
	Title:    "What looks like a JSON array is none.",
	Why: "BuildKit takes it for a shell command, or for file names, and says nothing. JSON knows only double quotes, and " +
		"no comma behind the last element.",
	CheckInstruction: func(p *lint.Pass, inst *dockerfile.Instruction) {
		if p.Rejected(inst) || p.Told(inst, curlyQuotes) || inst.JSON != nil || len(inst.Args) == 0 {
			return
		}
		written := arrayWord(inst)
		elements, ok := mendArray(written.Text)
		if !ok {
			return
		}
		mended := make([]string, len(elements))
		for i, e := range elements {
			mended[i] = execform.Quote(e)
		}
		array := "[" + strings.Join(mended, ", ") + "]"
		f := lint.Finding{
			Span:    written.Span,
			Message: fmt.Sprintf("This is no JSON array, so that BuildKit takes it for words: write `%s`.", array),
		}
		// A continuation inside, and the comments in it, would be lost.
		if written.Len() == len(written.Text) && strings.HasSuffix(written.Text, "]") {
			f.Fixes = []lint.Fix{{
				Title: "Make it a JSON array",
				Edits: []text.Edit{{Span: written.Span, New: array}},
				Risk:  "no shell runs it any more",
			}}
		}
		p.Report(f)
	},
}

// arrayWord is where an instruction could have an array: all its arguments, or the command of HEALTHCHECK. It is empty for
// instructions that have none.
func arrayWord(inst *dockerfile.Instruction) syntax.Word {
	switch inst.Name {
	case "ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "VOLUME":
		return inst.Rest
	case "HEALTHCHECK":
		return inst.Args[len(inst.Args)-1]
	}
	return syntax.Word{}
}

// mendArray reads what is meant as an array: elements in quotes of either kind or in none, a comma too many or too few, a
// comment behind it. It is not ok for the test command of a shell, [ -f x ], which has blanks inside its brackets.
func mendArray(s string) (elements []string, ok bool) {
	inside, ok := strings.CutPrefix(s, "[")
	if !ok || inside == "" {
		return nil, false
	}
	m := mender{rest: inside, tight: inside[0] != ' ' && inside[0] != '\t'}
	for {
		m.skip()
		if strings.HasPrefix(m.rest, "]") {
			behind := strings.TrimSpace(m.rest[1:])
			return m.elements, len(m.elements) > 0 && (m.commas > 0 || m.tight) && (behind == "" || behind[0] == '#')
		}
		if !m.element() || !m.separator() {
			return nil, false
		}
	}
}

type mender struct {
	rest     string
	tight    bool
	commas   int
	elements []string
}

func (m *mender) skip() { m.rest = strings.TrimLeft(m.rest, " \t") }

// element takes one element off; a bare word must be plain.
func (m *mender) element() bool {
	if m.rest == "" {
		return false
	}
	if quote := m.rest[0]; quote == '"' || quote == '\'' {
		end := strings.IndexByte(m.rest[1:], quote)
		if end < 0 || strings.ContainsAny(m.rest[1:1+end], `\`) {
			return false
		}
		m.elements = append(m.elements, m.rest[1:1+end])
		m.rest = m.rest[end+2:]
		return true
	}
	end := 0
	for end < len(m.rest) && isPlain(m.rest[end]) && m.rest[end] != ',' {
		end++
	}
	m.elements = append(m.elements, m.rest[:end])
	m.rest = m.rest[end:]
	return end > 0
}

// separator takes the comma behind an element off. It may be missing between quoted elements.
func (m *mender) separator() bool {
	m.skip()
	switch {
	case m.rest == "":
		return false
	case m.rest[0] == ',':
		m.commas++
		m.rest = m.rest[1:]
		return true
	}
	return m.rest[0] == ']' || m.tight && (m.rest[0] == '"' || m.rest[0] == '\'')
}

// isPlain reports whether a letter means nothing to a shell.
func isPlain(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80 ||
		strings.IndexByte("_@%+=:,./-", c) >= 0
}
