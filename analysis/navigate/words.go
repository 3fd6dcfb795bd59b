package navigate

import (
	"iter"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// expanded is a word in which BuildKit puts the values of variables; pair is the index of the pair of ARG or ENV that it
// belongs to.
type expanded struct {
	syntax.Word
	pair int
}

// expandedWords are the words of an instruction in which BuildKit expands variables, without the bodies of heredocs.
// Source: the Expand methods of BuildKit's instructions, dispatchExpose, dispatchArg, and buildMetaArgs for FROM.
func expandedWords(inst *dockerfile.Instruction) []expanded {
	var words []expanded
	add := func(list ...syntax.Word) {
		for _, w := range list {
			words = append(words, expanded{Word: w})
		}
	}
	switch inst.Name {
	case "ADD", "COPY":
		for _, arg := range inst.Args {
			if !syntax.OpensHeredoc(arg.Text) {
				add(arg)
			}
		}
		add(flagValues(inst, "checksum", "chmod", "chown")...)
	case "ARG", "ENV", "LABEL":
		for i, p := range inst.Pairs {
			if inst.Name != "ARG" {
				words = append(words, expanded{p.Key, i})
			}
			words = append(words, expanded{p.Value, i})
		}
	case "EXPOSE", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR":
		add(inst.Args...)
	case "FROM":
		if len(inst.Args) > 0 {
			add(inst.Args[0])
		}
		add(flagValues(inst, "platform")...)
	case "RUN":
		for _, flag := range inst.Flags {
			if flag.Name.Text != "mount" {
				continue
			}
			for _, o := range flag.Options {
				add(o.Value)
			}
		}
	}
	return words
}

func flagValues(inst *dockerfile.Instruction, names ...string) []syntax.Word {
	var values []syntax.Word
	for _, flag := range inst.Flags {
		for _, name := range names {
			if flag.Name.Text == name {
				values = append(values, flag.Value)
			}
		}
	}
	return values
}

// placeIn leads a part of a word's text back to the file; false if the file does not hold that part as it is, since an
// escape or a continuation stands inside it.
func placeIn(m *dockerfile.Model, inst *dockerfile.Instruction, word syntax.Word, part text.Span) (text.Span, bool) {
	wanted := part.Of(word.Text)
	if span := inst.Within(word, part); span.Of(m.Text) == wanted && (part.Len() < len(word.Text) || span == word.Span) {
		return span, true
	}
	// Quotes and escapes were taken off a flag, or quotes off an element of an array.
	written := word.Span.Of(m.Text)
	if strings.ContainsAny(written, "\r\n") {
		return text.Span{}, false
	}
	at, start, end := 0, -1, -1
	for i := range len(word.Text) {
		n := strings.IndexByte(written[at:], word.Text[i])
		if n < 0 {
			return text.Span{}, false
		}
		at += n + 1
		if i == part.Start {
			start = at - 1
		}
		if i == part.End-1 {
			end = at
		}
	}
	if start < 0 || end < 0 || written[start:end] != wanted {
		return text.Span{}, false
	}
	return text.Span{Start: word.Start + start, End: word.Start + end}, true
}

// wholeIn is placeIn for all of a word.
func wholeIn(m *dockerfile.Model, inst *dockerfile.Instruction, word syntax.Word) (text.Span, bool) {
	return placeIn(m, inst, word, text.Span{End: len(word.Text)})
}

// holds reports whether a name stands anywhere in an instruction or in the bodies of its heredocs.
func holds(inst *dockerfile.Instruction, name string) bool {
	if strings.Contains(inst.Line.Text, name) {
		return true
	}
	for _, h := range inst.Heredocs {
		if strings.Contains(inst.Body(h), name) {
			return true
		}
	}
	return false
}

// isName reports whether a text is a name of a variable to a shell.
func isName(s string) bool {
	for i := range len(s) {
		if !isNameByte(s[i]) || i == 0 && s[i] >= '0' && s[i] <= '9' {
			return false
		}
	}
	return s != ""
}

func isNameByte(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// mentions are the offsets at which a name stands in a text as a word of its own.
func mentions(source, name string) iter.Seq[int] {
	return func(yield func(int) bool) {
		for end := 0; ; {
			n := strings.Index(source[end:], name)
			if n < 0 {
				return
			}
			start := end + n
			end = start + len(name)
			own := (start == 0 || !isNameByte(source[start-1])) && (end == len(source) || !isNameByte(source[end]))
			if own && !yield(start) {
				return
			}
		}
	}
}
