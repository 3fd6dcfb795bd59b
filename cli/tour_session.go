package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aymanbagabas/go-udiff"

	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/text"
	"dockerfile-ls/server"
	"dockerfile-ls/server/lspclient"
)

// session is an editor with one Dockerfile open, as far as the tour needs one.
type session struct {
	client  *lspclient.Client
	folder  string
	text    string
	version int
	tried   map[string]bool // titles of actions that were applied
}

// The parts of LSP's messages that the tour reads.
type (
	lspPosition struct {
		Line      int `json:"line"`
		Character int `json:"character"`
	}
	lspRange struct {
		Start lspPosition `json:"start"`
		End   lspPosition `json:"end"`
	}
	lspDiagnostic struct {
		Range    lspRange `json:"range"`
		Severity int      `json:"severity"`
		Code     string   `json:"code"`
		Message  string   `json:"message"`
	}
	lspAction struct {
		Title       string          `json:"title"`
		Diagnostics []lspDiagnostic `json:"diagnostics"`
		Kind        string          `json:"kind"`
		Data        json.RawMessage `json:"data"`
		Command     json.RawMessage `json:"command"`
		Edit        *lspEdit        `json:"edit"`
	}
	lspEdit struct {
		DocumentChanges []lspChange `json:"documentChanges"`
	}
	lspChange struct {
		Kind         string `json:"kind"`
		URI          string `json:"uri"`
		TextDocument struct {
			URI string `json:"uri"`
		} `json:"textDocument"`
		Edits []struct {
			Range   lspRange `json:"range"`
			NewText string   `json:"newText"`
		} `json:"edits"`
	}
)

// guide walks through the sections of the cheat sheet, then mends its first Dockerfile step by step, then hardens it at
// once, and prints all of it.
func guide(ctx context.Context, out io.Writer, files fs.FS, folder string, r records) error {
	fmt.Fprint(out, "What an editor shows in the Dockerfiles of the cheat sheet, section by section. What a registry and "+
		"a scanner would\nsay is recorded: no network is asked, and no program is run.\n")
	all := steps(files)
	before := "" // what was found in the step before that is about this one's section
	for i, step := range all {
		section := sectionOf(step)
		if i == 0 || section != sectionOf(all[i-1]) {
			fmt.Fprintf(out, "\n%s\n%s", lint.Heading(section), before)
		}
		s, found, err := begin(ctx, files, step, filepath.Join(folder, step), r)
		if err != nil {
			return fmt.Errorf("%s: %w", step, err)
		}
		if found, err = s.scanFor(ctx, section, found); err != nil {
			return fmt.Errorf("%s: %w", step, err)
		}
		fmt.Fprintf(out, "\n%s\n%s", step, cmp.Or(s.showOnly(section, found), "  nothing is found\n"))
		before = ""
		if i+1 < len(all) {
			if shown := s.showOnly(sectionOf(all[i+1]), found); shown != "" {
				before = fmt.Sprintf("\n%s\n%s", step, shown)
			}
		}
		if err := s.end(ctx); err != nil {
			return err
		}
	}
	if err := mend(ctx, out, files, filepath.Join(folder, all[0]), r); err != nil {
		return err
	}
	return hardenAlone(ctx, out, files, filepath.Join(folder, all[0]+"-hardened"), r)
}

// begin opens the Dockerfile of a step in an editor of its own, and returns what is found in it.
func begin(ctx context.Context, files fs.FS, step, folder string, r records) (*session, []lspDiagnostic, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, nil, err
	}
	if err := lay(files, step, folder); err != nil {
		return nil, nil, err
	}
	editor, served := net.Pipe()
	options := server.Options{Log: slog.New(slog.DiscardHandler), Version: version(), Resolver: r.registry, Scanner: r}
	go server.Run(ctx, served, served, options)
	s := &session{client: lspclient.Dial(ctx, editor), folder: folder, tried: map[string]bool{}}
	found, err := s.open(ctx)
	return s, found, err
}

// end says good-bye to the server.
func (s *session) end(ctx context.Context) error {
	if err := s.client.Call(ctx, "shutdown", nil, nil); err != nil {
		return err
	}
	return s.client.Notify(ctx, "exit", nil)
}

// sectionOf is the section of the cheat sheet that a step belongs to.
func sectionOf(step string) int {
	number, _ := strconv.Atoi(step[:2])
	return number
}

// scanFor has the base image scanned where the section is about that, and returns what is found then.
func (s *session) scanFor(ctx context.Context, section int, found []lspDiagnostic) ([]lspDiagnostic, error) {
	if section != scanSection {
		return found, nil
	}
	var actions []lspAction
	err := s.client.Call(ctx, "textDocument/codeAction", object{
		"textDocument": object{"uri": s.uri("Dockerfile")}, "range": lspRange{}, "context": object{"diagnostics": []any{}},
	}, &actions)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(actions, func(a lspAction) bool { return strings.HasPrefix(a.Title, "Scan ") })
	if i < 0 {
		return nil, errors.New("no scan is offered")
	}
	if err := s.client.Call(ctx, "workspace/executeCommand", actions[i].Command, nil); err != nil {
		return nil, err
	}
	return s.until(ctx, "nothing is told of the scan", func(found []lspDiagnostic) bool {
		return slices.ContainsFunc(found, func(d lspDiagnostic) bool { return d.Code == rules.VulnerableBaseImage })
	})
}

// scanSection is the section about vulnerabilities.
const scanSection = 7

func (s *session) uri(name string) string {
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(s.folder, name))}).String()
}

type object = map[string]any

// open opens the Dockerfile, and returns what is found when the server has looked at the files around it.
func (s *session) open(ctx context.Context) ([]lspDiagnostic, error) {
	source, err := os.ReadFile(filepath.Join(s.folder, "Dockerfile"))
	if err != nil {
		return nil, err
	}
	s.text, s.version = string(source), 1
	capabilities := object{
		"textDocument": object{
			"diagnostic": object{},
			"codeAction": object{
				"codeActionLiteralSupport": object{"codeActionKind": object{"valueSet": []string{"quickfix"}}},
				"dataSupport":              true, "resolveSupport": object{"properties": []string{"edit"}},
			},
		},
		"workspace": object{
			"applyEdit":             true,
			"executeCommand":        object{},
			"diagnostics":           object{"refreshSupport": true},
			"didChangeWatchedFiles": object{"dynamicRegistration": true},
			"workspaceEdit":         object{"documentChanges": true, "resourceOperations": []string{"create"}},
		},
	}
	err = s.client.Call(ctx, "initialize", object{
		"processId": os.Getpid(), "rootUri": s.uri(""), "capabilities": capabilities,
		"workspaceFolders": []object{{"uri": s.uri(""), "name": "tour"}},
	}, nil)
	if err != nil {
		return nil, err
	}
	if err := s.client.Notify(ctx, "initialized", object{}); err != nil {
		return nil, err
	}
	err = s.client.Notify(ctx, "textDocument/didOpen", object{"textDocument": object{
		"uri": s.uri("Dockerfile"), "languageId": "dockerfile", "version": s.version, "text": s.text,
	}})
	if err != nil {
		return nil, err
	}
	if err := s.refreshed(ctx); err != nil {
		return nil, err
	}
	return s.findings(ctx)
}

// refreshed waits until the server says that it knows more.
func (s *session) refreshed(ctx context.Context) error {
	select {
	case <-s.client.Refreshed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(10 * time.Second):
		return fmt.Errorf("the server does not say that it has read the files around the Dockerfile")
	}
}

func (s *session) findings(ctx context.Context) ([]lspDiagnostic, error) {
	var report struct {
		Items []lspDiagnostic `json:"items"`
	}
	err := s.client.Call(ctx, "textDocument/diagnostic", object{"textDocument": object{"uri": s.uri("Dockerfile")}}, &report)
	return report.Items, err
}

// until returns what is found when that is as it is to be, which may take until files are read again.
func (s *session) until(ctx context.Context, what string, as func([]lspDiagnostic) bool) ([]lspDiagnostic, error) {
	for {
		found, err := s.findings(ctx)
		if err != nil || as(found) {
			return found, err
		}
		if err := s.refreshed(ctx); err != nil {
			return nil, fmt.Errorf("%s: %w", what, err)
		}
	}
}

// without returns what is found when the findings of a rule are gone.
func (s *session) without(ctx context.Context, rule string) ([]lspDiagnostic, error) {
	return s.until(ctx, rule+" stays", func(found []lspDiagnostic) bool {
		return !slices.ContainsFunc(found, func(d lspDiagnostic) bool { return d.Code == rule })
	})
}

// apply does what an editor does with an edit, and returns what has changed.
func (s *session) apply(ctx context.Context, edit *lspEdit) (string, error) {
	var diff strings.Builder
	for _, change := range edit.DocumentChanges {
		if change.Kind == "create" {
			continue // its text comes with the next change
		}
		name, before := "Dockerfile", s.text
		if change.TextDocument.URI != s.uri("Dockerfile") {
			name, before = path.Base(change.TextDocument.URI), ""
			switch source, err := os.ReadFile(filepath.Join(s.folder, name)); {
			case err == nil:
				before = string(source)
			case !errors.Is(err, fs.ErrNotExist):
				return "", err
			}
		}
		lines := text.NewLines(before)
		var edits []text.Edit
		for _, e := range change.Edits {
			edits = append(edits, text.Edit{Span: spanOf(lines, e.Range), New: e.NewText})
		}
		after, err := text.Apply(before, edits)
		if err != nil {
			return "", err
		}
		old := name
		if before == "" {
			old = "/dev/null"
		}
		diff.WriteString(udiff.Unified(old, name, before, after))
		if err := s.write(ctx, name, after); err != nil {
			return "", err
		}
	}
	return diff.String(), nil
}

// write makes a text that of a file: of the Dockerfile in the editor too, of another one on the disk alone.
func (s *session) write(ctx context.Context, name, after string) error {
	if err := os.WriteFile(filepath.Join(s.folder, name), []byte(after), 0o644); err != nil {
		return err
	}
	if name != "Dockerfile" {
		return s.client.Notify(ctx, "workspace/didChangeWatchedFiles", object{
			"changes": []object{{"uri": s.uri(name), "type": 1}},
		})
	}
	s.text = after
	s.version++
	return s.client.Notify(ctx, "textDocument/didChange", object{
		"textDocument":   object{"uri": s.uri("Dockerfile"), "version": s.version},
		"contentChanges": []object{{"text": after}},
	})
}

func spanOf(lines *text.Lines, r lspRange) text.Span {
	offset := func(p lspPosition) int {
		return lines.Offset(text.Position{Line: p.Line, Column: p.Character}, text.UTF16)
	}
	return text.Span{Start: offset(r.Start), End: offset(r.End)}
}

// showOnly are the lines of the Dockerfile at which rules of a section have found something; empty if they have not.
func (s *session) showOnly(section int, found []lspDiagnostic) string {
	found = slices.DeleteFunc(slices.Clone(found), func(d lspDiagnostic) bool {
		return !slices.ContainsFunc(rules.All(), func(r *lint.Rule) bool { return r.ID == d.Code && r.Section == section })
	})
	if len(found) == 0 {
		return ""
	}
	return s.render(found, true)
}

// show is the Dockerfile with each finding below its line.
func (s *session) show(found []lspDiagnostic) string { return s.render(found, false) }

// render is show, or only the lines in which a finding begins.
func (s *session) render(found []lspDiagnostic, only bool) string {
	severities := map[int]string{1: "error", 2: "warning", 3: "information", 4: "hint"}
	var out strings.Builder
	number := 0
	for line := range strings.Lines(s.text) {
		if !only || slices.ContainsFunc(found, func(d lspDiagnostic) bool { return d.Range.Start.Line == number }) {
			fmt.Fprintf(&out, "  %s\n", strings.TrimRight(line, "\r\n"))
		}
		for _, d := range found {
			if d.Range.Start.Line != number {
				continue
			}
			marks := 1
			if d.Range.End.Line == number {
				marks = max(1, d.Range.End.Character-d.Range.Start.Character)
			}
			before := strings.Repeat(" ", d.Range.Start.Character)
			fmt.Fprintf(&out, "  %s%s %s: %s [%s]\n", before, strings.Repeat("^", marks), severities[d.Severity],
				d.Message, d.Code)
		}
		number++
	}
	return out.String()
}
