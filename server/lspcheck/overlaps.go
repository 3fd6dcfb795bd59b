package lspcheck

import (
	"slices"
	"strings"
)

// overlaps notes edits of one list that change the same text (LSP 3.18, TextEdit[]).
func (s *scene) overlaps() {
	lists := map[string][]place{}
	var order []string
	for _, n := range s.nodes {
		list, _, inList := cutIndex(n.path)
		r, ok := rangeOf(n.property("range"))
		if !inList || !ok || !strings.HasSuffix(n.structure, "TextEdit") {
			continue
		}
		if lists[list] == nil {
			order = append(order, list)
		}
		lists[list] = append(lists[list], r)
	}
	for _, list := range order {
		if overlap(lists[list]) {
			s.wrong(list, "has edits that overlap")
		}
	}
}

// cutIndex splits a path that ends with an index.
func cutIndex(path string) (list, index string, found bool) {
	at := strings.LastIndexByte(path, '[')
	if at < 0 || !strings.HasSuffix(path, "]") {
		return path, "", false
	}
	return path[:at], path[at:], true
}

func overlap(places []place) bool {
	slices.SortStableFunc(places, func(a, b place) int {
		switch {
		case before(a.start, b.start) || a.start == b.start && before(a.end, b.end):
			return -1
		case a.start == b.start && a.end == b.end:
			return 0
		}
		return 1
	})
	for i := 1; i < len(places); i++ {
		if before(places[i].start, places[i-1].end) {
			return true
		}
	}
	return false
}
