package shell

import (
	"strings"

	sh "mvdan.cc/sh/v3/syntax"
)

// Values are the values of some words, those that are not literal too.
func Values(words []Word) []string {
	var values []string
	for _, w := range words {
		values = append(values, w.Value)
	}
	return values
}

// word reads a word of the parser. The commands of its substitutions and its variables are noted in the script.
func (w *walker) word(x *sh.Word, in Context) Word {
	start, end := w.bounds(x)
	word := w.wordAt(start, end)
	if plain, ok := plainLetters(x); ok {
		word.Value, word.Literal = plain, true
		return word
	}
	d := decoder{w: w, in: in, literal: true}
	d.unquoted(x.Parts)
	d.finish(&word, false)
	return word
}

// plainLetters is the value of a word in which no character means something to a shell: nearly every word.
func plainLetters(x *sh.Word) (string, bool) {
	if len(x.Parts) != 1 {
		return "", false
	}
	lit, ok := x.Parts[0].(*sh.Lit)
	if !ok || strings.ContainsAny(lit.Value, `\*?[{~`) {
		return "", false
	}
	return lit.Value, true
}

// wordAt is the word of a range, without what it means.
func (w *walker) wordAt(start, end int) Word {
	word := Word{
		Span:    w.src.span(start, end),
		Text:    w.src.text[start:end],
		Decoded: w.src.decoded(start, end),
	}
	if equals := strings.IndexByte(word.Text, '='); equals >= 0 {
		word.tail = w.src.span(start+equals+1, end)
	}
	return word
}

func offset(p sh.Pos) int { return int(p.Offset()) }

// bounds is the range of a node in the text of the script.
func (w *walker) bounds(node sh.Node) (start, end int) {
	return w.trim(offset(node.Pos()), offset(node.End()))
}

// trim takes continuations off both ends of a range, and carriage returns off the end of a line: to the parser a word may
// run on over them, or end inside them.
func (w *walker) trim(start, end int) (int, int) {
	s := w.src.text
	for n := escapedNewline(s[start:end]); n > 0; n = escapedNewline(s[start:end]) {
		start += n
	}
	for start < end {
		switch {
		case s[end-1] == '\r' && strings.HasPrefix(s[end:], "\n"):
			end--
		case escapedNewline(s[end-1:]) > 0 && isContinuation(s[start:end]):
			end--
		case s[end-1] == '\n' && isContinuation(strings.TrimSuffix(s[start:end-1], "\r")):
			end--
		default:
			return start, end
		}
	}
	return start, end
}

// isContinuation reports whether the last backslash of text in front of a newline is not escaped itself.
func isContinuation(s string) bool {
	return (len(s)-len(strings.TrimRight(s, `\`)))%2 == 1
}

// decoder takes the quotes off a word, and notes what is not known of its value.
type decoder struct {
	w         *walker
	in        Context
	from      int // where the value begins, if the parser does not know it
	literal   bool
	value     strings.Builder
	parts     []Part
	variables []Variable
	// bare holds the characters outside quotes, and a NUL for each thing between them; patterns are looked for in it.
	bare strings.Builder
	// letters are the indices of the parts outside quotes.
	letters []int
}

func (d *decoder) unquoted(parts []sh.WordPart) {
	for _, part := range parts {
		if lit, ok := part.(*sh.Lit); ok {
			d.letters = append(d.letters, len(d.parts))
			d.plain(lit, d.unescaped(lit.Value))
			continue
		}
		d.bare.WriteByte(0)
		switch part := part.(type) {
		case *sh.SglQuoted:
			d.singleQuoted(part)
		case *sh.DblQuoted:
			d.doubleQuoted(part)
		default:
			d.expansion(part)
		}
	}
}

// unescaped reads letters outside quotes, where a backslash makes the next one plain. The parser has taken continuations
// out, but for those behind an escaped backslash.
func (d *decoder) unescaped(letters string) string {
	var value strings.Builder
	for ; letters != ""; letters = letters[1:] {
		if strings.HasPrefix(letters, "\\\n") {
			letters = letters[1:]
			continue
		}
		if letters[0] == '\\' && len(letters) > 1 {
			letters = letters[1:]
			d.bare.WriteByte(0)
		} else {
			d.bare.WriteByte(letters[0])
		}
		value.WriteByte(letters[0])
	}
	return value.String()
}

func (d *decoder) singleQuoted(q *sh.SglQuoted) {
	if q.Dollar {
		d.computed(Computed, q) // dash takes the $ for a letter, and the escapes too
		return
	}
	d.value.WriteString(q.Value)
	d.parts = append(d.parts, Part{d.w.src.span(offset(q.Left)+1, offset(q.Right)), Plain, q.Value})
}

func (d *decoder) doubleQuoted(q *sh.DblQuoted) {
	if q.Dollar {
		d.computed(Computed, q)
		d.reads(q.Parts)
		return
	}
	for _, part := range q.Parts {
		if lit, ok := part.(*sh.Lit); ok {
			d.plain(lit, unescape(lit.Value, "$`\"\\"))
		} else {
			d.expansion(part)
		}
	}
}

// unescape takes the backslash off each of the characters, and continuations out.
func unescape(s, characters string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var out strings.Builder
	for ; s != ""; s = s[1:] {
		if strings.HasPrefix(s, "\\\n") {
			s = s[1:]
			continue
		}
		if s[0] == '\\' && len(s) > 1 && strings.IndexByte(characters, s[1]) >= 0 {
			s = s[1:]
		}
		out.WriteByte(s[0])
	}
	return out.String()
}

func (d *decoder) plain(lit *sh.Lit, value string) {
	start, end := d.w.trim(max(offset(lit.Pos()), d.from), offset(lit.End()))
	d.value.WriteString(value)
	d.parts = append(d.parts, Part{d.w.src.span(start, end), Plain, value})
}

// computed notes a part whose value is not known.
func (d *decoder) computed(kind PartKind, node sh.Node) {
	d.literal = false
	start, end := d.w.bounds(node)
	d.parts = append(d.parts, Part{d.w.src.span(start, end), kind, d.w.src.text[start:end]})
}

func (d *decoder) expansion(part sh.WordPart) {
	switch part := part.(type) {
	case *sh.ParamExp:
		d.computed(Reference, part)
		d.parts[len(d.parts)-1].Value = part.Param.Value
	case *sh.ExtGlob:
		d.computed(Pattern, part)
		d.value.WriteString(d.parts[len(d.parts)-1].Value)
	default:
		d.computed(Computed, part)
	}
	d.read(part)
}

// finish fills in what a word means. In the value of an assignment a pattern means itself; a tilde does not.
func (d *decoder) finish(word *Word, assigned bool) {
	bare := d.bare.String()
	if hasTilde(bare) || !assigned && (hasGlob(bare) || hasBraces(bare)) {
		d.literal = false
		for _, i := range d.letters {
			d.parts[i].Kind = Pattern
		}
	}
	word.Value = d.value.String()
	word.Variables = d.variables
	// Carriage returns in front of a newline, which the parser takes off, are left to the program.
	word.Literal = d.literal && strings.IndexByte(word.Text, '\r') < 0
	if !word.Literal {
		word.Parts = d.parts
	}
}

// hasTilde reports whether a tilde may be expanded: Bash does so behind the = of any word.
func hasTilde(bare string) bool {
	for i := range len(bare) {
		if bare[i] == '~' && (i == 0 || bare[i-1] == '=' || bare[i-1] == ':') {
			return true
		}
	}
	return false
}

func hasGlob(bare string) bool {
	open := strings.IndexByte(bare, '[')
	return strings.ContainsAny(bare, "*?") || open >= 0 && strings.IndexByte(bare[open:], ']') > 0
}

// hasBraces reports whether Bash expands a list or a range in braces; other shells take it for letters.
func hasBraces(bare string) bool {
	open := strings.IndexByte(bare, '{')
	if open < 0 {
		return false
	}
	inside := bare[open:]
	end := strings.LastIndexByte(inside, '}')
	return end > 0 && (strings.IndexByte(inside[:end], ',') > 0 || strings.Contains(inside[:end], ".."))
}
