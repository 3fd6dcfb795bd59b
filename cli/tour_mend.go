package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/rules"
)

// The titles, or their beginnings, of what the tour asks for without a finding that it mends.
const (
	splitAction  = "Split into build and production stages"
	digestAction = "Insert digests of all "
)

// finalStep is what the first Dockerfile becomes.
const finalStep = "10-final"

// mendOrder are the sections in the order in which their findings are mended: a stage is split when its secrets are mounted.
var mendOrder = [...]int{1, 2, 3, 4, 5, 6, 7, 9, 10, 8}

// mend applies what is offered for the findings of each section, then splits the stage, and inserts the digests last: they
// leave an image no other variant.
func mend(ctx context.Context, out io.Writer, files fs.FS, folder string, r records) error {
	s, found, err := begin(ctx, files, steps(files)[0], folder, r)
	if err != nil {
		return err
	}
	fmt.Fprint(out, "\nThe first Dockerfile again, with all that is found in it:\n\n", s.show(found))
	before := len(found)
	for _, section := range mendOrder {
		if err := s.mendSection(ctx, out, section); err != nil {
			return fmt.Errorf("section %d: %w", section, err)
		}
	}
	for _, last := range []struct {
		section int
		title   string
	}{{8, splitAction}, {1, digestAction}} {
		fmt.Fprintf(out, "\n%s\n", lint.Heading(last.section))
		if err := s.applyTitled(ctx, out, last.title); err != nil {
			return err
		}
	}
	return s.conclude(ctx, out, files, before)
}

// mendSection applies the first action for each finding of a section, again and again.
func (s *session) mendSection(ctx context.Context, out io.Writer, section int) error {
	found, err := s.findings(ctx)
	if err != nil {
		return err
	}
	if found, err = s.scanFor(ctx, section, found); err != nil {
		return err
	}
	if section == scanSection {
		_, err := fmt.Fprintf(out, "\n%s\n\n%s", lint.Heading(section), s.showOnly(section, found))
		return err
	}
	for first := true; ; first = false {
		action, err := s.next(ctx, ofSection(section, found))
		if err != nil {
			return err
		}
		if action == nil {
			return nil
		}
		if first {
			fmt.Fprint(out, headings(section, action.Title))
		}
		change, err := s.apply(ctx, action.Edit)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "\n%s\n\n%s", action.Title, change)
		if found, err = s.without(ctx, action.Diagnostics[0].Code); err != nil {
			return err
		}
	}
}

// headings are those of a section, and of the last one where its action begins what another section has found.
func headings(section int, title string) string {
	text := "\n" + lint.Heading(section) + "\n"
	if section != 10 && strings.Contains(title, "secret mount") {
		text += lint.Heading(10) + "\n"
	}
	return text
}

// ofSection are the findings of a section's rules, without that of the digests.
func ofSection(section int, found []lspDiagnostic) []lspDiagnostic {
	return slices.DeleteFunc(slices.Clone(found), func(d lspDiagnostic) bool {
		return d.Code == rules.BaseImageWithoutDigest ||
			!slices.ContainsFunc(rules.All(), func(r *lint.Rule) bool { return r.ID == d.Code && r.Section == section })
	})
}

// next is the first action that is offered for the findings, was not tried yet and can be made; nil if there is none. One
// that asks for what is not recorded cannot.
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
			if s.tried[a.Title] || len(a.Diagnostics) != 1 || a.Diagnostics[0].Code != d.Code {
				continue
			}
			s.tried[a.Title] = true
			if err := s.client.Call(ctx, "codeAction/resolve", a, &actions[i]); err == nil {
				return &actions[i], nil
			}
		}
	}
	return nil, nil
}

// applyTitled applies the action at the first FROM whose title begins so.
func (s *session) applyTitled(ctx context.Context, out io.Writer, title string) error {
	line := slices.IndexFunc(strings.Split(s.text, "\n"), func(line string) bool { return strings.HasPrefix(line, "FROM ") })
	place := lspPosition{Line: line, Character: len("FROM ")}
	var actions []lspAction
	err := s.client.Call(ctx, "textDocument/codeAction", object{
		"textDocument": object{"uri": s.uri("Dockerfile")}, "range": lspRange{place, place},
		"context": object{"diagnostics": []any{}},
	}, &actions)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(actions, func(a lspAction) bool { return strings.HasPrefix(a.Title, title) })
	if i < 0 {
		return fmt.Errorf("%q is not offered", title)
	}
	if err := s.client.Call(ctx, "codeAction/resolve", actions[i], &actions[i]); err != nil {
		return err
	}
	change, err := s.apply(ctx, actions[i].Edit)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "\n%s\n\n%s", actions[i].Title, change)
	return err
}

// hardenAlone has the first Dockerfile hardened at once.
func hardenAlone(ctx context.Context, out io.Writer, files fs.FS, folder string, r records) error {
	s, found, err := begin(ctx, files, steps(files)[0], folder, r)
	if err != nil {
		return err
	}
	var actions []lspAction
	err = s.client.Call(ctx, "textDocument/codeAction", object{
		"textDocument": object{"uri": s.uri("Dockerfile")}, "range": lspRange{},
		"context": object{"diagnostics": []any{}, "only": []string{"source.hardenDockerfile"}},
	}, &actions)
	if err != nil {
		return err
	}
	if len(actions) != 1 {
		return fmt.Errorf("%d actions harden the Dockerfile", len(actions))
	}
	if err := s.client.Call(ctx, "workspace/executeCommand", actions[0].Command, nil); err != nil {
		return err
	}
	var asked struct {
		Edit lspEdit `json:"edit"`
	}
	if err := json.Unmarshal(<-s.client.Edits, &asked); err != nil {
		return err
	}
	change, err := s.apply(ctx, &asked.Edit)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nThe first Dockerfile once more, and all of that at once:\n\n%s\n\n%s", actions[0].Title, change)
	return s.conclude(ctx, out, files, len(found))
}

// conclude shows what the Dockerfile has become when nothing is found any more, and holds that it is the last step.
func (s *session) conclude(ctx context.Context, out io.Writer, files fs.FS, before int) error {
	found, err := s.until(ctx, "something is left to mend", func(found []lspDiagnostic) bool { return len(found) == 0 })
	if err != nil {
		return err
	}
	fmt.Fprint(out, "\nWhat it has become:\n\n", s.show(found))
	fmt.Fprintf(out, "\n%s before, %s after.", count(before, "finding"), count(len(found), "finding"))
	same, err := isLaid(files, finalStep, s.folder)
	if err != nil {
		return err
	}
	if same {
		fmt.Fprintf(out, " It is %s, byte for byte.\n", finalStep)
	} else {
		fmt.Fprintf(out, " It is not %s.\n", finalStep)
	}
	return s.end(ctx)
}

// isLaid reports whether a folder holds what lay would make of a step, and nothing else.
func isLaid(files fs.FS, step, folder string) (bool, error) {
	want := map[string][]byte{}
	for _, layer := range []string{tourProject, path.Join(tourFolder, step)} {
		entries, err := fs.ReadDir(files, layer)
		if err != nil {
			return false, err
		}
		for _, e := range entries {
			if want[e.Name()], err = fs.ReadFile(files, path.Join(layer, e.Name())); err != nil {
				return false, err
			}
		}
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != len(want) {
		return false, err
	}
	for name, text := range want {
		if got, err := os.ReadFile(filepath.Join(folder, name)); err != nil || !bytes.Equal(got, text) {
			return false, err
		}
	}
	return true, nil
}
