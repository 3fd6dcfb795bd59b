package jetbrains

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// TestMistakes holds that mistakes, most of which stand in templates of others, are found.
func TestMistakes(t *testing.T) {
	for _, test := range []struct{ file, old, new, problem string }{
		{"template.json", `"programArgs"`, `"programArguments"`, "unknown field"},
		{"template.json", `"languageId"`, `"languageID"`, "languageID is not read"},
		{"template.json", `"id": "dockerfile-ls"`, `"id": "other"`, "id"},
		{"template.json", `"default": "dockerfile`, `"linux": "dockerfile`, "linux is no system"},
		{"template.json", `"default": "dockerfile-ls serve --stdio"`, `"default": "sh -c 'dockerfile-ls serve'"`, "is started"},
		{"template.json", `"default": "dockerfile-ls serve --stdio"`, `"default": "dockerfile-ls serve"`, "is started and not"},
		{"template.json", `"expandConfiguration": false`, `"expandConfiguration": true`, "names of registries"},
		{"template.json", `"Dockerfile.*"`, `"Dockerfile*"`, "that Dockerfiles is a Dockerfile is true"},
		{"template.json", `"*.Dockerfile",`, ``, ""}, // an extension is one in whatever case
		{"template.json", `"*.containerfile"`, `".containerfile"`, "that api.containerfile is a Dockerfile is false"},
		{"template.json", `"dockerfile",`, ``, "that dockerfile is a Dockerfile is false"},
		{"template.json", `"Containerfile.*"`, `"**/Containerfile.*"`, "that Containerfile.dev is a Dockerfile is false"},
		{"template.json", `"containerfile",`, `"Containerfile",`, "stands there twice"},
		{"template.json", `"languageId": "dockerfile"`, `"languageId": "docker-file"`, "docker-file"},
		{"template.json", `"patterns"`, `"name": "Dockerfile", "patterns"`, "exists where its plugin is installed"},
		{"template.json", `"language": "Dockerfile"`, `"language": "Docker"`, `language "Docker"`},
		{"clientSettings.json", `"lineCommentPrefix"`, `"commentPrefix"`, "unknown field"},
		{"other.json", "", "{}", "is not read"},
		{"installer.json", `"check"`, `"steps"`, "unknown field"},
		{"installer.json", `"onFail"`, `"onFailure"`, "unknown field"},
		{"installer.json", `"timeout": 5000,
      "onFail"`, `"timeout": 5000}, "onFail": {"exec"`, "unknown field"},
		{"installer.json", `["dockerfile-ls", "--version"]`, `"dockerfile-ls  --version"`, "is tried"},
		{"installer.json", `["dockerfile-ls", "--version"]`, `"dockerfile-ls --version"`, ""},
		// The command is split before the macro, with its spaces, is replaced.
		{"installer.json", `["$USER_HOME$/.lsp4ij/lsp/dockerfile-ls/dockerfile-ls", "--version"]`,
			`"$USER_HOME$/.lsp4ij/lsp/dockerfile-ls/dockerfile-ls --version"`, ""},
		{"installer.json", `["dockerfile-ls.exe", "--version"]`, `["dockerfile-ls", "--version"]`, "on windows"},
		{"installer.json", `"x86_64": "*dockerfile-ls-darwin`, `"amd64": "*dockerfile-ls-darwin`, "no asset on mac x86_64"},
		{"installer.json", `"unix": {`, `"linux": {`, "asset of linux is never asked for"},
		{"installer.json", `*dockerfile-ls-linux-amd64`, `dockerfile-ls-linux-amd64`, "linux-amd64.sbom.json"},
		{"installer.json", `*dockerfile-ls-linux-amd64`, `*dockerfile-ls_linux_amd64`, "takes []"},
		{"installer.json", `*dockerfile-ls-linux-arm64`, `*dockerfile-ls-linux-amd64`, "on unix arm64"},
		{"installer.json", `"windows": "dockerfile-ls.exe"`, `"windows": "dockerfile-ls"`, "is no program"},
		{"installer.json", `"executable": true`, `"executable": false`, "is no program"},
		{"installer.json", `\"${output.dir}/${output.file.name}\"`, `${output.dir}/${output.file.name}`, "Doe/.lsp4ij"},
		{"installer.json", `${output.file.name}`, `${output.file}`, "is started and not"},
		{"installer.json", `/lsp/dockerfile-ls",`, `/lsp/other",`, "is started and not"},
		{"installer.json", `"configureServer": {
          "name": "Start what was downloaded",`, `"showMessage": {`, "unknown field"},
	} {
		problems := problems(mistaken(t, test.file, test.old, test.new))
		if (test.problem == "") != (len(problems) == 0) ||
			!slices.ContainsFunc(append(problems, ""), func(p string) bool { return strings.Contains(p, test.problem) }) {
			t.Errorf("%s with %s: %q", test.file, test.new, problems)
		}
	}
}

// mistaken is the template with a text replaced everywhere in one of its files, or with another file.
func mistaken(t *testing.T, name, old, new string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		text, err := os.ReadFile(folder + "/" + entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		files[entry.Name()] = &fstest.MapFile{Data: text}
	}
	if old == "" {
		files[name] = &fstest.MapFile{Data: []byte(new)}
		return files
	}
	text := string(files[name].Data)
	if !strings.Contains(text, old) {
		t.Fatalf("%s has no %s", name, old)
	}
	files[name].Data = []byte(strings.ReplaceAll(text, old, new))
	return files
}
