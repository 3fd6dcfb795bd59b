package lint

import (
	"iter"
	"strings"

	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// part is the range from start to end of a word that stands in the source as it is.
func part(w syntax.Word, start, end int) syntax.Word {
	return syntax.Word{Span: text.Span{Start: w.Start + start, End: w.Start + end}, Text: w.Text[start:end]}
}

// textBehind is what stands in a span behind a prefix, without blanks around it.
func textBehind(src string, s text.Span, prefix string) syntax.Word {
	return trim(syntax.Word{
		Span: text.Span{Start: s.Start + len(prefix), End: s.End}, Text: src[s.Start+len(prefix) : s.End],
	})
}

func trim(w syntax.Word) syntax.Word {
	start := len(w.Text) - len(strings.TrimLeft(w.Text, " \t"))
	return part(w, start, max(start, len(strings.TrimRight(w.Text, " \t"))))
}

// cutWord takes a leading word off, and the blanks behind it.
func cutWord(w syntax.Word, word string) (rest syntax.Word, ok bool) {
	rest = part(w, min(len(word), len(w.Text)), len(w.Text))
	if !strings.HasPrefix(w.Text, word) || rest.Text != "" && rest.Text[0] != ' ' && rest.Text[0] != '\t' {
		return w, false
	}
	return trim(rest), true
}

// cutKey takes a leading "key=" off, with blanks around the =.
func cutKey(w syntax.Word, key string) (value syntax.Word, ok bool) {
	equals := strings.IndexByte(w.Text, '=')
	if equals < 0 || strings.TrimRight(w.Text[:equals], " \t") != key {
		return w, false
	}
	return trim(part(w, equals+1, len(w.Text))), true
}

// split yields the parts of a word between separators.
func split(w syntax.Word, separator byte) iter.Seq[syntax.Word] {
	return func(yield func(syntax.Word) bool) {
		start := 0
		for i := 0; i <= len(w.Text); i++ {
			if i < len(w.Text) && w.Text[i] != separator {
				continue
			}
			if !yield(part(w, start, i)) {
				return
			}
			start = i + 1
		}
	}
}
