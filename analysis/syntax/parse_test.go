package syntax

import (
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/text"
)

// checkLaws returns what is wrong with the tree of a text; empty if nothing is. The laws:
// spans lie inside, ascend, and hold what their words say; nothing but white space belongs to no node; and the two
// readings are one where nothing is recovered.
func checkLaws(src string) string {
	f := Parse(src)
	c := &lawChecker{f: f, covered: make([]bool, len(src))}
	for _, d := range f.Directives {
		c.inside("directive", d.Span, text.Span{End: len(src)})
		c.verbatim("directive name", d.Name)
		c.verbatim("directive value", d.Value)
		c.cover(d.Span)
	}
	for _, comment := range f.Comments {
		c.inside("comment", comment.Span, text.Span{End: len(src)})
		c.cover(comment.Span)
	}
	end := 0
	for _, inst := range f.Instructions {
		c.inside("extent", inst.Extent, text.Span{Start: end, End: len(src)})
		end = inst.Extent.End
		c.inside("instruction", inst.Span, inst.Extent)
		c.instruction(inst)
		c.cover(inst.Span)
	}
	c.nothingLost()
	if !f.recovered() {
		same := cmp.Equal(f, ParseAsBuildKit(src), cmpopts.EquateEmpty(), cmp.AllowUnexported(Line{}, segment{}))
		c.law(same, "the two readings differ though nothing is recovered")
	}
	return c.broken
}

func (f *File) recovered() bool {
	for _, inst := range f.Instructions {
		if inst.Recovered {
			return true
		}
	}
	return false
}

type lawChecker struct {
	f       *File
	covered []bool
	broken  string
}

func (c *lawChecker) law(holds bool, message string) {
	if !holds && c.broken == "" {
		c.broken = message
	}
}

func (c *lawChecker) inside(what string, s, outer text.Span) {
	c.law(s.Start <= s.End && outer.Contains(s), what+" lies outside")
}

func (c *lawChecker) cover(s text.Span) {
	if c.broken != "" {
		return
	}
	for i := s.Start; i < s.End; i++ {
		c.covered[i] = true
	}
}

func (c *lawChecker) nothingLost() {
	if c.broken != "" {
		return
	}
	src := strings.TrimPrefix(c.f.Text, bom)
	lead := len(c.f.Text) - len(src)
	for i, r := range src {
		c.law(c.covered[lead+i] || unicode.IsSpace(r), "a byte belongs to nothing: "+src[i:])
	}
}

// verbatim holds that a word is what its source says, but for continuations inside.
func (c *lawChecker) verbatim(what string, w Word) {
	c.inside(what, w.Span, text.Span{End: len(c.f.Text)})
	if c.broken != "" || w.Len() == len(w.Text) && w.Of(c.f.Text) == w.Text {
		return
	}
	c.law(strings.ContainsRune(w.Of(c.f.Text), '\n') && w.Len() > len(w.Text), what+" is not what its source says: "+w.Text)
}

func (c *lawChecker) instruction(inst *Instruction) {
	c.verbatim("keyword", inst.Keyword)
	c.verbatim("rest", inst.Rest)
	for i := 0; i <= len(inst.Line.Text); i++ {
		at := inst.Line.Source(i)
		c.law(at >= 0 && at <= len(c.f.Text), "the line leads outside")
		if i < len(inst.Line.Text) && c.broken == "" {
			c.law(c.f.Text[at] == inst.Line.Text[i], "the line leads to another byte")
			c.law(inst.Line.offset(at) == i, "the line does not lead back")
		}
	}
	at := inst.Keyword.End
	for _, flag := range inst.Flags {
		c.inside("flag", flag.Span, text.Span{Start: at, End: inst.End})
		c.inside("flag name", flag.Name.Span, flag.Span)
		c.inside("flag value", flag.Value.Span, flag.Span)
		for _, o := range flag.Options {
			c.inside("option", o.Span, flag.Span)
			c.inside("option key", o.Key.Span, flag.Span)
			c.inside("option value", o.Value.Span, flag.Span)
		}
		at = flag.End
	}
	for _, arg := range inst.Args {
		c.inside("argument", arg.Span, text.Span{Start: at, End: inst.End})
		if inst.JSON == nil {
			c.verbatim("argument", arg)
		}
		at = arg.End
	}
	for _, p := range inst.Pairs {
		c.inside("key", p.Key.Span, p.Span)
		c.inside("value", p.Value.Span, p.Span)
		c.verbatim("key", p.Key)
		c.verbatim("value", p.Value)
	}
	for _, h := range inst.Heredocs {
		c.inside("heredoc", h.Span, inst.Span)
		c.inside("delimiter", h.Name.Span, h.Span)
		c.inside("body", h.Body, inst.Extent)
		c.law(h.Terminated == !h.Terminator.Empty(), "a terminator is empty")
		c.law(h.Body.End <= h.Terminator.Start, "a terminator stands in the body")
	}
	for _, blank := range inst.BlankLines {
		c.law(strings.TrimSpace(blank.Of(c.f.Text)) == "", "a blank line is not blank")
	}
	if inst.Inner != nil {
		c.inside("inner instruction", inst.Inner.Span, inst.Span)
		c.instruction(inst.Inner)
	}
}

func TestLawsOnCorpus(t *testing.T) {
	for _, file := range corpus.Dockerfiles(t) {
		for name, src := range variants(file.Text) {
			if broken := checkLaws(src); broken != "" {
				t.Errorf("%s (%s): %s", file.Name, name, broken)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if broken := checkLaws(src); broken != "" {
			t.Errorf("%q: %s", src, broken)
		}
	})
}

func TestSeedsHoldTheLaws(t *testing.T) {
	for _, src := range seeds {
		for end := range len(src) + 1 {
			if broken := checkLaws(src[:end]); broken != "" {
				t.Errorf("%q: %s", src[:end], broken)
			}
		}
	}
}
