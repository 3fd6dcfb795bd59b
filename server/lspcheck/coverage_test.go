package lspcheck

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"dockerfile-ls/analysis/golden"
)

// TestEveryProblemHasACase holds that each problem that the sources can note is found by some case of TestCases: a check
// that cannot fail is worth nothing.
func TestEveryProblemHasACase(t *testing.T) {
	found := foundInCases(t)
	count := 0
	for _, call := range calls(t) {
		for _, pattern := range patterns(call) {
			count++
			if !pattern.MatchString(found) {
				t.Errorf("no case finds %s", pattern)
			}
		}
	}
	if count < 100 {
		t.Errorf("only %d problems in the sources", count)
	}
}

func foundInCases(t *testing.T) string {
	var found strings.Builder
	for _, archive := range golden.Archives(t, "testdata/*.txtar") {
		for _, part := range archive.Files {
			for line := range strings.Lines(string(part.Data)) {
				if strings.HasPrefix(line, "!") {
					found.WriteString(line)
				}
			}
		}
	}
	return found.String()
}

func calls(t *testing.T) []*ast.CallExpr {
	var calls []*ast.CallExpr
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		// A broken frame is noted by who reads frames, and a broken model ends Load.
		if strings.HasSuffix(name, "_test.go") || name == "model.go" {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				calls = append(calls, call)
			}
			return true
		})
	}
	return calls
}

// patterns are the lines that a call can make. A call that names a property and a capability stands for a problem of that
// property.
func patterns(call *ast.CallExpr) []*regexp.Regexp {
	name := ""
	switch function := call.Fun.(type) {
	case *ast.SelectorExpr:
		name = function.Sel.Name
	case *ast.Ident:
		name = function.Name
	}
	var found []*regexp.Regexp
	for _, arg := range call.Args {
		literal, ok := arg.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			continue
		}
		text, _ := strconv.Unquote(literal.Value)
		switch name {
		case "note", "wrong", "fault", "refuse", "Sprintf":
			if strings.Contains(text, " ") && text != "%s %s" && text != "%s: %s" {
				quoted := regexp.MustCompile(`%[sdvq]`).ReplaceAllString(regexp.QuoteMeta(text), `.*`)
				found = append(found, regexp.MustCompile(`(?m): (.* instead of )?`+quoted+`( instead of .*)?$`))
			}
		case "wants", "wantsAmong", "markup":
			if !strings.Contains(text, ".") && !strings.HasSuffix(text, "Support") && !strings.HasSuffix(text, "Format") {
				found = append(found, regexp.MustCompile(`(?m)\.`+text+`(\.kind)?: .*client`))
			}
		}
	}
	return found
}

// TestGates holds for each message that needs a capability that it is a problem without, and none with it.
func TestGates(t *testing.T) {
	model := loadModel(t)
	for method, path := range gates {
		for _, value := range []string{"true", "false"} {
			c := New(model)
			step(t, c, "client "+nested(path, value))
			step(t, c, "server {}")
			params := ""
			if model.requests[method].Params != nil {
				params = gatedParams[method]
			}
			step(t, c, "< #1 "+method+" "+params)
			want := value == "false"
			if got := serverProblems(c); (len(got) > 0) != want {
				t.Errorf("%s with %s %s: %v", method, path, value, got)
			}
		}
	}
}

var gatedParams = map[string]string{
	"workspace/applyEdit":                   `{"edit":{}}`,
	"workspace/configuration":               `{"items":[]}`,
	"workspace/textDocumentContent/refresh": `{"uri":"file:///x"}`,
	"window/showDocument":                   `{"uri":"file:///x"}`,
	"window/workDoneProgress/create":        `{"token":1}`,
}

// serverProblems leaves out what is wrong with the short capabilities of these tests.
func serverProblems(c *Checker) []Problem {
	var found []Problem
	for _, p := range c.Problems() {
		if p.From == Server {
			found = append(found, p)
		}
	}
	return found
}

// nested is an object in which a value stands at a path.
func nested(path, value string) string {
	for _, name := range reversed(strings.Split(path, ".")) {
		value = "{" + strconv.Quote(name) + ":" + value + "}"
	}
	return value
}

func reversed(list []string) []string {
	var out []string
	for i := len(list) - 1; i >= 0; i-- {
		out = append(out, list[i])
	}
	return out
}

// TestRegistrable holds for each method that can be registered that it needs one capability of the client.
func TestRegistrable(t *testing.T) {
	model := loadModel(t)
	methods := map[string]bool{}
	for name := range needs {
		methods[name] = true
	}
	for _, known := range []map[string]*method{model.requests, model.notifications} {
		for name, spec := range known {
			if spec.RegistrationMethod != "" {
				name = spec.RegistrationMethod
			}
			if spec.RegistrationOptions != nil && name != "textDocument/colorPresentation" &&
				name != "textDocument/rangesFormatting" {
				methods[name] = true
			}
		}
	}
	if len(methods) < 40 {
		t.Errorf("only %d methods", len(methods))
	}
	for name := range methods {
		for _, value := range []string{"true", "false"} {
			need := model.need(name)
			c := New(model)
			step(t, c, "client "+nested(need, value))
			step(t, c, "server {}")
			step(t, c, `< #1 client/registerCapability {"registrations":[{"id":"1","method":"`+name+`"}]}`)
			if got := serverProblems(c); (len(got) > 0) != (value == "false") {
				t.Errorf("%s with %q %s: %v", name, need, value, got)
			}
		}
	}
}
