package lint

import (
	"fmt"
	"time"

	"dockerfile-ls/analysis/dockerfile"
)

// watch stops a rule that takes too long, by a panic that the guard catches. No goroutine can be stopped from outside, so
// the methods of Pass that rules call look at the clock, each so many calls.
type watch struct {
	patience time.Duration
	calls    int
	since    time.Time
}

// callsPerLook keeps the clock out of rules that are fast.
const callsPerLook = 256

func (w *watch) start() { w.calls, w.since = 0, time.Time{} }

func (w *watch) look() {
	if w.calls++; w.calls%callsPerLook != 0 {
		return
	}
	now := time.Now()
	switch {
	case w.since.IsZero():
		w.since = now
	case now.Sub(w.since) > w.patience:
		panic(fmt.Sprintf("the rule has taken longer than %s", w.patience))
	}
}

// Expand is that of the model.
func (p *Pass) Expand(inst *dockerfile.Instruction, word string) dockerfile.Value {
	p.run.watch.look()
	return p.Model.Expand(inst, word)
}

// InForce is that of the model.
func (p *Pass) InForce(inst *dockerfile.Instruction, names ...string) *dockerfile.Instruction {
	p.run.watch.look()
	return p.Model.InForce(inst, names...)
}

// StageOf is that of the model.
func (p *Pass) StageOf(inst *dockerfile.Instruction) *dockerfile.Stage {
	p.run.watch.look()
	return p.Model.StageOf(inst)
}
