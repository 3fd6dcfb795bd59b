// Package syntax knows how a Dockerfile is written: a tolerant, lossless tree with a byte span for everything in it.
// It must not know what an instruction means, which values are allowed, or that there is an editor.
package syntax

import "dockerfile-ls/analysis/text"

// File is the tree of one Dockerfile. All spans are half-open byte offsets into Text.
type File struct {
	Text         string
	Escape       byte // the escape character in force: a backslash, or a backtick by directive
	Directives   []Directive
	Comments     []Comment
	Instructions []*Instruction
	// TooLong holds the physical lines of 65,536 bytes or more, at which BuildKit stops reading.
	TooLong []text.Span
}

// Directive is a parser directive in the first lines of a file: "# name=value".
// Source: parser/directives.go of BuildKit; the names are syntax, escape and check in any casing.
type Directive struct {
	text.Span      // from the # to the end of the value
	Name      Word // as written
	Value     Word
	Repeated  bool // the name stood in an earlier directive, which BuildKit rejects
}

// Comment is a comment line, from the # to the end of the line without the line ending.
type Comment struct {
	text.Span
	// Late is set where the comment has the form of a syntax or escape directive but stands too low to be one.
	Late *Directive
}

// Word is a piece of an instruction. Its text has the continuations inside it taken out and keeps quotes and escapes,
// if its field does not say otherwise.
type Word struct {
	text.Span
	Text string
}

// Instruction is one instruction with everything that belongs to it.
type Instruction struct {
	// Span runs from the keyword to the last byte that counts, heredoc bodies and terminators included.
	text.Span
	// Extent covers the whole lines that were read for the instruction, with the last line ending.
	Extent text.Span
	// Name is the keyword in upper case.
	Name    string
	Keyword Word
	Line    Line
	Flags   []Flag
	// Rest is everything between the flags and the end of the logical line, without blanks around it.
	Rest Word
	// Args are the arguments as BuildKit splits them: words for FROM, COPY, ADD, VOLUME, EXPOSE, ENV, LABEL, ARG and
	// unknown instructions; the whole of Rest for the others. In JSON form they are the elements, decoded.
	// HEALTHCHECK has its type (CMD or NONE) first.
	Args []Word
	// Pairs are the keys and values of ENV, LABEL and ARG.
	Pairs []Pair
	// JSON is the array of the exec form; nil where the arguments are none, so also where they only look like one.
	JSON     *Array
	Heredocs []Heredoc
	// BadDelimiters are heredoc delimiters with an unclosed quote or ${, for which BuildKit rejects the instruction.
	BadDelimiters []text.Span
	// Inner is the instruction behind ONBUILD.
	Inner *Instruction
	// BlankLines are the blank lines inside the continued instruction, without their line endings.
	BlankLines []text.Span
	// Dangling is the escape character behind which BuildKit goes on into the next instruction; empty if it does not.
	Dangling text.Span
	// Recovered says that BuildKit reads on where the instruction ends here: an instruction follows behind a continuation,
	// or stands in an unterminated heredoc.
	Recovered bool
}

// Flag is a flag in front of the arguments, as --name=value.
type Flag struct {
	text.Span
	Name     Word // without the dashes
	Value    Word // its text is what BuildKit reads: quotes and escapes are taken off
	HasValue bool // there is a =
	// Options are the comma-separated fields of --mount and --device.
	Options []Option
}

// Option is one field of a mount or device flag, as key=value or key.
type Option struct {
	text.Span
	Key      Word
	Value    Word
	HasValue bool
}

// Pair is one key=value of ENV, LABEL and ARG.
type Pair struct {
	text.Span
	Key      Word
	Value    Word
	HasValue bool // ARG name and a malformed ENV word have none
	Legacy   bool // ENV key value: a blank instead of the =, and the rest of the line is the value
}

// Array is a JSON array of strings.
type Array struct {
	text.Span
	// Elements have their quotes inside the span; their text is decoded.
	Elements []Word
	// Unfinished says that the line ends before the array does: it is still being typed. BuildKit reads it as shell form.
	Unfinished bool
	// OpenString says that the last element of an unfinished array lacks its closing quote.
	OpenString bool
	// NotString is the first element of a valid array that is no string, which BuildKit rejects; else nil.
	NotString *text.Span
}

// Heredoc is one here-document of an instruction.
type Heredoc struct {
	text.Span      // of the redirection: from its file descriptor or << to the end of the delimiter
	Name      Word // the delimiter; its text has no quotes
	FD        uint // file descriptor in front of the <<, 0 if none
	Expand    bool // the delimiter is not quoted, so variables in the body are expanded
	Chomp     bool // <<-: leading tabs are taken off
	// Body covers whole lines, from behind the instruction's line to the terminator.
	Body text.Span
	// Terminator is the line that ends the body without its line ending; empty behind the body if there is none.
	Terminator text.Span
	Terminated bool
}
