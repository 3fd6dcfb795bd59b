//go:build unix

package scanner

import (
	"os/exec"
	"syscall"
)

// endWithChildren makes the end of a command that of what it has started too, as docker starts its plug-ins.
func endWithChildren(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
}
