package server

import (
	"context"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
)

// stage is how far the connection has come.
type stage int

const (
	created stage = iota
	running
	shutDown
)

// refuses returns why a message cannot be taken at this stage, or nil. Only exit can always be; what was asked before
// shutdown can be cancelled after it.
func (s stage) refuses(method string) error {
	switch {
	case method == protocol.MethodExit, s == shutDown && method == protocol.MethodCancelRequest:
		return nil
	case s == created && method != protocol.MethodInitialize:
		return jsonrpc2.Errorf(jsonrpc2.ServerNotInitialized, "%s before initialize", method)
	case s == running && method == protocol.MethodInitialize:
		return jsonrpc2.NewError(jsonrpc2.InvalidRequest, "initialize for the second time")
	case s == shutDown:
		return jsonrpc2.Errorf(jsonrpc2.InvalidRequest, "%s after shutdown", method)
	}
	return nil
}

func (s *server) initialize(params initializeParams) (*protocol.InitializeResult, error) {
	s.stage = running
	s.client = params.Capabilities.client()
	neovim := params.ClientInfo.Name == "Neovim"
	s.client.pullsWorkspace, s.client.endsLines = !neovim, neovim
	send := func(body []byte) { s.out.send(body) }
	s.told.send.Store(&send)
	s.folders = params.folders()
	s.editor = s.settingsOf(params.Options)
	s.trace = params.Trace
	s.trusted = params.trusted()
	s.moved()
	if params.ProcessID != nil {
		s.watch(*params.ProcessID)
	}
	return &protocol.InitializeResult{
		Capabilities: s.client.serverCapabilities(),
		ServerInfo:   protocol.ServerInfo{Name: Name, Version: protocol.NewOptional(s.version)},
	}, nil
}

func (s *server) shutdown(noParams) (any, error) {
	s.stage = shutDown
	s.told.send.Store(nil)
	return nil, nil
}

func (s *server) exit(noParams) error {
	s.quit(s.exitCode())
	return nil
}

// inputEnded stands for an exit that was never sent.
func (s *server) inputEnded(err error) {
	if s.stage != shutDown {
		s.log.Error("the client is gone without shutdown", "error", err)
	}
	s.quit(s.exitCode())
}

func (s *server) exitCode() int {
	if s.stage == shutDown {
		return 0
	}
	return 1
}

// watch ends the server with the client's process. A process that does not exist now lives on the other side of a
// container's wall, where it cannot be watched.
func (s *server) watch(pid int) {
	const interval = 2 * time.Second
	if pid <= 0 || !s.alive(pid) {
		return
	}
	s.start(func(ctx context.Context) {
		tick := time.NewTicker(interval)
		defer tick.Stop()
		for s.alive(pid) {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
		s.log.Error("the client's process is gone", "pid", pid)
		s.quit(1)
	})
}
