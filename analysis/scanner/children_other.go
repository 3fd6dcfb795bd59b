//go:build !unix

package scanner

import "os/exec"

// endWithChildren does nothing here: the command itself is ended.
func endWithChildren(*exec.Cmd) {}
