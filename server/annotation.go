package server

import (
	"context"
	"encoding/json"

	"go.lsp.dev/protocol"
)

// annotation is what a client shows beside the text.
type annotation struct {
	links, linkTooltips, hints, lenses bool
	refreshesHints, refreshesLenses    bool // the client asks again when told to
}

// annotationCapabilities are the client's words for these facts.
type annotationCapabilities struct {
	Links *struct {
		Tooltips bool `json:"tooltipSupport"`
	} `json:"documentLink"`
	Hints  *json.RawMessage `json:"inlayHint"`
	Lenses *json.RawMessage `json:"codeLens"`
}

// annotationRefresh says whether a client asks again when told to.
type annotationRefresh struct {
	Hints struct {
		Refresh bool `json:"refreshSupport"`
	} `json:"inlayHint"`
	Lenses struct {
		Refresh bool `json:"refreshSupport"`
	} `json:"codeLens"`
}

// annotation leaves lenses out where their commands cannot be run.
func (c annotationCapabilities) annotation(refresh annotationRefresh, commands bool) annotation {
	return annotation{
		links:           c.Links != nil,
		linkTooltips:    c.Links != nil && c.Links.Tooltips,
		hints:           c.Hints != nil,
		lenses:          c.Lenses != nil && commands,
		refreshesHints:  c.Hints != nil && refresh.Hints.Refresh,
		refreshesLenses: c.Lenses != nil && commands && refresh.Lenses.Refresh,
	}
}

// offer adds what the server has for such a client.
func (a annotation) offer(to *protocol.ServerCapabilities) {
	if a.links {
		to.DocumentLinkProvider = &protocol.DocumentLinkOptions{}
	}
	if a.hints {
		to.InlayHintProvider = protocol.Boolean(true)
	}
	if a.lenses {
		to.CodeLensProvider = &protocol.CodeLensOptions{}
	}
}

// showAgain tells the client to ask for hints and lenses again, since the settings say otherwise what is shown.
func (s *server) showAgain() {
	var methods []string
	if s.client.refreshesHints {
		methods = append(methods, protocol.MethodWorkspaceInlayHintRefresh)
	}
	if s.client.refreshesLenses {
		methods = append(methods, protocol.MethodWorkspaceCodeLensRefresh)
	}
	s.start(func(ctx context.Context) {
		for _, method := range methods {
			s.callShortly(ctx, method)
		}
	})
}

// callShortly asks the client for nothing but to do something, and does not wait for long.
func (s *server) callShortly(ctx context.Context, method string) {
	shortly, stop := context.WithTimeout(ctx, patience)
	defer stop()
	if err := protocol.Call(shortly, s.conn, method, nil, nil); err != nil && ctx.Err() == nil {
		s.log.Warn("the client does not refresh", "method", method, "error", err)
	}
}
