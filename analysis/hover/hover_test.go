package hover

import (
	"regexp"
	"strings"
	"testing"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
)

// What an image says of itself is somebody else's, and shown as text.
func TestForeignTextIsNoMarkdown(t *testing.T) {
	m := analysis.New("FROM node:24\n", lint.Facts{}, nil).Model()
	stage, ref, ok := ImageAt(m, 6)
	if !ok {
		t.Fatal("no image")
	}
	evil := "x\n\n![t](https://evil.example/x.png)\n\n# H <b> `y`"
	card := Image(stage, ref, image.Facts{Digest: "sha256:1", Details: &image.Details{
		Platform: "linux/" + evil, User: evil, Env: []string{"A=" + evil},
		Labels: map[string]string{"org.opencontainers.image.version": evil},
	}}).WithScan(image.Scan{
		Scanner: "trivy", Vulnerabilities: []image.Vulnerability{{ID: evil, Harm: "high", Package: evil}},
	})
	for i, line := range strings.Split(card.Markdown(), "\n") {
		if i > 1 && !strings.HasPrefix(line, "- ") {
			t.Errorf("a line of its own: %q", line)
		}
		if plain := escaped.ReplaceAllString(withoutCode(line), ""); strings.Contains(plain, "![") ||
			strings.Contains(plain, "](") || strings.Contains(plain, "<b") {
			t.Errorf("Markdown: %q", line)
		}
	}
}

var escaped = regexp.MustCompile(`\\.`)

// withoutCode takes the code spans out of a line.
func withoutCode(line string) string {
	for {
		start := strings.IndexByte(line, '`')
		if start < 0 || start > 0 && line[start-1] == '\\' {
			return line
		}
		fence := line[start : start+len(line[start:])-len(strings.TrimLeft(line[start:], "`"))]
		end := strings.Index(line[start+len(fence):], fence)
		if end < 0 {
			return line
		}
		line = line[:start] + line[start+end+2*len(fence):]
	}
}
