package hover_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/golden"
	"dockerfile-ls/analysis/hover"
	"dockerfile-ls/analysis/secret"
)

// everyNth is which files of the corpus the laws are held against; each is read whole and cut off at some places.
var everyNth = flag.Int("every", 5, "hold the laws against every nth file of the corpus")

var word = regexp.MustCompile(`\S+`)

// TestLaws asks for all words of real files, whole, cut off and broken: what is shown lies inside of the file, touches the
// place, has nothing in it that an editor would obey, and tells no secret.
func TestLaws(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	cards := map[string]int{}
	for i, file := range corpus.Dockerfiles(t) {
		if i%*everyNth != 0 {
			continue
		}
		checkAll(t, file.Name, file.Text, cards)
		for range 2 {
			at := random.IntN(len(file.Text) + 1)
			checkAll(t, fmt.Sprintf("%s, cut off at %d", file.Name, at), file.Text[:at], cards)
		}
		broken := broken(random, file.Text)
		checkAll(t, fmt.Sprintf("%s, broken to %q", file.Name, broken), broken, cards)
	}
	all := 0
	for _, n := range cards {
		all += n
	}
	if t.Logf("%d cards of %d kinds", all, len(cards)); all < 5000 || len(cards) < 50 {
		t.Error("the laws were held against too little")
	}
}

// broken is a text with some of it replaced by what changes how the rest is read.
func broken(random *rand.Rand, source string) string {
	pieces := []string{
		"$", "${", "`", "\\\n", "<<EOF", `"`, "'", "\r\n", "--mount=", ",", "=", "ONBUILD ", "FROM ", "\x00", "\xff", "é",
		"# check=skip=", "[", "HEALTHCHECK --interval=", "USER ", " ",
	}
	for range 1 + random.IntN(6) {
		at := random.IntN(len(source) + 1)
		end := min(len(source), at+random.IntN(6))
		source = source[:at] + pieces[random.IntN(len(pieces))] + source[end:]
	}
	return source
}

// TestLawsInCases holds them against each byte of each case, and of its prefixes.
func TestLawsInCases(t *testing.T) {
	for file, archive := range golden.Archives(t, "../../testdata/hover/*.txtar") {
		for _, part := range archive.Files {
			if strings.HasSuffix(part.Name, ": shown") {
				continue
			}
			source := strings.Replace(string(part.Data), "<|>", "", 1)
			for cut := 1; cut <= len(source); cut += 5 {
				m := model(source[:cut])
				for at := max(0, cut-30); at <= cut; at++ {
					if card, ok := hover.At(m, at, hover.Known{Images: answered}); ok {
						checkCard(t, fmt.Sprintf("%s %s, cut off at %d", file, part.Name, cut), source[:cut], at, card)
					}
				}
			}
		}
	}
}

// secretsOf are the values that a file has for what is called like a secret, if they cannot be taken for anything else.
func secretsOf(m *dockerfile.Model) []string {
	var values []string
	for _, inst := range m.Instructions {
		for _, pair := range inst.Pairs {
			value := strings.Trim(pair.Value.Text, `"'`)
			if inst.Name != "LABEL" && secret.IsName(pair.Key.Text) && len(value) > 5 && !secret.IsHarmless(value) {
				values = append(values, value)
			}
		}
	}
	return values
}

func checkAll(t *testing.T, name, source string, cards map[string]int) {
	t.Helper()
	m := model(source)
	secrets := secretsOf(m)
	for _, found := range word.FindAllStringIndex(source, -1) {
		for _, at := range []int{found[0], (found[0] + found[1]) / 2, found[1]} {
			if card, ok := hover.At(m, at, hover.Known{}); ok {
				checkCard(t, name, source, at, card)
				cards[card.Title]++
				for _, row := range card.Rows {
					tells := func(value string) bool { return row.Code && strings.Contains(row.Value, value) }
					if slices.ContainsFunc(secrets, tells) {
						t.Errorf("%s: %s tells a secret: %s", name, card.Title, row.Value)
					}
				}
			}
		}
	}
	for _, at := range []int{-1, 0, len(source), len(source) + 1} {
		hover.At(m, at, hover.Known{})
	}
}
