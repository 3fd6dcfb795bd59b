// Command dockerfile-ls is a language server and linter for Dockerfiles.
package main

import (
	"embed"
	"os"

	"dockerfile-ls/cli"
)

// tour is the folder of the tour; a pattern without all: would leave out .env.
//
//go:embed all:testdata/tour
var tour embed.FS

func main() { os.Exit(cli.Main(tour)) }
