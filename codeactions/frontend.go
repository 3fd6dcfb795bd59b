package codeactions

import (
	"strconv"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/text"
)

// envMounts reports whether the frontend of a file takes env= on a secret mount, and the edit that makes it take it. It is
// false where the file names another frontend, which may not know it: a mirror, one for trying things out, one by digest.
// Source: docker/dockerfile 1.10.
func envMounts(m *dockerfile.Model) (edit *text.Edit, ok bool) {
	const newest = "docker/dockerfile:1"
	for _, d := range m.Directives {
		if !strings.EqualFold(d.Name.Text, "syntax") {
			continue
		}
		name, _ := strings.CutPrefix(d.Value.Text, "docker.io/")
		tag, ours := strings.CutPrefix(name, "docker/dockerfile:")
		switch {
		case name == "docker/dockerfile", tag == "1" && ours, tag == "latest" && ours:
			return nil, true
		case !ours:
			return nil, false
		}
		tag, _, pinned := strings.Cut(tag, "@")
		minor, isVersion := minorOf(tag)
		switch {
		case !isVersion || pinned && minor < 10:
			return nil, false
		case minor >= 10:
			return nil, true
		}
		at := d.Value.End - len(d.Value.Text) + strings.LastIndexByte(d.Value.Text, ':') + 1
		return &text.Edit{Span: text.Span{Start: at, End: d.Value.End}, New: "1"}, true
	}
	at := len(m.Text) - len(strings.TrimPrefix(m.Text, "\uFEFF"))
	if strings.HasPrefix(m.Text[at:], "#!") {
		return nil, false
	}
	return &text.Edit{Span: text.Span{Start: at, End: at}, New: "# syntax=" + newest + lineEndingAt(m.Text, at)}, true
}

// minorOf is the second number of a version 1.x or 1.x.y.
func minorOf(tag string) (int, bool) {
	rest, first := strings.CutPrefix(tag, "1.")
	minor, patch, _ := strings.Cut(rest, ".")
	n, err := strconv.Atoi(minor)
	if _, bad := strconv.Atoi("0" + patch); bad != nil || err != nil || !first {
		return 0, false
	}
	return n, true
}
