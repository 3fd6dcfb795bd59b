package main

import (
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// TestSecurityPage holds that each sentence of SECURITY.md names tests, all of which there are.
func TestSecurityPage(t *testing.T) {
	page, err := os.ReadFile("SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(string(page), "\n"); lines > 90 {
		t.Errorf("it has %d lines, and is to be one page", lines)
	}
	there := testNames(t)
	named := regexp.MustCompile("`((?:Test|Fuzz)[A-Z]\\w*)`")
	sections := strings.Split(string(page), "\n## ")
	told := 0
	for _, section := range sections[1:] {
		title, text, _ := strings.Cut(section, "\n")
		if strings.HasPrefix(title, "Report") {
			continue
		}
		for _, sentence := range sentences(text) {
			told++
			tests := named.FindAllStringSubmatch(sentence, -1)
			if len(tests) == 0 {
				t.Errorf("%s: no test holds %q", title, sentence)
			}
			for _, test := range tests {
				if !there[test[1]] {
					t.Errorf("%s: there is no %s", title, test[1])
				}
			}
		}
	}
	if told < 15 {
		t.Errorf("only %d sentences were found", told)
	}
}

// TestFuzzTargetsAreListed holds that CONTRIBUTING.md says of each fuzz target how it is run for long.
func TestFuzzTargetsAreListed(t *testing.T) {
	page, err := os.ReadFile("CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	declared := regexp.MustCompile(`(?m)^func (Fuzz[A-Z]\w*)\(`)
	for _, file := range goFiles(t) {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range declared.FindAllStringSubmatch(string(source), -1) {
			line := regexp.MustCompile(`(?m)^go test ./` + path.Dir(file) + ` +-run '\^\$' -fuzz '\^` + name[1] + `\$' `)
			if !line.Match(page) {
				t.Errorf("%s of %s is not listed", name[1], path.Dir(file))
			}
		}
	}
}

// sentences are those of a list.
func sentences(list string) (all []string) {
	for _, item := range strings.Split("\n"+list, "\n- ")[1:] {
		item = strings.Join(strings.Fields(item), " ")
		all = append(all, strings.SplitAfter(item, ". ")...)
	}
	return all
}

// testNames are the names of all tests and fuzz targets of the module.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Z]\w*)\(`)
	names := map[string]bool{}
	for _, file := range goFiles(t) {
		if !strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range declared.FindAllStringSubmatch(string(source), -1) {
			names[name[1]] = true
		}
	}
	return names
}
