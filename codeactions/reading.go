package codeactions

import (
	"fmt"
	"path"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
)

// reading is a file with what the users, folders and paths of its instructions come to where they run.
type reading struct {
	*dockerfile.Model
	walks map[*dockerfile.Instruction]*walk
}

func newReading(m *dockerfile.Model) reading {
	return reading{Model: m, walks: map[*dockerfile.Instruction]*walk{}}
}

// refusal is the first reason that was found against an action; empty if there is none.
type refusal struct{ reason string }

func (r *refusal) refuse(format string, args ...any) {
	if r.reason == "" {
		r.reason = fmt.Sprintf(format, args...)
	}
}

func (r *reading) line(inst *dockerfile.Instruction) int {
	return strings.Count(r.Text[:inst.Start], "\n") + 1
}

// folderOf is the working directory in front of an instruction; that of official node is the root.
func (r *reading) folderOf(inst *dockerfile.Instruction) string {
	if v := r.Workdir(inst); v.State == dockerfile.Known {
		return v.Text
	}
	if stage := r.StageOf(inst); stage != nil && r.InForce(inst, "WORKDIR") == nil {
		ref, _ := r.Image(stage)
		if _, official := ref.Node(); official {
			return "/"
		}
	}
	return ""
}

// userOf is the user that a RUN runs as, without its group; root where the file names none, since most images end as root.
func (r *reading) userOf(inst *dockerfile.Instruction) string {
	user := r.InForce(inst, "USER")
	if user == nil || len(user.Args) == 0 {
		return "root"
	}
	v := r.Expand(user, user.Args[0].Text)
	name, _, _ := strings.Cut(v.Text, ":")
	if name == "0" {
		return "root"
	}
	return name
}

// homeOf is the home of the user that a RUN runs as; empty if it is not known.
func (r *reading) homeOf(inst *dockerfile.Instruction) string {
	if v := r.Value(inst, "HOME"); v.State == dockerfile.Known {
		return v.Text
	}
	switch user := r.userOf(inst); {
	case user == "root":
		return "/root"
	case r.isNodeUser(inst, user):
		return "/home/node"
	}
	return ""
}

func (r *reading) isNodeUser(inst *dockerfile.Instruction, user string) bool {
	stage := r.StageOf(inst)
	if stage == nil {
		return false
	}
	ref, _ := r.Image(stage)
	_, official := ref.Node()
	return official && (user == image.NodeUser || user == "1000")
}

func (r *reading) variable(inst *dockerfile.Instruction, name string) string {
	if name == "HOME" {
		return r.homeOf(inst)
	}
	if v := r.Value(inst, name); v.State == dockerfile.Known && !v.Default {
		return v.Text
	}
	return ""
}

// folderTo is the absolute path of the last word of an instruction; empty if it is not known.
func (r *reading) folderTo(inst *dockerfile.Instruction) string {
	to := r.Expand(inst, inst.Args[len(inst.Args)-1].Text)
	folder := r.folderOf(inst)
	switch {
	case to.State != dockerfile.Known, folder == "" && !path.IsAbs(to.Text):
		return ""
	case path.IsAbs(to.Text):
		return path.Clean(to.Text)
	}
	return path.Join(folder, to.Text)
}

// destination is the path of a file that an instruction copies; empty if it is not known whether the last word is a folder.
func (r *reading) destination(inst *dockerfile.Instruction, base string) string {
	to := inst.Args[len(inst.Args)-1].Text
	clean := r.folderTo(inst)
	switch {
	case clean == "":
	case len(inst.Sources()) > 1, strings.HasSuffix(to, "/"), strings.HasSuffix(to, "."):
		return cleanTarget(path.Join(clean, base))
	case clean == r.folderOf(inst), clean == r.homeOf(inst):
		return cleanTarget(path.Join(clean, base))
	case strings.HasPrefix(path.Base(clean), "."):
		return cleanTarget(clean)
	}
	return ""
}
