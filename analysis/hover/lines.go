package hover

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"dockerfile-ls/analysis/text"
)

// maxLines is how many lines are named.
const maxLines = 8

// lines names the lines in which spans begin, in order, each once: "line 3", "lines 3, 4 and 9".
func lines(source string, spans []text.Span) string {
	spans = slices.Clone(spans)
	slices.SortFunc(spans, func(a, b text.Span) int { return cmp.Compare(a.Start, b.Start) })
	var numbers []string
	number, at := 1, 0
	for _, span := range spans {
		number += strings.Count(source[at:span.Start], "\n")
		at = span.Start
		if name := strconv.Itoa(number); len(numbers) == 0 || numbers[len(numbers)-1] != name {
			numbers = append(numbers, name)
		}
	}
	switch last := len(numbers) - 1; {
	case last < 0:
		return ""
	case last == 0:
		return "line " + numbers[0]
	case len(numbers) > maxLines:
		return "lines " + strings.Join(numbers[:maxLines], ", ") + " and " + strconv.Itoa(len(numbers)-maxLines) + " more"
	default:
		return "lines " + strings.Join(numbers[:last], ", ") + " and " + numbers[last]
	}
}

// line names the line in which a span begins.
func line(source string, span text.Span) string { return lines(source, []text.Span{span}) }

// count is a number with the word for what is counted.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
