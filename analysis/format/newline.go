package format

import (
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/text"
)

// NewLine is the edit of the blanks in front of a line that was begun at an offset, behind a continuation: the line gets the
// indentation of the line above, or that of the options in the second line of an instruction. It is false where nothing is
// continued, or where blanks mean something: in heredocs and quotes.
func NewLine(m *dockerfile.Model, offset int, o Options) (text.Edit, bool) {
	f := &formatter{Model: m, o: o, src: m.Text}
	if f.o.Tabs {
		f.o.Indent = f.o.TabWidth
	}
	start := strings.LastIndexByte(f.src[:offset], '\n') + 1
	inst := f.at(start - 1)
	if inst == nil || len(inst.Heredocs) > 0 && start > inst.Heredocs[0].Body.Start {
		return text.Edit{}, false
	}
	joined, above, ok := f.above(inst, start)
	if !ok || inQuotes(joined) {
		return text.Edit{}, false
	}
	indent := f.src[above.Start : above.Start+lead(above.Of(f.src))]
	if above.Start == inst.Extent.Start {
		indent = f.blanks(max(f.o.Indent, 1))
	}
	f.edit(start, start+lead(lineAt(f.src, start).Of(f.src)), indent)
	if len(f.edits) == 0 {
		return text.Edit{}, false
	}
	return f.edits[0], true
}

// at is the instruction that an offset lies in.
func (f *formatter) at(offset int) *dockerfile.Instruction {
	for _, inst := range f.Instructions {
		if inst.Extent.Start <= offset && offset < inst.Extent.End {
			return inst
		}
	}
	return nil
}

// above is the line of an instruction in front of an offset, if it is continued there, with what is written so far.
func (f *formatter) above(inst *dockerfile.Instruction, offset int) (joined string, above line, continued bool) {
	var all strings.Builder
	for at := inst.Extent.Start; at < offset; at = above.next {
		above = lineAt(f.src, at)
		content := strings.TrimRight(above.Of(f.src), " \t")
		if at > inst.Extent.Start && isComment(content) {
			continue
		}
		written, ok := strings.CutSuffix(content, string(rune(f.Escape)))
		if continued = ok && !strings.HasSuffix(written, string(rune(f.Escape))); !continued {
			return "", above, false
		}
		all.WriteString(written)
	}
	return all.String(), above, continued
}

// inQuotes reports whether a text, as far as it is written, ends inside quotes.
func inQuotes(s string) bool {
	var quote byte
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && quote != '\'':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		}
	}
	return quote != 0
}
