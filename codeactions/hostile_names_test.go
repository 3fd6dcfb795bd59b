package codeactions

import (
	"strings"
	"testing"
	"testing/fstest"

	"dockerfile-ls/analysis/text"
)

// TestHostileNames holds that no name of a file, be it of the context or in the Dockerfile, brings a line of its own into
// an ignore file, and that no title has more than one line.
func TestHostileNames(t *testing.T) {
	made := 0
	for title, files := range map[string]fstest.MapFS{
		"in the context": {
			"Dockerfile":    {Data: []byte("FROM scratch\nCOPY . /app\n")},
			".dockerignore": {Data: []byte("*.pem\n")},
			"a.pem":         {}, ".git/HEAD": {}, "a\n!a.pem.log": {}, "node_modules\n!a.pem/x": {},
			".env.x\n!a.pem": {}, ".env.y\r\n!a.pem": {}, ".env.production\n!prod": {}, ".env.[z]": {}, ".env. ": {},
		},
		"in the Dockerfile": {
			"Dockerfile":       {Data: []byte("FROM scratch\nCOPY [\"dist/\\napp\", \"dist/\\rapp\", \"/app\"]\n")},
			".dockerignore":    {Data: []byte("dist\n*.pem\n")},
			"dist/\napp":       {},
			"dist/\rapp":       {},
			"a.pem":            {},
			"app/package.json": {Data: []byte("{}")},
		},
		"by name": {
			"Dockerfile": {Data: []byte(
				"FROM node\nRUN --mount=type=secret,id=.npmrc,target=/root/.npmrc npm ci\nCOPY . .\nCMD [\"/a\\nb.sh\"]\n")},
			".dockerignore": {Data: []byte("*.pem\n")}, ".npmrc": {Data: []byte("_authToken=x\n")}, "package.json": {},
			"a\nb.sh": {Data: []byte("#!/bin/sh\nnode a.js\n")},
		},
	} {
		s := open(files, "Dockerfile")
		for _, a := range At(s, text.Span{End: len(s.Text())}) {
			if strings.ContainsAny(a.Title, "\n\r") {
				t.Errorf("%s: title %q", title, a.Title)
			}
			for _, other := range a.Others {
				after, err := text.Apply(other.Text, other.Edits)
				if err != nil {
					t.Fatal(err)
				}
				made++
				for line := range strings.Lines(strings.TrimPrefix(after, other.Text)) {
					line = strings.TrimSpace(line)
					if line == "!a.pem" || line == "!prod" || line == "app" || strings.Contains(line, "[") {
						t.Errorf("%s: %s brings the line %q", title, a.Title, line)
					}
				}
			}
		}
	}
	if made == 0 {
		t.Error("no action changes another file")
	}
}
