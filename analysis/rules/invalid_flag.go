package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/opencontainers/go-digest"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/syntax"
)

var invalidFlag = &lint.Rule{
	ID:       "invalid-flag",
	Severity: lint.Error,
	Syntax:   true,
	Title:    "A flag is repeated, or has a value that it cannot have.",
	Why: "BuildKit stops at a flag without the value that it needs, at a value that it cannot read, and at a stage that " +
		"is not there yet.",
	CheckInstruction: func(p *lint.Pass, inst *dockerfile.Instruction) { values{p, inst, false}.checkFlags() },
	Check: func(p *lint.Pass) {
		checkStageFlags(p)
		withVariables(p, values.checkFlags)
	},
}

func (v values) checkFlags() {
	specs, checked := flagsOf(v.inst)
	if !checked {
		return
	}
	seen := map[string]bool{}
	for _, flag := range v.inst.Flags {
		spec, known := dockerfile.Flag(specs, flag.Name.Text)
		if !known {
			continue
		}
		if seen[spec.Name] && spec.Kind != dockerfile.ListFlag {
			v.tell(flag.Span, value{}, fmt.Sprintf("the flag `--%s` stands in front already: take one away", spec.Name))
			continue
		}
		seen[spec.Name] = true
		if sentence := badForm(flag, spec); sentence != "" {
			v.tell(flag.Span, value{}, sentence)
			continue
		}
		v.checkFlag(flag)
	}
}

// badForm says what is wrong with the presence of a flag's value, or with a boolean. Source: BFlags.Parse of BuildKit.
func badForm(flag syntax.Flag, spec dockerfile.FlagSpec) string {
	if spec.Kind != dockerfile.BoolFlag {
		if !flag.HasValue {
			return fmt.Sprintf("the flag `--%s` lacks a value: write `--%s=` with one", spec.Name, spec.Name)
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
		return fmt.Sprintf("the flag `--%s=` lacks a value: write true or false, or nothing", spec.Name)
	}
	return fmt.Sprintf("`%s` is no value of the flag `--%s`: write true or false", flag.Value.Text, spec.Name)
}

func (v values) checkFlag(flag syntax.Flag) {
	text := flag.Value.Text
	switch flag.Name.Text {
	case "interval", "timeout", "start-period", "start-interval":
		v.tellError(flag.Value, value{}, dockerfile.CheckDuration(text))
	case "retries":
		v.tellError(flag.Value, value{}, dockerfile.CheckRetries(text))
	case "network":
		v.oneOf(flag, "default", "host", "none")
	case "security":
		v.oneOf(flag, "insecure", "sandbox")
	case "device":
		v.checkDevice(flag)
	case "mount":
		v.checkMount(flag)
	case "from":
		if e := syntax.Expand(text, v.inst.Escape); e.Problem != nil || e.Variables || e.Text != text {
			v.tell(flag.Value.Span, value{}, fmt.Sprintf("--from takes no variable: name a stage, as FROM %s AS name", text))
		}
	case "chown", "chmod", "checksum", "platform":
		v.checkExpanded(flag)
	}
}

func (v values) tellError(word syntax.Word, e value, err error) {
	if err != nil {
		v.tell(word.Span, e, err.Error())
	}
}

func capitalised(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func (v values) oneOf(flag syntax.Flag, words ...string) {
	text, list := flag.Value.Text, strings.Join(words, ", ")
	switch {
	case slices.Contains(words, text):
	case text == "":
		v.tell(flag.Span, value{}, fmt.Sprintf("the flag `--%s=` lacks a value: write one of %s", flag.Name.Text, list))
	case isWhole(flag.Value, flag.Value.Of(v.Text)):
		v.tell(flag.Value.Span, value{}, noValue(flag, list), nearest(flag.Value, text, words)...)
	default:
		v.tell(flag.Value.Span, value{}, noValue(flag, list))
	}
}

func noValue(flag syntax.Flag, list string) string {
	return fmt.Sprintf("`%s` is no value of the flag `--%s`: write one of %s", flag.Value.Text, flag.Name.Text, list)
}

// isWhole reports whether what stands in the source is a word, bare or with its quotes around it, so that another word can
// replace it.
func isWhole(word syntax.Word, source string) bool {
	return source == word.Text || source == `"`+word.Text+`"` || source == "'"+word.Text+"'"
}

// checkExpanded looks at the flags whose variables BuildKit expands.
func (v values) checkExpanded(flag syntax.Flag) {
	e := v.read(flag.Value.Text)
	if e.Problem != nil {
		v.tell(v.inst.Within(flag.Value, e.Problem.Span), e, e.Problem.Message)
		return
	}
	if e.Variables || e.Text == "" {
		return
	}
	switch flag.Name.Text {
	case "chmod":
		v.tellError(flag.Value, e, dockerfile.CheckMode(e.Text))
	case "chown":
		if hasFlag(v.inst, "link") && namesOwner(e.Text) {
			v.tell(flag.Value.Span, e,
				fmt.Sprintf("`%s` is a name, which --link cannot look up: write numbers, as --chown=1000:1000", e.Text))
		}
	case "checksum":
		v.checkChecksum(flag, e)
	}
}

// hasFlag reports whether a boolean flag is set.
func hasFlag(inst *dockerfile.Instruction, name string) bool {
	for _, flag := range inst.Flags {
		if flag.Name.Text == name {
			return !strings.EqualFold(flag.Value.Text, "false")
		}
	}
	return false
}

// namesOwner reports whether an owner is given by name; root has its number. Source: llb.WithUser of BuildKit.
func namesOwner(owner string) bool {
	user, group, _ := strings.Cut(owner, ":")
	return user != "" && !isID(user) || group != "" && !isID(group)
}

func isID(s string) bool {
	_, err := strconv.ParseInt(s, 10, 32)
	return err == nil || s == "root"
}

func (v values) checkChecksum(flag syntax.Flag, checksum value) {
	sources := v.inst.Sources()
	if len(sources) != 1 {
		v.tell(flag.Span, value{}, "the flag `--checksum` needs exactly one source")
		return
	}
	source := v.read(sources[0].Text)
	remote := dockerfile.ReadRemote(source.Text)
	if source.Variables || source.Problem != nil || remote.Git != nil || remote.Err != nil ||
		strings.HasPrefix(source.Text, "github.com/") {
		return
	}
	if !remote.HTTP {
		v.tell(flag.Span, source, fmt.Sprintf("the flag `--checksum` needs a URL as source, and `%s` is none", source.Text))
		return
	}
	if _, err := digest.Parse(checksum.Text); err != nil {
		v.tell(flag.Value.Span, checksum,
			fmt.Sprintf("`%s` is no checksum: write sha256: and 64 hexadecimal digits", checksum.Text))
	}
}

// checkStageFlags looks at the stages that COPY --from and mounts name.
func checkStageFlags(p *lint.Pass) {
	// BuildKit numbers the images that COPY --from and mounts name behind the stages, as it meets them.
	numbered := len(p.Stages)
	for _, stage := range p.Stages {
		checkPlatform(values{p, stage.From, true})
		for _, inst := range stage.Instructions {
			if p.Rejected(inst) {
				continue
			}
			origins := p.Origins(inst)
			for _, origin := range origins {
				if message := badOrigin(p, stage, origin, numbered); message != "" {
					p.Tell(origin.Span, message)
				}
				if origin.Stage == nil && !origin.Numbered {
					numbered++
				}
			}
			if inst.Name == "RUN" {
				numbered += mounts(inst) - len(origins) // it numbers an empty image for those without from
			}
		}
	}
}

func mounts(inst *dockerfile.Instruction) int {
	n := 0
	for _, flag := range inst.Flags {
		if flag.Name.Text == "mount" {
			n++
		}
	}
	return n
}

// badOrigin says why files cannot be taken from what is named in a stage; empty if they can.
func badOrigin(p *lint.Pass, stage *dockerfile.Stage, origin dockerfile.Origin, numbered int) string {
	switch {
	case origin.Err != nil:
		return fmt.Sprintf("`%s` is neither a stage nor an image: %s.", origin.Text, origin.Err)
	case origin.Stage != nil && origin.Stage.Index >= stage.Index:
		return fmt.Sprintf("Stage `%s` does not stand above: only an earlier stage can be copied from.", origin.Text)
	case origin.Numbered && (origin.Number < 0 || origin.Number >= numbered):
		return fmt.Sprintf("There is no stage `%s`: the file has %d, numbered from 0.", origin.Text, len(p.Stages))
	}
	return ""
}

// checkPlatform looks at the platform of a FROM, with the defaults of the global build arguments.
func checkPlatform(v values) {
	for _, flag := range v.inst.Flags {
		if flag.Name.Text != "platform" || flag.Value.Text == "" || v.Rejected(v.inst) {
			continue
		}
		e := v.read(flag.Value.Text)
		switch err := dockerfile.CheckPlatform(e.Text); {
		case e.Problem != nil:
			v.tell(flag.Value.Span, e, e.Problem.Message)
		case e.Variables:
		case e.Text == "":
			v.tell(flag.Value.Span, e,
				"there is no platform: give the variable a value with an ARG in front of the first FROM")
		case err != nil:
			v.tell(flag.Value.Span, e, err.Error())
		}
	}
}
