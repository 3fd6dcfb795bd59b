package format_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/format"
	"dockerfile-ls/analysis/golden"
)

// everyNth is which files of the corpus the laws are held against in all variants and cut off; all are held as they are.
var everyNth = flag.Int("every", 40, "hold the laws against variants of every nth file of the corpus")

// everyOption sets all options to what nobody has by default.
func everyOption() []format.Options {
	tabs := format.Options{Tabs: true, TabWidth: 8, Case: format.Lower, BlankLines: 2, Arrays: true, Flags: true}
	narrow := format.Options{
		Indent: 1, TabWidth: 4, Case: format.Keep, KeepTrailing: true, NoFinalNewline: true, LineEnding: "\r\n", Flags: true,
	}
	return []format.Options{format.Default(), tabs, narrow}
}

// variants are a file with other line endings, indentation and escape character.
func variants(source string) map[string]string {
	all := map[string]string{"": source}
	all["CRLF"] = strings.ReplaceAll(source, "\n", "\r\n")
	all["tabs"] = strings.ReplaceAll(source, "    ", "\t")
	all["blanks"] = strings.ReplaceAll(strings.ReplaceAll(source, "\t", "  "), "\n", "  \n")
	all["backtick"] = "# escape=`\n" + strings.ReplaceAll(strings.ReplaceAll(source, "`", "'"), "\\\n", "`\n")
	all["indented"] = "  " + strings.ReplaceAll(source, "\n", "\n  ")
	return all
}

// TestLaws lays out real files, in variants and cut off at some places, and with the rest of one line gone.
func TestLaws(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	changed, edits := 0, 0
	for i, file := range corpus.Dockerfiles(t) {
		whole(t, file.Name, file.Text, format.Default())
		if n := len(format.Format(model(file.Text), format.Default())); n > 0 {
			changed, edits = changed+1, edits+n
		}
		if i%*everyNth != 0 {
			continue
		}
		for variant, source := range variants(file.Text) {
			for n, o := range everyOption() {
				laws(t, fmt.Sprintf("%s %s, options %d", file.Name, variant, n), source, o)
			}
			for range 4 {
				at := random.IntN(len(source) + 1)
				_, rest, _ := strings.Cut(source[at:], "\n")
				laws(t, fmt.Sprintf("%s %s, cut off at %d", file.Name, variant, at), source[:at], format.Default())
				laws(t, fmt.Sprintf("%s %s, cut at %d", file.Name, variant, at), source[:at]+"\n"+rest, format.Default())
			}
		}
	}
	t.Logf("%d files are changed by %d edits", changed, edits)
	if changed < 100 {
		t.Error("too little is laid out")
	}
}

// FuzzFormat holds the laws against any text.
func FuzzFormat(f *testing.F) {
	for _, archive := range golden.Archives(f, "../../testdata/format/*.txtar") {
		for _, part := range archive.Files {
			if !strings.HasSuffix(part.Name, ": formatted") {
				source, _ := caseOf(f, part)
				f.Add(source, 0)
				f.Add(source, 1)
			}
		}
	}
	f.Add("\uFEFF\n", 0)
	f.Add("ENV 0\\  =0", 0)
	f.Fuzz(func(t *testing.T, source string, options int) {
		if all := everyOption(); len(source) < 2_000 {
			laws(t, "input", source, all[uint(options)%uint(len(all))])
		}
	})
}
