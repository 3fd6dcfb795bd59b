package project

import (
	"path"
	"strings"
)

// inContext is a source as a path from the context root: BuildKit reads it from the root down, and `..` stops there.
func inContext(source string) string {
	source = strings.TrimPrefix(path.Join("/", source), "/")
	if source == "" {
		return "."
	}
	return source
}

// below is a path as seen from a folder above it or from itself, and false if it lies elsewhere.
func below(root, name string) (string, bool) {
	switch root {
	case ".":
		return name, true
	case name:
		return ".", true
	}
	return strings.CutPrefix(name, root+"/")
}

// ancestors are a folder and the folders above it, up to the root of the file system.
func ancestors(folder string) []string {
	list := []string{folder}
	for folder != "." {
		folder = path.Dir(folder)
		list = append(list, folder)
	}
	return list
}

// inside joins a path to a folder, and says false if it leads out of the file system or is absolute.
func inside(folder, name string) (string, bool) {
	if isAbsolute(name) {
		return "", false
	}
	joined := path.Join(folder, name)
	return joined, joined != ".." && !strings.HasPrefix(joined, "../")
}

// hasWildcards reports whether a path is a pattern for BuildKit. Source: containsWildcards of fsutil/copy, on Linux.
func hasWildcards(name string) bool {
	for i := 0; i < len(name); i++ {
		switch name[i] {
		case '*', '?', '[':
			return true
		case '\\':
			i++
		}
	}
	return false
}

// splitWildcards cuts a path in front of its first part that is a pattern. Source: splitWildcards of fsutil/copy.
func splitWildcards(name string) (fixed, pattern string) {
	parts := strings.Split(name, "/")
	for i, part := range parts {
		if hasWildcards(part) {
			return path.Join(".", path.Join(parts[:i]...)), path.Join(parts[i:]...)
		}
	}
	return name, ""
}

// matchesName reports whether a name is one of the patterns. A malformed pattern matches nothing.
func matchesName(patterns []string, name string) bool {
	for _, pattern := range patterns {
		if pattern == name {
			return true
		}
		if !hasWildcards(pattern) {
			continue
		}
		if ok, err := path.Match(pattern, name); ok && err == nil {
			return true
		}
	}
	return false
}
