package reference_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/reference"
	"dockerfile-ls/analysis/syntax"
)

// names are the names of the entries of a kind that belong to something, with the other names of the same.
func names(kind reference.Kind, of string) []string {
	var all []string
	for _, e := range reference.List(kind, of) {
		all = append(append(all, e.Name), e.Also...)
	}
	slices.Sort(all)
	return all
}

// same holds that the table has an entry for each of some words, and none for others.
func same(t *testing.T, what string, have, want []string) {
	t.Helper()
	want = slices.Sorted(slices.Values(want))
	if !slices.Equal(have, want) {
		t.Errorf("%s: there are entries for %q, and there should be for %q", what, have, want)
	}
}

func TestWords(t *testing.T) {
	same(t, "instructions", names(reference.Instruction, ""), syntax.Names[:])
	for _, instruction := range syntax.Names {
		specs, _ := dockerfile.Flags(instruction)
		same(t, "flags of "+instruction, names(reference.Flag, instruction), dockerfile.FlagNames(specs))
	}
	same(t, "types of mounts", names(reference.MountType, ""), dockerfile.MountTypes[:])
	same(t, "sharing", names(reference.Value, "sharing"), dockerfile.SharingModes[:])
	same(t, "directives", names(reference.Directive, ""), []string{"syntax", "escape", "check"})
	for _, e := range slices.Concat(reference.All(reference.Flag), reference.All(reference.MountKey)) {
		owners := slices.Concat(syntax.Names[:], dockerfile.MountTypes[:])
		if !slices.Contains(owners, e.Of) {
			t.Errorf("%s belongs to %s, which is nothing", e.Name, e.Of)
		}
	}
}

// reads reports whether BuildKit's parser takes an instruction, and its words when their variables are filled in.
func reads(t *testing.T, line string) bool {
	t.Helper()
	result, err := parser.Parse(strings.NewReader(line))
	if err != nil {
		t.Fatal(err)
	}
	command, err := instructions.ParseInstruction(result.AST.Children[0])
	if err != nil {
		return false
	}
	expander, ok := command.(instructions.SupportsSingleWordExpansion)
	return ok && expander.Expand(func(word string) (string, error) { return word, nil }) == nil
}

// TestMountKeys asks BuildKit's parser which keys a mount of each type takes.
func TestMountKeys(t *testing.T) {
	samples := map[string]string{
		"size": "1g", "mode": "0755", "uid": "1", "gid": "1", "required": "true", "sharing": "locked",
		"readonly": "true", "ro": "true", "readwrite": "true", "rw": "true",
	}
	for _, mount := range dockerfile.MountTypes {
		want := []string{}
		for _, key := range dockerfile.MountKeys {
			line := "RUN --mount=type=" + mount
			if key != "type" {
				sample := samples[key]
				if sample == "" {
					sample = "x"
				}
				line += "," + key + "=" + sample
			}
			if mount == "secret" && key != "id" && key != "source" && key != "src" {
				line += ",id=x"
			}
			// That an SSH mount has no source is found when the build is made of the instruction (dispatchSSH).
			if reads(t, line+" true") && (mount != "ssh" || key != "source" && key != "src") {
				want = append(want, key)
			}
		}
		same(t, "keys of "+mount, names(reference.MountKey, mount), want)
	}
}

// TestValues asks BuildKit's parser which values flags take.
func TestValues(t *testing.T) {
	for _, of := range []string{"network", "security"} {
		entries := reference.List(reference.Value, of)
		if len(entries) < 2 {
			t.Errorf("there are %d values of %s", len(entries), of)
		}
		for _, e := range entries {
			if !reads(t, "RUN --"+of+"="+e.Name+" true") {
				t.Errorf("BuildKit does not take --%s=%s", of, e.Name)
			}
		}
		if reads(t, "RUN --"+of+"=other true") {
			t.Errorf("BuildKit takes any --%s", of)
		}
	}
	for _, e := range reference.List(reference.Value, "HEALTHCHECK") {
		if result, err := parser.Parse(strings.NewReader("HEALTHCHECK " + e.Name)); err != nil || e.Name == "NONE" &&
			len(result.AST.Children) != 1 {
			t.Errorf("BuildKit does not take HEALTHCHECK %s: %v", e.Name, err)
		}
	}
}

// page is the reference that BuildKit's module brings along, of which the public page is made.
func page(t *testing.T) string {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/moby/buildkit").Output()
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "frontend/dockerfile/docs/reference.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

var heading = regexp.MustCompile(`(?m)^#{2,5} (.*)$`)

var notInAnchor = regexp.MustCompile(`[^a-z0-9_ -]`)

func everyEntry() []reference.Entry {
	var all []reference.Entry
	for kind := reference.Instruction; kind <= reference.Concept; kind++ {
		all = append(all, reference.All(kind)...)
	}
	return all
}

// TestAnchors holds that each entry leads to a section that exists.
func TestAnchors(t *testing.T) {
	anchors := map[string]bool{}
	for _, match := range heading.FindAllStringSubmatch(page(t), -1) {
		anchors[strings.ReplaceAll(notInAnchor.ReplaceAllString(strings.ToLower(match[1]), ""), " ", "-")] = true
	}
	if len(anchors) < 80 {
		t.Fatalf("there are %d headings", len(anchors))
	}
	for _, e := range everyEntry() {
		if e.Page() == "" && e.Of == "dockerfile-ls" {
			continue
		}
		section, inReference := strings.CutPrefix(e.Page(), reference.Reference+"#")
		if inReference && !anchors[section] || !strings.HasPrefix(e.Page(), "https://") {
			t.Errorf("%s %s leads to %s", e.Of, e.Name, e.Page())
		}
	}
}

// TestTexts holds that each entry is said in one to three sentences, none of which is copied from the reference.
func TestTexts(t *testing.T) {
	words := func(s string) []string {
		return strings.Fields(strings.NewReplacer("`", "", ",", "", ".", "").Replace(strings.ToLower(s)))
	}
	docs := " " + strings.Join(words(page(t)), " ") + " "
	seen := map[string]bool{}
	for _, e := range everyEntry() {
		what := fmt.Sprint(e.Kind, " ", e.Of, " ", e.Name)
		if seen[what] {
			t.Errorf("%s has two entries", what)
		}
		seen[what] = true
		ends := strings.Count(e.Text, ". ") + 1
		if !strings.HasSuffix(e.Text, ".") || ends > 3 || strings.Count(e.Text, "`")%2 != 0 || len(e.Text) > 420 {
			t.Errorf("%s: %d sentences in %d bytes: %s", what, ends, len(e.Text), e.Text)
		}
		const run = 9
		said := words(e.Text)
		for i := 0; i+run <= len(said); i++ {
			if copied := strings.Join(said[i:i+run], " "); strings.Contains(docs, " "+copied+" ") {
				t.Errorf("%s is copied: %q", what, copied)
			}
		}
	}
}

// TestSignals holds that the names that STOPSIGNAL takes are known, with the same numbers by name and by number.
func TestSignals(t *testing.T) {
	for _, s := range reference.Signals() {
		if err := dockerfile.CheckSignal(s.Name); err != nil {
			t.Error(err)
		}
		for _, word := range []string{s.Name, strings.ToLower(s.Name[3:]), fmt.Sprint(s.Number)} {
			if found, ok := reference.FindSignal(word); !ok || found != s {
				t.Errorf("%s is %+v", word, found)
			}
		}
	}
	for word, number := range map[string]int{
		"IOT": 6, "SIGCLD": 17, "poll": 29, "RTMIN": 34, "SIGRTMIN+3": 37, "RTMAX-1": 63, "RTMAX": 64, "37": 37,
	} {
		if found, ok := reference.FindSignal(word); !ok || found.Number != number {
			t.Errorf("%s is %+v", word, found)
		}
	}
	for _, word := range []string{"", "0", "TERMX", "RTMIN+16", "65", "-1", "SIGSIGTERM"} {
		if found, ok := reference.FindSignal(word); ok {
			t.Errorf("%q is %+v", word, found)
		}
	}
}
