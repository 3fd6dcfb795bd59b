package hover_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/golden"
	"dockerfile-ls/analysis/hover"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

func model(source string) *dockerfile.Model { return dockerfile.New(syntax.Parse(source), nil) }

// answered is what a registry has said, in the cases whose name says "answered".
var answered = image.Known{"node:24-alpine": {
	Digest:    "sha256:" + strings.Repeat("2", 64),
	Platforms: []image.Platform{{Name: "linux/amd64"}, {Name: "linux/arm64/v8"}},
	Asked:     time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC),
	Details: &image.Details{
		Platform: "linux/amd64", Size: 53_000_000, Created: time.Date(2026, 11, 18, 0, 0, 0, 0, time.UTC), User: "node",
		Env: []string{"NODE_VERSION=24.11.1", "API_TOKEN=abcdef"},
	},
}}

// TestHover shows what there is at <|> in the Dockerfiles of testdata/hover/*.txtar. Beside a part "case" stands its golden
// part "case: shown": the span below its line, the plain text and the Markdown. The words crlf, no-newline and answered in
// the name change the text, or what is known.
func TestHover(t *testing.T) {
	for file, archive := range golden.Archives(t, "../../testdata/hover/*.txtar") {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			out := &txtar.Archive{Comment: archive.Comment}
			for _, part := range archive.Files {
				if strings.HasSuffix(part.Name, ": shown") {
					continue
				}
				shown := lookUp(t, part.Name, string(part.Data))
				out.Files = append(out.Files, part, txtar.File{Name: part.Name + ": shown", Data: []byte(shown)})
			}
			golden.Check(t, file, txtar.Format(out))
		})
	}
}

func lookUp(t *testing.T, name, source string) string {
	words := strings.Fields(name)
	if slices.Contains(words, "crlf") {
		source = strings.ReplaceAll(source, "\n", "\r\n")
	}
	if slices.Contains(words, "no-newline") {
		source = strings.TrimSuffix(source, "\n")
	}
	known := hover.Known{}
	if slices.Contains(words, "answered") {
		known.Images = answered
	}
	before, after, marked := strings.Cut(source, "<|>")
	if !marked {
		t.Fatalf("%s has no <|>", name)
	}
	source = before + after
	card, ok := hover.At(model(source), len(before), known)
	if !ok {
		return "nothing\n"
	}
	checkCard(t, name, source, len(before), card)
	var out strings.Builder
	for _, line := range underlined(source, card.Span) {
		out.WriteString("  " + line + "\n")
	}
	if asks := card.Image.Name; asks != "" {
		fmt.Fprintf(&out, "asks for: %s\n", card.Image.Key())
	}
	fmt.Fprintf(&out, "%s\n\n%s\n", card.Plain(), card.Markdown())
	return out.String()
}

// underlined is the line in which a span begins, and the span below it.
func underlined(source string, span text.Span) []string {
	start := strings.LastIndexByte(source[:span.Start], '\n') + 1
	line, _, _ := strings.Cut(source[start:], "\n")
	width := max(1, min(span.End, start+len(line))-span.Start)
	column := len([]rune(source[start:span.Start]))
	return []string{
		strings.TrimRight(line, "\r"), strings.Repeat(" ", column) + strings.Repeat("^", width),
	}
}

// checkCard holds the laws of a card: it lies inside, touches the place, and its Markdown has nothing of the file in it that
// an editor would obey.
func checkCard(t *testing.T, name, source string, offset int, card hover.Card) {
	t.Helper()
	if card.Start < 0 || card.Start > offset || card.End < offset || card.End > len(source) {
		t.Errorf("%s: the card %q at %v for %d of %d", name, card.Title, card.Span, offset, len(source))
	}
	if card.Title == "" {
		t.Errorf("%s: a card without title at %d", name, offset)
	}
	checkMarkdown(t, name, card)
}

func checkMarkdown(t *testing.T, name string, card hover.Card) {
	t.Helper()
	lines := strings.Split(card.Markdown(), "\n")
	for i, line := range lines {
		if card.Page != "" && i == len(lines)-1 {
			continue // our own link
		}
		if i > 2 && line != "" && !strings.HasPrefix(line, "- ") {
			t.Errorf("%s: a line of its own: %q", name, line)
		}
		plain := escaped.ReplaceAllString(withoutCode(line), "")
		if !strings.Contains(name, "registry") && (strings.Contains(plain, "://") || strings.Contains(plain, "www.")) {
			t.Errorf("%s: it becomes a link: %q", name, line)
		}
		if strings.ContainsAny(plain, "<[`") || strings.Contains(plain, "](") || strings.Contains(plain, "\r") {
			t.Errorf("%s: Markdown: %q", name, line)
		}
	}
}

// What an image says of itself is somebody else's, and shown as text.
func TestForeignTextIsNoMarkdown(t *testing.T) {
	evil := "x\n\n![t](https://evil.example/x.png)\n\n# H <b> `y`"
	facts := image.Facts{Digest: "sha256:1", Details: &image.Details{
		Platform: "linux/" + evil, User: evil, Env: []string{"A=" + evil},
		Labels: map[string]string{"org.opencontainers.image.version": evil},
	}}
	m := model("FROM node:24\n")
	scan := image.Scan{
		Scanner: "trivy" + evil, Vulnerabilities: []image.Vulnerability{{ID: evil, Harm: image.Harm(evil), Package: evil}},
	}
	card, ok := hover.At(m, 6, hover.Known{
		Images: image.Known{"node:24": facts}, Scans: map[string]image.Scan{"FROM node:24 → node:24": scan}, Failure: evil,
	})
	if !ok || len(card.Rows) < 12 {
		t.Fatalf("no image: %+v", card)
	}
	checkMarkdown(t, "registry", card)
}

// What stands in the file is shown as text, wherever it is shown.
func TestFileIsNoMarkdown(t *testing.T) {
	for _, evil := range []string{
		"![t](https://evil.example/x.png)", "<img/src=x>", "`x`<b>", "[a](command:evil)", "``", "``` ```", "a\u202eb", "\\`<b>",
	} {
		for _, frame := range []string{
			"FROM node:24\nENV A='$'\nRUN echo $A\n", "FROM a AS $\n", "ARG A=$\nFROM node:$A\n", "FROM node\nUSER $\n",
			"FROM node\nWORKDIR $\n", "FROM node\nEXPOSE $\n",
			"FROM node\nCOPY --chown=$ a b\n", "FROM node\nSTOPSIGNAL $\n",
			"FROM node\nRUN --mount=type=cache,id=$,target=$ x\n", "FROM node\nRUN <<EOF\n#!$\nEOF\n",
			"FROM www.example.com/x\n",
			"# dockerfile-ls ignore=$\nFROM node\n", "# check=skip=$\nFROM node\n", "# syntax=$\nFROM node\n",
			"FROM --platform=$ node AS a\nSHELL [\"$\"]\nRUN <<EOF\nEOF\n", "FROM $\n", "FROM a\nCOPY --from=$ a b\n",
		} {
			source := strings.ReplaceAll(frame, "$", evil)
			if strings.Contains(frame, "$A") {
				source = strings.ReplaceAll(strings.ReplaceAll(frame, "$A", "\x00"), "$", evil)
				source = strings.ReplaceAll(source, "\x00", "$A")
			}
			for at := range len(source) + 1 {
				if card, ok := hover.At(model(source), at, hover.Known{}); ok {
					checkCard(t, fmt.Sprintf("%q", source), source, at, card)
				}
			}
		}
	}
}

// No value of a variable that is called like a secret is shown, wherever it gets to.
func TestSecretsAreHidden(t *testing.T) {
	const value = "hunter22"
	source := `ARG DB_PASSWORD=hunter22
FROM node:24-$DB_PASSWORD AS a
ARG DB_PASSWORD
ARG OTHER_TOKEN="hunter22"
ENV COPIED=$DB_PASSWORD URL=https://u:$OTHER_TOKEN@npm.example.com/
ENV AGAIN=$COPIED API_KEY=x$COPIED
WORKDIR /srv/$COPIED
USER $COPIED
EXPOSE 80$COPIED
RUN --mount=type=cache,target=/$COPIED,id=$COPIED echo $COPIED $API_KEY $AGAIN $URL
COPY --chown=$COPIED --chmod=$COPIED a b
FROM a
RUN echo $COPIED
`
	looked := 0
	for at := range len(source) + 1 {
		card, ok := hover.At(model(source), at, hover.Known{})
		if !ok {
			continue
		}
		looked++
		if strings.Contains(card.Plain()+card.Markdown(), value) {
			t.Errorf("at %d: %s", at, card.Plain())
		}
	}
	if looked < 100 {
		t.Errorf("there were %d cards", looked)
	}
}

var escaped = regexp.MustCompile(`\\.`)

// withoutCode takes the code spans out of a line.
func withoutCode(line string) string {
	out := ""
	for {
		start := strings.IndexByte(line, '`')
		if start < 0 {
			return out + line
		}
		if start > 0 && line[start-1] == '\\' {
			out, line = out+line[:start+1], line[start+1:]
			continue
		}
		rest := strings.TrimLeft(line[start:], "`")
		fence := line[start : len(line)-len(rest)]
		end := strings.Index(rest, fence)
		for end >= 0 && strings.HasPrefix(rest[end+len(fence):], "`") {
			next := strings.Index(rest[end+1:], fence)
			if next < 0 {
				return out + line
			}
			end += 1 + next
		}
		if end < 0 {
			return out + line
		}
		out, line = out+line[:start], rest[end+len(fence):]
	}
}
