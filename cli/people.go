package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"dockerfile-ls/analysis/lint"
)

// printableLines is lint.Printable for a text of several lines.
func printableLines(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		content, ends := strings.CutSuffix(line, "\n")
		out.WriteString(lint.Printable(content))
		if ends {
			out.WriteByte('\n')
		}
	}
	return out.String()
}

// tellError prints an error, and of several each, on one line: a file name with a line feed would be taken for another
// error, or for a command of a workflow.
func tellError(problems io.Writer, err error) {
	for _, one := range each(err) {
		fmt.Fprintln(problems, "Error:", lint.Printable(one.Error()))
	}
}

// each takes errors apart that were joined.
func each(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var list []error
	for _, one := range joined.Unwrap() {
		list = append(list, each(one)...)
	}
	return list
}

// about says which file each of some errors is about.
func about(path string, err error) (all error) {
	if err == nil {
		return nil
	}
	for _, one := range each(err) {
		all = errors.Join(all, fmt.Errorf("%s: %w", path, one))
	}
	return all
}

// patchName is a name in a patch, which is quoted as git does where it would end its line.
func patchName(name string) string {
	if strings.IndexFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f || r == '"' || r == '\\' }) < 0 {
		return name
	}
	var out strings.Builder
	out.WriteByte('"')
	for _, c := range []byte(name) {
		switch {
		case c == '"' || c == '\\':
			out.WriteByte('\\')
			out.WriteByte(c)
		case c < ' ' || c >= 0x7f:
			fmt.Fprintf(&out, `\%03o`, c)
		default:
			out.WriteByte(c)
		}
	}
	return out.String() + `"`
}

// writePatch writes a patch as it is, for programs, and to a terminal as people may see it.
func writePatch(out io.Writer, patch string) error {
	if isTerminal(out) {
		patch = printableLines(patch)
	}
	_, err := io.WriteString(out, patch)
	return err
}
