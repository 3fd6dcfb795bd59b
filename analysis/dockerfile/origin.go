package dockerfile

import (
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/syntax"
)

// maxLooks bounds how many COPY and ADD are looked at for one file: stages that copy from each other many times lead to very
// many places.
const maxLooks = 2000

// ContextPaths are the paths in the build context that a file of a container of a stage may have been copied from, the
// likeliest first: of the last COPY first. Whether a source is a file or a folder decides, which only the context tells.
// There are none if no COPY may have brought it. The name is absolute.
func (m *Model) ContextPaths(s *Stage, name string) []string {
	t := tracer{Model: m, left: maxLooks}
	t.trace(s, path.Clean(name))
	return t.found
}

// tracer follows a file back through the stages.
type tracer struct {
	*Model
	left  int
	found []string
}

func (t *tracer) trace(s *Stage, name string) {
	for ; s != nil; s = t.Parent(s) {
		for i := len(s.Instructions) - 1; i >= 0; i-- {
			inst := s.Instructions[i]
			if inst.Name != "COPY" && inst.Name != "ADD" {
				continue
			}
			if t.left--; t.left < 0 {
				return
			}
			t.copied(inst, name)
		}
	}
}

// copied notes the paths in the context that a COPY or ADD may have made a file of, also through another stage.
func (t *tracer) copied(inst *Instruction, name string) {
	if inst.Err != nil || len(inst.Args) < 2 || hasParents(inst) {
		return
	}
	to, known := t.destination(inst)
	if !known {
		return
	}
	var from *Stage
	if !inst.FromContext() {
		// Only an earlier stage can be copied from, so that this ends.
		origins := t.Origins(inst)
		if len(origins) == 0 || origins[0].Stage == nil || origins[0].Stage.Index >= t.places[inst].stage {
			return
		}
		from = origins[0].Stage
	}
	for _, word := range inst.Sources() {
		v := t.Expand(inst, word.Text)
		if v.State != Known || v.Text == "" || from == nil && ReadRemote(v.Text).Exists() {
			continue
		}
		for _, source := range sourcesOf(v.Text, to, name) {
			inContext := strings.TrimPrefix(path.Join("/", source), "/")
			switch {
			case from != nil:
				t.trace(from, path.Join("/", source))
			case !slices.Contains(t.found, inContext):
				t.found = append(t.found, inContext)
			}
		}
	}
}

// destination is the absolute path that a COPY or ADD writes to, with the slash behind it if it is written with one.
func (m *Model) destination(inst *Instruction) (to string, known bool) {
	v := m.Expand(inst, inst.Args[len(inst.Args)-1].Text)
	if v.State != Known || v.Text == "" {
		return "", false
	}
	to = v.Text
	if !path.IsAbs(to) {
		dir := m.Workdir(inst)
		if dir.State != Known {
			return "", false
		}
		to = path.Join(dir.Text, to)
	}
	to = path.Clean(to)
	if to == "/" {
		return to, true
	}
	if strings.HasSuffix(v.Text, "/") || v.Text == "." || strings.HasSuffix(v.Text, "/.") {
		to += "/"
	}
	return to, true
}

// sourcesOf are what a file may be of a source that is copied to a path: the source itself, or what lies in it if it is a
// folder.
func sourcesOf(source, to, name string) []string {
	folder := strings.TrimSuffix(to, "/")
	below, inside := strings.CutPrefix(name, folder+"/")
	pattern := strings.ContainsAny(source, "*?[")
	var found []string
	if inside && !pattern {
		found = append(found, path.Join(source, below))
	}
	base := path.Base(name)
	matched, err := path.Match(path.Base(source), base)
	switch {
	case inside && below == base && err == nil && matched && !strings.ContainsAny(path.Dir(source), "*?["):
		found = append(found, path.Join(path.Dir(source), base))
	case name == folder && folder == to && !pattern:
		found = append(found, path.Clean(source))
	}
	return found
}

func hasParents(inst *Instruction) bool {
	return slices.ContainsFunc(inst.Flags, func(f syntax.Flag) bool { return f.Name.Text == "parents" })
}

// Relative is where a path of an image lies in a folder, and . for the folder itself; inside is false if it lies elsewhere.
// Both are absolute and clean.
func Relative(folder, name string) (rest string, inside bool) {
	if folder == name {
		return ".", true
	}
	return strings.CutPrefix(name, strings.TrimSuffix(folder, "/")+"/")
}

// Destination is the absolute path that a COPY or ADD writes to, with a slash behind it if that is a folder for certain;
// false
// if it is not known.
func (m *Model) Destination(inst *Instruction) (to string, known bool) {
	if inst.Err != nil || len(inst.Args) < 2 || hasParents(inst) {
		return "", false
	}
	return m.destination(inst)
}

// WorkdirOf is the absolute path that a WORKDIR leads to; empty if it is not known.
func (m *Model) WorkdirOf(inst *Instruction) string {
	if inst.Err != nil || len(inst.Args) == 0 {
		return ""
	}
	v := m.Expand(inst, inst.Args[0].Text)
	if v.State != Known || v.Text == "" {
		return ""
	}
	if path.IsAbs(v.Text) {
		return path.Clean(v.Text)
	}
	if dir := m.Workdir(inst); dir.State == Known {
		return path.Join(dir.Text, v.Text)
	}
	return ""
}
