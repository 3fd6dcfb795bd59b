package editorconfig

import (
	"regexp"
	"strconv"
	"strings"
)

// maxGlob is how long a glob may be to be read; the format demands as much.
const maxGlob = 1024

// matches reports whether the glob of a section is one of a path below its folder. One with a slash counts from there, and
// one without for files of that name anywhere.
func matches(glob, file string) bool {
	if len(glob) > maxGlob {
		return false
	}
	t := translator{glob: glob}
	if !strings.Contains(glob, "/") {
		t.out.WriteString("(?:.*/)?")
	}
	t.glob = strings.TrimPrefix(glob, "/")
	if below, ok := strings.CutPrefix(t.glob, "**/"); ok {
		t.glob = below
		t.out.WriteString("(?:.*/)?")
	}
	t.all(balanced(t.glob))
	pattern, err := regexp.Compile("^(?s:" + t.out.String() + ")$")
	if err != nil {
		return false
	}
	found := pattern.FindStringSubmatch(file)
	if found == nil {
		return false
	}
	for i, r := range t.ranges {
		if n, err := strconv.Atoi(found[i+1]); found[i+1] != "" && (err != nil || n < r[0] || n > r[1]) {
			return false
		}
	}
	return true
}

// translator writes a glob as a regular expression. A range of numbers is a group, whose number is compared afterwards.
type translator struct {
	glob   string
	out    strings.Builder
	ranges [][2]int
}

// balanced reports whether the braces of a glob are; else they mean themselves.
func balanced(glob string) bool {
	depth := 0
	for i := 0; i < len(glob); i++ {
		switch glob[i] {
		case '\\':
			i++
		case '{':
			depth++
		case '}':
			if depth--; depth < 0 {
				return false
			}
		}
	}
	return depth == 0
}

func (t *translator) all(braces bool) {
	depth := 0
	for i := 0; i < len(t.glob); i++ {
		rest := t.glob[i:]
		switch c := rest[0]; {
		case strings.HasPrefix(rest, "/**/"):
			t.out.WriteString("/(?:.*/)?")
			i += len("**/")
		case strings.HasPrefix(rest, "**"):
			t.out.WriteString(".*")
			i++
		case c == '*':
			t.out.WriteString("[^/]*")
		case c == '?':
			t.out.WriteString("[^/]")
		case c == '[' && class(rest) > 0:
			t.class(rest[1 : class(rest)-1])
			i += class(rest) - 1
		case c == '{' && braces && t.single(rest) > 0:
			i += t.single(rest) - 1
			t.literal(rest[:t.single(rest)])
		case c == '{' && braces:
			t.out.WriteString("(?:")
			depth++
		case c == '}' && depth > 0:
			t.out.WriteString(")")
			depth--
		case c == ',' && depth > 0:
			t.out.WriteString("|")
		case c == '\\' && len(rest) > 1:
			t.out.WriteString(regexp.QuoteMeta(rest[1:2]))
			i++
		default:
			t.out.WriteString(regexp.QuoteMeta(rest[:1]))
		}
	}
}

// single is the length of braces without alternatives that rest begins with, else 0: a range of numbers, or text.
func (t *translator) single(rest string) int {
	end := strings.IndexAny(rest[1:], "{},\\") + 1
	if end == 0 || rest[end] != '}' {
		return 0
	}
	return end + 1
}

// literal writes braces without alternatives.
func (t *translator) literal(braces string) {
	low, high, ok := strings.Cut(braces[1:len(braces)-1], "..")
	first, err := strconv.Atoi(low)
	last, other := strconv.Atoi(high)
	if !ok || err != nil || other != nil {
		t.out.WriteString(regexp.QuoteMeta(braces))
		return
	}
	t.ranges = append(t.ranges, [2]int{min(first, last), max(first, last)})
	t.out.WriteString("([+-]?[0-9]+)")
}

// class is the length of the set of characters that rest begins with; 0 if there is none.
func class(rest string) int {
	end := strings.IndexByte(rest[1:], ']') + 1
	if end <= 1 || strings.Contains(rest[:end], "/") {
		return 0
	}
	return end + 1
}

// class writes a set of characters.
func (t *translator) class(set string) {
	t.out.WriteString("[")
	if set[0] == '!' && len(set) > 1 {
		t.out.WriteString("^/")
		set = set[1:]
	}
	for _, c := range set {
		if strings.ContainsRune(`\^[]&~`, c) {
			t.out.WriteString(`\`)
		}
		t.out.WriteRune(c)
	}
	t.out.WriteString("]")
}
