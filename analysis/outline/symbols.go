// Package outline knows how a Dockerfile is laid out for a reader: its symbols, what can be folded, and what is selected
// around a place. It must not know LSP, and does no I/O.
package outline

import (
	"fmt"
	"strings"
	"unicode"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// Kind says what a symbol is.
type Kind int

// The kinds of symbols.
const (
	Directive Kind = iota
	Stage
	Variable // of ARG and ENV
	Label
	Command // what runs: in the build, in the container or at its start
	Files   // what COPY and ADD bring
	Folder
	Port
	Setting // everything else
)

// Symbol is a part of a Dockerfile in an outline.
type Symbol struct {
	text.Span        // of all of it
	Name      string // one line, never blank
	Detail    string // one line; empty if there is no more to say
	Kind      Kind
	Selection text.Span // inside the span: what the symbol is found by
	Children  []Symbol
}

// Symbols are the directives and what stands in front of the first FROM, then the stages with their instructions, in the
// order of the file.
func Symbols(m *dockerfile.Model) []Symbol {
	symbols := make([]Symbol, 0, len(m.Directives)+len(m.Globals)+len(m.Stages))
	for _, d := range m.Directives {
		symbols = append(symbols, Symbol{
			Span: d.Span, Name: brief(d.Name.Text), Detail: brief(d.Value.Text), Kind: Directive, Selection: d.Name.Span,
		})
	}
	symbols = appendInstructions(symbols, m.Globals)
	for _, stage := range m.Stages {
		s := stageSymbol(stage)
		s.Children = appendInstructions(make([]Symbol, 0, len(stage.Instructions)), stage.Instructions)
		symbols = append(symbols, s)
	}
	return symbols
}

// Stages are the stages alone, without what is in them.
func Stages(m *dockerfile.Model) []Symbol {
	symbols := make([]Symbol, 0, len(m.Stages))
	for _, stage := range m.Stages {
		symbols = append(symbols, stageSymbol(stage))
	}
	return symbols
}

// stageSymbol calls a stage by its name, and one without by its image, with the number that COPY --from takes for it.
func stageSymbol(stage *dockerfile.Stage) Symbol {
	s := Symbol{Span: extent(stage), Kind: Stage, Selection: stage.From.Keyword.Span}
	base, name := brief(stage.Base.Text), brief(stage.Name.Text)
	switch {
	case name != "":
		s.Name, s.Detail, s.Selection = name, "FROM "+base, stage.Name.Span
	case base != "":
		s.Name, s.Detail, s.Selection = base, fmt.Sprintf("stage %d", stage.Index), stage.Base.Span
	default:
		s.Name, s.Detail = "FROM", fmt.Sprintf("stage %d", stage.Index)
	}
	return s
}

// extent runs from the FROM to the end of the last instruction of a stage.
func extent(stage *dockerfile.Stage) text.Span {
	span := stage.From.Span
	if n := len(stage.Instructions); n > 0 {
		span.End = stage.Instructions[n-1].End
	}
	return span
}

func appendInstructions(symbols []Symbol, instructions []*dockerfile.Instruction) []Symbol {
	for _, inst := range instructions {
		if s, ok := instruction(inst, ""); ok {
			s.Span = inst.Span
			symbols = append(symbols, s)
		}
	}
	return symbols
}

// instruction is the symbol of an instruction, behind what stands in front of its keyword; false for one that BuildKit
// does not know, which is a word that is being typed.
func instruction(inst *dockerfile.Instruction, before string) (Symbol, bool) {
	if !syntax.Known(inst.Name) {
		return Symbol{}, false
	}
	if inst.Inner != nil {
		if inner, ok := instruction(inst.Inner, before+inst.Name+" "); ok {
			return inner, true
		}
	}
	s := Symbol{Span: inst.Span, Name: before + inst.Name, Kind: kindOf(inst.Name), Selection: inst.Keyword.Span}
	if len(inst.Pairs) > 0 {
		return ofPairs(s, inst.Pairs), true
	}
	s.Detail = flags(inst)
	if what := brief(subject(inst)); what != "" {
		s.Name += " " + what
	}
	return s, true
}

func kindOf(instruction string) Kind {
	switch instruction {
	case "ARG", "ENV":
		return Variable
	case "LABEL":
		return Label
	case "RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK":
		return Command
	case "COPY", "ADD":
		return Files
	case "WORKDIR", "VOLUME":
		return Folder
	case "EXPOSE":
		return Port
	}
	return Setting
}

// ofPairs makes the symbol of an ARG, ENV or LABEL: that of its name, or one with a child for each of several names.
func ofPairs(s Symbol, pairs []syntax.Pair) Symbol {
	if len(pairs) == 1 {
		s.Name = strings.TrimRight(s.Name+" "+brief(pairs[0].Key.Text), " ")
		s.Detail, s.Selection = brief(pairs[0].Value.Text), pairs[0].Key.Span
		return s
	}
	var names []string
	for _, p := range pairs {
		name := brief(p.Key.Text)
		names = append(names, name)
		if name == "" {
			continue
		}
		s.Children = append(s.Children, Symbol{
			Span: p.Span, Name: name, Detail: brief(p.Value.Text), Kind: s.Kind, Selection: p.Key.Span,
		})
	}
	s.Name += " " + brief(strings.Join(names, ", "))
	return s
}

// flags are the flags of an instruction as they are written.
func flags(inst *dockerfile.Instruction) string {
	var all []string
	for _, f := range inst.Flags {
		flag := "--" + f.Name.Text
		if f.HasValue {
			flag += "=" + f.Value.Text
		}
		all = append(all, flag)
	}
	return brief(strings.Join(all, " "))
}

// subject is what an instruction is about, on as many lines as it likes.
func subject(inst *dockerfile.Instruction) string {
	switch {
	case inst.JSON != nil:
		return elements(inst.JSON.Elements)
	case inst.Name == "HEALTHCHECK" && len(inst.Args) > 1:
		return inst.Args[1].Text
	case inst.Name == "RUN" && len(inst.Heredocs) > 0 && syntax.OpensHeredoc(inst.Rest.Text):
		return commands(inst.Body(inst.Heredocs[0]))
	}
	return inst.Rest.Text
}

func elements(words []syntax.Word) string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = w.Text
	}
	return strings.Join(all, " ")
}

// commands are the first lines of a script one behind the other, without comments; of one that names its interpreter that.
func commands(script string) string {
	if line, _, _ := strings.Cut(script, "\n"); strings.HasPrefix(line, "#!") {
		return line
	}
	var all []string
	for line := range strings.Lines(script) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			all = append(all, line)
		}
		if len(all) == maxBrief {
			break
		}
	}
	return strings.Join(all, "; ")
}

// maxBrief is how many characters of a text are shown.
const maxBrief = 60

// brief is the start of a text on one line, with one blank for all white space and what cannot be seen.
func brief(s string) string {
	var out strings.Builder
	count, blank := 0, false
	for _, c := range s {
		if unicode.IsSpace(c) || !unicode.IsPrint(c) {
			blank = true
			continue
		}
		if count == maxBrief {
			return out.String() + "…"
		}
		if blank && count > 0 {
			out.WriteByte(' ')
			count++
		}
		out.WriteRune(c)
		count, blank = count+1, false
	}
	return out.String()
}
