// Package yaml knows how a YAML text that comes from anywhere is read without harm: bounded in size and depth.
// It must not know what a text means.
package yaml

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Limits of a text. A tree takes some fifty times its text, and the parser calls itself for each level.
const (
	maxBytes   = 256 << 10
	maxNesting = 100
)

// Parse reads a text. The error is the parser's own where the text is no YAML. Places of tokens count from 1, in characters,
// without a byte order mark.
func Parse(text string, modes ...parser.Option) (file *ast.File, err error) {
	// The parser is young: a bug of it costs this text and not the program.
	defer func() {
		if bug := recover(); bug != nil {
			file, err = nil, fmt.Errorf("the YAML parser failed: %v", bug)
		}
	}()
	switch {
	case len(text) > maxBytes:
		return nil, errors.New("it is longer than 256 KiB")
	case nesting(text) > maxNesting:
		return nil, errors.New("it is nested too deeply")
	}
	return parser.ParseBytes([]byte(strings.TrimPrefix(text, "\uFEFF")), 0, modes...)
}

// nesting is an upper bound of how deep a YAML text nests: its brackets, and the changes of its indentation.
func nesting(text string) int {
	deepest, brackets := 0, 0
	for line := range strings.Lines(text) {
		indent := len(line) - len(strings.TrimLeft(line, " -?"))
		brackets += strings.Count(line, "[") + strings.Count(line, "{")
		deepest = max(deepest, brackets+indent/2)
		brackets -= min(brackets, strings.Count(line, "]")+strings.Count(line, "}"))
	}
	return deepest
}
