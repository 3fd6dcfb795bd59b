package node

import (
	"strings"
	"testing"
)

func TestResolve(t *testing.T) {
	p := Package{Scripts: map[string]string{
		"start":      "node server.js",
		"serve":      "NODE_ENV=production node --enable-source-maps dist/main.js",
		"cross":      "cross-env NODE_ENV=production PORT=80 node 'my server.js'",
		"exec":       "exec node server.js",
		"env":        "env -i node server.js",
		"again":      "npm run -s serve",
		"both":       "npm run build && node server.js",
		"pipe":       "node server.js | pino-pretty",
		"port":       "node server.js --port $PORT",
		"glob":       "node dist/*.js",
		"npmvar":     "node $npm_package_main",
		"hooked":     "node server.js",
		"prehooked":  "node migrate.js",
		"tool":       "nodemon server.js",
		"background": "node server.js &",
		"out":        "node server.js > log",
		"circle":     "npm run circle",
		"yarned":     "FOO=1 yarn start",
		"empty":      "",
	}, ServerJS: true}
	for call, want := range map[string]string{
		"npm start":                     "node server.js",
		"npm run start":                 "node server.js",
		"npm --silent run-script start": "node server.js",
		"npm start -- --port 80":        "node server.js --port 80",
		"npm start 80":                  "node server.js 80",
		"npm start --port":              "`--port` is an option of npm",
		"npm start --production":        "`--production` is an option of npm",
		"npm --prefix app start":        "`--prefix` is an option of the package manager",
		"npm install":                   "`npm install` runs no script",
		"npm run":                       "no script is named",
		"npm":                           "`npm` runs no script",
		"npm run missing":               "package.json has no script `missing`",
		"yarn start":                    "node server.js",
		"yarn run start --port 80":      "node server.js --port 80",
		"yarn serve":                    "NODE_ENV=production: node --enable-source-maps dist/main.js",
		"yarn jest":                     "`jest` is no script of package.json",
		"yarn node server.js":           "`yarn node` runs no script",
		"pnpm start":                    "node server.js",
		"pnpm serve":                    "NODE_ENV=production: node --enable-source-maps dist/main.js",
		"pnpm exec node x":              "`pnpm exec` runs no script",
		"bun run start":                 "node server.js",
		"npm run cross":                 "NODE_ENV=production PORT=80: node my server.js",
		"npm run exec":                  "node server.js",
		"npm run env":                   "the script `env` needs a shell",
		"npm run again":                 "NODE_ENV=production: node --enable-source-maps dist/main.js",
		"npm run both":                  "the script `both` needs a shell",
		"npm run pipe":                  "the script `pipe` needs a shell",
		"npm run port":                  "the script `port` needs a shell",
		"npm run glob":                  "the script `glob` needs a shell",
		"npm run npmvar":                "the script `npmvar` needs a shell",
		"npm run hooked":                "the script `prehooked` runs too",
		"npm run tool":                  "`nodemon` is not node",
		"npm run background":            "the script `background` needs a shell",
		"npm run out":                   "the script `out` needs a shell",
		"npm run circle":                "the scripts run each other in circles",
		"npm run yarned":                "FOO=1: node server.js",
		"npm run empty":                 "the script `empty` needs a shell",
		"npx serve":                     "`npx` is not node",
		"":                              "there is no command",
		"node server.js":                "node server.js",
	} {
		s, reason := p.Resolve(strings.Fields(call))
		got := strings.Join(s.Words, " ")
		if len(s.Env) > 0 {
			got = strings.Join(s.Env, " ") + ": " + got
		}
		if reason != "" {
			got = reason
		}
		if got != want {
			t.Errorf("%s: %s, want %s", call, got, want)
		}
	}
}

func TestDefaultStart(t *testing.T) {
	for call, want := range map[string]string{
		"npm start":  "node server.js",
		"pnpm start": "node server.js",
		"yarn start": "package.json has no script `start`",
	} {
		s, reason := Package{ServerJS: true}.Resolve(strings.Fields(call))
		if got := strings.Join(s.Words, " ") + reason; got != want {
			t.Errorf("%s: %s, want %s", call, got, want)
		}
	}
	if _, reason := (Package{}).Resolve([]string{"npm", "start"}); reason != "package.json has no script `start`" {
		t.Errorf("without server.js: %s", reason)
	}
}

func TestScript(t *testing.T) {
	for command, want := range map[string]string{
		"node server.js": "server.js",
		"node .":         ".",
		"node --enable-source-maps --max-old-space-size=9 a.js b": "a.js",
		"node -r dotenv/config --import ./trace.js a.js":          "a.js dotenv/config ./trace.js",
		"node --require=./x a.js":                                 "a.js ./x",
		"node --env-file .env a.js":                               "a.js",
		"node -e 1":                                               "`-e` runs no script",
		"node":                                                    "no script is named",
		"node --run start":                                        "`--run` runs no script",
		"node -- a.js":                                            "a.js",
	} {
		script, preloads, reason := Script(strings.Fields(command))
		if got := strings.TrimSpace(strings.Join(append([]string{script}, preloads...), " ") + reason); got != want {
			t.Errorf("%s: %s, want %s", command, got, want)
		}
	}
}

func TestScriptFiles(t *testing.T) {
	for script, want := range map[string]string{
		"server.js": "server.js", "./src/a.ts": "src/a.ts", "/app/a.mjs": "/app/a.mjs",
		"bin/www": "bin/www bin/www.js bin/www/index.js",
		".":       "lib/main lib/main.js lib/main/index.js", "./": "lib/main lib/main.js lib/main/index.js",
	} {
		if got := strings.Join(Package{Main: "lib/main"}.ScriptFiles(script), " "); got != want {
			t.Errorf("%s: %s, want %s", script, got, want)
		}
	}
	if got := strings.Join(Package{}.ScriptFiles("."), " "); got != "index.js" {
		t.Errorf("without main: %s", got)
	}
}
