package codeactions

import (
	"strings"
	"testing"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/lint"
)

func safe(_ lint.Finding, fix lint.Fix) bool { return fix.Safe }

func all(lint.Finding, lint.Fix) bool { return true }

// TestFixAll holds that what one round reveals is fixed in the next, and that of fixes which meet one waits.
func TestFixAll(t *testing.T) {
	const before = "FROM python:3.12-slim\nENV A=“x” B=“y”\nUSER 1000\nCMD python app.py\n"
	const want = "FROM python:3.12-slim\nENV A=\"x\" B=\"y\"\nUSER 1000\nCMD [\"python\", \"app.py\"]\n"
	after, mended := FixAll(analysis.New(before, lint.Facts{}, nil), safe)
	if after.Text() != want {
		t.Errorf("became\n%s", after.Text())
	}
	if len(mended) == 0 {
		t.Error("nothing is said to be mended")
	}
	if untouched, mended := FixAll(after, safe); untouched != after || len(mended) > 0 {
		t.Errorf("fixed again: %v", mended)
	}
}

// TestFixAllOnCorpus fixes every file of the corpus, safely and with all risks, and holds that a second time changes
// nothing, that BuildKit rejects no more than before, and that what was mended is gone.
func TestFixAllOnCorpus(t *testing.T) {
	fixed := map[string]int{}
	for _, file := range corpus.Dockerfiles(t) {
		for spelling, source := range map[string]string{
			"LF": file.Text, "CRLF": strings.ReplaceAll(file.Text, "\n", "\r\n"),
		} {
			for risk, wanted := range map[string]func(lint.Finding, lint.Fix) bool{"safe": safe, "all": all} {
				before := analysis.New(source, lint.Facts{}, nil)
				after, mended := FixAll(before, wanted)
				fixed[risk] += len(mended)
				if again, more := FixAll(after, wanted); again.Text() != after.Text() {
					t.Errorf("%s (%s, %s): fixed again: %v\n%s", file.Name, spelling, risk, more, again.Text())
				}
				if rejections(after) > rejections(before) {
					t.Errorf("%s (%s, %s): BuildKit rejects the result", file.Name, spelling, risk)
				}
				if edits, _ := chooseFixes(after, wanted); len(edits) > 0 {
					t.Errorf("%s (%s, %s): something is left", file.Name, spelling, risk)
				}
				if spelling == "CRLF" && strings.Count(after.Text(), "\n") != strings.Count(after.Text(), "\r\n") {
					t.Errorf("%s (%s): a line ends without \\r", file.Name, risk)
				}
			}
		}
	}
	t.Logf("mended: %v", fixed)
	if fixed["safe"] == 0 || fixed["all"] <= fixed["safe"] {
		t.Error("the fixes are not exercised")
	}
}
