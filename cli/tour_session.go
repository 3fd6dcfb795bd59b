package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aymanbagabas/go-udiff"

	"dockerfile-ls/analysis/text"
	"dockerfile-ls/codeactions"
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
		Edit        *struct {
			DocumentChanges []lspChange `json:"documentChanges"`
		} `json:"edit"`
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

// guide walks through the session and prints it.
func guide(ctx context.Context, out io.Writer, folder string, answers codeactions.Resolver) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	editor, served := net.Pipe()
	go server.Run(ctx, served, served, server.Options{Log: slog.New(slog.DiscardHandler), Version: version(), Resolver: answers})
	s := &session{client: lspclient.Dial(ctx, editor), folder: folder, tried: map[string]bool{}}
	found, err := s.open(ctx)
	if err != nil {
		return err
	}
	fmt.Fprint(out, "The cheat sheet's first Dockerfile, as an editor shows it:\n\n", s.show(found))
	before := len(found)
	for {
		action, err := s.next(ctx, found)
		if err != nil {
			return err
		}
		if action == nil {
			break
		}
		change, err := s.apply(ctx, action)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "\n%s\n\n%s", action.Title, change)
		if found, err = s.without(ctx, action.Diagnostics[0]); err != nil {
			return err
		}
	}
	fmt.Fprint(out, "\nWhat it has become:\n\n", s.show(found))
	fmt.Fprintf(out, "\n%s before, %s after. What a registry would say is recorded: no network was asked.\n", count(before, "finding"), count(len(found), "finding"))
	if err := s.client.Call(ctx, "shutdown", nil, nil); err != nil {
		return err
	}
	return s.client.Notify(ctx, "exit", nil)
}

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

// without returns what is found when a finding is gone, which may take until files are read again.
func (s *session) without(ctx context.Context, mended lspDiagnostic) ([]lspDiagnostic, error) {
	for {
		found, err := s.findings(ctx)
		if err != nil || !slices.ContainsFunc(found, func(d lspDiagnostic) bool { return d.Code == mended.Code }) {
			return found, err
		}
		if err := s.refreshed(ctx); err != nil {
			return nil, fmt.Errorf("%s stays: %w", mended.Code, err)
		}
	}
}

// next is the first action that is offered for the findings and was not applied yet; nil if there is none.
func (s *session) next(ctx context.Context, found []lspDiagnostic) (*lspAction, error) {
	for _, d := range found {
		var actions []lspAction
		err := s.client.Call(ctx, "textDocument/codeAction", object{
			"textDocument": object{"uri": s.uri("Dockerfile")}, "range": d.Range, "context": object{"diagnostics": []any{}},
		}, &actions)
		if err != nil {
			return nil, err
		}
		for i, a := range actions {
			if !s.tried[a.Title] && len(a.Diagnostics) == 1 && a.Diagnostics[0].Code == d.Code {
				s.tried[a.Title] = true
				return &actions[i], s.client.Call(ctx, "codeAction/resolve", a, &actions[i])
			}
		}
	}
	return nil, nil
}

// apply does what an editor does with an action, and returns what has changed.
func (s *session) apply(ctx context.Context, action *lspAction) (string, error) {
	var diff strings.Builder
	for _, change := range action.Edit.DocumentChanges {
		switch {
		case change.Kind == "create":
			continue // its text comes with the next change
		case change.TextDocument.URI != s.uri("Dockerfile"):
			name := filepath.Base(change.TextDocument.URI)
			if err := os.WriteFile(filepath.Join(s.folder, name), []byte(change.Edits[0].NewText), 0o644); err != nil {
				return "", err
			}
			diff.WriteString(udiff.Unified("/dev/null", name, "", change.Edits[0].NewText))
			err := s.client.Notify(ctx, "workspace/didChangeWatchedFiles", object{"changes": []object{{"uri": s.uri(name), "type": 1}}})
			if err != nil {
				return "", err
			}
			continue
		}
		lines := text.NewLines(s.text)
		var edits []text.Edit
		for _, e := range change.Edits {
			edits = append(edits, text.Edit{Span: spanOf(lines, e.Range), New: e.NewText})
		}
		after, err := text.Apply(s.text, edits)
		if err != nil {
			return "", err
		}
		diff.WriteString(udiff.Unified("Dockerfile", "Dockerfile", s.text, after))
		if err := s.write(ctx, after); err != nil {
			return "", err
		}
	}
	return diff.String(), nil
}

// write makes a text that of the Dockerfile, in the editor and on the disk.
func (s *session) write(ctx context.Context, after string) error {
	s.text = after
	s.version++
	if err := os.WriteFile(filepath.Join(s.folder, "Dockerfile"), []byte(after), 0o644); err != nil {
		return err
	}
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

// show is the Dockerfile with each finding below its line.
func (s *session) show(found []lspDiagnostic) string {
	severities := map[int]string{1: "error", 2: "warning", 3: "information", 4: "hint"}
	var out strings.Builder
	number := 0
	for line := range strings.Lines(s.text) {
		fmt.Fprintf(&out, "  %s\n", strings.TrimRight(line, "\r\n"))
		for _, d := range found {
			if d.Range.Start.Line != number {
				continue
			}
			marks := 1
			if d.Range.End.Line == number {
				marks = max(1, d.Range.End.Character-d.Range.Start.Character)
			}
			fmt.Fprintf(&out, "  %s%s %s: %s [%s]\n", strings.Repeat(" ", d.Range.Start.Character), strings.Repeat("^", marks),
				severities[d.Severity], d.Message, d.Code)
		}
		number++
	}
	return out.String()
}
