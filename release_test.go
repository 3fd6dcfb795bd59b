package main

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"dockerfile-ls/analysis"
)

// readYAML reads a file into a value that has a place for each key of it.
func readYAML(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalWithOptions(text, into, yaml.Strict()); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// TestHooks holds that the hooks for pre-commit call commands that there are, for the files that are Dockerfiles.
func TestHooks(t *testing.T) {
	var hooks []struct {
		ID, Name, Description, Entry, Language, Files, Exclude string
		Types                                                  []string
	}
	readYAML(t, ".pre-commit-hooks.yaml", &hooks)
	if len(hooks) != 2 {
		t.Fatalf("%d hooks", len(hooks))
	}
	for _, hook := range hooks {
		if want := strings.ReplaceAll(hook.ID, "-ls-", "-ls "); hook.Entry != want || hook.Language != "golang" {
			t.Errorf("%s runs %s in %s", hook.ID, hook.Entry, hook.Language)
		}
		wanted, refused := regexp.MustCompile(hook.Files), regexp.MustCompile(hook.Exclude)
		for _, name := range []string{
			"Dockerfile", "dockerfile", "Containerfile", "Dockerfile.dev", "web.Dockerfile", "web.dockerfile",
			"a.containerfile",
			"Dockerfile.dockerignore", ".dockerignore", "Dockerfiles", "dockerfile.go", "package.json", "MyDockerfile",
		} {
			path := "some/folder/" + name
			if got := wanted.MatchString(path) && !refused.MatchString(path); got != analysis.IsDockerfileName(name) {
				t.Errorf("%s takes %s: %v", hook.ID, name, got)
			}
		}
	}
}

// TestAction runs the steps of the action as GitHub's runner would, on the example and on a second file, which is not there.
func TestAction(t *testing.T) {
	var action struct {
		Name, Description string
		Branding          struct{ Icon, Color string }
		Inputs            map[string]struct{ Description, Default string }
		Runs              struct {
			Using string
			Steps []struct {
				Name, Uses, Shell, Run string
				Env, With              map[string]string
			}
		}
	}
	readYAML(t, "action.yml", &action)
	if action.Runs.Using != "composite" {
		t.Errorf("runs by %s", action.Runs.Using)
	}
	top, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	env := append(os.Environ(), "GITHUB_ACTION_PATH="+top, "RUNNER_TEMP="+t.TempDir())
	inputs := map[string]string{"paths": "Dockerfile\n./Dockerfile.none\n"}
	out, code := "", 0
	for _, step := range action.Runs.Steps {
		if step.Run == "" {
			continue
		}
		command := exec.Command(step.Shell, "-e", "-o", "pipefail", "-c", step.Run)
		command.Env = slices.Clone(env)
		for name, value := range step.Env {
			input := strings.TrimSuffix(strings.TrimPrefix(value, "${{ inputs."), " }}")
			value, known := action.Inputs[input]
			if !known {
				t.Fatalf("%s has no input %s", step.Name, input)
			}
			command.Env = append(command.Env, name+"="+cmp.Or(inputs[input], value.Default))
		}
		command.Dir = filepath.Join("testdata", "example")
		printed, _ := command.CombinedOutput()
		out, code = string(printed), command.ProcessState.ExitCode()
	}
	if code != 2 || !strings.Contains(out, "::warning file=Dockerfile,line=") || !strings.Contains(out, "Dockerfile.none") {
		t.Errorf("ends with %d and prints %s", code, out)
	}
}

// TestReleaser holds that a release is made with the flags of .ci/build, for the six systems, under the names that are
// downloaded, and with an extension for each system.
func TestReleaser(t *testing.T) {
	var release struct {
		Version     int
		ProjectName string `yaml:"project_name"`
		Before      struct{ Hooks []string }
		Builds      []struct {
			ID, Binary                                       string
			Env, Goos, Goarch, Tags, Flags, Ldflags, Gcflags []string
		}
		Archives []struct {
			Formats []string
			Name    string `yaml:"name_template"`
		}
		Checksum struct {
			Name  string              `yaml:"name_template"`
			Extra []map[string]string `yaml:"extra_files"`
		}
		Nfpms []struct {
			Formats                                            []string
			Package                                            string `yaml:"package_name"`
			File                                               string `yaml:"file_name_template"`
			Homepage, Maintainer, Description, License, Bindir string
			Contents                                           []struct{ Src, Dst string }
		}
		Release struct {
			Extra []map[string]string `yaml:"extra_files"`
		}
		Changelog struct{ Disable bool }
	}
	readYAML(t, ".goreleaser.yaml", &release)
	build := release.Builds[0]
	script, err := os.ReadFile(".ci/build")
	if err != nil {
		t.Fatal(err)
	}
	list := regexp.MustCompile(`(?s)for package in (.*?); do`).FindSubmatch(script)[1]
	inlined := []string{"all=-l"}
	for _, pattern := range strings.Fields(strings.ReplaceAll(string(list), "\\\n", " ")) {
		inlined = append(inlined, pattern+"=")
	}
	if !slices.Equal(build.Gcflags, inlined) {
		t.Errorf("compiles with %q instead of %q", build.Gcflags, inlined)
	}
	command := fmt.Sprintf("%s go build -tags %s %s -ldflags '%s' ",
		build.Env[0], build.Tags[0], build.Flags[0], build.Ldflags[0])
	if !strings.Contains(string(script), command) {
		t.Errorf(".ci/build does not run %s", command)
	}
	for _, system := range build.Goos {
		for _, processor := range build.Goarch {
			target := strings.NewReplacer("windows", "win32", "amd64", "x64").Replace(system + "-" + processor)
			made := " " + target + " out/dockerfile-ls-" + target + ".vsix \"{{ .Major }}.{{ .Minor }}.{{ .Patch }}\""
			if !slices.ContainsFunc(release.Before.Hooks, func(hook string) bool { return strings.HasSuffix(hook, made) }) {
				t.Errorf("no hook makes%s", made)
			}
		}
	}
	installer, err := os.ReadFile("editors/jetbrains/dockerfile-ls/installer.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, system := range build.Goos {
		for _, processor := range build.Goarch {
			name := strings.NewReplacer("{{ .Os }}", system, "{{ .Arch }}", processor).Replace(release.Archives[0].Name)
			if system == "windows" {
				name += ".exe"
			}
			if !strings.Contains(string(installer), name+`"`) {
				t.Errorf("the template for JetBrains downloads no %s", name)
			}
		}
	}
}

// TestOwnImage holds that nothing is found in our own Dockerfile.
func TestOwnImage(t *testing.T) {
	out, err := exec.Command("go", "run", ".", "check", "--fail-on", "hint", "Dockerfile").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "No findings in 1 file.") {
		t.Errorf("%v: %s", err, out)
	}
}
