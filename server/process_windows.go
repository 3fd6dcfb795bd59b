package server

import "syscall"

// processAlive reports whether a process exists and runs.
func processAlive(pid int) bool {
	const queryLimitedInformation = 0x1000
	const stillActive = 259
	process, err := syscall.OpenProcess(queryLimitedInformation, false, uint32(pid))
	if err != nil {
		return false
	}
	defer syscall.CloseHandle(process)
	var code uint32
	return syscall.GetExitCodeProcess(process, &code) == nil && code == stillActive
}
