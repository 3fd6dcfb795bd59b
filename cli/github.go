package cli

import (
	"fmt"
	"io"
	"strings"

	"dockerfile-ls/analysis/lint"
)

// writeGitHub prints workflow commands that annotate a pull request. Source: "Workflow commands for GitHub Actions" of
// GitHub's documentation, by which a property's value escapes more than a message does.
func writeGitHub(out io.Writer, results []checked) error {
	message := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	for _, f := range findingsOf(results) {
		command := map[string]string{"error": "error", "warning": "warning"}[f.Severity]
		if command == "" {
			command = "notice"
		}
		_, err := fmt.Fprintf(out, "::%s file=%s,line=%d,endLine=%d,col=%d,endColumn=%d,title=%s::%s\n", command,
			lint.Printable(property.Replace(f.Path)), f.Line, f.EndLine, f.Column, f.EndColumn, property.Replace(f.Rule),
			lint.Printable(message.Replace(f.Message)))
		if err != nil {
			return err
		}
	}
	return nil
}
