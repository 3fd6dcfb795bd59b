package syntax

import (
	"strings"

	"dockerfile-ls/analysis/text"
)

// parseFlags reads the flags at the start of line[at:end] and returns the offset behind them. A word "--" ends them.
// BuildKit reads flags byte by byte and takes bytes for runes; here they keep their bytes, but are split where it splits.
// Source: extractBuilderFlags of BuildKit's parser.
func (inst *Instruction) parseFlags(at, end int, escape byte) int {
	line := inst.Line.Text
	for {
		for at < end && isSpaceByte(line[at]) {
			at++
		}
		if !strings.HasPrefix(line[at:end], "--") {
			return at
		}
		w := scanFlag(line, at, end, escape)
		at = w.end
		if w.text == "--" {
			return at
		}
		inst.Flags = append(inst.Flags, inst.flag(w))
	}
}

// flagWord is a word of the logical line with quotes and escapes taken off.
type flagWord struct {
	text       string
	start, end int
	// origin holds for each byte of text its offset in the line; nil where it is start plus the index.
	origin []int
}

func (w *flagWord) at(i int) int {
	if w.origin == nil {
		return w.start + i
	}
	if i == len(w.origin) {
		return w.end
	}
	return w.origin[i]
}

func scanFlag(line string, at, end int, escape byte) flagWord {
	w := flagWord{start: at}
	for w.end = at; w.end < end && !isSpaceByte(line[w.end]); w.end++ {
		if c := line[w.end]; c == '\'' || c == '"' || c == escape {
			return scanQuotedFlag(line, at, end, escape)
		}
	}
	w.text = line[at:w.end]
	return w
}

func scanQuotedFlag(line string, at, end int, escape byte) flagWord {
	w := flagWord{start: at, origin: make([]int, 0, end-at)}
	var quote byte
	var out strings.Builder
	for ; at < end; at++ {
		c := line[at]
		switch {
		case quote == 0 && isSpaceByte(c):
			w.text, w.end = out.String(), at
			return w
		case quote == 0 && (c == '\'' || c == '"'):
			quote = c
			continue
		case quote != 0 && c == quote:
			quote = 0
			continue
		case c == escape:
			if at+1 == end {
				continue
			}
			at++
		}
		out.WriteByte(line[at])
		w.origin = append(w.origin, at)
	}
	w.text, w.end = out.String(), end
	return w
}

func (inst *Instruction) flag(w flagWord) Flag {
	f := Flag{Span: inst.Line.Span(w.start, w.end)}
	name, value, ok := strings.Cut(w.text, "=")
	f.Name = inst.part(&w, min(2, len(name)), len(name))
	f.HasValue = ok
	if !ok {
		f.Value.Span = text.Span{Start: f.End, End: f.End}
		return f
	}
	f.Value = inst.part(&w, len(name)+1, len(w.text))
	f.Value.Start = inst.Line.Source(min(w.at(len(name))+1, w.end-1)) // its quotes belong to it
	if w.at(len(name))+1 == w.end {
		f.Value.Start = f.End
	}
	f.Value.End = f.End
	if f.Name.Text == "mount" || f.Name.Text == "device" {
		f.Options = inst.options(&w, len(name)+1, value)
	}
	return f
}

// part is the word of text[from:to] of a flag.
func (inst *Instruction) part(w *flagWord, from, to int) Word {
	if from == to {
		// What stands behind the flag in the line may stand on the next one in the source.
		at := min(inst.Line.Source(w.at(from)), inst.Line.Span(w.start, w.end).End)
		return Word{Span: text.Span{Start: at, End: at}}
	}
	return Word{Span: inst.Line.Span(w.at(from), w.at(to-1)+1), Text: w.text[from:to]}
}

// options splits the value of a flag, which begins at an offset of its text, at commas outside quotes. A field in double
// quotes has them taken off, as CSV does. Source: csvvalue.Fields and parseMount of BuildKit's instructions.
func (inst *Instruction) options(w *flagWord, at int, value string) []Option {
	options := make([]Option, 0, 1+strings.Count(value, ","))
	for {
		field, rest, more := cutField(value)
		from, to := at, at+len(field)
		if len(field) >= 2 && field[0] == '"' && field[len(field)-1] == '"' {
			from, to = from+1, to-1
		}
		options = append(options, inst.option(w, from, to))
		if !more {
			return options
		}
		at += len(field) + 1
		value = rest
	}
}

func cutField(value string) (field, rest string, more bool) {
	quoted := strings.HasPrefix(value, `"`)
	for i := range len(value) {
		if i > 0 && value[i] == '"' {
			quoted = !quoted && value[0] == '"'
		}
		if value[i] == ',' && !quoted {
			return value[:i], value[i+1:], true
		}
	}
	return value, "", false
}

func (inst *Instruction) option(w *flagWord, from, to int) Option {
	o := Option{Span: inst.part(w, from, to).Span}
	key, _, ok := strings.Cut(w.text[from:to], "=")
	o.Key = inst.part(w, from, from+len(key))
	o.HasValue = ok
	o.Value.Span = text.Span{Start: o.End, End: o.End}
	if ok {
		o.Value = inst.part(w, from+len(key)+1, to)
	}
	return o
}
