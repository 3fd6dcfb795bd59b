package cli

import (
	"fmt"
	"io"

	"dockerfile-ls/analysis/lint"
)

// writeText prints findings as a compiler does, and how many there are.
func writeText(out io.Writer, results []checked, colour bool) error {
	counts, bad := map[lint.Severity]int{}, 0
	for _, c := range results {
		findings := c.snapshot.Findings()
		if len(findings) > 0 {
			bad++
		}
		for _, f := range findings {
			counts[f.Severity]++
		}
		text := lint.Render(c.path, c.snapshot.Lines(), c.snapshot.Text(), findings)
		if colour {
			text = lint.RenderColoured(c.path, c.snapshot.Lines(), c.snapshot.Text(), findings)
		}
		if _, err := io.WriteString(out, text); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(out, summary(counts, bad, len(results)))
	return err
}

// summary says how many findings of each severity there are, and in how many files.
func summary(counts map[lint.Severity]int, bad, files int) string {
	if bad == 0 {
		return "No findings in " + count(files, "file") + "."
	}
	list := ""
	for _, s := range []lint.Severity{lint.Error, lint.Warning, lint.Information, lint.Hint} {
		if n := counts[s]; n > 0 {
			if list != "" {
				list += ", "
			}
			list += severityCount(n, s)
		}
	}
	return fmt.Sprintf("%s in %d of %s.", list, bad, count(files, "file"))
}

func severityCount(n int, s lint.Severity) string {
	if s == lint.Information {
		return fmt.Sprintf("%d information", n) // has no plural
	}
	return count(n, s.String())
}

func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
