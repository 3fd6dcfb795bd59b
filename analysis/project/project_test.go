package project

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"dockerfile-ls/analysis/golden"
)

// The projects stand in testdata/project/*.txtar, behind a comment in prose. The part "request" says what is read and
// asked, the part "facts" is golden and written by -update, all others are files. Words behind the name of a file change
// it: crlf, bom, empty (no byte at all), pipe, folder, link (the text is its target).

func TestProjects(t *testing.T) {
	archives := golden.Archives(t, "../../testdata/project/*.txtar")
	for file, archive := range archives {
		t.Run(strings.TrimSuffix(path.Base(file), ".txtar"), func(t *testing.T) {
			want := txtar.Archive{Comment: archive.Comment}
			for _, f := range archive.Files {
				if f.Name != "facts" {
					want.Files = append(want.Files, f)
				}
			}
			request, questions := readRequest(t, archive)
			s := Read(workspace(t, archive), request)
			facts := txtar.File{Name: "facts", Data: []byte(facts(t, s, questions))}
			want.Files = slices.Insert(want.Files, 1, facts)
			golden.Check(t, file, txtar.Format(&want))
		})
	}
	if len(archives) < 20 {
		t.Errorf("only %d projects", len(archives))
	}
}

// workspace makes a file system of an archive.
func workspace(t *testing.T, archive *txtar.Archive) fstest.MapFS {
	files := fstest.MapFS{}
	for _, f := range archive.Files[1:] {
		if f.Name == "facts" {
			continue
		}
		words := strings.Fields(f.Name)
		file := &fstest.MapFile{Data: f.Data, Mode: 0o644}
		for _, word := range words[1:] {
			switch word {
			case "crlf":
				file.Data = []byte(strings.ReplaceAll(string(file.Data), "\n", "\r\n"))
			case "bom":
				file.Data = []byte("\uFEFF" + string(file.Data))
			case "empty":
				file.Data = nil
			case "pipe":
				file.Mode |= fs.ModeNamedPipe
			case "folder":
				file.Mode |= fs.ModeDir
			case "link":
				file.Mode |= fs.ModeSymlink
				file.Data = []byte(strings.TrimSpace(string(file.Data)))
			default:
				t.Fatalf("unknown word in the name of a file: %s", word)
			}
		}
		files[words[0]] = file
	}
	return files
}

type question struct{ verb, text string }

func readRequest(t *testing.T, archive *txtar.Archive) (request Request, questions []question) {
	if len(archive.Files) == 0 || archive.Files[0].Name != "request" {
		t.Fatal("the first part is not the request")
	}
	for line := range strings.Lines(string(archive.Files[0].Data)) {
		verb, text, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch verb {
		case "dockerfile":
			request.Dockerfile = text
		case "context":
			request.Context = text
		case "sources":
			request.Sources = strings.Fields(text)
		case "files":
			request.Files = strings.Fields(text)
		case "names":
			request.Names = strings.Fields(text)
		case "entry": // the command; the paths of scripts and of package.json
			command, paths, _ := strings.Cut(text, ";")
			e := Entry{Words: strings.Fields(command)}
			for _, name := range strings.Fields(paths) {
				if path.Base(name) == "package.json" {
					e.Packages = append(e.Packages, name)
				} else {
					e.Files = append(e.Files, name)
				}
			}
			request.Entries = append(request.Entries, e)
		default:
			questions = append(questions, question{verb, text})
		}
	}
	return request, questions
}

// facts shows what is known.
func facts(t *testing.T, s *Surroundings, questions []question) string {
	var out strings.Builder
	c := s.Context
	fmt.Fprintf(&out, "context: %s by %s%s\n", state(c.State, c.Root), c.By, because(c.Why))
	if c.Compose != nil {
		showCompose(&out, c)
	}
	fmt.Fprintf(&out, "ignore: %s%s\n", state(s.Ignore.State, s.Ignore.Path), because(s.Ignore.Why))
	for _, p := range s.Ignore.Patterns {
		fmt.Fprintf(&out, "\t%d: %s%s\n", p.Line, p.Text, because(p.Problem))
	}
	for _, q := range questions {
		reply(t, &out, s, q)
	}
	return out.String()
}

func showCompose(out *strings.Builder, c Context) {
	fmt.Fprintf(out, "compose: %s\n", c.Compose.Path)
	for _, service := range c.Compose.Services {
		fmt.Fprintf(out, "\t%d: %s context=%s target=%s init=%s", service.Line, service.Name, show(service.Context),
			show(service.Target), show(service.Init))
		for _, name := range slices.Sorted(maps.Keys(service.Args)) {
			fmt.Fprintf(out, " %s=%s", name, show(service.Args[name]))
		}
		out.WriteString("\n")
	}
	fmt.Fprintf(out, "\ttarget %s, init %s\n", show(c.Target()), show(c.Init()))
}

// argument is the value that the compose file gives to a build argument.
func argument(c Context, name string) Fact[string] {
	return agreed(c.services(), func(s Service) Fact[string] {
		if value, ok := s.Args[name]; ok {
			return value
		}
		return absent[string]()
	})
}

func reply(t *testing.T, out *strings.Builder, s *Surroundings, q question) {
	fmt.Fprintf(out, "%s %s: ", q.verb, q.text)
	switch q.verb {
	case "ignored":
		fmt.Fprintln(out, show(s.Ignored(q.text)))
	case "file":
		fmt.Fprintln(out, show(s.File(q.text)))
	case "script":
		showScript(out, s.Script(q.text))
	case "arg":
		fmt.Fprintln(out, show(argument(s.Context, q.text)))
	case "takes":
		c, _ := readCopy(q.text)
		taken := s.Takes(c)
		fmt.Fprintf(out, "%s%s\n", taken.State, because(taken.Why))
		for _, name := range taken.Files {
			fmt.Fprintf(out, "\t%s\n", name)
		}
		for _, name := range taken.Unread {
			fmt.Fprintf(out, "\t%s/ ...\n", name)
		}
	case "named":
		c, names := readCopy(q.text)
		found := s.TakesNamed(c, names...)
		fmt.Fprintln(out, found.State, strings.Join(found.Paths, " "))
	case "project":
		showProject(out, s.Project(q.text))
	default:
		t.Fatalf("unknown question %s", q.verb)
	}
}

func showScript(out *strings.Builder, script Script) {
	fmt.Fprintf(out, "%s%s of %d files\n", script.State, because(script.Why), len(script.Files))
	for _, name := range script.Files {
		fmt.Fprintf(out, "\t%s\n", name)
	}
	fmt.Fprintf(out, "\tSIGTERM %s, SIGINT %s", show(script.Handles("SIGTERM")), show(script.Handles("SIGINT")))
	if script.Listens() {
		out.WriteString(", listens")
	}
	if script.ReadsNPM() {
		out.WriteString(", reads variables of npm")
	}
	out.WriteString("\n")
}

// readCopy reads flags, the source, and words behind it.
func readCopy(text string) (c Copy, rest []string) {
	for _, word := range strings.Fields(text) {
		pattern, exclude := strings.CutPrefix(word, "--exclude=")
		switch {
		case exclude:
			c.Exclude = append(c.Exclude, pattern)
		case word == "--parents":
			c.Parents = true
		case c.Source == "":
			c.Source = word
		default:
			rest = append(rest, word)
		}
	}
	return c, rest
}

func showProject(out *strings.Builder, p Project) {
	fmt.Fprintln(out, state(p.State, p.Folder))
	m := p.Manager
	fmt.Fprintf(out, "\tmanager %s", state(m.State, string(m.Manager)))
	if m.State == Known {
		fmt.Fprintf(out, " %s by %s", show(m.Version), m.By)
	}
	if len(m.Candidates) > 0 {
		fmt.Fprintf(out, " of %q", m.Candidates)
	}
	fmt.Fprintln(out, because(m.Why))
	for _, lock := range p.Lockfiles {
		fmt.Fprintf(out, "\tlock %s %q %s%s version %s agrees %s\n", lock.Path, lock.Manager, lock.State, because(lock.Why),
			show(lock.Version), show(lock.Agrees))
	}
	if lock, ok := p.Lockfile(); ok {
		fmt.Fprintf(out, "\tits lockfile is %s\n", lock.Path)
	}
	if p.Workspace.State != Absent && p.pnpm {
		fmt.Fprintf(out, "\tpnpm-workspace.yaml %s\n", show(p.Workspace))
	}
	if p.berry {
		fmt.Fprintf(out, "\tnodeLinker %s\n", show(p.NodeLinker))
	}
	if p.State != Absent && p.Package.Path != "" {
		showPackage(out, p.Package)
	}
}

func showPackage(out *strings.Builder, p Package) {
	fmt.Fprintf(out, "\t%s %s%s\n", p.Path, p.State, because(p.Why))
	for _, f := range []struct {
		name  string
		state State
		text  string
	}{
		{"name", p.Name.State, show(p.Name)},
		{"main", p.Main.State, show(p.Main)},
		{"type", p.Type.State, show(p.Type)},
		{"engines", p.Engines.State, show(p.Engines)},
		{"scripts", p.Scripts.State, show(p.Scripts)},
		{"dependencies", p.Dependencies.State, show(p.Dependencies)},
		{"devDependencies", p.DevDependencies.State, show(p.DevDependencies)},
		{"optionalDependencies", p.OptionalDependencies.State, show(p.OptionalDependencies)},
		{"workspaces", p.Workspaces.State, show(p.Workspaces)},
		{"packageManager", p.Manager.State, show(p.Manager)},
	} {
		if p.State == Known && f.state != Absent {
			fmt.Fprintf(out, "\t\t%s %s\n", f.name, f.text)
		}
	}
}

func state(s State, text string) string {
	if s == Known {
		return text
	}
	return s.String()
}

func show[T any](f Fact[T]) string {
	if f.State != Known {
		return f.State.String() + because(f.Why)
	}
	if text, ok := any(f.Value).(string); ok {
		return fmt.Sprintf("%q", text)
	}
	return fmt.Sprint(f.Value)
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return " (" + why + ")"
}
