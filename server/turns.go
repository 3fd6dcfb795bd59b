package server

import "sync"

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
		task()
	}
	return nil
}
