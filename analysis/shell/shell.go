// Package shell knows what the scripts of a Dockerfile run: commands, words and redirections, each with its place in the
// file. It must not know what a command means to a rule, which values variables have, or that there is an editor.
package shell

import (
	"dockerfile-ls/analysis/text"
)

// Script is what an instruction has a shell run, or runs itself in exec form. All spans are byte offsets into the file.
type Script struct {
	// Commands are the simple commands in the order in which they begin, with those of substitutions and of scripts inside
	// the script, such as sh -c '…'.
	Commands []Command
	// Variables are all variables that are read anywhere in the script, in order.
	Variables []Variable
	// Functions are the names of the functions that are declared anywhere in the script, in order.
	Functions []string
	// Loops are the variables of for and select, in the order in which they are read.
	Loops []Loop
	// Blocks are the groups and subshells, in the order in which they begin.
	Blocks []Block
	// Unknowns are the places whose commands are not known, in order; none if everything is known.
	Unknowns []Unknown
}

// Known reports whether the script holds no place whose commands are not known.
func (s *Script) Known() bool { return len(s.Unknowns) == 0 }

// Unknown is a part of a script that was not read.
type Unknown struct {
	text.Span        // what is not known
	At        int    // where reading ended, a byte offset inside the span or at its end
	Reason    Reason // the kind of the reason
	Message   string // the reason in words, without a full stop
}

// Reason says why a part of a script is not known.
type Reason int

const (
	// OtherInterpreter is a script for something else than a POSIX shell.
	OtherInterpreter Reason = iota + 1
	// SyntaxError is a script that no shell would take, as far as the parser can tell.
	SyntaxError
	// BadBytes is a script with bytes that no shell takes, or all of them differently: NUL, a carriage return without
	// a newline, invalid UTF-8.
	BadBytes
	// TooComplex is a script that is too long or too deeply nested to be read.
	TooComplex
	// ComputedScript is a script for an inner shell that the outer shell puts together when it runs.
	ComputedScript
	// BrokenArray is an exec form that is unfinished, or holds something else than strings.
	BrokenArray
)

// Command is one simple command, or a test, a declaration or an arithmetic command of Bash. It has no words where there
// are assignments or redirections only; so the redirections of a group, a loop and the like are a command without words.
type Command struct {
	text.Span // of words, assignments and redirections, without heredoc bodies
	// Words are what the command is called with, its name first. A [[ test has its operands only.
	Words []Word
	// Assigns are the assignments in front of the words, and those of export, readonly, local, declare and typeset, which
	// stand in Words too.
	Assigns   []Assign
	Redirects []Redirect
	After     Joint
	Inside    Context
}

// Loop is the variable of one for or select.
type Loop struct {
	text.Span // of the name
	Name      string
}

// Block is a group { … } or a subshell ( … ), from one brace to the other.
type Block struct {
	text.Span
	Subshell bool
	// Redirects is the span of its redirections, which are a command without words; empty behind the block if it has none.
	Redirects text.Span
}

// Joint is what stands between a command and the one before it. The first command of a group, of a subshell and of a
// condition has the joint of the whole.
type Joint struct {
	text.Span          // of the operator; empty for Start and Newline
	Operator  Operator // Start for the first command of a script, substitution, branch, loop body or function
	Command   int      // the index in Commands of the last command in front of it that ran; -1 if there is none
}

// Operator is what joins two commands.
type Operator int

const (
	// Start is no operator: nothing stands in front of the command.
	Start Operator = iota
	// And is &&.
	And
	// Or is ||.
	Or
	// Pipe is | or |&.
	Pipe
	// Semicolon is ;.
	Semicolon
	// Background is &.
	Background
	// Newline is the end of a line.
	Newline
)

var operators = [...]string{"", "&&", "||", "|", ";", "&", "newline"}

// String is the operator as it is written.
func (o Operator) String() string { return operators[o] }

// Context is a set of what a command stands inside of.
type Context uint16

const (
	// InPipeline is any place of a pipeline of several commands.
	InPipeline Context = 1 << iota
	// InSubshell is ( … ).
	InSubshell
	// InGroup is { … }.
	InGroup
	// InCondition is between if, elif, while or until and its then or do.
	InCondition
	// InBranch is a then, else or case part.
	InBranch
	// InLoop is the condition or the body of a for, while, until or select.
	InLoop
	// InFunction is the body of a function.
	InFunction
	// InSubstitution is $( … ), ` … `, <( … ) or >( … ).
	InSubstitution
	// InBackground is in front of &.
	InBackground
	// InNegation is behind !.
	InNegation
	// InTime is behind the keyword time, which is no word of the command.
	InTime
	// InScript is the text of another shell's script: sh -c '…', bash <<EOF.
	InScript
	// InExec is the exec form: the words are the elements of an array, and no shell reads them.
	InExec
)

// Has reports whether the set holds any of others.
func (c Context) Has(others Context) bool { return c&others != 0 }

// Word is one word as a shell splits them, or an element of an exec form.
type Word struct {
	text.Span
	// Text is the word as written with its quotes, without the continuations of the Dockerfile. In a script inside a
	// script it is what the inner shell sees.
	Text string
	// Value is what the program gets, with patterns as they are, and without the other parts that are not known.
	Value string
	// Literal says that Value is exactly what the program gets: no expansion, pattern or substitution.
	Literal bool
	// Parts are the pieces of a word that is not literal, in order; else nil.
	Parts []Part
	// Variables are the variables that the word reads, those in a default value too but not those in a substitution.
	Variables []Variable
	// Decoded says that the span does not simply hold Text: escapes or the tabs of <<- were taken off, or it is a whole
	// element of an array that was decoded. Such a word can be shown but not edited.
	Decoded bool
	// tail is the span of what stands behind the first = of Text; zero if there is none, or its place is not known.
	tail text.Span
}

// Part is a piece of a word that is not literal.
type Part struct {
	text.Span // without quotes around it
	Kind      PartKind
	Value     string // a plain part or a pattern without quotes, the name of a variable, else the piece as written
}

// PartKind says what a part of a word is.
type PartKind int

const (
	// Plain is text that means itself.
	Plain PartKind = iota
	// Reference is $name or ${name}, with or without an operator.
	Reference
	// Pattern is text with a glob, a brace expansion or a tilde.
	Pattern
	// Computed is a command substitution, arithmetic, or a string with $'…' or $"…".
	Computed
)

// Variable is one reading of a variable.
type Variable struct {
	text.Span        // with $ and braces
	Name      string // without $; 1, @ and the like for parameters
	Plain     bool   // $name or ${name}, without an operator
}

// Assign is one NAME=value.
type Assign struct {
	text.Span
	Name    string
	Value   Word // empty if nothing stands behind the =
	Append  bool // NAME+=value
	Element bool // NAME[index]=value, or NAME=(…): the value is not the variable's
}

// Redirect is one redirection.
type Redirect struct {
	text.Span        // from the file descriptor or the operator to the end of the target
	FD        string // the number or {name} in front of the operator; empty for the operator's default
	Operator  string // as written: > >> < << <<- <<< >& <& &> &>> <> >|
	Target    Word   // the file, the descriptor, or the delimiter of a heredoc
	// Body is the text of a heredoc, whole lines; nil if there is none or it is empty. Its value is what the program
	// reads, the tabs of <<- and escapes taken off, but with expansions as written if it is not literal. It has no parts.
	Body *Word
}
