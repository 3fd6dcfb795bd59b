package dockerfile

import (
	"strings"
	"testing"

	"dockerfile-ls/analysis/syntax"
)

func TestContextPaths(t *testing.T) {
	for src, want := range map[string]string{
		"WORKDIR /app\nCOPY . .":              "server.js",
		"COPY . /app":                         "server.js",
		"COPY . /":                            "app/server.js",
		"WORKDIR /app\nCOPY server.js .":      "server.js/server.js server.js",
		"WORKDIR /app\nCOPY src/server.js ./": "src/server.js/server.js src/server.js",
		"COPY src/main.js /app/server.js":     "src/main.js",
		"COPY src/main.js /app/server.js/":    "",
		"COPY *.js /app/":                     "server.js",
		"COPY src/*.ts /app/":                 "",
		"COPY api /app":                       "api/server.js",
		"WORKDIR /app\nCOPY . .\nCOPY dist .": "dist/server.js server.js",
		"COPY . /other":                       "",
		"COPY . /app2":                        "",
		"COPY . relative":                     "",
		"COPY --parents . /app":               "",
		"ENV D=/app\nCOPY . $D":               "server.js",
		"ARG D\nCOPY . $D":                    "",
		"COPY $UNSET /app":                    "",
		"ADD https://example.com/x /app/":     "",
		"WORKDIR /src\nCOPY a .\nFROM node\nCOPY --from=0 /src /app":   "a/server.js",
		"WORKDIR /src\nCOPY a .\nFROM node\nCOPY --from=0 /src/x /app": "a/x/server.js",
		"COPY . /app\nFROM b":                     "server.js",
		"FROM node\nCOPY --from=nginx /app /app":  "",
		"FROM node AS x\nCOPY --from=x /app /app": "",
	} {
		m := New(syntax.Parse("FROM node AS b\n"+src+"\n"), nil)
		if got := strings.Join(m.ContextPaths(m.Final(), "/app/server.js"), " "); got != want {
			t.Errorf("%q: %s, want %s", src, got, want)
		}
	}
}
