//go:build unix

package server

import (
	"errors"
	"syscall"
)

// processAlive reports whether a process exists; one of another user does too.
func processAlive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}
