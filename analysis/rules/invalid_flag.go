package rules

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/opencontainers/go-digest"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/syntax"
)

var invalidFlag = &lint.Rule{
	ID:       "invalid-flag",
	Severity: lint.Error,
	Syntax:   true,
	Title:    "A flag is repeated, or has a value that it cannot have.",
	Why: "BuildKit stops at a flag without the value that it needs, at a value that it cannot read, and at a stage that is " +
		"not there yet.",
	CheckInstruction: func(p *lint.Pass, inst *dockerfile.Instruction) {
		specs, checked := flagsOf(inst)
		if !checked {
			return
		}
		seen := map[string]bool{}
		for _, flag := range inst.Flags {
			spec, known := dockerfile.Flag(specs, flag.Name.Text)
			if !known {
				continue
			}
			if seen[spec.Name] && spec.Kind != dockerfile.ListFlag {
				p.Tell(flag.Span, fmt.Sprintf("The flag `--%s` stands in front already: take one away.", spec.Name))
				continue
			}
			seen[spec.Name] = true
			if message := badForm(flag, spec); message != "" {
				p.Tell(flag.Span, message)
				continue
			}
			checkFlagValue(p, inst, flag)
		}
	},
	Check: checkStageFlags,
}

// badForm says what is wrong with the presence of a flag's value, or with a boolean. Source: BFlags.Parse of BuildKit.
func badForm(flag syntax.Flag, spec dockerfile.FlagSpec) string {
	if spec.Kind != dockerfile.BoolFlag {
		if !flag.HasValue {
			return fmt.Sprintf("The flag `--%s` lacks a value: write `--%s=` with one.", spec.Name, spec.Name)
		}
		return ""
	}
	switch strings.ToLower(flag.Value.Text) {
	case "true", "false":
		return ""
	case "":
		if !flag.HasValue {
			return ""
		}
		return fmt.Sprintf("The flag `--%s=` lacks a value: write true or false, or nothing.", spec.Name)
	}
	return fmt.Sprintf("`%s` is no value of the flag `--%s`: write true or false.", flag.Value.Text, spec.Name)
}

func checkFlagValue(p *lint.Pass, inst *dockerfile.Instruction, flag syntax.Flag) {
	value := flag.Value.Text
	switch flag.Name.Text {
	case "interval", "timeout", "start-period", "start-interval":
		tellError(p, flag.Value, dockerfile.CheckDuration(value))
	case "retries":
		tellError(p, flag.Value, dockerfile.CheckRetries(value))
	case "network":
		oneOf(p, flag, "default", "host", "none")
	case "security":
		oneOf(p, flag, "insecure", "sandbox")
	case "mount":
		checkMount(p, inst, flag)
	case "device":
		checkDevice(p, flag)
	case "from":
		if e := syntax.Expand(value, inst.Escape); e.Problem != nil || e.Variables || e.Text != value {
			p.Tell(flag.Value.Span, fmt.Sprintf("--from takes no variable: name a stage, as FROM %s AS name.", value))
		}
	case "chown", "chmod", "checksum", "platform":
		checkExpandedFlag(p, inst, flag)
	}
}

func tellError(p *lint.Pass, word syntax.Word, err error) {
	if err != nil {
		p.Tell(word.Span, capitalised(err.Error())+".")
	}
}

func capitalised(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func oneOf(p *lint.Pass, flag syntax.Flag, values ...string) {
	for _, v := range values {
		if flag.Value.Text == v {
			return
		}
	}
	if flag.Value.Text == "" {
		p.Tell(flag.Span, fmt.Sprintf("The flag `--%s=` lacks a value: write one of %s.", flag.Name.Text, strings.Join(values, ", ")))
		return
	}
	message := fmt.Sprintf("`%s` is no value of the flag `--%s`: write one of %s.", flag.Value.Text, flag.Name.Text, strings.Join(values, ", "))
	if near := dockerfile.Nearest(flag.Value.Text, values); near != "" && isWhole(flag.Value, flag.Value.Of(p.Text)) {
		p.Tell(flag.Value.Span, message, correctName(flag.Value, near))
		return
	}
	p.Tell(flag.Value.Span, message)
}

// isWhole reports whether what stands in the source is a word, bare or with its quotes around it, so that another word can
// replace it.
func isWhole(word syntax.Word, source string) bool {
	return source == word.Text || source == `"`+word.Text+`"` || source == "'"+word.Text+"'"
}

// checkExpandedFlag looks at flags whose variables BuildKit expands; a value with variables is not known.
func checkExpandedFlag(p *lint.Pass, inst *dockerfile.Instruction, flag syntax.Flag) {
	e := syntax.Expand(flag.Value.Text, inst.Escape)
	if e.Problem != nil {
		p.Tell(inst.Within(flag.Value, e.Problem.Span), capitalised(e.Problem.Message)+".")
		return
	}
	if e.Variables || flag.Value.Text == "" {
		return
	}
	switch flag.Name.Text {
	case "chmod":
		tellError(p, flag.Value, dockerfile.CheckMode(e.Text))
	case "chown":
		if isLinked(inst) && namesOwner(e.Text) {
			p.Tell(flag.Value.Span, fmt.Sprintf("`%s` is a name, which --link cannot look up: write numbers, as --chown=1000:1000.", e.Text))
		}
	case "checksum":
		checkChecksum(p, inst, flag, e.Text)
	}
}

func isLinked(inst *dockerfile.Instruction) bool {
	for _, flag := range inst.Flags {
		if flag.Name.Text == "link" {
			return !strings.EqualFold(flag.Value.Text, "false")
		}
	}
	return false
}

// namesOwner reports whether an owner is given by name; root has its number. Source: llb.WithUser of BuildKit.
func namesOwner(owner string) bool {
	user, group, _ := strings.Cut(owner, ":")
	return !isID(user) || group != "" && !isID(group)
}

func isID(s string) bool {
	_, err := strconv.ParseInt(s, 10, 32)
	return err == nil || s == "root"
}

func checkChecksum(p *lint.Pass, inst *dockerfile.Instruction, flag syntax.Flag, checksum string) {
	sources := inst.Sources()
	if len(sources) != 1 {
		p.Tell(flag.Span, "The flag `--checksum` needs exactly one source.")
		return
	}
	source := syntax.Expand(sources[0].Text, inst.Escape)
	if source.Variables || source.Problem != nil || isGitURL(source.Text) {
		return
	}
	if !isHTTP(source.Text) {
		p.Tell(flag.Span, fmt.Sprintf("The flag `--checksum` needs a URL as source, and `%s` is none.", sources[0].Text))
		return
	}
	if _, err := digest.Parse(checksum); err != nil {
		p.Tell(flag.Value.Span, fmt.Sprintf("`%s` is no checksum: write sha256: and 64 hexadecimal digits.", checksum))
	}
}

// checkStageFlags looks at the stages that COPY --from and mounts name. Source: toCommand and detectRunMount of BuildKit.
func checkStageFlags(p *lint.Pass) {
	// BuildKit numbers the images that COPY --from and mounts name behind the stages, as it meets them.
	numbered := len(p.Stages)
	for _, stage := range p.Stages {
		checkPlatform(p, stage.From)
		for _, inst := range stage.Instructions {
			if inst.Name != "COPY" && inst.Name != "RUN" || p.Rejected(inst) {
				continue
			}
			for _, flag := range inst.Flags {
				switch {
				case flag.Name.Text == "from" && flag.Value.Text != "":
					numbered += checkFrom(p, stage, flag.Value, numbered)
				case flag.Name.Text == "mount":
					numbered += checkMountFrom(p, stage, flag)
				}
			}
		}
	}
}

// checkPlatform looks at the platform of a FROM, with the defaults of the global build arguments filled in.
func checkPlatform(p *lint.Pass, from *dockerfile.Instruction) {
	for _, flag := range from.Flags {
		if flag.Name.Text != "platform" || p.Rejected(from) {
			continue
		}
		value := p.Global(flag.Value.Text)
		if value.State != dockerfile.Known || value.Text == "" {
			continue
		}
		if err := dockerfile.CheckPlatform(value.Text); err != nil {
			p.Report(fromProblem(flag.Value, value, capitalised(err.Error())+"."))
		}
	}
}

// checkFrom looks at a stage's number or name; it returns 1 if it is an image, which then has a number too.
func checkFrom(p *lint.Pass, stage *dockerfile.Stage, name syntax.Word, numbered int) (images int) {
	index, err := strconv.Atoi(name.Text)
	switch {
	case err != nil:
		return checkStageName(p, stage, name)
	case index < 0 || index >= numbered:
		p.Tell(name.Span, fmt.Sprintf("There is no stage `%s`: the file has %d, numbered from 0.", name.Text, len(p.Stages)))
	case index >= stage.Index && index < len(p.Stages):
		p.Tell(name.Span, fmt.Sprintf("Stage `%s` does not stand above: only an earlier stage can be copied from.", name.Text))
	}
	return 0
}

// checkMountFrom looks at the from of a mount; without one BuildKit numbers an empty image.
func checkMountFrom(p *lint.Pass, stage *dockerfile.Stage, flag syntax.Flag) (images int) {
	for _, option := range flag.Options {
		if strings.EqualFold(option.Key.Text, "from") && option.Value.Text != "" {
			return checkStageName(p, stage, option.Value)
		}
	}
	return 1
}

// checkStageName looks at the name of a stage or image from within a stage; it returns 1 if it is an image.
func checkStageName(p *lint.Pass, stage *dockerfile.Stage, name syntax.Word) (images int) {
	if named := p.Named(name.Text); named != nil {
		if named.Index >= stage.Index {
			p.Tell(name.Span, fmt.Sprintf("Stage `%s` does not stand above: only an earlier stage can be copied from.", name.Text))
		}
		return 0
	}
	if _, err := image.Parse(name.Text); err != nil && name.Text != "scratch" {
		p.Tell(name.Span, fmt.Sprintf("`%s` is neither a stage nor an image: %s.", name.Text, err))
	}
	return 1
}
