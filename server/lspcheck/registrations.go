package lspcheck

import "strings"

// registration is what the server has registered and the client has agreed to (LSP 3.18, Register Capability).
type registration struct {
	method  string
	options any
}

func (c *Checker) register(params any) {
	for _, r := range array(at(params, "registrations")) {
		c.registered[textAt(r, "id")] = registration{textAt(r, "method"), at(r, "registerOptions")}
	}
}

func (c *Checker) unregister(params any) {
	for _, r := range array(at(params, "unregisterations")) { // the specification's spelling
		delete(c.registered, textAt(r, "id"))
	}
}

// needs are the client's capabilities for registering methods, where they do not follow from the model.
var needs = map[string]string{
	"workspace/didChangeWatchedFiles":     "workspace.didChangeWatchedFiles.dynamicRegistration",
	"workspace/didChangeConfiguration":    "workspace.didChangeConfiguration.dynamicRegistration",
	"workspace/didChangeWorkspaceFolders": "workspace.workspaceFolders",
	"textDocument/didOpen":                "textDocument.synchronization.dynamicRegistration",
	"textDocument/didChange":              "textDocument.synchronization.dynamicRegistration",
	"textDocument/didClose":               "textDocument.synchronization.dynamicRegistration",
	"textDocument/didSave":                "textDocument.synchronization.dynamicRegistration",
	"textDocument/willSave":               "textDocument.synchronization.dynamicRegistration",
	"textDocument/willSaveWaitUntil":      "textDocument.synchronization.dynamicRegistration",
	"textDocument/semanticTokens":         "textDocument.semanticTokens.dynamicRegistration",
	"notebookDocument/sync":               "notebookDocument.synchronization.dynamicRegistration",
}

// need is the capability that the client must have for a method to be registered; empty if it cannot be.
func (m *Model) need(method string) string {
	if path, found := needs[method]; found {
		return path
	}
	spec := m.registrable(method)
	switch {
	case spec == nil || spec.ClientCapability == "":
		return ""
	case strings.HasPrefix(spec.ClientCapability, "workspace.fileOperations."):
		return "workspace.fileOperations.dynamicRegistration"
	}
	return spec.ClientCapability + ".dynamicRegistration"
}

// registrable finds the method, or one that is registered under this name.
func (m *Model) registrable(name string) *method {
	for _, methods := range []map[string]*method{m.requests, m.notifications} {
		if spec := methods[name]; spec != nil && spec.RegistrationMethod == "" && spec.RegistrationOptions != nil {
			return spec
		}
		for _, spec := range methods {
			if spec.RegistrationMethod == name && spec.RegistrationOptions != nil {
				return spec
			}
		}
	}
	return nil
}

// registration checks one registration of a request client/registerCapability.
func (s *scene) registration(n *node) {
	name, id := textAt(n.value, "method"), textAt(n.value, "id")
	need := s.model.need(name)
	switch {
	case need == "":
		s.wrong(n.path+".method", "%q cannot be registered", name)
		return
	case !s.able.says(need):
		s.wrong(n.path+".method", "%q is registered, but the client has no %s", name, need)
	}
	if _, taken := s.registered[id]; taken {
		s.wrong(n.path+".id", "%q is registered already", id)
	}
	spec := s.model.registrable(name)
	options, there := object(n.value)["registerOptions"]
	if spec == nil || !there {
		return
	}
	s.part(spec.RegistrationOptions, options, n.path+".registerOptions")
}

// part checks what the model has no type for where it stands.
func (s *scene) part(t *dataType, v any, path string) {
	inner := *s
	inner.nodes = s.fitted(s.from, s.method, t, v, path)
	inner.server()
}

func (s *scene) unregistration(n *node) {
	if id := textAt(n.value, "id"); s.registered[id].method == "" {
		s.wrong(n.path+".id", "%q is not registered", id)
	}
}

func (s *scene) relativePattern(n *node) {
	const capability = "workspace.didChangeWatchedFiles.relativePatternSupport"
	if s.method == "client/registerCapability" && !s.able.says(capability) {
		s.wrong(n.path, "is a relative pattern, but the client has no %s", capability)
	}
}
