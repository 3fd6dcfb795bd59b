package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

const module = "dockerfile-ls"

// layers lists what each package may import of this module: everything that stands behind it, and of other modules what
// is named. ARCHITECTURE.md draws it.
var layers = []struct {
	folder  string
	own     []string // folders of this module, besides those of the packages that it imports
	outside []string // prefixes of import paths of other modules
}{
	{".", []string{"cli"}, nil},
	{"cli", []string{
		"server", "server/lspclient", "codeactions", "analysis", "analysis/atomicfile", "analysis/image",
		"analysis/registry", "analysis/scanner", "analysis/dockerfile", "analysis/lint", "analysis/text", "analysis/project",
		"analysis/rules", "analysis/settings", "analysis/editorconfig", "analysis/format", "analysis/style",
	}, []string{
		"github.com/spf13/cobra", "github.com/spf13/pflag", "github.com/go-git/go-git/v5/plumbing/format/gitignore",
		"golang.org/x/term", "github.com/aymanbagabas/go-udiff",
	}},
	{"server", []string{
		"codeactions", "analysis", "analysis/annotate", "analysis/atomicfile", "analysis/complete", "analysis/hover",
		"analysis/image",
		"analysis/lint", "analysis/navigate", "analysis/outline", "analysis/project", "analysis/rules", "analysis/settings",
		"analysis/text", "analysis/tokens", "analysis/editorconfig", "analysis/format", "analysis/style",
	}, []string{"go.lsp.dev/"}},
	{"server/lspclient", nil, []string{"go.lsp.dev/jsonrpc2"}},
	{"server/lspcheck", []string{"analysis/text"}, nil},
	{"server/lspcheck/tap", []string{"server/lspcheck"}, nil},
	{"editors/try", nil, nil},
	{"codeactions", []string{
		"analysis", "analysis/distribution", "analysis/dockerfile", "analysis/execform", "analysis/image",
		"analysis/javascript", "analysis/lint", "analysis/node", "analysis/project", "analysis/rules", "analysis/secret",
		"analysis/settings", "analysis/shell", "analysis/syntax", "analysis/text",
	}, []string{"github.com/aymanbagabas/go-udiff"}},
	{
		"analysis/hover", []string{
			"analysis/dockerfile", "analysis/image", "analysis/lint", "analysis/navigate", "analysis/reference",
			"analysis/rules", "analysis/secret", "analysis/shell", "analysis/syntax", "analysis/text",
		}, []string{"github.com/docker/go-units"},
	},
	{"analysis/tokens", []string{"analysis/dockerfile", "analysis/shell", "analysis/syntax", "analysis/text"}, nil},
	{
		"analysis/annotate", []string{
			"analysis/dockerfile", "analysis/image", "analysis/lint", "analysis/navigate", "analysis/project",
			"analysis/rules", "analysis/syntax", "analysis/text",
		}, []string{"github.com/docker/go-units"},
	},
	{
		"analysis/complete", []string{
			"analysis/dockerfile", "analysis/image", "analysis/lint", "analysis/project", "analysis/reference",
			"analysis/rules", "analysis/secret", "analysis/shell", "analysis/syntax", "analysis/text",
		}, nil,
	},
	{"analysis/reference", nil, nil},
	{"analysis/navigate", []string{"analysis/dockerfile", "analysis/shell", "analysis/syntax", "analysis/text"}, nil},
	{"analysis/style", []string{"analysis/editorconfig", "analysis/format", "analysis/settings"}, nil},
	{"analysis/editorconfig", nil, nil},
	{"analysis/format", []string{"analysis/dockerfile", "analysis/shell", "analysis/syntax", "analysis/text"}, nil},
	{"analysis/outline", []string{"analysis/dockerfile", "analysis/syntax", "analysis/text"}, nil},
	{"analysis", []string{
		"analysis/image", "analysis/project", "analysis/rules", "analysis/lint", "analysis/dockerfile", "analysis/secret",
		"analysis/syntax", "analysis/text",
	}, nil},
	{"analysis/rules", []string{
		"analysis/lint", "analysis/distribution", "analysis/dockerfile", "analysis/execform", "analysis/image",
		"analysis/node", "analysis/project", "analysis/secret", "analysis/shell", "analysis/syntax", "analysis/text",
	}, []string{
		"github.com/moby/buildkit/frontend/dockerfile/linter", "github.com/moby/buildkit/frontend/dockerfile/parser",
		"github.com/opencontainers/go-digest", "github.com/docker/go-units",
	}},
	{"analysis/execform", []string{"analysis/dockerfile", "analysis/shell", "analysis/syntax", "analysis/text"}, nil},
	{"analysis/lint", []string{
		"analysis/dockerfile", "analysis/image", "analysis/project", "analysis/secret", "analysis/syntax", "analysis/text",
	}, nil},
	{"analysis/dockerfile", []string{"analysis/image", "analysis/shell", "analysis/syntax", "analysis/text"}, []string{
		"github.com/moby/buildkit/frontend/dockerfile/instructions", "github.com/moby/buildkit/frontend/dockerfile/parser",
		"github.com/moby/buildkit/frontend/dockerfile/shell", "github.com/moby/buildkit/frontend/dockerfile/dfgitutil",
		"github.com/moby/buildkit/util/suggest", "github.com/moby/buildkit/util/system",
		"github.com/tonistiigi/dchapes-mode",
	}},
	{
		"analysis/project", []string{"analysis/javascript", "analysis/node", "analysis/yaml"},
		[]string{"github.com/moby/patternmatcher", "github.com/goccy/go-yaml"},
	},
	{
		"analysis/project/complete", []string{"analysis/dockerfile", "analysis/project", "analysis/syntax"},
		[]string{"github.com/moby/buildkit/frontend/dockerfile/instructions"},
	},
	{"analysis/yaml", nil, []string{"github.com/goccy/go-yaml/"}},
	{
		"analysis/settings", []string{"analysis/lint", "analysis/dockerfile", "analysis/text", "analysis/yaml"},
		[]string{"github.com/goccy/go-yaml", "github.com/bmatcuk/doublestar/v4"},
	},
	{
		"analysis/registry", []string{"analysis/atomicfile", "analysis/image"},
		[]string{"github.com/google/go-containerregistry/pkg/"},
	},
	{"analysis/registry/registrytest", nil, nil},
	{"analysis/scanner", []string{"analysis/image"}, nil},
	{"analysis/image", nil, []string{"github.com/distribution/reference"}},
	{"analysis/javascript", nil, []string{"github.com/tdewolff/parse/v2"}},
	{"analysis/distribution", []string{"analysis/shell"}, nil},
	{"analysis/node", []string{"analysis/shell"}, nil},
	{"analysis/secret", nil, nil},
	{"analysis/shell", []string{"analysis/syntax", "analysis/text"}, []string{"mvdan.cc/sh/v3/syntax"}},
	{"analysis/syntax", []string{"analysis/text"}, nil},
	{"analysis/text", nil, nil},
	{"analysis/atomicfile", nil, nil},
	{"analysis/corpus", nil, nil},
	{"analysis/golden", nil, []string{"github.com/google/go-cmp/", "golang.org/x/tools/txtar"}},
}

// goFiles are the Go files of this module, without those of the modules inside it.
func goFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if _, err := os.Stat(path.Join(name, "go.mod")); err == nil && name != "." {
				return fs.SkipDir
			}
			if name == "testdata" || entry.Name() == "node_modules" || name != "." && strings.HasPrefix(entry.Name(), ".") {
				return fs.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(name, ".go") {
			files = append(files, name)
		}
		return nil
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("looking for Go files: %d, %v", len(files), err)
	}
	return files
}

// sources parses the Go files of the product, test files left out, by folder.
func sources(t *testing.T) map[string][]*ast.File {
	t.Helper()
	files := map[string][]*ast.File{}
	fset := token.NewFileSet()
	for _, name := range goFiles(t) {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files[path.Dir(name)] = append(files[path.Dir(name)], file)
	}
	return files
}

// maxColumns is how long a line may be, with four columns for a tab.
const maxColumns = 125

// TestLines holds that lines are not too long to be read, but for those of raw strings and those with a URL.
func TestLines(t *testing.T) {
	for _, name := range goFiles(t) {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		raw := rawLines(t, name)
		for i, line := range strings.Split(string(source), "\n") {
			columns := utf8.RuneCountInString(strings.ReplaceAll(line, "\t", "    "))
			if columns > maxColumns && !raw[i+1] && !strings.Contains(line, "https://") {
				t.Errorf("%s:%d has %d columns, of at most %d", name, i+1, columns, maxColumns)
			}
		}
	}
}

// rawLines are the numbers of the lines that have something of a raw string.
func rawLines(t *testing.T, name string) map[int]bool {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	lines := map[int]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok && strings.HasPrefix(literal.Value, "`") {
			for line := fset.Position(literal.Pos()).Line; line <= fset.Position(literal.End()).Line; line++ {
				lines[line] = true
			}
		}
		return true
	})
	return lines
}

func TestImports(t *testing.T) {
	for folder, files := range sources(t) {
		i := slices.IndexFunc(layers, func(l struct {
			folder  string
			own     []string
			outside []string
		}) bool {
			return l.folder == folder
		})
		if i < 0 {
			t.Errorf("%s has no line in layers, nor in ARCHITECTURE.md", folder)
			continue
		}
		for _, file := range files {
			for _, spec := range file.Imports {
				if name := strings.Trim(spec.Path.Value, `"`); !allowed(name, layers[i].own, layers[i].outside) {
					t.Errorf("%s must not import %s", folder, name)
				}
			}
		}
	}
}

func allowed(name string, own, outside []string) bool {
	if local, ok := strings.CutPrefix(name, module+"/"); ok {
		return slices.Contains(own, local)
	}
	first, _, _ := strings.Cut(name, "/")
	if !strings.Contains(first, ".") {
		return true // the standard library
	}
	return slices.ContainsFunc(outside, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

// TestOutside holds that one package uses the network, and one starts programs; what is for tests may too.
func TestOutside(t *testing.T) {
	only := map[string]string{`"net/http"`: "analysis/registry", `"os/exec"`: "analysis/scanner"}
	for folder, files := range sources(t) {
		for _, file := range files {
			for _, spec := range file.Imports {
				if may, restricted := only[spec.Path.Value]; restricted && folder != may &&
					!slices.Contains(forTests, folder) {
					t.Errorf("%s imports %s, which only %s may", folder, spec.Path.Value, may)
				}
			}
		}
	}
}

// forTests are the packages that the product does not link.
var forTests = []string{
	"analysis/corpus", "analysis/golden", "analysis/project/complete", "analysis/registry/registrytest", "editors/try",
	"server/lspcheck", "server/lspcheck/tap",
}

// TestForTests holds that the product links nothing that is for tests: what imports testing, and what imports that.
func TestForTests(t *testing.T) {
	for folder, files := range sources(t) {
		if slices.Contains(forTests, folder) {
			continue
		}
		for _, file := range files {
			for _, spec := range file.Imports {
				name := strings.Trim(spec.Path.Value, `"`)
				if name == "testing" || slices.Contains(forTests, strings.TrimPrefix(name, module+"/")) {
					t.Errorf("%s imports %s, which is for tests", folder, name)
				}
			}
		}
	}
}

// TestPackageComments holds that each package says what it knows, and what it must not know.
func TestPackageComments(t *testing.T) {
	for folder, files := range sources(t) {
		var doc string
		for _, file := range files {
			if file.Doc != nil {
				doc += file.Doc.Text()
			}
		}
		if folder != "." &&
			(!strings.HasPrefix(doc, "Package "+path.Base(folder)+" ") || !strings.Contains(doc, "must not")) {
			t.Errorf("the package comment of %s says not what it knows and must not know: %q", folder, doc)
		}
	}
}

// TestNoHiddenState holds that nothing runs before main, and that no variable of a package changes.
func TestNoHiddenState(t *testing.T) {
	for folder, files := range sources(t) {
		names := map[string]bool{}
		for _, file := range files {
			for name := range packageVariables(file) {
				names[name] = true
			}
		}
		for _, file := range files {
			for _, decl := range file.Decls {
				function, ok := decl.(*ast.FuncDecl)
				if !ok {
					continue
				}
				if function.Recv == nil && function.Name.Name == "init" {
					t.Errorf("%s has an init function", folder)
				}
				for _, name := range changed(function, names) {
					t.Errorf("%s.%s changes the package's variable %s", folder, function.Name.Name, name)
				}
			}
		}
	}
}

func packageVariables(file *ast.File) map[string]bool {
	names := map[string]bool{}
	for _, decl := range file.Decls {
		general, ok := decl.(*ast.GenDecl)
		if !ok || general.Tok != token.VAR {
			continue
		}
		for _, spec := range general.Specs {
			for _, name := range spec.(*ast.ValueSpec).Names {
				names[name.Name] = true
			}
		}
	}
	return names
}

// changed returns the package's variables that a function assigns to, or takes the address of.
func changed(function *ast.FuncDecl, names map[string]bool) []string {
	var found []string
	note := func(e ast.Expr) {
		if id := root(e); id != nil && names[id.Name] && !isLocal(id, function) {
			found = append(found, id.Name)
		}
	}
	ast.Inspect(function, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, left := range n.Lhs {
				note(left)
			}
		case *ast.IncDecStmt:
			note(n.X)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				note(n.X)
			}
		}
		return true
	})
	return found
}

// isLocal reports whether the parser resolved an identifier to something inside the function.
func isLocal(id *ast.Ident, function *ast.FuncDecl) bool {
	return id.Obj != nil && id.Obj.Pos() >= function.Pos() && id.Obj.Pos() < function.End()
}

// root is the identifier that an expression such as a.b[c] begins with.
func root(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}
