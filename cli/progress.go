package cli

import (
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"golang.org/x/term"
)

// progress tells on a terminal how many files are checked, from the second second on.
type progress struct {
	out   io.Writer
	files int
	done  atomic.Int64
	stop  chan struct{}
	ended chan struct{}
}

// watchProgress begins to tell; to anything but a terminal nothing is told.
func watchProgress(out io.Writer, files int) *progress {
	p := &progress{out: out, files: files, stop: make(chan struct{}), ended: make(chan struct{})}
	if !isTerminal(out) {
		close(p.ended)
		return p
	}
	go p.watch()
	return p
}

func (p *progress) watch() {
	defer close(p.ended)
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	told := false
	for {
		select {
		case <-tick.C:
			told = true
			fmt.Fprintf(p.out, "\r%d of %d files", p.done.Load(), p.files)
		case <-p.stop:
			if told {
				fmt.Fprint(p.out, "\r\x1b[K") // the line is gone
			}
			return
		}
	}
}

func (p *progress) step() { p.done.Add(1) }

func (p *progress) end() {
	close(p.stop)
	<-p.ended
}

func isTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// coloured reports whether output may have colours: on a terminal, unless NO_COLOR is set (no-color.org).
func coloured(out io.Writer) bool { return isTerminal(out) && os.Getenv("NO_COLOR") == "" }
