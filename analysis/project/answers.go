package project

import "sync"

// answers remember what was asked, so that rules may ask again with every letter that is typed. They do not change what is
// answered.
type answers struct {
	mu    sync.Mutex
	known map[string]answer
	size  int
}

type answer struct {
	taken Taken
	found Found
}

// maxAnswers bounds the answers and the paths in them, some 20 MB. Each letter of a source that is being typed may bring
// the paths of the whole context again; then all is forgotten.
const maxAnswers = 4 * maxEntries

func newAnswers() *answers { return &answers{known: map[string]answer{}} }

func (a *answers) remember(key string, find func() answer) answer {
	a.mu.Lock()
	found, ok := a.known[key]
	a.mu.Unlock()
	if ok {
		return found
	}
	found = find()
	a.mu.Lock()
	defer a.mu.Unlock()
	size := 1 + len(found.taken.Files) + len(found.taken.Unread) + len(found.found.Paths)
	if a.size += size; a.size > maxAnswers {
		clear(a.known)
		a.size = size
	}
	a.known[key] = found
	return found
}
