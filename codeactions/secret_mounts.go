package codeactions

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/syntax"
)

// flags are the mounts that the RUN needs and has not.
func (r *runPlan) flags() string {
	slices.Sort(r.files)
	slices.Sort(r.variables)
	flags := ""
	for _, file := range r.files {
		mounted := r.conversion.files[file]
		mounted.mounts = r.add(mounted.mounts, r.inst)
		if !r.targets(file) {
			flags += " " + r.fileMount(mounted)
		}
	}
	for _, name := range r.variables {
		r.mounted[name] = r.add(r.mounted[name], r.inst)
		if r.getsVariable(name) {
			continue
		}
		if flag := " " + r.variableMount(name); !strings.Contains(flags+" ", flag+" ") { // one file may set two variables
			flags += flag
		}
	}
	return flags
}

// idOf is the ID of a variable's secret.
func (c *conversion) idOf(name string) string {
	origin := c.names[name]
	return cmp.Or(c.ids[origin], strings.ToLower(origin))
}

// findIDs takes over the IDs of mounts that are there, and keeps off those of other files.
func (c *conversion) findIDs() {
	found, taken := map[string]bool{}, map[string]string{}
	for _, inst := range c.steps {
		for _, mount := range inst.Flags {
			if inst.Name != "RUN" || !isSecretMount(mount) {
				continue
			}
			target := c.targetOf(inst, mount)
			id := cmp.Or(option(mount, "id", "source", "src"), path.Base(target))
			if origin := c.names[option(mount, "env")]; origin != "" && c.ids[origin] == "" {
				c.ids[origin] = id
			}
			if file := c.files[target]; file != nil && !found[target] {
				file.id, found[target] = id, true
			} else if file == nil && target != "" {
				taken[id] = path.Base(target)
			}
		}
	}
	for _, file := range c.sortedFiles() {
		for !found[file.path] && taken[file.id] != "" && taken[file.id] != path.Base(file.path) {
			file.id += "2"
		}
	}
}

// targetOf is the absolute path that a mount lies at; empty if it has none, or if that is not known.
func (c *conversion) targetOf(inst *dockerfile.Instruction, mount syntax.Flag) string {
	target := option(mount, "target", "dst", "destination")
	if folder := c.folderOf(inst); target != "" && !path.IsAbs(target) && folder != "" {
		return path.Join(folder, target)
	}
	return target
}

// targets reports whether a RUN has the mount of a secret at a path already. Another mount there is refused.
func (r *runPlan) targets(file string) bool {
	for _, mount := range r.inst.Flags {
		if mount.Name.Text != "mount" || r.conversion.targetOf(r.inst, mount) != file {
			continue
		}
		if !isSecretMount(mount) {
			r.refuse("line %d mounts something else at %s", r.line(r.inst), file)
		}
		return true
	}
	return false
}

// getsVariable reports whether a RUN gets a variable by a mount already.
func (r *runPlan) getsVariable(name string) bool {
	return slices.ContainsFunc(r.inst.Flags, func(f syntax.Flag) bool {
		return f.Name.Text == "mount" && option(f, "env") == name
	})
}

// fileMount is the mount of a file, which its user can read.
func (r *runPlan) fileMount(file *secretFile) string {
	return fmt.Sprintf("--mount=type=secret%s,id=%s,target=%s", r.access(path.Base(file.path)), file.id, file.path)
}

// access lets the user of a RUN read the file of a mount, which is root's alone otherwise. A package manager that runs as
// root may run scripts as the owner of the folder, so that everybody can read its configuration there.
func (r *runPlan) access(base string) string {
	user := r.userOf(r.inst)
	uid, err := strconv.ParseUint(user, 10, 32)
	switch {
	case user == "root" && base != ".npmrc" && base != ".yarnrc" && base != ".yarnrc.yml":
		return ""
	case user == "root":
		return ",mode=0644"
	case r.isNodeUser(r.inst, user):
		return ",uid=1000"
	case err == nil:
		return fmt.Sprintf(",uid=%d", uid)
	case strings.HasPrefix(base, "id_"):
		r.refuse("the number of the user %q is not known, who alone may read %s", user, base)
	}
	return ",mode=0644"
}

// variableMount is the mount of a variable. Where the frontend may not take env=, it is a file that the script reads: behind
// ONBUILD that is the frontend of another Dockerfile.
func (r *runPlan) variableMount(name string) string {
	id := r.idOf(name)
	frontend := "that `# syntax=` names"
	if r.isTrigger(r.inst) {
		frontend = "of a Dockerfile that starts FROM this image"
	} else if edit, ok := envMounts(r.Model); ok {
		r.syntax = edit
		return fmt.Sprintf("--mount=type=secret,id=%s,env=%s", id, name)
	}
	if !r.runFirst(r.inst, r.script, fmt.Sprintf(`export %s="$(cat /run/secrets/%s)"`, name, id)) {
		const older = "the frontend %s may not know env= of secret mounts, and line %d cannot read a file instead"
		r.refuse(older, frontend, r.line(r.inst))
	}
	return fmt.Sprintf("--mount=type=secret%s,id=%s", r.access("secret"), id)
}
