package rules

import (
	"errors"
	"fmt"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

var invalidInstruction = &lint.Rule{
	ID:       "invalid-instruction",
	Severity: lint.Error,
	Syntax:   true,
	Title:    "BuildKit rejects an instruction for another reason.",
	Why: "Quotes that are not closed, variables that are not well formed, ports, signals and image references that are " +
		"none: whatever else BuildKit does not accept when it parses, reads or converts an instruction.",
	CheckInstruction: func(p *lint.Pass, inst *dockerfile.Instruction) {
		if p.Rejected(inst) {
			return
		}
		v := values{p, inst, false}
		problems := append(formProblems(inst), v.problems()...)
		for _, problem := range problems {
			v.tell(problem.Span, problem.value, problem.Message)
		}
		if len(problems) == 0 && inst.Err != nil && len(inst.Line.Text) < 64*1024 {
			p.Tell(inst.Keyword.Span, fmt.Sprintf("BuildKit rejects the %s instruction: %s.", inst.Name, reason(inst.Err)))
		}
	},
	Check: func(p *lint.Pass) {
		for _, line := range p.TooLong {
			p.Tell(line, "The line has 65,536 bytes or more, and BuildKit reads no further: break it with continuations.")
		}
		checkBases(p)
		withVariables(p, func(v values) {
			if p.RejectedByOthers(v.inst) {
				return
			}
			for _, problem := range v.problems() {
				v.tell(problem.Span, problem.value, problem.Message)
			}
		})
		checkDrives(p)
		for _, inst := range p.Instructions {
			if !p.Rejected(inst) {
				severalSources(p, inst)
			}
		}
		checkEmpty(p)
	},
}

// reason is BuildKit's error without the line that it stands in.
func reason(err error) string {
	var located *parser.LocationError
	if errors.As(err, &located) {
		err = located.Unwrap()
	}
	return err.Error()
}

// problem is a place in the file and what is wrong there: a sentence without capital and full stop.
type problem struct {
	text.Span
	Message string
	value   value // what the sentence is about, where BuildKit expands it
}

// formProblems looks at how the arguments are written.
func formProblems(inst *dockerfile.Instruction) []problem {
	var found []problem
	if inst.JSON != nil && inst.JSON.NotString != nil {
		found = append(found, problem{
			Span: *inst.JSON.NotString, Message: "the array holds something else than strings: put it in double quotes",
		})
	}
	for _, span := range inst.BadDelimiters {
		found = append(found, problem{Span: span, Message: "the delimiter of the here-document has an unclosed quote"})
	}
	for _, pair := range inst.Pairs {
		switch {
		case pair.HasValue && pair.Key.Text == "":
			found = append(found, problem{
				Span:    pair.Span,
				Message: fmt.Sprintf("there is no name in front of the = in `%s`", pair.Key.Text+"="+pair.Value.Text),
			})
		case inst.Name != "ARG" && !pair.HasValue && !pair.Legacy:
			found = append(found, problem{
				Span:    pair.Span,
				Message: fmt.Sprintf("`%s` has no =: write name=value, with quotes around blanks", pair.Key.Text),
			})
		}
	}
	switch inst.Name {
	case "SHELL":
		if inst.JSON == nil && len(inst.Args) > 0 {
			found = append(found, problem{
				Span: inst.Rest.Span, Message: `SHELL takes a JSON array: write ["/bin/bash", "-c"]`,
			})
		}
	case "ADD", "COPY":
		found = append(found, heredocDestination(inst)...)
	case "HEALTHCHECK":
		found = append(found, healthcheckProblems(inst)...)
	}
	return found
}

func heredocDestination(inst *dockerfile.Instruction) []problem {
	if len(inst.Args) < 2 {
		return nil
	}
	last := inst.Args[len(inst.Args)-1]
	if !syntax.OpensHeredoc(last.Text) {
		return nil
	}
	return []problem{{
		Span:    last.Span,
		Message: fmt.Sprintf("a here-document cannot be the destination of %s: write a path behind it", inst.Name),
	}}
}

func healthcheckProblems(inst *dockerfile.Instruction) []problem {
	if len(inst.Args) == 0 || strings.EqualFold(inst.Args[0].Text, "CMD") || strings.EqualFold(inst.Args[0].Text, "NONE") {
		return nil
	}
	return []problem{{
		Span:    inst.Args[0].Span,
		Message: fmt.Sprintf("`%s` is unknown to HEALTHCHECK: write CMD in front of the command", inst.Args[0].Text),
	}}
}

// checkBases looks at the images that FROM names, where they are no stages and known.
func checkBases(p *lint.Pass) {
	for _, stage := range p.Stages {
		if p.Rejected(stage.From) || len(stage.From.Args) == 0 || p.Parent(stage) != nil {
			continue
		}
		if _, known := p.External(stage); known {
			continue
		}
		v := values{p, stage.From, true}
		e := v.read(stage.Base.Text)
		switch _, err := image.Parse(e.Text); {
		case e.Problem != nil:
			v.tell(stage.Base.Span, e, e.Problem.Message)
		case e.Variables || e.Text == "scratch":
		case e.Text == "":
			v.tell(stage.Base.Span, e,
				"there is no image: name one, or give the variable a value with an ARG in front of the first FROM")
		case err != nil:
			v.tell(stage.Base.Span, e, fmt.Sprintf("`%s` is no image: %s", e.Text, err))
		}
	}
}

// checkEmpty tells a file without any stage, where nothing else is told of it.
func checkEmpty(p *lint.Pass) {
	if len(p.Stages) > 0 || len(p.TooLong) > 0 {
		return
	}
	at := len(p.Text) - len(strings.TrimLeft(p.Text, "\uFEFF"))
	place := text.Span{Start: at, End: at}
	for _, inst := range p.Instructions {
		if inst.Name != "ARG" {
			return
		}
		place = inst.Keyword.Span
	}
	p.Tell(place, "The file has no stage: begin one with FROM.")
}
