package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/settings"
)

// configurations reads configuration files, each once, and tells their mistakes.
type configurations struct {
	explicit string // the file of --config; empty: it is looked for
	problems io.Writer
	read     map[string]*configuration
	nearest  map[string]string // by folder
	roots    map[string]string // what rootOf says, by folder
	failed   bool
}

func newConfigurations(explicit string, problems io.Writer) *configurations {
	return &configurations{explicit: explicit, problems: problems,
		read: map[string]*configuration{}, nearest: map[string]string{}, roots: map[string]string{}}
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
	path, looked := c.nearest[folder]
	if !looked {
		path = nearest(folder)
		c.nearest[folder] = path
	}
	if path == "" {
		return &configuration{folder: folder}
	}
	return c.load(path)
}

// nearest is the first configuration file from a folder up to the root of its repository; empty if there is none.
func nearest(folder string) string {
	for dir := folder; ; dir = filepath.Dir(dir) {
		if path := filepath.Join(dir, settings.FileName); exists(path) {
			return path
		}
		if exists(filepath.Join(dir, ".git")) || dir == filepath.Dir(dir) {
			return ""
		}
	}
}

// named are the settings of the file that the user has named; nothing else says what is asked on the user's machine.
func (c *configurations) named() settings.Settings {
	if c.explicit == "" {
		return settings.Settings{}
	}
	return c.load(c.explicit).settings
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// rootOf is rootOf for a file, looked for once in each folder.
func (c *configurations) rootOf(file string) string {
	absolute, err := filepath.Abs(file)
	if err != nil {
		return filepath.Dir(file)
	}
	folder := filepath.Dir(absolute)
	if _, looked := c.roots[folder]; !looked {
		c.roots[folder] = rootOf(absolute)
	}
	return c.roots[folder]
}

// surroundings reads what lies around a file below a root, with texts in the place of some files. It is nil if the context
// of the configuration lies outside of that.
func surroundings(
	file, root string, c *configuration, model *dockerfile.Model, texts map[string]string,
) *project.Surroundings {
	absolute, err := filepath.Abs(file)
	if err != nil {
		return nil
	}
	name, err := filepath.Rel(root, absolute)
	if err != nil {
		return nil
	}
	context := ""
	if c.settings.Context != "" {
		folder, err := filepath.Abs(filepath.Join(c.folder, c.settings.Context))
		if err != nil {
			return nil
		}
		if context, err = filepath.Rel(root, folder); err != nil {
			return nil
		}
	}
	return project.Read(project.Overlay{
		FS: os.DirFS(root), Texts: texts,
	}, analysis.Request(model, filepath.ToSlash(name), filepath.ToSlash(context)))
}

// rootOf is the folder that what lies around a file is looked for in: that of its repository, else the one in which we work
// if the file lies below it, else its own.
func rootOf(absolute string) string {
	working, err := os.Getwd()
	own := filepath.Dir(absolute)
	root := own
	for dir := own; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if exists(filepath.Join(dir, ".git")) {
			return dir
		}
		if err == nil && dir == working {
			root = dir
		}
	}
	return root
}

func (c *configurations) load(path string) *configuration {
	if known, ok := c.read[path]; ok {
		return known
	}
	loaded := &configuration{folder: filepath.Dir(path)}
	c.read[path] = loaded
	source, err := readText(path)
	if err != nil {
		c.failed = true
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("the configuration %s does not exist", path)
		}
		tellError(c.problems, err)
		return loaded
	}
	var problems []settings.Problem
	if path == c.explicit {
		loaded.settings, problems = settings.Read(source, rules.All())
	} else {
		loaded.settings, problems = settings.ReadOver(settings.Settings{}, source, rules.All())
	}
	for _, p := range problems {
		c.failed = true
		fmt.Fprintf(c.problems, "%s:%d:%d: %s\n", lint.Printable(path), p.Line, p.Column, lint.Printable(p.Message))
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
