package server

import (
	"runtime/debug"
	"sync"
)

// turn is a message that the server sends to its own read loop: tasks wait in turns. From a client it means nothing.
const turn = Name + "/turn"

// turns are tasks that other goroutines have for the read loop, to which the server's state belongs.
type turns struct {
	mu    sync.Mutex
	tasks []func()
}

// onLoop runs a task on the read loop, behind the messages that it has taken already. It may be called from anywhere, and
// does not wait. A task is lost when the client has asked for shutdown.
func (s *server) onLoop(task func()) {
	s.turns.mu.Lock()
	s.turns.tasks = append(s.turns.tasks, task)
	s.turns.mu.Unlock()
	s.out.nudge(turn)
}

// takeTurns runs the tasks that have come.
func (s *server) takeTurns(noParams) error {
	s.turns.mu.Lock()
	tasks := s.turns.tasks
	s.turns.tasks = nil
	s.turns.mu.Unlock()
	for _, task := range tasks {
		s.guarded(task)
	}
	return nil
}

// guarded keeps the panic of one task from the others.
func (s *server) guarded(task func()) {
	defer s.recovered("a task of the read loop")
	task()
}

// recovered logs a panic; it must be deferred itself.
func (s *server) recovered(what string) {
	if reason := recover(); reason != nil {
		s.log.Error("panic", "in", what, "reason", reason, "stack", string(debug.Stack()))
	}
}
