package dockerfile

import (
	"slices"
	"strings"

	"github.com/moby/buildkit/util/suggest"
)

// Nearest returns the option that a mistyped or half-typed word most likely means, in the casing of the word; empty if none
// is near. Options that begin with the word come first, then those with two neighbours the other way round, which people
// mistype most. Source of the distance: suggest.Search of BuildKit, at most 2.
func Nearest(word string, options []string) string {
	if len(word) < 2 {
		return ""
	}
	for _, option := range options {
		if len(option) > len(word) && strings.EqualFold(option[:len(word)], word) {
			return inCasingOf(word, option)
		}
	}
	near, _ := suggest.Search(word, options, false)
	if near == "" {
		return "" // or the word is an option itself
	}
	if i := slices.IndexFunc(options, func(option string) bool {
		return isNeighbourSwap(word, option)
	}); i >= 0 && len(word) > 2 {
		return inCasingOf(word, options[i])
	}
	if len(word) <= 3 && !isSwap(word, near) && len(near) != len(word)+1 && len(near) != len(word)-1 &&
		differing(word, near) > 1 {
		return "" // two changes make any short word of any other
	}
	if len(word) == 2 {
		return ""
	}
	return near
}

// isNeighbourSwap reports whether two words differ by two neighbours that stand the other way round.
func isNeighbourSwap(a, b string) bool {
	a, b = strings.ToLower(a), strings.ToLower(b)
	if len(a) != len(b) || a == b {
		return false
	}
	i := 0
	for a[i] == b[i] {
		i++
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

func inCasingOf(word, option string) string {
	if word == strings.ToLower(word) {
		return strings.ToLower(option)
	}
	if word == strings.ToUpper(word) {
		return strings.ToUpper(option)
	}
	return option
}

// differing counts the places at which two words differ; words of different lengths differ everywhere.
func differing(a, b string) int {
	if len(a) != len(b) {
		return len(a)
	}
	n := 0
	for i := range len(a) {
		if a[i]|0x20 != b[i]|0x20 {
			n++
		}
	}
	return n
}

// isSwap reports whether two words have the same letters.
func isSwap(a, b string) bool {
	x, y := []byte(strings.ToLower(a)), []byte(strings.ToLower(b))
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}
