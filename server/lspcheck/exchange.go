package lspcheck

import (
	"strings"
)

// request is a request that waits for its answer.
type request struct {
	from    Side
	id      string
	method  string
	spec    *method // nil if the model does not know it as a request of this side
	params  any
	demand  demand
	clock   int  // of the documents when it was sent
	broken  bool // any answer will do, and none too
	excused bool // need not be answered any more
}

// request takes a message with a method and an id.
func (c *Checker) request(e envelope) {
	r := &request{from: e.from, id: e.id, method: e.method, params: e.params, clock: c.documents.clock, broken: e.broken}
	r.excused = e.broken
	if c.open[e.from][e.id] != nil {
		c.note(e.from, e.method, "id", "%s is the id of a request that still waits", e.id)
		r.excused = true
	}
	c.open[e.from][e.id] = r
	delete(c.done[e.from], e.id)
	if e.broken {
		return
	}
	r.spec = c.spec(e, c.model.requests, c.model.notifications, "a request")
	if r.from == Server {
		c.serverMayAsk(r)
	} else {
		r.demand = c.arrives(r.method, true)
	}
	if r.spec == nil {
		return
	}
	nodes := c.fitParams(e, r.spec)
	c.calls(e, r.spec, nodes)
	c.tokensOf(r)
	if r.from == Client && r.method == "initialize" && r.demand == answered {
		c.able = able{object(at(r.params, "capabilities"))}
		c.trace = textAt(r.params, "trace")
	}
}

func (c *Checker) notification(e envelope) {
	spec := c.spec(e, c.model.notifications, c.model.requests, "a notification")
	ignored := false
	if e.from == Client {
		ignored = c.arrives(e.method, false) == refused
	} else {
		c.serverMayTell(e)
	}
	if spec == nil {
		return
	}
	nodes := c.fitParams(e, spec)
	if e.from == Client && !ignored {
		c.documents.follow(c, e)
	}
	c.calls(e, spec, nodes)
	switch e.method {
	case "$/progress":
		c.progressed(e)
	case "$/setTrace":
		c.trace = textAt(e.params, "value")
	}
}

// spec finds the method in the model, and notes why it is not there. Both sides may send methods of their own that begin
// with $/ (LSP 3.18, Dollar-Notifications and Requests).
func (c *Checker) spec(e envelope, known, others map[string]*method, kind string) *method {
	spec := known[e.method]
	switch {
	case spec != nil && spec.from(e.from):
		return spec
	case spec != nil:
		c.note(e.from, e.method, "", "is not for the %s to send", e.from)
	case others[e.method] != nil:
		c.note(e.from, e.method, "", "is sent as %s, which it is not", kind)
	case !strings.HasPrefix(e.method, "$/"):
		c.note(e.from, e.method, "", "is unknown")
	}
	return nil
}

// fitParams checks the params against the model.
func (c *Checker) fitParams(e envelope, spec *method) []*node {
	if spec.Params == nil {
		if e.params != nil {
			c.note(e.from, e.method, "params", "are not expected, but are %s", excerpt(e.params))
		}
		return nil
	}
	return c.fitted(e.from, e.method, spec.Params, e.params, "params")
}

func (c *Checker) fitted(from Side, method string, t *dataType, v any, path string) []*node {
	f := c.model.fit(t, v, spot{path: path})
	for _, wrong := range f.faults {
		c.note(from, method, wrong.path, "%s", wrong.message)
	}
	return f.nodes
}

// calls checks what the model does not say of params.
func (c *Checker) calls(e envelope, spec *method, nodes []*node) {
	s := &scene{Checker: c, from: e.from, method: e.method, params: e.params, nodes: nodes}
	if e.from == Server {
		s.server()
		return
	}
	c.mayAskFor(e, spec)
	s.client()
}

// answer takes a message without a method that has an id.
func (c *Checker) answer(e envelope) {
	asker := e.from.other()
	r := c.open[asker][e.id]
	switch {
	case e.id == "":
		c.answerToNothing(e)
		return
	case r == nil && c.done[asker][e.id]:
		c.note(e.from, "", "id", "request %s is answered for the second time", e.id)
		return
	case r == nil:
		c.note(e.from, "", "id", "request %s was never sent", e.id)
		return
	}
	delete(c.open[asker], e.id)
	c.done[asker][e.id] = true
	if r.broken || e.broken {
		return
	}
	if asker == Client {
		c.demanded(r, e)
	}
	c.tokensDone(r)
	if e.failed != nil {
		c.fitErrorData(r, e)
		c.answeredWithError(r)
		return
	}
	if r.spec != nil && r.spec.Result != nil {
		c.result(r, e)
	}
}

// answerToNothing takes an error with the id null, of which each message that cannot be read allows one.
func (c *Checker) answerToNothing(e envelope) {
	if e.failed == nil {
		return // noted already
	}
	if c.excuses[e.from.other()] == 0 {
		c.note(e.from, "", "id", "is null, but all messages could be read: %s", excerpt(e.failed["message"]))
		return
	}
	c.excuses[e.from.other()]--
}

// fitErrorData checks the data of an error, for methods that define it.
func (c *Checker) fitErrorData(r *request, e envelope) {
	const serverCancelled = -32802
	data, there := e.failed["data"]
	if r.spec == nil || r.spec.ErrorData == nil || !there {
		return
	}
	if code, _ := whole(e.failed["code"]); strings.HasSuffix(r.method, "/diagnostic") && code != serverCancelled {
		return // DiagnosticServerCancellationData belongs to this code only
	}
	c.fitted(e.from, r.method, r.spec.ErrorData, data, "error.data")
}

// result checks a result, and takes what follows from it.
func (c *Checker) result(r *request, e envelope) {
	nodes := c.fitted(e.from, r.method, r.spec.Result, e.result, "result")
	s := &scene{Checker: c, from: e.from, method: r.method, request: r, params: r.params, nodes: nodes, result: e.result}
	if e.from == Client {
		c.clientAgreed(r)
		return
	}
	c.succeeded(r, e.result)
	s.server()
}

// clientAgreed takes what the server may do now that the client has said yes.
func (c *Checker) clientAgreed(r *request) {
	switch r.method {
	case "client/registerCapability":
		c.register(r.params)
	case "client/unregisterCapability":
		c.unregister(r.params)
	case "window/workDoneProgress/create":
		c.created(at(r.params, "token"))
	}
}
