package server

import (
	"context"

	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis/text"
	"dockerfile-ls/analysis/tokens"
)

type tokensDeltaParams struct {
	TextDocument     documentID `json:"textDocument"`
	PreviousResultID string     `json:"previousResultId"`
}

type tokensRangeParams struct {
	TextDocument documentID `json:"textDocument"`
	Range        textRange  `json:"range"`
}

func (s *server) semanticTokens(params documentParams) (computation[*protocol.SemanticTokens], error) {
	doc := s.documents[params.TextDocument.URI]
	told := s.toldTokensOf(doc)
	return func(context.Context) (*protocol.SemanticTokens, error) {
		if told == nil {
			return nil, nil
		}
		return told.full(s.tokensIn(doc, text.Span{Start: 0, End: len(doc.snapshot.Text())}), s.client.tokens.delta), nil
	}, nil
}

// semanticTokensDelta is what has changed since an answer that is remembered, or all.
func (s *server) semanticTokensDelta(
	params tokensDeltaParams,
) (computation[protocol.SemanticTokensDeltaResult], error) {
	doc := s.documents[params.TextDocument.URI]
	told := s.toldTokensOf(doc)
	return func(context.Context) (protocol.SemanticTokensDeltaResult, error) {
		if told == nil {
			return nil, nil
		}
		before, known := told.find(params.PreviousResultID)
		now := told.full(s.tokensIn(doc, text.Span{Start: 0, End: len(doc.snapshot.Text())}), true)
		if !known {
			return now, nil
		}
		return &protocol.SemanticTokensDelta{ResultID: now.ResultID, Edits: editsBetween(before, now.Data)}, nil
	}, nil
}

func (s *server) semanticTokensRange(params tokensRangeParams) (computation[*protocol.SemanticTokens], error) {
	doc := s.documents[params.TextDocument.URI]
	told := s.toldTokensOf(doc)
	return func(context.Context) (*protocol.SemanticTokens, error) {
		if told == nil {
			return nil, nil
		}
		return told.full(s.tokensIn(doc, s.converter(doc).spanOfRange(params.Range)), false), nil
	}, nil
}

func (s *server) tokensIn(doc *document, span text.Span) []uint32 {
	return s.converter(doc).encoded(tokens.Within(doc.snapshot.Model(), span), s.client.tokens)
}

// toldTokensOf is the memory of a document, which lasts until that is closed; nil if it has no tokens, or for a client that
// takes none.
func (s *server) toldTokensOf(doc *document) *toldTokens {
	if doc == nil || !doc.dockerfile || s.client.tokens == nil {
		return nil
	}
	if s.tokens[doc.uri] == nil {
		s.tokens[doc.uri] = &toldTokens{count: &s.tokenAnswers}
	}
	return s.tokens[doc.uri]
}

// encoded are tokens as five numbers each: lines and columns from the token before, length, type and modifiers.
func (c converter) encoded(all []tokens.Token, l *legend) []uint32 {
	data := make([]uint32, 0, 5*len(all))
	position := c.ascending()
	last := protocol.Position{}
	for _, token := range all {
		kind := l.kinds[token.Kind]
		if kind < 0 {
			continue
		}
		start := position(token.Start)
		length := position(token.End).Character - start.Character
		column := start.Character
		if start.Line == last.Line {
			column -= last.Character
		}
		modifiers := uint32(0)
		for i, bit := range l.bits {
			if token.Modifiers>>i&1 != 0 {
				modifiers |= bit
			}
		}
		data = append(data, start.Line-last.Line, column, length, uint32(kind), modifiers)
		last = start
	}
	return data
}
