package oracle

import (
	"dockerfile-ls/analysis/corpus"
	"math/rand"
	"strings"
	"testing"
)

func TestCount(t *testing.T) {
	n, m := 0, 0
	for _, f := range corpus.Dockerfiles(t) {
		if r := rejection(f.Text); r != "" {
			n++
			t.Log(f.Name, r)
		}
		if len(errors(f.Text)) > 0 {
			m++
			for _, e := range errors(f.Text) {
				t.Log("  OURS ", e.Rule.ID, e.Message, e.Span.Of(f.Text))
			}
		}
	}
	t.Log(n, m)
}
func TestCuts(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	bad := map[string]int{}
	ex := map[string]string{}
	total := 0
	for _, f := range corpus.Dockerfiles(t) {
		for i := 0; i < 20; i++ {
			at := r.Intn(len(f.Text) + 1)
			src := f.Text[:at]
			if i%2 == 1 {
				end := strings.IndexByte(f.Text[at:], '\n')
				if end < 0 {
					end = len(f.Text) - at
				}
				src += f.Text[at+end:]
			}
			total++
			if d := compare(src); d != "" {
				k := d
				if len(k) > 60 {
					k = k[:60]
				}
				bad[k]++
				ex[k] = src[max(0, at-200):min(len(src), at+50)] + "\n   => " + d
			}
		}
	}
	for k, v := range bad {
		t.Logf("%d %s\n--------\n%s\n", v, k, ex[k])
	}
	t.Log(total, len(bad))
}
