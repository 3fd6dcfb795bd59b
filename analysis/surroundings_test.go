package analysis

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/secret"
)

func TestRequest(t *testing.T) {
	s := New(`FROM node:20 AS build
WORKDIR /app
COPY . .
CMD ["sh", "run.sh"]
FROM node:20
WORKDIR /app
COPY --from=build /app/api .
COPY docker/entry.sh /usr/local/bin/entrypoint.sh
ENTRYPOINT ["entrypoint.sh"]
CMD ["npm", "start"]
FROM node:20
COPY dist /app
CMD ["node", "--enable-source-maps", "/app/bin/www"]
`, lint.Facts{}, nil)
	want := project.Request{
		Dockerfile: "docker/Dockerfile",
		Context:    "docker",
		Sources:    []string{".", "docker/entry.sh", "dist"},
		Files:      []string{"docker/entry.sh", "run.sh"},
		Names:      append([]string{"sh", "entrypoint.sh", "npm", "node"}, secret.FileNames()...),
		Entries: []project.Entry{
			{Words: []string{
				"node", "--enable-source-maps", "/app/bin/www",
			}, Files: []string{"dist/bin/www", "dist/bin/www.js", "dist/bin/www/index.js"}},
			{Words: []string{"npm", "start"}, Packages: []string{"api/package.json"}},
		},
	}
	if diff := cmp.Diff(want, Request(s.Model(), "docker/Dockerfile", "docker")); diff != "" {
		t.Error(diff)
	}
}
