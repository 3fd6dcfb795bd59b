// Package editorconfig knows what the .editorconfig files of a project say of a file (https://spec.editorconfig.org).
// It must not know where these files lie, or what is made of what they say.
package editorconfig

import (
	"path"
	"strings"
)

// FileName is the name of the files that are looked for.
const FileName = ".editorconfig"

// Properties are what is said of a file, in lower case; empty where nothing is.
type Properties struct {
	IndentStyle, IndentSize, TabWidth, EndOfLine, TrimTrailingWhitespace, InsertFinalNewline string
}

// Of reads what is said of a file: in its folder and in those above it, where the nearer one wins, up to one that says that
// it is the root. The file's path is relative, with forward slashes; read gives the text of a file by such a path, and is
// false where there is none.
func Of(file string, read func(path string) (string, bool)) Properties {
	var found Properties
	for dir := path.Dir(file); ; dir = path.Dir(dir) {
		if text, ok := read(path.Join(dir, FileName)); ok {
			relative := strings.TrimPrefix(file, dir+"/")
			if dir == "." {
				relative = file
			}
			own, root := parse(text, relative)
			found = found.or(own)
			if root {
				break
			}
		}
		if dir == "." || dir == "/" {
			break
		}
	}
	return found.resolved()
}

// parse reads what one file says of a path below its folder; of its sections later ones win.
func parse(text, file string) (found Properties, root bool) {
	applies, preamble := false, true
	for line := range strings.Lines(strings.TrimPrefix(text, "\uFEFF")) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#' || line[0] == ';':
		case line[0] == '[' && strings.HasSuffix(line, "]"):
			applies, preamble = matches(line[1:len(line)-1], file), false
		default:
			name, value, ok := strings.Cut(line, "=")
			if !ok {
				continue
			}
			name, value = strings.ToLower(strings.TrimSpace(name)), strings.ToLower(strings.TrimSpace(value))
			if preamble && name == "root" {
				root = value == "true"
			}
			if property := found.named(name); applies && property != nil {
				*property = value
			}
		}
	}
	return found, root
}

// named is a property by its name; nil for those that are not read.
func (p *Properties) named(name string) *string {
	switch name {
	case "indent_style":
		return &p.IndentStyle
	case "indent_size":
		return &p.IndentSize
	case "tab_width":
		return &p.TabWidth
	case "end_of_line":
		return &p.EndOfLine
	case "trim_trailing_whitespace":
		return &p.TrimTrailingWhitespace
	case "insert_final_newline":
		return &p.InsertFinalNewline
	}
	return nil
}

// names are those of the properties that are read.
var names = [...]string{
	"indent_style", "indent_size", "tab_width", "end_of_line", "trim_trailing_whitespace", "insert_final_newline",
}

// or takes what is not said from a file further up.
func (p Properties) or(above Properties) Properties {
	for _, name := range names {
		if own := p.named(name); *own == "" {
			*own = *above.named(name)
		}
	}
	return p
}

// resolved takes out what is unset, and fills in what follows from another property.
func (p Properties) resolved() Properties {
	for _, name := range names {
		if own := p.named(name); *own == "unset" {
			*own = ""
		}
	}
	if p.IndentSize == "tab" {
		p.IndentSize = p.TabWidth
	}
	if p.TabWidth == "" {
		p.TabWidth = p.IndentSize
	}
	return p
}
