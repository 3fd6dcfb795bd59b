package syntax

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dockerfile-ls/analysis/text"
)

// Names lists the keywords of BuildKit 0.34.2 in upper case, sorted.
var Names = [...]string{
	"ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER",
	"ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
}

// Known reports whether a keyword, in any casing, is an instruction of BuildKit.
func Known(keyword string) bool {
	return slices.Contains(Names[:], upper(keyword))
}

// parse reads keyword, flags and arguments from the logical line, from a byte offset of its text on.
// Source: newNodeFromLine and splitCommand of BuildKit's parser.
func (inst *Instruction) parse(from int, escape byte) {
	line := inst.Line.Text
	from += leadingSpace(line[from:])
	end := from + len(line[from:]) - trailingSpace(line[from:])
	keyword := firstWord(line[from:end])
	inst.Keyword = inst.Line.word(from, from+len(keyword))
	inst.Name = upper(keyword)
	at := from + len(keyword)
	for at < end && isSeparator(line[at]) {
		at++
	}
	at = inst.parseFlags(at, end, escape)
	at += leadingSpace(line[at:end])
	end -= trailingSpace(line[at:end])
	inst.Rest = inst.Line.word(at, end)
	inst.parseArgs(at, end, escape)
}

// upper is a keyword in upper case as far as BuildKit folds it, which compares in lower case: `ſ` is no S, though its
// upper case is.
func upper(keyword string) string {
	for _, name := range Names {
		if name == keyword {
			return name // no allocation for what nearly every file has
		}
	}
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, strings.ToLower(keyword))
}

// parseArgs splits line[at:end] as the instruction demands. Source: the dispatch table of BuildKit's parser.
func (inst *Instruction) parseArgs(at, end int, escape byte) {
	if at == end {
		return
	}
	switch inst.Name {
	case "ADD", "COPY", "VOLUME":
		if !inst.parseJSON(at, end) {
			inst.splitArgs(at, end)
		}
	case "CMD", "ENTRYPOINT", "RUN", "SHELL":
		if !inst.parseJSON(at, end) {
			inst.Args = []Word{inst.Rest}
		}
	case "MAINTAINER", "STOPSIGNAL", "USER", "WORKDIR":
		inst.Args = []Word{inst.Rest}
	case "ENV", "LABEL":
		inst.parsePairs(at, end, escape)
	case "ARG":
		inst.addPairs(inst.quotedWords(at, end, escape))
	case "HEALTHCHECK":
		inst.parseHealthcheck(at, end)
	case "ONBUILD":
		inst.parseInner(at, escape)
	default:
		inst.splitArgs(at, end)
	}
}

// splitArgs splits at white space, without regard to quotes.
func (inst *Instruction) splitArgs(at, end int) {
	line := inst.Line.Text
	for at < end {
		word := firstWord(line[at:end])
		inst.Args = append(inst.Args, inst.Line.word(at, at+len(word)))
		at += len(word)
		for at < end && isSeparator(line[at]) {
			at++
		}
	}
}

// parseInner reads the instruction behind ONBUILD. BuildKit rejects a chained ONBUILD, so its own is not read.
func (inst *Instruction) parseInner(at int, escape byte) {
	inner := &Instruction{Line: inst.Line}
	inner.Span = text.Span{Start: inst.Line.Source(at), End: inst.End}
	if strings.EqualFold(firstWord(inst.Line.Text[at:]), "ONBUILD") {
		inner.Keyword = inst.Line.word(at, at+len("ONBUILD"))
		inner.Name = "ONBUILD"
		inst.Inner = inner
		return
	}
	inner.parse(at, escape)
	inst.Inner = inner
}

// parseHealthcheck splits the type from the command, at bytes that BuildKit takes for white space.
func (inst *Instruction) parseHealthcheck(at, end int) {
	line := inst.Line.Text
	stop := at
	for stop < end && !isSpaceByte(line[stop]) {
		stop++
	}
	if stop == at {
		return
	}
	kind := inst.Line.word(at, stop)
	for stop < end && isSpaceByte(line[stop]) {
		stop++
	}
	if stop == end {
		inst.Args = []Word{kind}
		return
	}
	if inst.parseJSON(stop, end) {
		inst.Args = append([]Word{kind}, inst.Args...)
		return
	}
	inst.Args = []Word{kind, inst.Line.word(stop, end)}
}

// isSpaceByte reports whether a byte, taken for a rune as some loops of BuildKit do, is white space.
func isSpaceByte(c byte) bool { return unicode.IsSpace(rune(c)) }

// parsePairs reads ENV and LABEL: key=value pairs, or one key and value with a blank between them if the first word
// has no =. Source: parseNameVal of BuildKit's parser.
func (inst *Instruction) parsePairs(at, end int, escape byte) {
	words := inst.quotedWords(at, end, escape)
	if len(words) == 0 {
		return
	}
	line := inst.Line.Text
	if first := words[0]; strings.Contains(line[first.Start:first.End], "=") {
		inst.addPairs(words)
		return
	}
	key := firstWord(line[at:end])
	value := at + len(key)
	for value < end && isSeparator(line[value]) {
		value++
	}
	p := Pair{Span: inst.Line.Span(at, end), Key: inst.Line.word(at, at+len(key)), Legacy: true}
	p.Value.Span = text.Span{Start: p.Key.End, End: p.Key.End}
	inst.Args = []Word{p.Key}
	if value < end {
		p.Value, p.HasValue = inst.Line.word(value, end), true
		inst.Args = append(inst.Args, p.Value)
	}
	inst.Pairs = []Pair{p}
}

// addPairs takes ranges of the logical line as arguments and splits them at their first =.
func (inst *Instruction) addPairs(words []text.Span) {
	inst.Args = make([]Word, 0, len(words))
	inst.Pairs = make([]Pair, 0, len(words))
	for _, w := range words {
		word := inst.Line.word(w.Start, w.End)
		inst.Args = append(inst.Args, word)
		key, value, ok := strings.Cut(word.Text, "=")
		p := Pair{Span: word.Span, Key: word, HasValue: ok}
		p.Value.Span = text.Span{Start: word.End, End: word.End}
		if ok {
			equals := w.Start + len(key)
			p.Key = Word{inst.Line.Span(w.Start, equals), key}
			p.Value = Word{inst.Line.Span(equals+1, w.End), value}
		}
		inst.Pairs = append(inst.Pairs, p)
	}
}

// quotedWords returns the ranges of the logical line between white space outside quotes. Quotes and escapes stay; an
// escape character at the very end is dropped. Source: parseWords of BuildKit's parser.
func (inst *Instruction) quotedWords(at, end int, escape byte) []text.Span {
	var words []text.Span
	s := inst.Line.Text[:end]
	for {
		at += leadingSpace(s[at:])
		if at == end {
			return words
		}
		stop, dangling := wordEnd(s, at, escape)
		if stop-dangling > at {
			words = append(words, text.Span{Start: at, End: stop - dangling})
		}
		at = stop
	}
}

// wordEnd finds the end of the word that begins at at; dangling is 1 if an escape character at the end of s belongs to it.
func wordEnd(s string, at int, escape byte) (stop, dangling int) {
	var quote byte
	for at < len(s) {
		c := s[at]
		switch {
		case c == escape && quote != '\'':
			if at+1 == len(s) {
				return len(s), 1
			}
			_, width := utf8.DecodeRuneInString(s[at+1:])
			at += 1 + width
			continue
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case leadingSpace(s[at:]) > 0:
			return at, 0
		}
		at++
	}
	return at, 0
}
