package codeactions

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/shell"
)

// sets is the file in a user's home that a command does nothing but change a setting in.
func sets(c shell.Command) string {
	if len(c.Redirects) > 0 || len(c.Assigns) > 0 {
		return ""
	}
	args := operandsOf(c)
	if len(args.Operands) < 2 {
		return ""
	}
	switch c.Name() {
	case "git":
		if _, global := args.Option("--global"); global && args.Operands[0].Value == "config" {
			return ".gitconfig"
		}
	case "npm", "pnpm":
		first, second := args.Operands[0].Value, args.Operands[1].Value
		changes := first == "set" || first == "config" && slices.Contains([]string{"set", "delete", "rm"}, second)
		if len(args.Options) == 0 && changes {
			return ".npmrc"
		}
	case "yarn", "yarnpkg":
		return yarnSets(args)
	}
	return ""
}

// ofBerry are the names of settings as yarn has them from version 2 on.
var ofBerry = regexp.MustCompile(`^[a-z]+[A-Z][a-zA-Z]*$`)

// yarnSets is the file that yarn changes a setting in, by its name: those of yarn 1 are no names to later ones, and the
// other way round. A later yarn writes to the project without --home; a token has the same effect from the home, which yarn
// reads too, while everything else may stay where it is.
func yarnSets(args shell.Arguments) string {
	if args.Operands[0].Value != "config" || len(args.Operands) < 3 {
		return ""
	}
	key := args.Operands[2].Value
	_, home := args.Option("-H", "--home")
	switch verb := args.Operands[1].Value; {
	case len(args.Options) > 1 || len(args.Options) == 1 && !home:
		return ""
	case ofBerry.MatchString(key) && (verb == "set" || verb == "unset"):
		if home || key == "npmAuthToken" || key == "npmAuthIdent" {
			return ".yarnrc.yml"
		}
	case !home && !strings.ContainsAny(key, "[{") && isOfYarn1(key) && (verb == "set" || verb == "delete"):
		return ".yarnrc"
	}
	return ""
}

// isOfYarn1 reports whether a setting is one of yarn 1: of a registry, or in lower case.
func isOfYarn1(key string) bool {
	lower := !strings.Contains(key, ".") && strings.ToLower(key) == key
	return lower || strings.HasPrefix(key, "//") || strings.HasPrefix(key, "@")
}

// yarnHome is where yarn 1 has the home of root. Source: src/util/user-home-dir.js of yarn.
const yarnHome = "/usr/local/share"

// replacedByYarn are the names that yarn 1 replaces when it remembers a setting, as it does not when it reads one.
func (c *conversion) replacedByYarn(command shell.Command) []string {
	var names []string
	for _, w := range command.Words {
		for name := range c.names {
			if strings.Contains(w.Value, "${"+name+"}") {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// unsettled says why a setting that a command of a RUN makes cannot be a file that is mounted; empty if nothing is known
// against it.
func (c *conversion) unsettled(inst *dockerfile.Instruction, command shell.Command) string {
	args := operandsOf(command)
	yarn := command.Name() == "yarn" && len(args.Operands) > 2
	_, global := args.Option("-g", "--global")
	switch {
	case yarn && global:
		return "yarn keeps what line %d sets for all users in a place that is not known"
	case yarn && !isOfYarn1(args.Operands[2].Value) && strings.ContainsAny(args.Operands[2].Value, ".["):
		return "yarn may not merge the part of a setting in line %d with that of another file"
	case sets(command) != "" && c.homeOf(inst) == "":
		return "the home of the user in line %d is not known"
	}
	return ""
}

// hasOwnToken reports whether the .yarnrc.yml of the project sets the token, which would win over that of the home.
func (c *conversion) hasOwnToken(command shell.Command) bool {
	around := c.snapshot.Facts().Project
	args := operandsOf(command)
	if _, home := args.Option("-H", "--home"); home || around == nil || sets(command) != ".yarnrc.yml" {
		return false
	}
	key := regexp.MustCompile(`(?m)^["']?` + args.Operands[2].Value + `["']?\s*:`)
	return key.MatchString(around.File(".yarnrc.yml").Value)
}

// setting is the path of the file that a command of a RUN does nothing but change a setting in; empty if it is not known.
func (c *conversion) setting(inst *dockerfile.Instruction, command shell.Command) string {
	name, home := sets(command), c.homeOf(inst)
	switch {
	case name == "" || home == "":
		return ""
	case name == ".yarnrc" && c.userOf(inst) == "root":
		return path.Join(yarnHome, name)
	}
	return path.Join(home, name)
}

// unsets reports whether a command takes a setting back.
func unsets(c shell.Command) bool {
	args := operandsOf(c)
	if _, _, writes := written(c); writes || len(args.Operands) < 2 {
		return false
	}
	_, unset := args.Option("--unset", "--unset-all", "--remove-section")
	return unset || c.Name() != "git" && slices.Contains([]string{"delete", "rm", "unset"}, args.Operands[1].Value)
}

// settingText is what a command that sets something makes a file hold.
func settingText(c shell.Command) string {
	words := operandsOf(c).Operands[1:]
	if words[0].Value == "set" {
		words = words[1:]
	}
	var parts []string
	for _, w := range words {
		parts = append(parts, strings.Trim(w.Text, "\"'"))
	}
	switch sets(c) {
	case ".yarnrc":
		return `"` + strings.Join(parts, `" "`) + `"`
	case ".yarnrc.yml":
		return strings.Join(parts, ": ")
	}
	return strings.Join(parts, "=")
}
