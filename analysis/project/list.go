package project

import "path"

// Listed is something that lies in a folder of the build context.
type Listed struct {
	Name    string
	Folder  bool
	Ignored bool // BuildKit does not get it, or of a folder only what is excepted
}

// List is what lies in a folder of the build context, sorted by name, with what is ignored; nil if the folder is not there
// or
// was not read. Links are followed.
func (s *Surroundings) List(name string) []Listed {
	at, e, state := s.tree.find(inContext(name))
	f := s.tree[at]
	if state != Known || e.kind != aFolder || f == nil {
		return nil
	}
	list := make([]Listed, 0, len(f.entries)+len(f.ignored))
	ignored := f.ignored
	ignoredBefore := func(name string) {
		for len(ignored) > 0 && (name == "" || ignored[0].name < name) {
			list = append(list, Listed{Name: ignored[0].name, Folder: ignored[0].kind == aFolder, Ignored: true})
			ignored = ignored[1:]
		}
	}
	for _, e := range f.entries {
		ignoredBefore(e.name)
		_, target, state := s.tree.find(path.Join(at, e.name))
		list = append(list, Listed{Name: e.name, Folder: state == Known && target.kind == aFolder, Ignored: e.hidden})
	}
	ignoredBefore("")
	return list
}
