// Command dockerfile-ls is a language server and linter for Dockerfiles.
package main

import (
	"os"

	"dockerfile-ls/cli"
)

func main() { os.Exit(cli.Main()) }
