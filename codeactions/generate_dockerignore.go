package codeactions

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/syntax"
)

// generateDockerignore offers the .dockerignore of the cheat sheet (section 9) with what lies in the context, and without
// anything that the Dockerfile names as a source. It offers nothing where the context is not known or has one. It is safe
// where nothing goes that the build could want; else the title says what.
func generateDockerignore(s *analysis.Snapshot, f *lint.Finding) []Action {
	around := s.Facts().Project
	if around == nil || around.Context.State != project.Known || around.Ignore.State != project.Absent {
		return nil
	}
	sources := sourcesOf(s)
	shared := sources.generate(s, f, ".dockerignore", false)
	if shared.Risk == Safe {
		return []Action{shared}
	}
	own := sources.generate(s, f, path.Base(around.Dockerfile)+".dockerignore", true)
	if own.Risk == Safe {
		return []Action{shared, own} // what it leaves out, only another Dockerfile may want
	}
	return []Action{shared}
}

// withIgnoreFile is an action for a finding that misses the ignore file as a whole: what the action ignores is part of it.
func withIgnoreFile(s *analysis.Snapshot, f *lint.Finding, a Action) Action {
	if f.Rule.ID != rules.MissingDockerignore {
		return a
	}
	if generated := generateDockerignore(s, f); len(generated) > 0 {
		a.Creates = generated[0].Creates
	}
	return a
}

// generate is the action that makes an ignore file: the one of the context, or the one that counts for this Dockerfile alone
// and lies beside it.
func (found sources) generate(s *analysis.Snapshot, f *lint.Finding, name string, own bool) Action {
	around := s.Facts().Project
	folder := around.Context.Root
	if own {
		folder = path.Dir(around.Dockerfile)
	}
	file := path.Join(folder, name)
	text := dockerignore(around, file, found.named)
	a := Action{Title: "Generate " + name, Kind: QuickFix, Mends: f, Risk: Safe}
	if risk := found.risk(s, project.Ignorer(text), own); risk != "" {
		a.Title, a.Risk = fmt.Sprintf("%s (%s)", a.Title, risk), Risky
	}
	a.Preferred = a.Risk == Safe
	if strings.Contains(s.Text(), "\r\n") {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	a.Creates = []NewFile{{file, text}}
	return a
}

// section is a part of the file: patterns that are always written, and those for what lies in the context.
type section struct {
	comment         string
	always, ifThere []string
}

func sections(around *project.Surroundings, file string) []section {
	build := section{
		comment: "How the image is built.",
		ifThere: []string{"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml", ".dockerfile-ls.yaml"},
	}
	for _, name := range []string{file, around.Dockerfile} {
		if here, ok := inside(around.Context.Root, name); ok {
			build.always = append(build.always, here)
		}
	}
	return []section{
		{"What is installed in the image, and what running it leaves " +
			"behind.", []string{"**/node_modules", "**/npm-debug.log*"},
			[]string{"yarn-error.log", "yarn-debug.log", "coverage", ".nyc_output"}},
		{
			"Version control and editors.", []string{".git", ".gitignore"},
			[]string{".gitattributes", ".github", ".idea", ".vscode", ".DS_Store"},
		},
		build,
		{"Secrets: a layer keeps them, whatever a later one deletes.", secretPatterns(), nil},
	}
}

func secretPatterns() []string { return []string{"**/.env", "**/.env.*", "**/.npmrc", "aws.json"} }

// dockerignore is the text of the file at a path.
func dockerignore(around *project.Surroundings, file string, named []string) string {
	lies := contextNames(around)
	var parts []string
	for _, section := range sections(around, file) {
		lines := []string{"# " + section.comment}
		for _, pattern := range section.always {
			if !takesAway(pattern, named) {
				lines = append(lines, pattern)
			}
		}
		for _, pattern := range section.ifThere {
			if lies[pattern] && !takesAway(pattern, named) {
				lines = append(lines, pattern)
			}
		}
		if len(lines) > 1 {
			parts = append(parts, strings.Join(lines, "\n")+"\n")
		}
	}
	return strings.Join(parts, "\n")
}

// takesAway reports whether a pattern would ignore one of the paths.
func takesAway(pattern string, paths []string) bool {
	return slices.ContainsFunc(paths, project.Ignorer(pattern+"\n"))
}

// sources are what a Dockerfile takes out of the context by name, besides the whole of it.
type sources struct {
	named   []string
	unclear string // why more may be named; empty if nothing is
}

func sourcesOf(s *analysis.Snapshot) sources {
	m, around := s.Model(), s.Facts().Project
	if around == nil {
		around = &project.Surroundings{}
	}
	var found sources
	for _, inst := range m.Instructions {
		inner := inst
		if inst.Inner != nil {
			inner = inst.Inner
		}
		for _, source := range contextSources(inner) {
			v := m.Expand(inner, source)
			switch {
			case v.State != dockerfile.Known:
				found.unclear = "a COPY names its source by a variable"
			case path.Clean("/"+v.Text) == "/" || dockerfile.ReadRemote(v.Text).Exists():
			default:
				found.named = append(found.named, v.Text)
				found.named = append(found.named, matched(around, v.Text)...)
			}
		}
		if slices.ContainsFunc(inner.Flags, func(f syntax.Flag) bool { return f.Name.Text == "parents" }) {
			found.unclear = "COPY --parents may want what it leaves out"
		}
	}
	return found
}

// matched are the paths that a source with wildcards takes now, and those of the list that it would take if they came.
func matched(around *project.Surroundings, source string) []string {
	if !strings.ContainsAny(source, "*?[") {
		return nil
	}
	names := slices.Clone(around.Takes(project.Copy{Source: source}).Files)
	clean := strings.TrimPrefix(path.Clean("/"+source), "/")
	for _, name := range []string{
		"node_modules", "npm-debug.log", ".git", ".gitignore", ".dockerignore", ".env", ".env.x", ".npmrc", "aws.json",
	} {
		if ok, err := path.Match(clean, name); ok || err != nil {
			names = append(names, name)
		}
	}
	return names
}

// risk says what of the build may want something that is ignored now; empty if nothing does. An own ignore file counts for
// no other Dockerfile.
func (found sources) risk(s *analysis.Snapshot, ignored func(string) bool, own bool) string {
	around := s.Facts().Project
	if found.unclear != "" {
		return found.unclear
	}
	for _, source := range found.named {
		taken := around.Takes(project.Copy{Source: source})
		for _, name := range append(slices.Clone(taken.Files), taken.Unread...) {
			if ignored(name) {
				return fmt.Sprintf("%s loses %s", source, name)
			}
		}
	}
	whole := around.Takes(project.Copy{Source: "."})
	for _, name := range append(slices.Clone(whole.Files), whole.Unread...) {
		switch {
		case !own && path.Join(around.Context.Root, name) != around.Dockerfile && analysis.IsDockerfileName(path.Base(name)):
			return fmt.Sprintf("%s may want what it leaves out", name)
		case ignored(name) && !isUseless(name, s.Text()):
			return fmt.Sprintf("a RUN may read %s", name)
		}
	}
	return ""
}

// isUseless reports whether no build wants a file that is ignored: what is installed anew, and what describes the image or
// the repository. A RUN of git wants the repository.
func isUseless(name, source string) bool {
	top, _, _ := strings.Cut(name, "/")
	switch path.Base(name) {
	case ".dockerignore", ".gitignore", ".gitattributes", ".DS_Store":
		return true
	}
	switch {
	case top == ".git":
		return !strings.Contains(source, "git ")
	case path.Base(name) == "aws.json", strings.HasPrefix(path.Base(name), ".env"), path.Base(name) == ".npmrc":
		return strings.Contains(name, "node_modules/")
	}
	return true
}

// contextSources are the words of an instruction that name something in the context: sources of COPY and ADD, and of bind
// mounts.
func contextSources(inst *dockerfile.Instruction) []string {
	var words []string
	if inst.FromContext() {
		for _, source := range inst.Sources() {
			words = append(words, source.Text)
		}
	}
	for _, flag := range inst.Flags {
		if flag.Name.Text != "mount" {
			continue
		}
		options := map[string]string{"type": "bind"}
		for _, o := range flag.Options {
			options[strings.ToLower(o.Key.Text)] = o.Value.Text
		}
		source := options["source"] + options["src"]
		if options["type"] == "bind" && options["from"] == "" && source != "" {
			words = append(words, source)
		}
	}
	return words
}

// contextNames are the names that lie in the context root.
func contextNames(around *project.Surroundings) map[string]bool {
	names := map[string]bool{}
	taken := around.Takes(project.Copy{Source: "."})
	for _, name := range append(taken.Files, taken.Unread...) {
		top, _, _ := strings.Cut(name, "/")
		names[top] = true
	}
	return names
}

// inside is a path as seen from a folder that holds it.
func inside(folder, name string) (string, bool) {
	if folder == "." {
		return name, true
	}
	return strings.CutPrefix(name, folder+"/")
}
