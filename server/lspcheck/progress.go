package lspcheck

// progress is a token that the server may report to (LSP 3.18, Work Done Progress, Partial Result Progress).
type progress struct {
	work    bool
	partial *dataType // of the request whose result comes in parts
	request *request  // that named the token; nil if the server made it
	begun   bool
	ended   bool
}

// tokensOf takes the tokens that a request of the client names.
func (c *Checker) tokensOf(r *request) {
	if r.from != Client {
		return
	}
	if token := idOf(at(r.params, "workDoneToken")); token != "" {
		c.newToken(r, token, "workDoneToken").work = true
	}
	token := idOf(at(r.params, "partialResultToken"))
	if token == "" {
		return
	}
	p := c.progress[token]
	if p == nil || p.request != r { // one token may stand for both
		p = c.newToken(r, token, "partialResultToken")
	}
	p.partial = r.spec.PartialResult
}

func (c *Checker) newToken(r *request, token, property string) *progress {
	if c.progress[token] != nil {
		c.note(r.from, r.method, "params."+property, "%s is in use", token)
	}
	c.progress[token] = &progress{request: r}
	return c.progress[token]
}

// tokensDone ends the tokens of a request: they are valid until it is answered.
func (c *Checker) tokensDone(r *request) {
	for _, name := range []string{"workDoneToken", "partialResultToken"} {
		token := idOf(at(r.params, name))
		p := c.progress[token]
		if p == nil || p.request != r {
			continue
		}
		if p.begun && !p.ended {
			c.note(Server, r.method, "", "is answered before its progress %s has ended", token)
		}
		delete(c.progress, token)
	}
}

// created takes a token that the server has made and the client has taken.
func (c *Checker) created(token any) {
	if id := idOf(token); id != "" {
		c.progress[id] = &progress{work: true}
	}
}

// progressed takes a report.
func (c *Checker) progressed(e envelope) {
	token := idOf(at(e.params, "token"))
	p := c.progress[token]
	value := at(e.params, "value")
	switch {
	case token == "": // noted already
	case e.from == Client:
		c.note(e.from, e.method, "params.token", "%s was never named by the server", token)
	case p == nil:
		c.note(e.from, e.method, "params.token",
			"%s is no token of an open request, and none that the client has taken", token)
	case p.work && (p.partial == nil || at(value, "kind") != nil && !p.ended && isWork(value)):
		c.worked(e, p, value)
	case p.partial != nil:
		c.partly(e, p, value)
	default:
		c.note(e.from, e.method, "params.token", "%s is for partial results, which %s does not have",
			token, p.request.method)
	}
}

func isWork(value any) bool {
	kind := textAt(value, "kind")
	return kind == "begin" || kind == "report" || kind == "end"
}

// worked checks the order: begin, any number of reports, end.
func (c *Checker) worked(e envelope, p *progress, value any) {
	kind := textAt(value, "kind")
	structure := map[string]string{
		"begin": "WorkDoneProgressBegin", "report": "WorkDoneProgressReport", "end": "WorkDoneProgressEnd",
	}[kind]
	if structure == "" {
		c.note(e.from, e.method, "params.value.kind", "is %s instead of begin, report or end", excerpt(at(value, "kind")))
		return
	}
	c.fitted(e.from, e.method, &dataType{Kind: "reference", Name: structure}, value, "params.value")
	if percentage, ok := whole(at(value, "percentage")); ok && percentage > 100 {
		c.note(e.from, e.method, "params.value.percentage", "is %d", percentage)
	}
	switch {
	case p.ended:
		c.note(e.from, e.method, "params.value", "comes after the end")
	case kind == "begin" && p.begun:
		c.note(e.from, e.method, "params.value", "begins for the second time")
	case kind != "begin" && !p.begun:
		c.note(e.from, e.method, "params.value", "is %s without a begin", kind)
	}
	p.begun = p.begun || kind == "begin"
	p.ended = p.ended || kind == "end"
}

// partly checks a part of a result as the result is checked.
func (c *Checker) partly(e envelope, p *progress, value any) {
	s := &scene{
		Checker: c, from: e.from, method: p.request.method, request: p.request, params: p.request.params, result: value,
	}
	s.nodes = c.fitted(e.from, s.method, p.partial, value, "params.value")
	s.server()
}
