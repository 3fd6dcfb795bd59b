// Package tap is a program that stands between an editor and a language server, passes on what each says, and reports what
// is wrong with it:
//
//	tap -model metaModel.json -report FILE [-trace FILE] -- SERVER [ARGS...]
//
// It must not know the server, nor change or hold back a byte.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// options are what the command line says.
type options struct {
	model  string // the file with the meta model
	report string // the file for the problems, one a line
	trace  string // the file for the messages, one a line; empty for none
	server []string
}

func main() {
	var o options
	flag.StringVar(&o.model, "model", "", "the `file` with the LSP meta model")
	flag.StringVar(&o.report, "report", "", "the `file` to write the problems to")
	flag.StringVar(&o.trace, "trace", "", "the `file` to write the messages to")
	flag.Parse()
	o.server = flag.Args()
	if o.model == "" || o.report == "" || len(o.server) == 0 {
		fmt.Fprintln(os.Stderr, "usage: tap -model metaModel.json -report FILE [-trace FILE] -- SERVER [ARGS...]")
		os.Exit(2)
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	// An editor that is gone ends the tap by the server's exit code, not by a signal; the server gets that signal as before.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	os.Exit(run(o, os.Stdin, os.Stdout, os.Stderr, signals))
}
