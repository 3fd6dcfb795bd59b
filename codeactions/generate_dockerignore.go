package codeactions

import (
	"fmt"
	"path"
	"strings"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
)

// generateDockerignore offers the .dockerignore of the cheat sheet (section 9) with what lies in the context, and without
// anything that the Dockerfile names as a source. It offers nothing where the context is not known or has one.
func generateDockerignore(s *analysis.Snapshot, f *lint.Finding) []Action {
	around := s.Facts().Project
	if around == nil || around.Context.State != project.Known || around.Ignore.State != project.Absent {
		return nil
	}
	named, all := namedSources(s)
	lies := contextNames(around)
	text, kept := dockerignore(around, lies, named)
	if strings.Contains(s.Text(), "\r\n") {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	a := Action{
		Title:   "Generate .dockerignore",
		Kind:    QuickFix,
		Mends:   f,
		Creates: []NewFile{{path.Join(around.Context.Root, ".dockerignore"), text}},
	}
	switch secret := firstSecret(lies, kept); {
	case !all:
		a.Title += " (a COPY names its source by a variable)"
	case secret != "":
		a.Title += fmt.Sprintf(" (a RUN may read %s)", secret)
	default:
		a.Risk, a.Preferred = Safe, true
	}
	return []Action{a}
}

// section is a part of the file: patterns that are always written, and those for what lies in the context.
type section struct {
	comment         string
	always, ifThere []string
}

func sections(around *project.Surroundings) []section {
	build := section{
		comment: "How the image is built.",
		always:  []string{".dockerignore"},
		ifThere: []string{"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml", ".dockerfile-ls.yaml"},
	}
	if own, ok := inside(around.Context.Root, around.Dockerfile); ok {
		build.always = append(build.always, own)
	}
	return []section{
		{"What is installed in the image, and what running it leaves behind.", []string{"**/node_modules", "**/npm-debug.log*"},
			[]string{"yarn-error.log", "yarn-debug.log", "coverage", ".nyc_output"}},
		{"Version control and editors.", []string{".git", ".gitignore"}, []string{".gitattributes", ".github", ".idea", ".vscode", ".DS_Store"}},
		build,
		{"Secrets: a layer keeps them, whatever a later one deletes.", secretPatterns(), nil},
	}
}

func secretPatterns() []string { return []string{"**/.env", "**/.env.*", "**/.npmrc", "aws.json"} }

// dockerignore is the text of the file, and the patterns in it.
func dockerignore(around *project.Surroundings, lies map[string]bool, named []string) (text string, kept []string) {
	var parts []string
	for _, section := range sections(around) {
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
			kept = append(kept, lines[1:]...)
		}
	}
	return strings.Join(parts, "\n"), kept
}

// takesAway reports whether a pattern would ignore one of the paths.
func takesAway(pattern string, paths []string) bool {
	for _, name := range paths {
		if project.IgnoredBy(pattern+"\n", name) != known(false) {
			return true
		}
	}
	return false
}

func known(value bool) project.Fact[bool] {
	return project.Fact[bool]{State: project.Known, Value: value}
}

// namedSources are the paths of the context that the Dockerfile names, other than the whole context, and what its patterns
// match; all is false if a variable that is not known names one.
func namedSources(s *analysis.Snapshot) (named []string, all bool) {
	m, around := s.Model(), s.Facts().Project
	all = true
	for _, inst := range m.Instructions {
		for _, source := range contextSources(inst) {
			v := m.Expand(inst, source)
			switch {
			case v.State != dockerfile.Known:
				all = false
			case path.Clean("/"+v.Text) != "/" && !dockerfile.ReadRemote(v.Text).Exists():
				named = append(named, v.Text)
				if strings.ContainsAny(v.Text, "*?[") {
					named = append(named, around.Takes(project.Copy{Source: v.Text}).Files...)
				}
			}
		}
	}
	return named, all
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

// firstSecret is a file that the build can read now and not any more; empty if there is none.
func firstSecret(lies map[string]bool, kept []string) string {
	for _, name := range []string{".npmrc", ".env"} {
		for _, pattern := range kept {
			if lies[name] && pattern == "**/"+name {
				return name
			}
		}
	}
	return ""
}

// inside is a path as seen from a folder that holds it.
func inside(folder, name string) (string, bool) {
	if folder == "." {
		return name, true
	}
	return strings.CutPrefix(name, folder+"/")
}
