package dockerfile

import "github.com/moby/buildkit/util/suggest"

// Nearest returns the option that a mistyped word most likely means, in the casing of the word; empty if none is near.
// Source: suggest.Search of BuildKit, an edit distance of at most 2.
func Nearest(word string, options []string) string {
	near, _ := suggest.Search(word, options, false)
	return near
}
