package complete

import (
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/text"
)

// sources are the items for an argument of COPY or ADD: paths in the build context or in the stage that is copied from; from
// the second argument on it may be the destination too.
func (p *place) sources() []Item {
	index, start, quoted, ok := p.current()
	if !ok || p.Blank && index > 0 || !quoted && strings.HasPrefix(p.line[start:p.at], "<<") {
		return nil
	}
	stops := ""
	if quoted {
		stops = `"`
	}
	var items []Item
	if index > 0 && p.isLast(start, quoted) {
		items = p.destinations(start, stops)
		if strings.HasPrefix(p.line[start:p.at], "/") {
			return items
		}
	}
	from, named := p.copiedFrom()
	switch {
	case !named:
		return append(items, p.contextPaths(start, stops, quoted)...)
	case from != nil:
		for _, item := range p.pathsOfStage(from, start, stops) {
			if !slices.ContainsFunc(items, func(other Item) bool { return other.Label == item.Label }) {
				items = append(items, item)
			}
		}
	}
	return items
}

// isLast reports whether no argument follows the one at the cursor.
func (p *place) isLast(start int, quoted bool) bool {
	span, ok := p.word(start, "")
	if !ok {
		return false
	}
	rest := strings.TrimSpace(p.line[p.at+span.End-p.offset:])
	return rest == "" || quoted && strings.Trim(rest, `"] `) == ""
}

// copiedFrom is the stage that the flag --from names; named is false where there is no such flag.
func (p *place) copiedFrom() (from *dockerfile.Stage, named bool) {
	for _, flag := range p.half.Flags {
		if flag.Name.Text != "from" || flag.Value.Text == "" {
			continue
		}
		if p.inst != nil {
			if origins := p.Model.Origins(p.inst); len(origins) > 0 {
				from = origins[0].Stage
			}
		}
		return from, true
	}
	return nil, false
}

// contextPaths are what lies in the folder of the build context that is typed so far. What is ignored comes last, and is
// marked: BuildKit does not find it.
func (p *place) contextPaths(start int, stops string, quoted bool) []Item {
	if p.Project == nil {
		return nil
	}
	folder, span, ok := p.segment(start, stops)
	if !ok || strings.ContainsAny(folder, "$*?[") {
		return nil
	}
	var items, ignored []Item
	for _, entry := range p.Project.List(folder) {
		if !isWritable(entry.Name, quoted) {
			continue
		}
		item := pathItem(span, entry, p.next(span))
		if entry.Ignored {
			item.Ignored, item.Detail = true, "ignored by "+orElse(p.Project.Ignore.Path, ".dockerignore")
			ignored = append(ignored, item)
			continue
		}
		items = append(items, item)
	}
	if p.half.Name != "RUN" && len(p.half.Args) == 0 && !quoted && len(items) > 0 {
		items = append(items, Item{
			Span: span, Label: ".", Kind: Folder, Insert: ".", Detail: "all of the build context",
		})
	}
	return append(items, ignored...)
}

// segment is the part of a path at the cursor, and the folder in front of it; all of the path where the cursor begins it.
func (p *place) segment(start int, stops string) (folder string, span text.Span, ok bool) {
	typed := p.line[start:p.at]
	slash := strings.LastIndexByte(typed, '/') + 1
	if typed != "" {
		stops += "/"
	}
	span, ok = p.word(start+slash, stops)
	return typed[:slash], span, ok
}

// isWritable reports whether a name means itself where it is written: no pattern, no variable, and no blank outside of
// arrays.
func isWritable(name string, quoted bool) bool {
	if strings.ContainsAny(name, "*?[$\\\"'`\x7f") || strings.HasPrefix(name, "<<") || strings.HasPrefix(name, "-") {
		return false
	}
	return !strings.ContainsFunc(name, func(c rune) bool { return c < ' ' || c == ' ' && !quoted || c == 0x85 || c == 0xa0 })
}

func pathItem(span text.Span, entry project.Listed, next byte) Item {
	item := Item{Span: span, Label: entry.Name, Kind: File, Insert: entry.Name}
	if entry.Folder {
		item.Kind = Folder
		item.Label += "/"
		if next != '/' {
			item.Insert += "/"
		}
	}
	return item
}

// destinations are where files are usually copied to: the working directory, then what there is in the stage.
func (p *place) destinations(start int, stops string) []Item {
	var items []Item
	if p.line[start:p.at] == "" || p.line[start:p.at] == "." {
		if _, span, ok := p.segment(start, stops); ok {
			detail := "the working directory"
			if p.inst != nil {
				if dir := p.Model.Workdir(p.inst); dir.State == dockerfile.Known {
					detail = dir.Text
				}
			}
			item := pathItem(span, project.Listed{Name: ".", Folder: true}, p.next(span))
			item.Detail = detail
			items = append(items, item)
		}
	}
	return append(items, p.pathsOfStage(p.stage, start, stops)...)
}

// folders are the items for the paths of WORKDIR and VOLUME.
func (p *place) folders() []Item {
	_, start, quoted, ok := p.current()
	if !ok || p.Blank {
		return nil
	}
	stops := ""
	if quoted {
		stops = `"`
	} else if p.half.Name == "WORKDIR" && len(p.half.Args) > 0 {
		start = p.half.Rest.Start
	}
	return slices.DeleteFunc(p.pathsOfStage(p.stage, start, stops), func(item Item) bool { return item.Kind == File })
}

// pathsOfStage are what is known to lie in a stage's file system, in the folder that is typed so far: working directories,
// what COPY and ADD have brought, and the folders above.
func (p *place) pathsOfStage(s *dockerfile.Stage, start int, stops string) []Item {
	if s == nil {
		return nil
	}
	typed := p.line[start:p.at]
	if typed != "" && typed[0] != '/' || strings.ContainsAny(typed, "$*?[") {
		return nil
	}
	folder, span, ok := p.segment(start, quotes+stops)
	if !ok {
		return nil
	}
	found := p.filesOf(s)
	if typed == "" { // whole paths, which are more of use than /
		return found.whole(span)
	}
	return found.in(path.Clean(folder), span, p)
}

// files are the paths of a stage: folders have a slash at their end.
type files struct {
	paths []string
	// sources are folders of the context, by the folder that their content was copied to.
	sources [][2]string
}

const maxPaths = 500

// filesOf looks at the stage, up to the cursor if it stands in it, and at those below it.
func (p *place) filesOf(s *dockerfile.Stage) *files {
	found := &files{}
	visit := func(inst *dockerfile.Instruction) bool {
		switch inst.Name {
		case "WORKDIR":
			if dir := p.Model.WorkdirOf(inst); dir != "" {
				found.add(strings.TrimSuffix(dir, "/") + "/")
			}
		case "COPY", "ADD":
			found.copied(p, inst)
		}
		return len(found.paths) < maxPaths
	}
	for at := s; at != nil; at = p.Model.Parent(at) {
		for _, inst := range slices.Backward(at.Instructions) {
			if inst.Start < p.offset && inst != p.outer && !visit(inst) {
				return found
			}
		}
	}
	return found
}

func (f *files) add(name string) {
	if name != "/" && strings.HasPrefix(name, "/") && !slices.Contains(f.paths, name) {
		f.paths = append(f.paths, name)
	}
}

// copied notes what a COPY or ADD has brought.
func (f *files) copied(p *place, inst *dockerfile.Instruction) {
	to, known := p.Model.Destination(inst)
	if !known {
		return
	}
	sources := inst.Sources()
	for _, source := range sources {
		v := p.Model.Expand(inst, source.Text)
		if v.State != dockerfile.Known || strings.ContainsAny(v.Text, "*?[") || dockerfile.ReadRemote(v.Text).Exists() {
			continue
		}
		folder := strings.HasSuffix(v.Text, "/") || path.Clean(v.Text) == "." ||
			inst.FromContext() && p.Project != nil && p.Project.List(v.Text) != nil
		switch {
		case folder:
			f.add(strings.TrimSuffix(to, "/") + "/")
			if inst.FromContext() {
				f.sources = append(f.sources, [2]string{path.Clean(to), v.Text})
			}
		case strings.HasSuffix(to, "/"):
			f.add(path.Join(to, path.Base(v.Text)))
		default:
			f.add(to)
		}
	}
}

// whole are the paths in full.
func (f *files) whole(span text.Span) []Item {
	var items []Item
	for _, name := range f.paths {
		if !isWritable(name, false) {
			continue
		}
		item := Item{Span: span, Label: name, Kind: File, Insert: name}
		if strings.HasSuffix(name, "/") {
			item.Kind = Folder
		}
		items = append(items, item)
	}
	return items
}

// in are the names in one folder.
func (f *files) in(folder string, span text.Span, p *place) []Item {
	var items []Item
	add := func(entry project.Listed) {
		item := pathItem(span, entry, p.next(span))
		if isWritable(entry.Name, false) && !slices.ContainsFunc(items, func(other Item) bool {
			return strings.TrimSuffix(other.Label, "/") == entry.Name
		}) {
			items = append(items, item)
		}
	}
	for _, name := range f.paths {
		rest, inside := strings.CutPrefix(name, strings.TrimSuffix(folder, "/")+"/")
		if !inside || rest == "" {
			continue
		}
		first, _, deeper := strings.Cut(rest, "/")
		add(project.Listed{Name: first, Folder: deeper})
	}
	for _, copied := range f.sources {
		rest, inside := dockerfile.Relative(copied[0], folder)
		if !inside || p.Project == nil {
			continue
		}
		for _, entry := range p.Project.List(path.Join(copied[1], rest)) {
			if !entry.Ignored {
				add(entry)
			}
		}
	}
	return items
}
