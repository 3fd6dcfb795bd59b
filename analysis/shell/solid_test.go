package shell

import (
	"strings"
	"testing"
)

// TestSolid underlines with ^ what of a script is solid; ? stands for one that cannot be read.
func TestSolid(t *testing.T) {
	for _, c := range []struct{ script, want string }{
		{`apk add  curl`, `^^^ ^^^  ^^^^`},
		{`a "b  c"d && e`, `^ ^^^^^^^    ^`},
		{`a b\  c`, `^ ^^^ ^`},
		{`x="$(curl  a | b)"  y`, `  ^^^^^^^  ^   ^^^  ^`},
		{`for i in a  b; do c; done`, `         ^  ^     ^       `},
		{`a ${x:-b  c} $((1 +  2))`, `^ ^^^^^^^^^^ ^^^^^^^^^^^`},
		{"a `b  c` <(d  e)", `^ ^^^^^^   ^  ^`},
		{`a && b # c  d`, `^    ^ ^^^^^^`},
		{`a#b  $(c)`, `^^^    ^`},
		{`case $x in a|b)  c;; esac`, `     ^^    ^ ^   ^`},
		{`a 'b`, `?`},
		{`a &&`, `?`},
		{`a $'b\'  c'`, `?`},
		{``, ``},
	} {
		got := "?"
		if spans, ok := Solid(c.script); ok {
			marks := []byte(strings.Repeat(" ", len(c.script)))
			for _, span := range spans {
				copy(marks[span.Start:span.End], strings.Repeat("^", span.Len()))
			}
			got = string(marks)
		}
		if strings.TrimRight(got, " ") != strings.TrimRight(c.want, " ") {
			t.Errorf("\n%s\n%s, and has to be\n%s", c.script, got, c.want)
		}
	}
}
