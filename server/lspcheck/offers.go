package lspcheck

import (
	"encoding/json"
	"strings"
)

// offer is the server's capabilities, as it has answered initialize (LSP 3.18, ServerCapabilities).
type offer struct{ capabilities map[string]any }

func (o offer) to(path string) any { return at(o.capabilities, path) }

// has reports whether a capability is there and not false.
func (o offer) has(path string) bool {
	if kind, short := o.to("textDocumentSync").(json.Number); short {
		// A mere kind stands for openClose and change.
		sync := map[string]any{"openClose": kind != "0", "change": kind}
		o = offer{map[string]any{"textDocumentSync": sync}}.or(o)
	}
	switch v := o.to(path).(type) {
	case nil:
		return false
	case bool:
		return v
	case json.Number:
		return v != "0"
	}
	return true
}

// or adds what another offer has besides.
func (o offer) or(other offer) offer {
	for name, v := range other.capabilities {
		if _, there := o.capabilities[name]; !there {
			o.capabilities[name] = v
		}
	}
	return o
}

// provides reports whether the server takes a method of the client's, by its capabilities or a registration.
func (c *Checker) provides(spec *method) bool {
	capability := spec.ServerCapability
	switch spec.Method {
	case "workspace/didChangeWatchedFiles":
		return c.hasRegistered(spec)
	case "textDocument/didChange":
		capability = "textDocumentSync.change"
	}
	return capability == "" || c.offered.has(capability) || c.hasRegistered(spec)
}

// hasRegistered also finds methods that come with the registration of another, such as codeAction/resolve.
func (c *Checker) hasRegistered(spec *method) bool {
	provider, option, deeper := strings.Cut(spec.ServerCapability, ".")
	for _, r := range c.registered {
		if r.method == spec.Method {
			return true
		}
		other := c.model.registrable(r.method)
		if other == nil || provider == "workspace" || provider == "textDocumentSync" {
			continue
		}
		with, _, _ := strings.Cut(other.ServerCapability, ".")
		if with == provider && provider != "" && (!deeper || offer{object(r.options)}.has(option)) {
			return true
		}
	}
	return false
}

// commands reports whether the server has offered or registered a command.
func (c *Checker) commands(name any) bool {
	for _, r := range c.registered {
		if r.method == "workspace/executeCommand" && holds(at(r.options, "commands"), name) {
			return true
		}
	}
	return holds(c.offered.to("executeCommandProvider.commands"), name)
}

// mayAskFor notes what the client sends although the server has not offered it. That the server answers is no fault.
func (c *Checker) mayAskFor(e envelope, spec *method) {
	if c.stage != running || !c.ready {
		return
	}
	if !c.provides(spec) {
		c.note(e.from, e.method, "", "is sent, but the server has not offered it")
		return
	}
	const full = 1
	if kind, _ := whole(c.syncKind()); e.method == "textDocument/didChange" && kind == full {
		for _, change := range array(at(e.params, "contentChanges")) {
			if at(change, "range") != nil {
				c.note(e.from, e.method, "params.contentChanges", "has a range, but the server wants whole texts")
				return
			}
		}
	}
}

func (c *Checker) syncKind() any {
	for _, r := range c.registered {
		if r.method == "textDocument/didChange" {
			return at(r.options, "syncKind")
		}
	}
	if kind := c.offered.to("textDocumentSync.change"); kind != nil {
		return kind
	}
	return c.offered.to("textDocumentSync")
}
