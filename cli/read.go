package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// maxText is far more than people write into one file.
const maxText = 64 << 20

// readText reads a regular file: a named pipe would block, and a device never end.
func readText(name string) (string, error) {
	info, err := os.Stat(name)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", &fs.PathError{Op: "read", Path: name, Err: errors.New("it is no regular file")}
	}
	file, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxText+1))
	if err == nil && len(text) > maxText {
		err = &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("it is longer than %d MiB", maxText>>20)}
	}
	return string(text), err
}
