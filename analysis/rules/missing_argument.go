package rules

import (
	"fmt"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/text"
)

var missingArgument = &lint.Rule{
	ID:       "missing-argument",
	Severity: lint.Error,
	Syntax:   true,
	Title:    "An instruction lacks an argument.",
	Why:      "BuildKit stops at an instruction without the arguments that it needs.",
	CheckInstruction: func(p *lint.Pass, inst *dockerfile.Instruction) {
		if isUnfinished(inst) {
			return
		}
		if place, message := missing(inst); message != "" {
			p.Tell(place, message)
		}
	},
}

// missing says what an instruction lacks, and where: at its last word.
func missing(inst *dockerfile.Instruction) (text.Span, string) {
	if len(inst.Args) == 0 {
		return inst.Keyword.Span, missingAll(inst)
	}
	last := inst.Args[len(inst.Args)-1]
	switch inst.Name {
	case "ADD", "COPY":
		if len(inst.Args) == 1 {
			return last.Span, fmt.Sprintf("%s lacks the destination behind `%s`.", inst.Name, last.Text)
		}
	case "FROM":
		if len(inst.Args) == 2 && strings.EqualFold(last.Text, "AS") {
			return last.Span, "The stage name behind AS is missing."
		}
	case "ENV", "LABEL":
		if pair := inst.Pairs[0]; pair.Legacy && !pair.HasValue {
			return last.Span, fmt.Sprintf("%s lacks a value: write `%s=value`.", inst.Name, last.Text)
		}
	case "HEALTHCHECK":
		if len(inst.Args) == 1 && strings.EqualFold(last.Text, "CMD") {
			return last.Span, "The command behind CMD is missing."
		}
	}
	return text.Span{}, ""
}

// missingAll says what an instruction without any argument lacks; empty if it needs none.
func missingAll(inst *dockerfile.Instruction) string {
	switch inst.Name {
	case "ADD", "COPY":
		return inst.Name + " lacks a source and a destination."
	case "FROM":
		return "FROM lacks an image or a stage name."
	case "ENV", "LABEL":
		return inst.Name + " lacks a name and its value: write `name=value`."
	case "ARG":
		return "ARG lacks a name."
	case "EXPOSE":
		return "EXPOSE lacks a port."
	case "HEALTHCHECK":
		return "HEALTHCHECK lacks CMD with a command, or NONE."
	case "ONBUILD":
		if inst.Inner == nil {
			return "ONBUILD lacks an instruction."
		}
	case "MAINTAINER":
		return "MAINTAINER lacks a name."
	case "SHELL":
		return `SHELL lacks a command: write ["/bin/sh", "-c"].`
	case "STOPSIGNAL":
		return "STOPSIGNAL lacks a signal."
	case "USER":
		return "USER lacks a user."
	case "VOLUME":
		return "VOLUME lacks a path."
	case "WORKDIR":
		return "WORKDIR lacks a path."
	}
	return ""
}

// isUnfinished reports whether the arguments are an array that is still being typed, which is told as such.
func isUnfinished(inst *dockerfile.Instruction) bool { return inst.JSON != nil && inst.JSON.Unfinished }
