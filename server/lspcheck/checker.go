// Package lspcheck knows what the Language Server Protocol demands of both ends of a connection: it sees every message and
// notes what is wrong. It must not know what a server is for, and is never linked into the product.
package lspcheck

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// Side is one end of the connection.
type Side int

// The two ends.
const (
	Client Side = iota
	Server
)

func (s Side) String() string {
	if s == Client {
		return "client"
	}
	return "server"
}

func (s Side) other() Side { return 1 - s }

// Problem is one thing that one side did wrong.
type Problem struct {
	From    Side   // whose fault it is
	Method  string // of the message, or of the request that it answers; empty for what is no message
	Path    string // the place in the message, such as result.contents.kind; empty for the whole of it
	Message string
}

// String is the problem in one line.
func (p Problem) String() string {
	line := p.From.String()
	for _, part := range []string{p.Method, p.Path} {
		if part != "" {
			line += " " + part
		}
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return unicode.ReplacementChar // of a path that holds a key, or of a method
		}
		return r
	}, line+": "+p.Message)
}

// maxProblems is how many problems of one side are kept.
const maxProblems = 5000

// Checker checks one connection. Both directions may feed it at once, but an answer must not come before its request.
type Checker struct {
	model *Model

	mu       sync.Mutex
	problems []Problem
	count    [2]int

	open    [2]map[string]*request // by who asked, and the id
	done    [2]map[string]bool
	excuses [2]int // messages of a side that the other may answer with an error without an id

	lifecycle
	able       able  // the client's capabilities
	offered    offer // the server's capabilities
	registered map[string]registration
	documents  documents
	progress   map[string]*progress
	items      map[string][]any // of the last answer to a method
	pulled     bool             // the client has got diagnostics by asking
}

// New makes a checker of one connection.
func New(m *Model) *Checker {
	return &Checker{
		model:      m,
		open:       [2]map[string]*request{{}, {}},
		done:       [2]map[string]bool{{}, {}},
		registered: map[string]registration{},
		documents:  documents{byURI: map[string]*document{}},
		progress:   map[string]*progress{},
		items:      map[string][]any{},
	}
}

// FromClient takes the body of a frame that the client has sent: a message, a batch, or what is neither.
func (c *Checker) FromClient(body []byte) { c.take(Client, body) }

// FromServer takes the body of a frame that the server has sent.
func (c *Checker) FromServer(body []byte) { c.take(Server, body) }

// Broken notes that what a side has sent is no frame. The other side may answer that with one error without an id.
func (c *Checker) Broken(from Side, why string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.excuses[from]++
	c.note(from, "", "", "%s", why)
}

// End notes what is missing when the connection is over.
func (c *Checker) End() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for asker, requests := range c.open {
		for _, r := range requests {
			if !r.excused {
				c.note(Side(asker).other(), r.method, "", "request %s was never answered", r.id)
			}
		}
		clear(requests)
	}
}

// Problems returns what was found so far, in the order of the messages. Of each side the first
// 5000 problems are kept.
func (c *Checker) Problems() []Problem {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.problems)
}

// ServersFirst sorts problems by whose fault they are, and keeps their order otherwise.
func ServersFirst(problems []Problem) []Problem {
	sorted := slices.Clone(problems)
	slices.SortStableFunc(sorted, func(a, b Problem) int { return cmp.Compare(b.From, a.From) })
	return sorted
}

func (c *Checker) note(from Side, method, path, format string, args ...any) {
	c.count[from]++
	if c.count[from] <= maxProblems {
		c.problems = append(c.problems, Problem{from, method, path, fmt.Sprintf(format, args...)})
	}
}
