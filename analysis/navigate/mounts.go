package navigate

import (
	"fmt"
	"path"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// mountUse is where a mount of a RUN has its id, or the RUN the file of a secret.
type mountUse struct {
	text.Span
	kind, id string // the type of the mount: cache, secret or ssh
	exact    bool
	file     bool // it is the name of the file of a secret in /run/secrets
}

// mountIDAt is the id of a mount at an offset of an instruction.
func mountIDAt(m *dockerfile.Model, inst *dockerfile.Instruction, offset int) *Symbol {
	for _, i := range withInner(inst) {
		for _, use := range mountUses(m, i) {
			if use.exact && touches(use.Span, offset) {
				return mountSymbol(m, use)
			}
		}
	}
	return nil
}

// mountUses are the ids of the mounts of an instruction. One with variables has no name that could be given to another, and
// one that is made of the target is left out.
func mountUses(m *dockerfile.Model, inst *dockerfile.Instruction) []mountUse {
	if inst.Name != "RUN" {
		return nil
	}
	var uses []mountUse
	for _, flag := range inst.Flags {
		if flag.Name.Text != "mount" {
			continue
		}
		options := map[string]syntax.Word{}
		for _, o := range flag.Options {
			options[longKey(o.Key.Text)] = o.Value
		}
		kind := strings.ToLower(options["type"].Text)
		if kind != "cache" && kind != "secret" && kind != "ssh" {
			continue
		}
		word := options["id"]
		if kind == "secret" && options["source"].Text != "" {
			word = options["source"]
		}
		if word.Text == "" || strings.ContainsAny(word.Text, `$"'\`) {
			continue
		}
		span, exact := wholeIn(m, inst, word)
		use := mountUse{span, kind, word.Text, exact, false}
		uses = append(uses, use)
		if kind == "secret" && options["target"].Text == "" && options["env"].Text == "" {
			uses = append(uses, secretFiles(m, inst, use)...)
		}
	}
	return uses
}

func longKey(key string) string {
	switch key = strings.ToLower(key); key {
	case "src":
		return "source"
	case "dst", "destination":
		return "target"
	}
	return key
}

// secretFiles are the places where a RUN names the file in which a secret without target is. Source: dispatchSecret of
// BuildKit.
func secretFiles(m *dockerfile.Model, inst *dockerfile.Instruction, secret mountUse) []mountUse {
	const folder = "/run/secrets/"
	name := path.Base(secret.id)
	var files []mountUse
	for at := inst.Start; ; {
		n := strings.Index(m.Text[at:inst.End], folder+name)
		if n < 0 {
			return files
		}
		file := text.Span{Start: at + n + len(folder), End: at + n + len(folder) + len(name)}
		at = file.End
		if rest := m.Text[at:inst.End]; rest == "" || !isNameByte(rest[0]) && !strings.ContainsAny(rest[:1], ".-/") {
			files = append(files, mountUse{file, secret.kind, secret.id, name == secret.id, true})
		}
	}
}

func mountSymbol(m *dockerfile.Model, at mountUse) *Symbol {
	s := &Symbol{Kind: MountID, Name: at.id, At: Place{Span: at.Span}}
	for _, outer := range m.Instructions {
		for _, inst := range withInner(outer) {
			for _, use := range mountUses(m, inst) {
				if use.kind != at.kind || use.id != at.id {
					continue
				}
				if use.exact {
					s.Places = append(s.Places, Place{Span: use.Span})
					if !use.file && s.Definitions == nil {
						s.Definitions = []Target{{use.Span, inst.Span}}
					}
				} else if s.refusal == "" {
					s.refusal = fmt.Sprintf("line %d writes `%s` in another way: write it plainly first",
						lineOf(m, use.Start), s.Name)
				}
			}
		}
	}
	s.Declarations = s.Definitions
	s.clash = func(to string) string { return mountClash(m, at.kind, to) }
	return s
}

// mountClash is why a mount cannot have an id.
func mountClash(m *dockerfile.Model, kind, to string) string {
	if to == "" || strings.ContainsAny(to, " \t\r\n,\"'`\\$<") || kind == "secret" && strings.Contains(to, "/") {
		return fmt.Sprintf("`%s` is no plain id: write letters, digits, `_`, `.` or `-`", to)
	}
	for _, outer := range m.Instructions {
		for _, inst := range withInner(outer) {
			for _, use := range mountUses(m, inst) {
				if use.kind == kind && use.id == to {
					return fmt.Sprintf("`%s` is the id of another %s in line %d: choose another name", to, kind, lineOf(m,
						use.Start))
				}
			}
		}
	}
	return ""
}
