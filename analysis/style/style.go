// Package style knows who says how a file is laid out: the settings, then .editorconfig, then the editor.
// It must not know where they say it, or how a file is laid out.
package style

import (
	"strconv"

	"dockerfile-ls/analysis/editorconfig"
	"dockerfile-ls/analysis/format"
	"dockerfile-ls/analysis/settings"
)

// Editor is what an editor says of a file with each request. Without one it is nil. Whether blanks at the ends of lines and
// the end of the file are left is not among it: what says so in an editor is about its own habits when it saves.
type Editor struct {
	TabSize int // in columns; 0 if it does not say
	Spaces  bool
}

// maxColumns is more than anybody indents by.
const maxColumns = 16

// Of are the options for a file.
func Of(set settings.Format, project editorconfig.Properties, editor *Editor) format.Options {
	o := format.Default()
	o.Case = map[string]format.Case{settings.Lower: format.Lower, settings.Keep: format.Keep}[set.KeywordCase]
	if n, err := strconv.Atoi(set.BlankLines); err == nil {
		o.BlankLines = n
	}
	o.Arrays, o.Flags = set.Arrays == settings.Space, set.Flags == settings.Wrap
	o.KeepTrailing = project.TrimTrailingWhitespace == "false"
	o.NoFinalNewline = project.InsertFinalNewline == "false"
	o.LineEnding = map[string]string{"lf": "\n", "crlf": "\r\n"}[project.EndOfLine]
	if editor != nil {
		o.Tabs = !editor.Spaces
		o.Indent, o.TabWidth = columns(editor.TabSize, o.Indent), columns(editor.TabSize, o.TabWidth)
	}
	o.Indent, o.TabWidth = number(project.IndentSize, o.Indent), number(project.TabWidth, o.TabWidth)
	if project.IndentStyle == "tab" || project.IndentStyle == "space" {
		o.Tabs = project.IndentStyle == "tab"
	}
	if set.Indent == settings.Tab {
		o.Tabs = true
	} else if n, err := strconv.Atoi(set.Indent); err == nil {
		o.Tabs, o.Indent = false, n
	}
	return o
}

// number is a number of columns as it is written, or what is in force without it.
func number(written string, without int) int {
	n, err := strconv.Atoi(written)
	if err != nil {
		return without
	}
	return columns(n, without)
}

func columns(n, without int) int {
	if n <= 0 {
		return without
	}
	return min(n, maxColumns)
}
