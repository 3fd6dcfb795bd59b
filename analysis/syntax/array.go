package syntax

import (
	"encoding/json"
	"strings"

	"dockerfile-ls/analysis/text"
)

// parseJSON reads line[at:end] as a JSON array. It returns true, and sets JSON and Args, where BuildKit takes the exec
// form, or rejects an array that holds something else than strings. An unfinished array is noted and returns false.
// Source: parseJSON of BuildKit's parser.
func (inst *Instruction) parseJSON(at, end int) bool {
	at += leadingSpace(inst.Line.Text[at:end])
	if at == end || inst.Line.Text[at] != '[' {
		return false
	}
	s := arrayScanner{line: &inst.Line, at: at, end: end}
	array := s.array()
	if array == nil {
		array = inst.mixedArray(at, end)
	}
	inst.JSON = array
	if array == nil || array.Unfinished {
		return false
	}
	inst.Args = array.Elements
	return true
}

type arrayScanner struct {
	line    *Line
	at, end int
}

// array reads strings and commas between brackets to the end of the line; nil if something else stands there.
func (s *arrayScanner) array() *Array {
	a := &Array{Span: s.line.Span(s.at, s.end)}
	s.at++
	for first := true; ; first = false {
		s.skipBlanks()
		if s.at == s.end {
			a.Unfinished = true
			return a
		}
		if first && s.closed() {
			return a
		}
		word, finished := s.element()
		if word == nil {
			return nil
		}
		a.Elements = append(a.Elements, *word)
		s.skipBlanks()
		switch {
		case !finished || s.at == s.end:
			a.Unfinished, a.OpenString = true, !finished
			return a
		case s.closed():
			return a
		case s.line.Text[s.at] != ',':
			return nil
		}
		s.at++
	}
}

// closed reports whether the array ends here and nothing stands behind it.
func (s *arrayScanner) closed() bool {
	if s.line.Text[s.at] != ']' {
		return false
	}
	for _, c := range []byte(s.line.Text[s.at+1 : s.end]) {
		if !isJSONBlank(c) {
			return false
		}
	}
	return true
}

func (s *arrayScanner) skipBlanks() {
	for s.at < s.end && isJSONBlank(s.line.Text[s.at]) {
		s.at++
	}
}

// element reads a JSON string; nil if there is none or it is malformed. It is not finished if the line ends first.
func (s *arrayScanner) element() (word *Word, finished bool) {
	line := s.line.Text
	if line[s.at] != '"' {
		return nil, false
	}
	start := s.at
	for s.at++; s.at < s.end && line[s.at] != '"'; s.at++ {
		if line[s.at] < ' ' {
			return nil, false
		}
		if line[s.at] == '\\' {
			s.at++
		}
	}
	if s.at >= s.end {
		s.at = s.end
		return &Word{s.line.Span(start, s.end), line[start+1 : s.end]}, false
	}
	s.at++
	decoded, ok := decodeString(line[start:s.at])
	if !ok {
		return nil, false
	}
	return &Word{s.line.Span(start, s.at), decoded}, true
}

func decodeString(quoted string) (string, bool) {
	plain := quoted[1 : len(quoted)-1]
	if strings.IndexByte(plain, '\\') < 0 && isASCII(plain) {
		return plain, true
	}
	var decoded string
	err := json.Unmarshal([]byte(quoted), &decoded)
	return decoded, err == nil
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func isJSONBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// mixedArray reads a valid array with something else than strings in it; nil if line[at:end] is no valid array.
func (inst *Instruction) mixedArray(at, end int) *Array {
	source := inst.Line.Text[at:end]
	var values []json.RawMessage
	if json.Unmarshal([]byte(source), &values) != nil || json.Unmarshal([]byte(source), new([]any)) != nil {
		return nil // BuildKit decodes into any, which holds no number as large as 1e999
	}
	a := &Array{Span: inst.Line.Span(at, end)}
	offset := 1
	for _, value := range values {
		offset += strings.Index(source[offset:], string(value))
		span := inst.Line.Span(at+offset, at+offset+len(value))
		offset += len(value)
		var decoded *string
		if json.Unmarshal(value, &decoded) != nil || decoded == nil {
			if a.NotString == nil {
				a.NotString = &text.Span{Start: span.Start, End: span.End}
			}
			continue
		}
		a.Elements = append(a.Elements, Word{span, *decoded})
	}
	return a
}
