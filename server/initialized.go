package server

import (
	"context"
	"encoding/json"
	"time"

	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis/settings"
)

// lookInterval is how often the disk is looked at, at most, for a client that does not watch files.
const lookInterval = 2 * time.Second

// watchedInterval is the same for a client that watches files: rules read more than it can be asked to watch, such as
// scripts of any name.
const watchedInterval = 30 * time.Second

// initialized registers what the client can register, and asks for its settings.
func (s *server) initialized(noParams) error {
	s.start(func(ctx context.Context) {
		s.register(ctx)
		s.onLoop(s.askForSettings)
	})
	return nil
}

// register registers what this client lets the server register, and waits for its answer.
func (s *server) register(ctx context.Context) {
	params := &protocol.RegistrationParams{Registrations: s.client.registrations()}
	if len(params.Registrations) == 0 {
		return
	}
	if err := protocol.Call(ctx, s.conn, protocol.MethodClientRegisterCapability, params, nil); err != nil &&
		ctx.Err() == nil {
		s.log.Warn("the client does not register", "error", err)
	}
}

// registrations are what this client lets the server register.
func (c client) registrations() []protocol.Registration {
	var list []protocol.Registration
	if c.configurationChanges {
		list = append(list, registration(protocol.MethodWorkspaceDidChangeConfiguration, map[string]any{"section": Name}))
	}
	if c.watchesFiles {
		watchers := []map[string]any{}
		for _, pattern := range watched() {
			watchers = append(watchers, map[string]any{"globPattern": pattern})
		}
		list = append(list, registration(protocol.MethodWorkspaceDidChangeWatchedFiles, map[string]any{
			"watchers": watchers,
		}))
	}
	return list
}

func registration(method string, options any) protocol.Registration {
	raw, err := json.Marshal(options)
	if err != nil {
		panic(err)
	}
	return protocol.Registration{ID: method, Method: method, RegisterOptions: raw}
}

// watched are patterns of the files that findings depend on besides Dockerfiles. No brace has a wildcard in it: Eglot 1.9
// takes none of them then.
func watched() []string {
	return []string{
		"**/" + settings.FileName,
		"**/.dockerignore",
		"**/*.dockerignore",
		"**/{compose,docker-compose}.{yaml,yml}",
		"**/{package.json,package-lock.json,npm-shrinkwrap.json,yarn.lock,.yarnrc.yml,pnpm-lock.yaml,pnpm-workspace.yaml," +
			"bun.lock,bun.lockb}",
		"**/{.npmrc,.env,aws.json}",
		"**/.env.*",
		"**/*.log",
		"**/*.sh",
		"**/*.{js,cjs,mjs,ts,cts,mts}",
		"**/{Dockerfile,Containerfile,dockerfile,containerfile}",
		"**/{Dockerfile,Containerfile}.*",
		"**/*.{Dockerfile,dockerfile,Containerfile,containerfile}",
	}
}

// askForSettings asks a client that can be asked.
func (s *server) askForSettings() {
	if !s.client.configuration {
		return
	}
	s.asked++
	number := s.asked
	s.start(func(ctx context.Context) {
		var answer []json.RawMessage
		params := &protocol.ConfigurationParams{Items: []protocol.ConfigurationItem{{Section: new(Name)}}}
		err := protocol.Call(ctx, s.conn, protocol.MethodWorkspaceConfiguration, params, &answer)
		if err != nil || len(answer) != 1 {
			if ctx.Err() == nil {
				s.log.Warn("the client does not tell its settings", "error", err, "answers", len(answer))
			}
			return
		}
		s.onLoop(func() {
			if number == s.asked { // an older answer may come later
				s.setEditor(answer[0])
			}
		})
	})
}

// setEditor takes settings of the editor; null, from a client that has none for this server, leaves what was said before.
func (s *server) setEditor(raw json.RawMessage) {
	if string(raw) == "null" {
		return
	}
	s.editor = s.settingsOf(raw)
	s.moved()
	s.refresh()
}

// lookAtDisk looks for changes on the disk that the client may not tell of, while the user does something.
func (s *server) lookAtDisk() {
	interval := lookInterval
	if s.client.watchesFiles {
		interval = watchedInterval
	}
	if s.stage != running || time.Since(s.looked) < interval {
		return
	}
	s.looked = time.Now()
	s.lookAroundAll(onDisk)
}
