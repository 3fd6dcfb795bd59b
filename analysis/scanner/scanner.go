// Package scanner knows how the scanners trivy, grype and docker scout are run on an image, and reads what they say.
// It must not know Dockerfiles or editors, and runs nothing by itself: whoever calls Scan has the user's leave.
package scanner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"dockerfile-ls/analysis/image"
)

// program is a scanner by the name of its program.
type program struct {
	name string // of the scanner, for people
	file string
	// args are the arguments in front of the image, with -- at their end where nothing behind it is an option.
	args  []string
	parse func([]byte) ([]image.Vulnerability, error)
}

// programs are the scanners that are supported, the first that is installed is taken. Sources: the documentation of each.
func programs() []program {
	return []program{
		{"trivy", "trivy", []string{"image", "--quiet", "--scanners", "vuln", "--format", "json", "--"}, parseTrivy},
		{"grype", "grype", []string{"--quiet", "--output", "json", "--"}, parseGrype},
		{"docker scout", "docker", []string{"scout", "cves", "--format", "sarif", "--"}, parseScout},
	}
}

// maxOutput is more than any scanner says of an image: the largest known are some 20 MB.
const maxOutput = 64 << 20

// Runner runs the scanner that is installed. The zero value is ready.
type Runner struct{}

// Scan runs a scanner on an image, until ctx ends. The path names the program; if it is empty, the first one that is
// installed is taken. The error is for people, and says what to do.
func (Runner) Scan(ctx context.Context, path, reference string) (image.Scan, error) {
	// What is no reference could be an option, a file or a whole command to a scanner.
	if _, err := image.Parse(reference); err != nil {
		return image.Scan{}, fmt.Errorf("`%s` is no image reference: %w", reference, err)
	}
	p, path, err := find(ctx, path)
	if err != nil {
		return image.Scan{}, err
	}
	output, err := p.scan(ctx, path, reference)
	if err != nil {
		return image.Scan{}, err
	}
	found, err := p.parse(output)
	if err != nil {
		return image.Scan{},
			fmt.Errorf("what %s says of `%s` cannot be read (%w): update it, or run it by hand", p.name, reference, err)
	}
	scan := image.Scan{Scanner: p.name, Image: reference, At: time.Now(), Vulnerabilities: found}
	scan.Sort()
	return scan, nil
}

// find returns the program at a path, or the first one that is installed.
func find(ctx context.Context, path string) (program, string, error) {
	if path != "" {
		name := strings.ToLower(filepath.Base(path))
		for _, p := range programs() {
			if strings.Contains(name, p.file) {
				return p, path, nil
			}
		}
		return program{}, "", fmt.Errorf("`scanner.path` is %s, which is no trivy, grype or docker: name one of them", path)
	}
	for _, p := range programs() {
		if path, err := exec.LookPath(p.file); err == nil && p.works(ctx, path) {
			return p, path, nil
		}
	}
	return program{}, "", errors.New("no scanner is installed: install trivy, grype or docker scout, or set `scanner.path`")
}

// works reports whether the scanner is there; docker has it as a plug-in.
func (p program) works(ctx context.Context, path string) bool {
	if p.file != "docker" {
		return true
	}
	_, err := p.run(ctx, path, "scout", "version")
	return err == nil
}

// scan returns what the scanner prints of an image. grype takes docker:24 for a scheme, so that the reference is written
// out.
func (p program) scan(ctx context.Context, path, reference string) ([]byte, error) {
	output, err := p.run(ctx, path, append(p.args[:len(p.args):len(p.args)], image.Full(reference))...)
	if err != nil && ctx.Err() == nil {
		return nil, fmt.Errorf("%s failed on `%s`: %w", p.name, reference, err)
	}
	return output, err
}

// run returns what the program prints. It works in an empty folder of its own: files of the workspace do not configure it.
func (p program) run(ctx context.Context, path string, args ...string) (_ []byte, err error) {
	folder, err := os.MkdirTemp("", "dockerfile-ls-scan-*")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	command := exec.CommandContext(ctx, path, args...)
	command.Dir = folder
	output := &bounded{max: maxOutput, full: stop}
	complaints := &tail{max: 4 << 10}
	command.Stdout, command.Stderr = output, complaints
	command.WaitDelay = 5 * time.Second // for grandchildren that keep the pipes
	endWithChildren(command)
	err = command.Run()
	switch {
	case output.overflown:
		return nil, fmt.Errorf("it prints more than %d MB; run it by hand", maxOutput>>20)
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, fmt.Errorf("%w, %s", err, complaints.last())
	}
	return output.kept.Bytes(), nil
}

// bounded keeps what is written up to a size, and then says that it is full. The buffer is not embedded: its ReadFrom would
// be used in place of Write.
type bounded struct {
	kept      bytes.Buffer
	max       int
	full      func()
	overflown bool
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.kept.Len()+len(p) > b.max {
		b.overflown = true
		b.full()
		return 0, errors.New("too much output")
	}
	return b.kept.Write(p)
}

// tail keeps the end of what is written.
type tail struct {
	max  int
	kept []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.kept = append(t.kept, p...)
	t.kept = t.kept[max(0, len(t.kept)-t.max):]
	return len(p), nil
}

// last is the last line that says something.
func (t *tail) last() string {
	lines := strings.Split(strings.TrimSpace(string(t.kept)), "\n")
	if last := strings.TrimSpace(lines[len(lines)-1]); last != "" {
		return last
	}
	return "it says nothing more"
}
