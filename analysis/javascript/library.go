package javascript

import "strings"

// all stands for the signals that stop a container or are sent by Ctrl+C.
var all = []string{"SIGTERM", "SIGINT"}

// library is which signals a package handles once it is loaded and set up, for those that are known for it. Source: their
// documentation.
func library(name string) []string {
	switch packageName(name) {
	case "@apollo/server", "@godaddy/terminus", "apollo-server", "apollo-server-express", "apollo-server-fastify",
		"apollo-server-koa", "async-exit-hook", "close-with-grace", "death", "exit-hook", "http-graceful-shutdown",
		"http-terminator", "lightship", "node-cleanup", "stoppable", "@google-cloud/functions-framework", "moleculer",
		"probot", "shutdown-handler":
		return all
	}
	if strings.Contains(name, "graceful") && !isLocal(name) {
		return all // fastify-graceful-shutdown, express-graceful-exit, node-graceful and many more
	}
	return nil
}

// isServer reports whether who loads a package is a server although nothing calls listen.
func isServer(name string) bool {
	switch packageName(name) {
	case "@hapi/hapi", "@hono/node-server":
		return true
	}
	return false
}

// packageName is the package of a module, without the file in it.
func packageName(module string) string {
	parts := strings.SplitN(module, "/", 3)
	if strings.HasPrefix(module, "@") && len(parts) > 1 {
		return parts[0] + "/" + parts[1]
	}
	return parts[0]
}

func isLocal(module string) bool {
	return strings.HasPrefix(module, ".") || strings.HasPrefix(module, "/")
}

// IsPackage reports whether a module, as an import names it, is a package or one of Node.js, for all that its name says;
// else it is a file of the project, by its path or by an alias.
func IsPackage(module string) bool {
	return module != "" && !isLocal(module) && !strings.HasPrefix(module, "@/") && !strings.HasPrefix(module, "~") &&
		!strings.HasPrefix(module, "#")
}

// PackageOf is the package of a module that IsPackage holds for, and whether Node.js brings it along.
func PackageOf(module string) (name string, builtin bool) {
	if rest, ok := strings.CutPrefix(module, "node:"); ok {
		return rest, true
	}
	name = packageName(module)
	switch name {
	case "assert", "async_hooks", "buffer", "child_process", "cluster", "console", "constants", "crypto", "dgram",
		"diagnostics_channel", "dns", "domain", "events", "fs", "http", "http2", "https", "inspector", "module", "net", "os",
		"path", "perf_hooks", "process", "punycode", "querystring", "readline", "repl", "stream", "string_decoder", "sys",
		"timers", "tls", "trace_events", "tty", "url", "util", "v8", "vm", "wasi", "worker_threads", "zlib":
		return name, true
	}
	return name, false
}
