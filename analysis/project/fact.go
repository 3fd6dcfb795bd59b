package project

// State says whether a fact is known. Its zero value is Unknown.
type State int

// Unknown is what was not read, or could not be; Absent is what is known not to be there.
const (
	Unknown State = iota
	Absent
	Known
)

func (s State) String() string {
	switch s {
	case Absent:
		return "absent"
	case Known:
		return "known"
	}
	return "unknown"
}

// Fact is something that lies around a Dockerfile. The zero value is unknown.
type Fact[T any] struct {
	State State
	Value T      // the zero value if the state is not Known
	Why   string // the reason why it is unknown, where there is one to tell
}

func known[T any](value T) Fact[T]      { return Fact[T]{State: Known, Value: value} }
func absent[T any]() Fact[T]            { return Fact[T]{State: Absent} }
func unknown[T any](why string) Fact[T] { return Fact[T]{Why: why} }
