package rules

import (
	"fmt"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// values reads the words of an instruction for the rules that check what BuildKit checks when it converts: first without
// the variables of the file, by the instruction alone, then with those that the file sets.
type values struct {
	*lint.Pass
	inst *dockerfile.Instruction
	// known says that variables are replaced where the file sets them.
	known bool
}

// value is a word as BuildKit reads it when it converts.
type value struct {
	syntax.Expansion
	// byDefault says that it depends on the default of a build argument, which the build command may replace.
	byDefault bool
	// written is the word, if its variables are replaced.
	written string
}

// withVariables calls check for each instruction for which variables or the working directory count, with what the file
// sets. Instructions behind ONBUILD are left out: their variables are those of another file.
func withVariables(p *lint.Pass, check func(values)) {
	for _, stage := range p.Stages {
		for _, inst := range stage.Instructions {
			if valuesCount(inst, inst.Extent.Of(p.Text)) {
				check(values{p, inst, true})
			}
		}
	}
}

// valuesCount reports whether BuildKit's verdict on an instruction can depend on a value.
func valuesCount(inst *dockerfile.Instruction, source string) bool {
	switch inst.Name {
	case "RUN":
		return len(inst.Flags) > 0
	case "ADD", "COPY", "EXPOSE", "STOPSIGNAL", "VOLUME":
		return strings.Contains(source, "$")
	case "ARG", "ENV", "LABEL", "USER", "WORKDIR":
		return strings.Contains(source, "?") && strings.Contains(source, "$") // ${x:?}
	}
	return false
}

// read is the value of a word; Variables says that it is not known.
func (v values) read(word string) value {
	e := value{Expansion: syntax.Expand(word, v.inst.Escape)}
	if !v.known || !e.Variables || e.Problem != nil {
		return e
	}
	if v.inst.Name == "EXPOSE" {
		words, known := v.ExpandWords(v.inst, word)
		e.Words = words
		return e.with(word, known)
	}
	return e.with(word, v.Expand(v.inst, word))
}

// heredoc is the value of the body of a heredoc of COPY or ADD.
func (v values) heredoc(body string) value {
	e := value{Expansion: syntax.ExpandHeredoc(body)}
	if !v.known || !e.Variables || e.Problem != nil {
		return e
	}
	return e.with(body, v.ExpandHeredoc(v.inst, body))
}

// with fills in what is known of a word with variables.
func (e value) with(word string, known dockerfile.Value) value {
	e.byDefault = known.Default
	switch {
	case known.Err != nil:
		e.Problem = &syntax.Problem{
			Span: required(word, known.Stop), Message: fmt.Sprintf("the build stops here: %s", known.Err),
		}
	case known.State == dockerfile.Known:
		e.Variables, e.Text, e.written = false, known.Text, word
	}
	return e
}

// required is the place of ${name:?} or ${name?} in a word, up to the question mark.
func required(word, name string) text.Span {
	for _, modifier := range []string{":?", "?"} {
		reference := "${" + name + modifier
		if at := strings.Index(word, reference); at >= 0 {
			return text.Span{Start: at, End: at + len(reference)}
		}
	}
	return text.Span{End: len(word)}
}

// message is a sentence about the value, behind one that says where the value comes from.
func (e value) message(sentence string) string {
	sentence = capitalised(sentence) + "."
	switch {
	case e.written == "":
		return sentence
	case e.Text == "":
		return fmt.Sprintf("`%s` is empty here. %s", e.written, sentence)
	}
	return fmt.Sprintf("`%s` is `%s` here. %s", e.written, e.Text, sentence)
}

// tell adds a finding about a value: a sentence without capital and full stop. It is a warning where the build command
// may replace the value.
func (v values) tell(place text.Span, e value, sentence string, fixes ...lint.Fix) {
	f := lint.Finding{Span: place, Message: e.message(sentence), Fixes: fixes}
	if e.byDefault || v.known && v.inst.Name == "ARG" {
		f.Severity = lint.Warning
	}
	if !v.known || !v.Repeats(v.inst, f) {
		v.Report(f)
	}
}
