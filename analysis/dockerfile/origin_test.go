package dockerfile

import (
	"fmt"
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

// TestContextPathsAreBounded holds that stages which copy from each other in very many ways take no time.
func TestContextPathsAreBounded(t *testing.T) {
	src := "FROM node AS s0\nCOPY . /\n"
	for i := 1; i < 40; i++ {
		src += fmt.Sprintf("FROM node AS s%d\n",
			i) + strings.Repeat(fmt.Sprintf("COPY --from=s%d / /\nCOPY --from=s%d /a /\n", i-1, i-1), 20)
	}
	m := New(syntax.Parse(src), nil)
	if got := m.ContextPaths(m.Final(), "/app/server.js"); len(got) > maxLooks {
		t.Errorf("%d paths", len(got))
	}
}
