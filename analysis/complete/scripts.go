package complete

import (
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/secret"
	"dockerfile-ls/analysis/syntax"
)

// runsLater reports whether a command runs in a container, where ARG is gone.
func runsLater(half *syntax.Instruction) bool {
	return half != nil && (half.Name == "CMD" || half.Name == "ENTRYPOINT" || half.Name == "HEALTHCHECK")
}

// unplain are characters that a shell or an array reads otherwise.
const unplain = " \t\r\n\v\f\"'`\\$;|&<>()#*?[]{}!~="

// scripts are those of package.json, where a package manager is told to run one.
func (p *place) scripts() []Item {
	if p.half.JSON != nil {
		_, start, _, ok := p.current()
		if !ok {
			return nil
		}
		words := make([]string, 0, len(p.half.JSON.Elements))
		for _, e := range p.half.JSON.Elements {
			words = append(words, e.Text)
		}
		return p.scriptsAt(words, start, `"`)
	}
	if p.half.Rest.Text == "" {
		return nil
	}
	start := p.half.Rest.Start
	if p.half.Name == "HEALTHCHECK" && len(p.half.Args) > 1 {
		start = p.half.Args[1].Start
	}
	return p.scriptsIn(p.line[start:p.at])
}

// scriptsIn are the scripts for the last command of a shell script.
func (p *place) scriptsIn(script string) []Item {
	command := script[strings.LastIndexAny(script, "&|;()\n`")+1:]
	words := strings.Fields(command)
	start := p.at
	if len(words) > 0 && !p.isBlank() {
		start -= len(words[len(words)-1])
	} else {
		words = append(words, "")
	}
	return p.scriptsAt(words, start, `"'&|;()`)
}

// scriptsAt are the scripts that the last one of words may name, which begins at an offset of the line.
func (p *place) scriptsAt(words []string, start int, stops string) []Item {
	for len(words) > 0 && strings.Contains(words[0], "=") {
		words = words[1:] // assignments
	}
	if len(words) < 2 || !runsScript(words[:len(words)-1]) || strings.ContainsAny(words[len(words)-1], quotes) {
		return nil
	}
	span, ok := p.word(start, stops)
	if !ok {
		return nil
	}
	manifest := p.manifest()
	var names []string
	for name := range manifest.Scripts.Value {
		if !strings.HasPrefix(name, "-") && !strings.ContainsAny(name, unplain) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var items []Item
	for _, name := range names {
		items = append(items, Item{
			Span: span, Label: name, Kind: Script, Insert: name, Detail: short(secret.Hide(manifest.Scripts.Value[name])),
			Text: "A script of `" + manifest.Path + "`.",
		})
	}
	return items
}

// runsScript reports whether the next word of a command is the name of a script: npm run, yarn, pnpm run, bun run.
func runsScript(words []string) bool {
	words = slices.DeleteFunc(slices.Clone(words), func(w string) bool { return strings.HasPrefix(w, "-") })
	if len(words) == 0 {
		return false
	}
	program, rest := words[0], words[1:]
	switch program {
	case "npm", "pnpm", "bun":
		return len(rest) == 1 && (rest[0] == "run" || rest[0] == "run-script")
	case "yarn":
		return len(rest) == 0 || len(rest) == 1 && rest[0] == "run"
	}
	return false
}

// manifest is the package.json that a package manager in the working directory reads: the one that was copied there, else
// that of the build context.
func (p *place) manifest() project.Package {
	if p.Project == nil {
		return project.Package{}
	}
	if p.stage != nil && p.inst != nil {
		dir := p.Model.Workdir(p.inst)
		if runsLater(p.half) {
			dir = p.Model.WorkdirAtEnd(p.stage)
		}
		if dir.State == dockerfile.Known {
			for _, name := range p.Model.ContextPaths(p.stage, path.Join(dir.Text, "package.json")) {
				if found := p.Project.Project(name).Package; found.State == project.Known && found.Path == name {
					return found
				}
			}
		}
	}
	return p.Project.Project(".").Package
}
