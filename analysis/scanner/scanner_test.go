package scanner

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dockerfile-ls/analysis/image"
)

// install puts a small program in the place of a scanner: no real one can be had here. It is alone in PATH but for the
// shell's own programs.
func install(t *testing.T, name, script string) (folder string) {
	t.Helper()
	folder = t.TempDir()
	check(t, os.WriteFile(filepath.Join(folder, name), []byte("#!/bin/sh\n"+script), 0o700))
	t.Setenv("PATH", folder+":/bin:/usr/bin")
	return folder
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func recording(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs("../../testdata/scanner/" + name)
	check(t, err)
	return path
}

func TestScan(t *testing.T) {
	for scanner, test := range map[string]struct {
		program, output, args string
		want                  []image.Vulnerability
	}{
		"trivy": {"trivy", "trivy.json", "image --quiet --scanners vuln --format json -- " +
			"docker.io/library/node:24", []image.Vulnerability{
			{ID: "CVE-2026-0002", Harm: "critical", Package: "openssl", Version: "3.0.1", Fixed: "3.0.2"},
			{
				ID: "CVE-2026-0001", Harm: "critical", Package: "zlib1g", Version: "1:1.2.13",
				URL: "https://avd.example.com/cve-2026-0001",
			},
			{ID: "GHSA-xxxx", Harm: "high", Package: "tar", Version: "6.0.0", Fixed: "6.2.1"},
			{
				ID: "CVE-2026-0003", Harm: "low", Package: "perl-base", Version: "5.36.0-7",
				URL: "https://avd.example.com/cve-2026-0003",
			},
		}},
		"grype": {"grype", "grype.json", "--quiet --output json -- docker.io/library/node:24", []image.Vulnerability{
			{
				ID: "CVE-2026-0002", Harm: "high", Package: "openssl", Version: "3.0.1", Fixed: "3.0.2",
				URL: "https://security.example.com/CVE-2026-0002",
			},
			{ID: "CVE-2026-0003", Harm: "low", Package: "perl-base", Version: "5.36.0-7"},
		}},
		"docker scout": {"docker", "scout.sarif.json", "scout cves --format sarif -- " +
			"docker.io/library/node:24", []image.Vulnerability{
			{
				ID: "CVE-2026-0001", Harm: "critical", Package: "zlib", Version: "1:1.2.13",
				URL: "https://scout.example.com/CVE-2026-0001",
			},
			{ID: "CVE-2026-0004", Harm: "medium", Package: "a", Version: "1.0", Fixed: "2.0"},
		}},
	} {
		t.Run(scanner, func(t *testing.T) {
			folder := t.TempDir()
			path := filepath.Join(folder, test.program)
			check(t, os.WriteFile(path, []byte(fmt.Sprintf("#!/bin/sh\necho \"$*\" >%[1]q/args\nls -a >%[1]q/files\ncat "+
				"%[2]q\n", folder, recording(t, test.output))), 0o700))
			scan, err := Runner{}.Scan(t.Context(), path, "node:24")
			check(t, err)
			if diff := cmp.Diff(test.want, scan.Vulnerabilities); diff != "" || scan.Scanner != scanner {
				t.Errorf("%s: %s", scan.Scanner, diff)
			}
			args, _ := os.ReadFile(filepath.Join(folder, "args"))
			files, _ := os.ReadFile(filepath.Join(folder, "files"))
			if strings.TrimSpace(string(args)) != test.args || string(files) != ".\n..\n" {
				t.Errorf("called with %s, beside %s", args, files)
			}
		})
	}
}

func TestScannerIsFound(t *testing.T) {
	install(t, "grype", "cat "+recording(t, "grype.json"))
	scan, err := Runner{}.Scan(t.Context(), "", "node:24")
	if err != nil || scan.Scanner != "grype" {
		t.Errorf("%v, %v", scan, err)
	}
	install(t, "docker", `[ "$2" != version ] || exit 1`)
	if _, err := (Runner{}).Scan(t.Context(), "", "node:24"); err == nil ||
		!strings.Contains(err.Error(), "install trivy, grype or docker scout, or set `scanner.path`") {
		t.Error(err)
	}
	if _, err := (Runner{}).Scan(t.Context(), "/opt/other", "node:24"); err == nil ||
		!strings.Contains(err.Error(), "/opt/other, which is no trivy, grype or docker") {
		t.Error(err)
	}
}

func TestScanFails(t *testing.T) {
	for script, want := range map[string]string{
		"echo one >&2; echo 'no such image' >&2; exit 3": "trivy failed on `node:24`: exit status 3, no such image",
		"exit 1": "trivy failed on `node:24`: exit status 1, it says nothing more",
		"echo garbage": "what trivy says of `node:24` cannot be read (invalid character 'g' looking for " +
			"beginning of value): update it, or run it by hand",
		"echo '{}'": "what trivy says of `node:24` cannot be read (it has another form): update it, or " +
			"run it by hand",
		"head -c 104857600 /dev/zero": "trivy failed on `node:24`: it prints more than 64 MB; run it by hand",
	} {
		install(t, "trivy", script)
		if _, err := (Runner{}).Scan(t.Context(), "", "node:24"); err == nil || err.Error() != want {
			t.Errorf("%s: %v\nwant %s", script, err, want)
		}
	}
}

// What is no reference is given to no program.
func TestReferenceIsChecked(t *testing.T) {
	folder := install(t, "trivy", "touch \"$(dirname $0)/ran\"")
	for _, reference := range []string{"--help", "-o/tmp/x", "", "a b", "$(id)", "node:24\n--x", "/etc/passwd"} {
		if _, err := (Runner{}).Scan(t.Context(), "", reference); err == nil ||
			!strings.Contains(err.Error(), "is no image reference") {
			t.Errorf("%q: %v", reference, err)
		}
	}
	if _, err := os.Stat(filepath.Join(folder, "ran")); err == nil {
		t.Error("it ran")
	}
}

// A scanner that hangs is ended with what it has started, when the user has enough of it.
func TestScanIsCancelled(t *testing.T) {
	folder := install(t, "trivy", "")
	pipe := filepath.Join(folder, "pipe")
	check(t, syscall.Mkfifo(pipe, 0o600))
	script := fmt.Sprintf("#!/bin/sh\n(exec 3<>%q; echo started >&3; read -r never <%[1]q.never) &\nwait\n", pipe)
	check(t, syscall.Mkfifo(pipe+".never", 0o600))
	check(t, os.WriteFile(filepath.Join(folder, "trivy"), []byte(script), 0o700))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := Runner{}.Scan(ctx, "", "node:24")
		ended <- err
	}()
	started, err := os.Open(pipe) // when the grandchild has the other end
	check(t, err)
	defer started.Close()
	buffer := make([]byte, 8)
	_, err = started.Read(buffer)
	check(t, err)
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if n, err := started.Read(buffer); n != 0 || err == nil {
		t.Errorf("the grandchild still holds the pipe: %d %v", n, err)
	}
}
