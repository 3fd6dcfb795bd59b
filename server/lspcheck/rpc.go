package lspcheck

import (
	"encoding/json"
	"maps"
	"slices"
	"unicode/utf8"
)

// envelope is what JSON-RPC knows of a message (JSON-RPC 2.0, sections 4 and 5).
type envelope struct {
	from   Side
	id     string // as the other side has to repeat it; empty if there is none, or none that can be used
	hasID  bool
	method string
	params any
	result any
	failed map[string]any // the error of an answer
	broken bool           // it can be understood, but may be refused
}

// take checks the body of one frame.
func (c *Checker) take(from Side, body []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !utf8.Valid(body) {
		c.note(from, "", "", "has bytes that are no UTF-8")
	}
	value, err := decode(body)
	if err != nil {
		c.refuse(from, "is no JSON: %v", err)
		return
	}
	batch, isBatch := value.([]any)
	switch {
	case !isBatch:
		c.message(from, value)
	case len(batch) == 0:
		c.refuse(from, "is an empty batch")
	}
	for _, value := range batch {
		c.message(from, value)
	}
}

// refuse notes a message that the other side may answer with an error without an id.
func (c *Checker) refuse(from Side, format string, args ...any) {
	c.excuses[from]++
	c.note(from, "", "", format, args...)
}

func (c *Checker) message(from Side, value any) {
	members, ok := value.(map[string]any)
	if !ok {
		c.refuse(from, "is %s and no message", excerpt(value))
		return
	}
	e := envelope{from: from}
	problems := e.read(members)
	for _, problem := range problems {
		c.note(from, e.method, problem.path, "%s", problem.message)
	}
	if e.broken {
		c.excuses[from]++
	}
	_, called := members["method"]
	switch {
	case called && e.method == "":
	case called && e.id != "":
		c.request(e)
	case called && !e.hasID && !e.broken:
		c.notification(e)
	case !called && e.hasID:
		c.answer(e)
	}
}

// read takes what it can from the members of a message, and returns what is wrong with them.
func (e *envelope) read(members map[string]any) []fault {
	var f fit
	if members["jsonrpc"] != "2.0" {
		f.fault(1, "jsonrpc", "is %s instead of \"2.0\"", excerpt(members["jsonrpc"]))
		e.broken = true
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		switch name {
		case "jsonrpc", "id", "method", "params", "result", "error":
		default:
			f.fault(1, name, "is no member of a message")
		}
	}
	e.readID(members, &f)
	if name, called := members["method"]; called {
		e.readCall(name, members, &f)
	} else {
		e.readAnswer(members, &f)
	}
	return f.faults
}

// readID takes strings and whole numbers. Only an error that answers what could not be read has null.
func (e *envelope) readID(members map[string]any, f *fit) {
	id, there := members["id"]
	e.hasID = there
	if !there {
		return
	}
	e.id = idOf(id)
	_, called := members["method"]
	_, failed := members["error"]
	switch {
	case e.id == "" && (id != nil || called || !failed):
		f.fault(1, "id", "is %s instead of an integer or a string", excerpt(id))
		e.broken = true
	case called && e.id[0] != '"':
		f.integer("integer", id, spot{path: "id"})
	}
}

// idOf is one spelling of an id, or of a progress token; empty for what is none.
func idOf(id any) string {
	if _, ok := id.(string); ok {
		raw, _ := json.Marshal(id)
		return string(raw)
	}
	if _, ok := whole(id); ok {
		return string(id.(json.Number))
	}
	return ""
}

func (e *envelope) readCall(name any, members map[string]any, f *fit) {
	method, ok := name.(string)
	if !ok || method == "" {
		f.fault(1, "method", "is %s instead of a name", excerpt(name))
		e.broken = true
		return
	}
	e.method = method
	for _, member := range []string{"result", "error"} {
		if _, there := members[member]; there {
			f.fault(1, member, "does not belong into a message with a method")
			e.broken = true
		}
	}
	params, there := members["params"]
	switch params.(type) {
	case map[string]any, []any:
	default:
		if there {
			f.fault(1, "params", "is %s instead of an object or an array", excerpt(params))
		}
	}
	e.params = params
}

func (e *envelope) readAnswer(members map[string]any, f *fit) {
	result, succeeded := members["result"]
	reason, failed := members["error"]
	switch {
	case !e.hasID:
		f.fault(1, "", "has neither a method nor an id")
		e.broken = true
	case succeeded == failed:
		f.fault(1, "", "an answer has either a result or an error; this one has %s", map[bool]string{
			true: "both", false: "neither",
		}[failed])
		e.broken = true
	}
	if _, there := members["params"]; there {
		f.fault(1, "params", "does not belong into an answer")
	}
	e.result = result
	if failed {
		e.readError(reason, f)
	}
}

func (e *envelope) readError(reason any, f *fit) {
	e.failed = object(reason)
	if e.failed == nil {
		e.failed = map[string]any{}
		f.fault(1, "error", "is %s instead of an object", excerpt(reason))
		return
	}
	f.base("integer", e.failed["code"], spot{path: "error.code"})
	f.base("string", e.failed["message"], spot{path: "error.message"})
	for _, name := range slices.Sorted(maps.Keys(e.failed)) {
		if name != "code" && name != "message" && name != "data" {
			f.fault(1, "error."+name, "is no member of an error")
		}
	}
}
