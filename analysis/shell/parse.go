package shell

import (
	"errors"
	"io"
	"runtime"
	"strings"
	"unicode/utf8"

	sh "mvdan.cc/sh/v3/syntax"
)

const (
	// maxScript is the length from which on a script is not read. Below it every place fits into the parser's positions.
	maxScript = 256 << 10
	// maxFrames is how deep the stack may get while the parser reads; a level of nesting takes six or seven frames.
	maxFrames = 4000
	// chunk is how much the parser gets at once: so many levels can be added before the stack is looked at again.
	chunk = 256
)

// failure says why a script, or the rest of it, could not be read.
type failure struct {
	start   int // where what is not known begins
	at      int // where reading ended
	reason  Reason
	message string
}

// parse reads a script. What stands in front of the statement that fails is known.
//
// All shells are read as Bash: its grammar takes nearly all that the others take, busybox's sh knows much of it, and on
// some distributions /bin/sh is Bash. POSIX's grammar would read the tests, arrays and functions of Bash as something else,
// or not at all.
func parse(script string) ([]*sh.Stmt, *failure) {
	if f := unreadable(script); f != nil {
		return nil, f
	}
	var stmts []*sh.Stmt
	var failed error
	for stmt, err := range sh.NewParser(sh.Variant(sh.LangBash)).StmtsSeq(&feed{rest: script}) {
		if err == nil {
			stmts = append(stmts, stmt)
		} else if failed == nil {
			failed = err // no break: the parser yields its error once more
		}
	}
	if failed == nil {
		return stmts, nil
	}
	start := 0
	if len(stmts) > 0 {
		start = offset(stmts[len(stmts)-1].End())
	}
	start += len(script[start:]) - len(strings.TrimLeft(script[start:], " \t\r\n"))
	return stmts, failureOf(failed, start, len(script))
}

func failureOf(failed error, start, end int) *failure {
	f := &failure{start, start, SyntaxError, failed.Error()}
	var syntaxErr sh.ParseError
	var langErr sh.LangError
	switch {
	case errors.Is(failed, errTooDeep):
		f.reason = TooComplex
	case errors.As(failed, &syntaxErr):
		f.at, f.message = offset(syntaxErr.Pos), syntaxErr.Text
	case errors.As(failed, &langErr):
		f.at, f.message = offset(langErr.Pos), "Bash does not have "+langErr.Feature
	}
	f.at = min(max(f.at, start), end)
	return f
}

// unreadable finds what the parser would take in another way than shells do.
func unreadable(script string) *failure {
	if len(script) > maxScript {
		return &failure{0, 0, TooComplex, "the script is longer than 256 KiB"}
	}
	if at := strings.IndexByte(script, 0); at >= 0 {
		return &failure{0, at, BadBytes, "there is a NUL byte"}
	}
	for at := 0; ; at++ {
		n := strings.IndexByte(script[at:], '\r')
		if n < 0 {
			break
		}
		at += n
		if !strings.HasPrefix(script[at+1:], "\n") {
			return &failure{0, at, BadBytes, "there is a carriage return without a newline"}
		}
	}
	for at, char := range script {
		if char == utf8.RuneError && !strings.HasPrefix(script[at:], "\uFFFD") {
			return &failure{0, at, BadBytes, "there is invalid UTF-8"}
		}
	}
	return nil
}

var errTooDeep = errors.New("the script is nested too deeply")

// feed gives a script to the parser bit by bit, and no more when the stack is deep: the parser recurses for each bracket,
// quote, operator or comment line that opens something, and Go ends the process when a stack overflows.
type feed struct {
	rest string
	read bool
}

func (f *feed) Read(buffer []byte) (int, error) {
	if f.rest == "" {
		return 0, io.EOF
	}
	var frame [1]uintptr
	if f.read && runtime.Callers(maxFrames, frame[:]) > 0 {
		f.rest = ""
		return 0, errTooDeep
	}
	n := copy(buffer, f.rest[:min(chunk, len(f.rest))])
	f.rest, f.read = f.rest[n:], true
	return n, nil
}
