package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/settings"
)

// configurations reads configuration files, each once, and tells their mistakes.
type configurations struct {
	explicit string // the file of --config; empty: it is looked for
	problems io.Writer
	read     map[string]*configuration
	failed   bool
}

// configuration is one file with what it says. Paths in it are relative to its folder.
type configuration struct {
	folder   string
	settings settings.Settings
}

// of returns the configuration for a file: that of --config, or the first one upwards from the file's folder to the root of
// its repository. Without any the folder is the file's, and everything has its default.
func (c *configurations) of(file string) *configuration {
	if c.explicit != "" {
		return c.load(c.explicit)
	}
	folder, err := filepath.Abs(filepath.Dir(file))
	if err != nil {
		return &configuration{folder: filepath.Dir(file)}
	}
	for dir := folder; ; dir = filepath.Dir(dir) {
		path := filepath.Join(dir, settings.FileName)
		if _, err := os.Stat(path); err == nil {
			return c.load(path)
		}
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil || dir == filepath.Dir(dir) {
			return &configuration{folder: folder}
		}
	}
}

func (c *configurations) load(path string) *configuration {
	if known, ok := c.read[path]; ok {
		return known
	}
	loaded := &configuration{folder: filepath.Dir(path)}
	c.read[path] = loaded
	source, err := os.ReadFile(path)
	if err != nil {
		c.failed = true
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("the configuration %s does not exist", path)
		}
		fmt.Fprintln(c.problems, "Error:", err)
		return loaded
	}
	var problems []settings.Problem
	loaded.settings, problems = settings.Read(string(source), rules.All())
	for _, p := range problems {
		c.failed = true
		fmt.Fprintf(c.problems, "%s:%d:%d: %s\n", path, p.Line, p.Column, p.Message)
	}
	return loaded
}

// relative is the path of a file as the configuration counts it, with forward slashes.
func (c *configuration) relative(file string) string {
	absolute, err := filepath.Abs(file)
	if err != nil {
		return filepath.ToSlash(file)
	}
	folder, err := filepath.Abs(c.folder)
	if err != nil {
		return filepath.ToSlash(file)
	}
	path, err := filepath.Rel(folder, absolute)
	if err != nil {
		return filepath.ToSlash(file)
	}
	return filepath.ToSlash(path)
}
