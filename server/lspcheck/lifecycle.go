package lspcheck

import "fmt"

// lifecycle is how far the connection has come (LSP 3.18, Lifecycle Messages).
type lifecycle struct {
	stage   stage
	ready   bool // initialize is answered
	down    bool // shutdown is answered
	greeted bool // initialized was sent
	trace   string
}

// stage is what the client has asked for.
type stage int

const (
	created  stage = iota
	starting       // initialize is not answered yet
	running
	shutDown
	vague // the client has done what leaves open how far the server is
)

// demand is how a request has to be answered.
type demand int

const (
	anyhow         demand = iota
	answered              // as its method says
	notInitialized        // with ServerNotInitialized, -32002
	refused               // with InvalidRequest, -32600
	notTwice              // with any error
)

// arrives takes a message of the client, and returns how it has to be answered.
func (c *Checker) arrives(method string, isRequest bool) demand {
	if method == "exit" {
		c.exit()
		return anyhow
	}
	c.tooEarly(method)
	switch {
	case c.stage == created && method == "initialize" && isRequest:
		c.stage = starting
		return answered
	case c.stage == created && isRequest:
		return notInitialized
	case c.stage == created:
		return refused
	case c.stage == running && method == "initialize":
		return notTwice
	case c.stage == shutDown:
		return refused
	case c.stage != running:
		return anyhow
	case method == "shutdown" && isRequest:
		c.stage = shutDown
	case method == "shutdown":
		c.stage = vague
	}
	return answered
}

// tooEarly notes what the client sends before it may, and too late.
func (c *Checker) tooEarly(method string) {
	const side = Client
	switch {
	case c.stage == created && method != "initialize":
		c.note(side, method, "", "is sent before initialize")
	case c.stage == starting:
		c.note(side, method, "", "is sent before initialize was answered")
	case c.stage == shutDown:
		c.note(side, method, "", "is sent after shutdown")
	case c.stage == running && method == "initialize":
		c.note(side, method, "", "is sent for the second time")
	case c.stage == running && method == "initialized":
		c.greeted = true
	case c.stage == running && !c.greeted:
		c.greeted = true // say it once
		c.note(side, method, "", "is sent before initialized")
	}
}

// exit excuses what is still open: the server ends at once.
func (c *Checker) exit() {
	if c.stage != shutDown && c.stage != vague {
		c.note(Client, "exit", "", "is sent without shutdown")
	}
	for _, requests := range c.open {
		for _, r := range requests {
			r.excused = true
		}
	}
}

// demanded notes an answer that the lifecycle does not allow.
func (c *Checker) demanded(r *request, e envelope) {
	code, _ := whole(e.failed["code"])
	wrong := func(want string) {
		got := fmt.Sprintf("error %d", code)
		if e.failed == nil {
			got = "a result"
		}
		c.note(e.from, r.method, "", "is answered with %s instead of %s", got, want)
	}
	switch {
	case r.demand == notInitialized && code != -32002:
		wrong("error -32002 before initialize")
	case r.demand == refused && code != -32600:
		wrong("error -32600 after shutdown")
	case r.demand == notTwice && e.failed == nil:
		wrong("an error to a second initialize")
	}
}

// succeeded takes what follows from an answer of the server.
func (c *Checker) succeeded(r *request, result any) {
	if r.demand != answered {
		return
	}
	switch r.method {
	case "initialize":
		c.ready = true
		if c.stage == starting {
			c.stage = running
		}
		c.offered = offer{object(at(result, "capabilities"))}
		c.documents.encoding = encodingOf(textAt(result, "capabilities.positionEncoding"))
	case "shutdown":
		c.down = true
	case "textDocument/diagnostic", "workspace/diagnostic":
		c.pulled = true
	}
}

// answeredWithError takes back what the client's request has begun.
func (c *Checker) answeredWithError(r *request) {
	if r.from != Client || r.demand != answered {
		return
	}
	switch {
	case r.method == "initialize" && c.stage == starting:
		c.stage = created
	case r.method == "shutdown" && c.stage == shutDown:
		c.stage = vague
	}
}

// serverMayTell checks a notification of the server against the lifecycle.
func (c *Checker) serverMayTell(e envelope) {
	if c.ready {
		return
	}
	switch e.method {
	case "window/showMessage", "window/logMessage", "telemetry/event":
	case "$/progress":
		// A token that no request has named is noted by itself, and before initialize is answered only its own is known.
	default:
		c.note(e.from, e.method, "", "is sent before initialize was answered")
	}
}

// serverMayAsk checks a request of the server against the lifecycle.
func (c *Checker) serverMayAsk(r *request) {
	if !c.ready && r.method != "window/showMessageRequest" {
		c.note(r.from, r.method, "", "is sent before initialize was answered")
	}
	if c.down {
		c.note(r.from, r.method, "", "is sent after shutdown was answered")
	}
}
