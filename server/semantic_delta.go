package server

import (
	"fmt"
	"sync"

	"go.lsp.dev/protocol"
)

// toldTokens are the last tokens that a client was told of one document. An answer may be lost, or overtaken by another.
type toldTokens struct {
	count interface{ Add(int64) int64 } // makes names that no other document has, nor the same one opened again

	mu      sync.Mutex
	answers []tokenAnswer // the newest last
}

type tokenAnswer struct {
	id   string
	data []uint32
}

// maxTold is how many answers are remembered.
const maxTold = 2

// full makes an answer, and remembers it under its name if it is kept.
func (t *toldTokens) full(data []uint32, keep bool) *protocol.SemanticTokens {
	if !keep {
		return &protocol.SemanticTokens{Data: data}
	}
	id := fmt.Sprint(t.count.Add(1))
	t.mu.Lock()
	defer t.mu.Unlock()
	t.answers = append(t.answers, tokenAnswer{id, data})
	if old := len(t.answers) - maxTold; old > 0 {
		t.answers = append([]tokenAnswer(nil), t.answers[old:]...)
	}
	return &protocol.SemanticTokens{ResultID: &id, Data: data}
}

func (t *toldTokens) find(id string) ([]uint32, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, answer := range t.answers {
		if answer.id == id {
			return answer.data, true
		}
	}
	return nil, false
}

// editsBetween is the one edit that makes other tokens of tokens, in whole tokens; none if they are the same.
func editsBetween(before, now []uint32) []protocol.SemanticTokensEdit {
	same := func(i, j int) bool { return [5]uint32(before[i:i+5]) == [5]uint32(now[j:j+5]) }
	head, tail := 0, 0
	for shorter := min(len(before), len(now)); head < shorter && same(head, head); {
		head += 5
	}
	for rest := min(len(before), len(now)) - head; tail < rest && same(len(before)-tail-5, len(now)-tail-5); {
		tail += 5
	}
	if head == len(before) && head == len(now) {
		return []protocol.SemanticTokensEdit{}
	}
	return []protocol.SemanticTokensEdit{{
		Start: uint32(head), DeleteCount: uint32(len(before) - head - tail), Data: now[head : len(now)-tail],
	}}
}
