package registry

import (
	"syscall"
	"testing"
)

func makePipe(t *testing.T, name string) {
	t.Helper()
	check(t, syscall.Mkfifo(name, 0o600))
}
