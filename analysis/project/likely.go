package project

import "path"

// Likely are the surroundings in the folder that is likely the build context, while a source that is being typed is nowhere:
// the one in which most sources are, the nearest of those. They are what can be proposed, and nothing to judge by. Where the
// context is known they are the surroundings themselves.
func (s *Surroundings) Likely() *Surroundings {
	if s.likely != nil {
		return s.likely
	}
	return s
}

func (s *Surroundings) readLikely(r *reader, request Request, sources []string) {
	if request.Context != "" || s.Context.By == ByCompose {
		return
	}
	best, most := "", -1
	var present []string
	for _, folder := range ancestors(path.Dir(s.Dockerfile)) {
		var here []string
		for _, source := range sources {
			if name := inContext(source); hasWildcards(name) || r.exists(path.Join(folder, name)) {
				here = append(here, source)
			}
		}
		if len(here) > most {
			best, most, present = folder, len(here), here
		}
	}
	s.likely = Read(r.fsys, Request{Dockerfile: s.Dockerfile, Context: best, Sources: present})
}
