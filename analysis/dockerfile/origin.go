package dockerfile

import (
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/syntax"
)

// maxStagesCopied bounds how many stages a file is followed through.
const maxStagesCopied = 8

// ContextPaths are the paths in the build context that a file of a container of a stage may have been copied from, the
// likeliest first: of the last COPY first. Whether a source is a file or a folder decides, which only the context tells.
// There are none if no COPY may have brought it. The name is absolute.
func (m *Model) ContextPaths(s *Stage, name string) []string {
	return m.contextPaths(s, path.Clean(name), endOfStage, maxStagesCopied)
}

func (m *Model) contextPaths(s *Stage, name string, end, depth int) []string {
	var found []string
	for ; s != nil && depth > 0; s, end = m.Parent(s), endOfStage {
		for i := min(end, len(s.Instructions)) - 1; i >= 0; i-- {
			for _, source := range m.copied(s.Instructions[i], name, depth) {
				if !slices.Contains(found, source) {
					found = append(found, source)
				}
			}
		}
	}
	return found
}

// copied are the paths in the context that a COPY or ADD may have made a file of, also through another stage.
func (m *Model) copied(inst *Instruction, name string, depth int) []string {
	if inst.Name != "COPY" && inst.Name != "ADD" || inst.Err != nil || len(inst.Args) < 2 || hasParents(inst) {
		return nil
	}
	to, known := m.destination(inst)
	if !known {
		return nil
	}
	var from *Stage
	if !inst.FromContext() {
		origins := m.Origins(inst)
		if len(origins) == 0 || origins[0].Stage == nil || origins[0].Stage.Index >= m.places[inst].stage {
			return nil
		}
		from = origins[0].Stage
	}
	var found []string
	for _, word := range inst.Sources() {
		v := m.Expand(inst, word.Text)
		if v.State != Known || v.Text == "" || from == nil && ReadRemote(v.Text).Exists() {
			continue
		}
		for _, source := range sourcesOf(v.Text, to, name) {
			if from == nil {
				found = append(found, strings.TrimPrefix(path.Join("/", source), "/"))
				continue
			}
			found = append(found, m.contextPaths(from, path.Join("/", source), endOfStage, depth-1)...)
		}
	}
	return found
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
