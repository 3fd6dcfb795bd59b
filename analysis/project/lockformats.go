package project

import (
	"encoding/json"
	"strings"
)

// lockRoot is the entry of a project's own package.json in a lockfile of npm or bun.
type lockRoot struct {
	Dependencies         map[string]string `json:"dependencies"`
	OptionalDependencies map[string]string `json:"optionalDependencies"`
	DevDependencies      map[string]string `json:"devDependencies"`
}

func (r lockRoot) asked() map[string]map[string]string {
	all := map[string]map[string]string{production: {}, development: r.DevDependencies}
	for _, list := range []map[string]string{r.Dependencies, r.OptionalDependencies} {
		for name, version := range list {
			all[production][name] = version
		}
	}
	return all
}

// npmLock reads package-lock.json: the format has an entry for the root from version 2 on.
func npmLock(text string) locked {
	var file struct {
		Version  json.Number                `json:"lockfileVersion"`
		Packages map[string]json.RawMessage `json:"packages"`
	}
	if err := json.Unmarshal([]byte(strings.TrimPrefix(text, "\uFEFF")), &file); err != nil {
		return locked{problem: "it is malformed: " + err.Error()}
	}
	return jsonLock(file.Version, file.Packages)
}

// bunLock reads bun.lock, which is JSON with commas behind the last element.
func bunLock(text string) locked {
	var file struct {
		Version    json.Number                `json:"lockfileVersion"`
		Workspaces map[string]json.RawMessage `json:"workspaces"`
	}
	if err := json.Unmarshal([]byte(withoutTrailingCommas(text)), &file); err != nil {
		return locked{problem: "it is malformed: " + err.Error()}
	}
	return jsonLock(file.Version, file.Workspaces)
}

func jsonLock(version json.Number, packages map[string]json.RawMessage) locked {
	l := locked{version: absent[string]()}
	if version != "" {
		l.version = known(version.String())
	}
	raw, ok := packages[""]
	if !ok {
		return l
	}
	var root lockRoot
	if err := json.Unmarshal(raw, &root); err != nil {
		return locked{problem: "its root entry is malformed"}
	}
	l.asked = root.asked()
	return l
}

// withoutTrailingCommas makes JSON of bun's text: commas in front of a closing bracket become blanks.
func withoutTrailingCommas(text string) string {
	out := []byte(text)
	comma, quoted := -1, false
	for i := 0; i < len(out); i++ {
		switch c := out[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted, comma = !quoted, -1
		case quoted || c == ' ' || c == '\n' || c == '\r' || c == '\t':
		case c == ',':
			comma = i
		case (c == '}' || c == ']') && comma >= 0:
			out[comma], comma = ' ', -1
		default:
			comma = -1
		}
	}
	return string(out)
}

// yarnClassicLock reads the keys of the entries, which stand at the beginning of a line: "a@^1, a@^1.2:".
func yarnClassicLock(text string) locked {
	l := locked{version: known("1"), keys: map[string]bool{}}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == ' ' || line[0] == '#' {
			continue
		}
		for key := range strings.SplitSeq(strings.TrimSuffix(line, ":"), ",") {
			l.keys[strings.Trim(key, ` "`)] = true
		}
	}
	return l
}

// yarnBerryLock reads the entry of the project itself, "name@workspace:.", which has all kinds of dependencies in one list.
// Source: yarn 4, where also peer dependencies have a list of their own.
func yarnBerryLock(text string) locked {
	l := locked{version: absent[string]()}
	for path, value := range indented(text) {
		switch {
		case len(path) == 2 && path[0] == "__metadata" && path[1] == "version":
			l.version = known(value)
		case !strings.HasSuffix(path[0], "@workspace:."):
		case l.asked == nil:
			l.asked = map[string]map[string]string{anyKind: {}}
		case len(path) == 3 && path[1] == "dependencies":
			l.asked[anyKind][path[2]] = value
		}
	}
	return l
}

// pnpmLock reads the ranges of the importer `.`. Formats: 9 and 6 with importers, 6 without, and 5 with a list of
// specifiers.
func pnpmLock(text string) locked {
	l := locked{version: absent[string]()}
	l.asked = map[string]map[string]string{production: {}, development: {}}
	var specifiers map[string]string
	for path, value := range indented(text) {
		if path[0] == "lockfileVersion" {
			l.version = known(value)
		}
		if path[0] == "importers" {
			if len(path) < 3 || path[1] != "." {
				continue
			}
			path = path[2:]
		}
		switch {
		case len(path) == 2 && path[0] == "specifiers":
			if specifiers == nil {
				specifiers = map[string]string{}
			}
			specifiers[path[1]] = value
		case len(path) == 3 && path[2] == "specifier":
			kind := path[0]
			if kind == "optionalDependencies" {
				kind = production
			}
			if l.asked[kind] != nil {
				l.asked[kind][path[1]] = value
			}
		}
	}
	if l.version.State != Known {
		return locked{problem: "it has no lockfileVersion"}
	}
	if specifiers != nil {
		l.asked = map[string]map[string]string{anyKind: specifiers}
	}
	return l
}

// indented yields each "key: value" of a lockfile in YAML with the keys that lead to it. Package managers write them with
// two blanks for each level and one pair a line, so that even the largest is read in one pass.
func indented(text string) func(yield func(path []string, value string) bool) {
	return func(yield func([]string, string) bool) {
		var path []string
		for line := range strings.Lines(text) {
			line = strings.TrimRight(line, "\r\n ")
			body := strings.TrimLeft(line, " ")
			level := (len(line) - len(body)) / 2
			if body == "" || body[0] == '#' || body[0] == '-' || level > len(path) {
				continue
			}
			key, value, ok := cutKey(body)
			if !ok {
				continue
			}
			path = append(path[:level], key)
			if !yield(path, value) {
				return
			}
		}
	}
}

// cutKey splits "key: value", either of them quoted or not.
func cutKey(line string) (key, value string, ok bool) {
	if quote := line[0]; quote == '"' || quote == '\'' {
		end := strings.IndexByte(line[1:], quote)
		if end < 0 {
			return "", "", false
		}
		key, line = line[1:end+1], line[end+2:]
		if value, ok = strings.CutPrefix(line, ":"); !ok {
			return "", "", false
		}
	} else if key, value, ok = cutColon(line); !ok {
		return "", "", false
	}
	value = strings.TrimSpace(value)
	if n := len(value); n > 1 && (value[0] == '"' || value[0] == '\'') && value[n-1] == value[0] {
		value = value[1 : n-1]
	}
	return key, value, true
}

// cutColon splits at the first colon that ends a key: one with a blank or nothing behind.
func cutColon(line string) (key, value string, ok bool) {
	if key, value, ok = strings.Cut(line, ": "); ok {
		return key, value, true
	}
	key, ok = strings.CutSuffix(line, ":")
	return key, "", ok
}
