package codeactions

import (
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/secret"
)

// fakeProgram stands for a program that reads configuration. It prints the tokens that it gets by its arguments and in the
// files that it reads, with their variables replaced.
const fakeProgram = `#!/bin/sh
settings=$HOME/.npmrc
case "$(basename "$0") $*" in
yarn*" -H "*|yarn*" --home "*) settings=$HOME/.yarnrc.yml;;
yarn*npmAuth*) settings=.yarnrc.yml;;
yarn*)
	settings=$HOME/.yarnrc
	case "$HOME" in */root) settings=$ROOT/usr/local/share/.yarnrc; mkdir -p "${settings%/*}";; esac;;
esac
case "$1 $2" in
"config set") shift 2; echo "$*" >> "$settings"; exit;;
"config delete"|"config unset") : > "$settings"; exit;;
"config get") exit;;
"config --global")
	[ "$3" = --unset ] && : > "$HOME/.gitconfig" || echo "$3" >> "$HOME/.gitconfig"
	exit;;
esac
{
	echo "$*"
	case "$(basename "$0")" in
	curl) reads="$HOME/.netrc";;
	git|go) reads="$HOME/.gitconfig $HOME/.netrc $HOME/.ssh/id_rsa";;
	pip) reads="$HOME/.netrc $HOME/.config/pip/pip.conf";;
	*) reads=".npmrc .env .yarnrc.yml $HOME/.npmrc $HOME/.gitconfig $HOME/.netrc $HOME/.ssh/id_rsa $HOME/.yarnrc"
		reads="$reads $HOME/.yarnrc.yml $ROOT/usr/local/share/.yarnrc";;
	esac
	for file in $reads; do
		[ -f "$file" ] && eval "cat <<END
$(cat "$file")
END
"
	done
} | grep -o 'T_[A-Z_]*' | sort -u | sed "s/^/$(basename "$0") /" >> "$SEEN"
exit 0
`

// guardedProgram runs a program of the system only if all its operands lie below the folder of the build, whatever the
// script that calls it came to.
const guardedProgram = `#!/bin/sh
case "$PWD/" in "$ROOT"/*) ;; *) echo "$0: runs in $PWD" >> "$OUTSIDE"; exit 99;; esac
for arg; do
	case "$arg" in
	*..*) echo "$0 $*" >> "$OUTSIDE"; exit 99;;
	"$ROOT"/*|[!/]*) ;;
	*) echo "$0 $*" >> "$OUTSIDE"; exit 99;;
	esac
done
exec "$REAL/$(basename "$0")" "$@"
`

// fakePrograms are the only programs that the scripts of cases find: those that read configuration, those that do nothing,
// those that change files where they may, and a few that only read and write what they are given.
func fakePrograms(t *testing.T) string {
	t.Helper()
	bin := t.TempDir()
	for content, names := range map[string][]string{
		fakeProgram:     {"npm", "curl", "git", "go", "pip", "yarn"},
		"#!/bin/sh\n":   {"apk", "make", "node", "tar"},
		guardedProgram:  {"chmod", "mkdir", "rm"},
		"#!/bin/sh\n: ": {"true"},
	} {
		for _, name := range names {
			if err := os.WriteFile(filepath.Join(bin, name), []byte(content), 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, name := range []string{"basename", "cat", "grep", "sed", "sh", "sort", "test"} {
		real, err := exec.LookPath(name)
		if err != nil {
			t.Skip("SKIPPED, NOT TESTED: there is no " + name)
		}
		if err := os.Symlink(real, filepath.Join(bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	return bin
}

// fakeBuild runs the RUNs of a Dockerfile, one behind the other, in a folder in place of the root. Nothing outside of that
// may be touched: see contain.
type fakeBuild struct {
	*testing.T
	bin, root, tells string
	files            fstest.MapFS
}

// seen are the lines "program=token" of all RUNs.
func (b *fakeBuild) seen(s *analysis.Snapshot) []string {
	root, err := filepath.EvalSymlinks(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	b.root = root
	if err := os.Mkdir(b.place("bin"), 0o755); err != nil {
		b.Fatal(err)
	}
	if err := os.Symlink("/bin/sh", b.place("bin/sh")); err != nil {
		b.Fatal(err)
	}
	record := filepath.Join(b.TempDir(), "seen")
	for _, stage := range s.Model().Stages {
		var env []string
		for _, inst := range slices.Concat(stage.Instructions, stage.Triggers()) { // and what starts from the stage
			switch {
			case inst.Name == "ARG" || inst.Name == "ENV":
				env = append(env, values(inst)...)
			case inst.FromContext():
				b.copy(s, inst)
			case inst.Name == "RUN":
				b.run(s, inst, append(env, "SEEN="+record))
			}
		}
	}
	lines, _ := os.ReadFile(record)
	list := strings.Fields(strings.ReplaceAll(string(lines), " ", "="))
	slices.Sort(list)
	return slices.Compact(list)
}

// values are the variables of an ARG or ENV, with a token in place of the value of what is called like one.
func values(inst *dockerfile.Instruction) []string {
	var env []string
	for _, pair := range inst.Pairs {
		value := os.Expand(strings.Trim(pair.Value.Text, `"`), func(name string) string { return "T_" + name })
		if secret.IsName(pair.Key.Text) && !strings.HasPrefix(value, "T_") {
			value = "T_" + pair.Key.Text
		}
		env = append(env, pair.Key.Text+"="+value)
	}
	return env
}

// place is a path in the folder.
func (b *fakeBuild) place(name string) string { return filepath.Join(b.root, filepath.FromSlash(name)) }

func (b *fakeBuild) write(name, content string) {
	if err := os.MkdirAll(filepath.Dir(b.place(name)), 0o755); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(b.place(name), []byte(content), 0o644); err != nil {
		b.Fatal(err)
	}
}

// npmrc is that of the context, with a token in place of what it has.
func (b *fakeBuild) npmrc() string {
	file := b.files[".npmrc"]
	if file == nil {
		return ""
	}
	return strings.ReplaceAll(string(file.Data), "0123", "T_NPMRC")
}

func (b *fakeBuild) copy(s *analysis.Snapshot, inst *dockerfile.Instruction) {
	c := newReading(s.Model())
	for _, source := range inst.Sources() {
		taken := s.Facts().Project.Takes(project.Copy{Source: source.Text})
		if slices.Contains(taken.Files, ".npmrc") && b.npmrc() != "" {
			b.write(path.Join(c.folderTo(inst), ".npmrc"), b.npmrc())
		}
	}
}

var (
	// absolute is a path from the root, and not a part of another one or of a URL.
	absolute = regexp.MustCompile(`(^|[^\w.:/~}*])(/[^/\s"';&|)]?[^\s"';&|)]*)`)
	// uncertain is what a script may leave the folder by: upwards, by a variable that may be empty, or by what it computes.
	uncertain = regexp.MustCompile("\\.\\.|\\$\\{?[A-Za-z_]+\\}?/|[>]\\s*\"?\\$|\\bcd\\s+\"?\\$|`|\\bfind\\b|\\beval\\b")
	told      = regexp.MustCompile("has to hold what the build wrote: (`[^`]*`(?:, `[^`]*`)*)\\.")
	literal   = regexp.MustCompile(`npm_0123\w*`)
)

// contain moves all paths of a script below a folder; false if it cannot be seen that none is left outside.
func contain(script, folder string) (string, bool) {
	script = absolute.ReplaceAllStringFunc(script, func(match string) string {
		groups := absolute.FindStringSubmatch(match)
		if groups[2] == "/dev/null" || strings.HasPrefix(groups[2], "//") {
			return match // no file, or a host without its scheme
		}
		return groups[1] + folder + groups[2]
	})
	rest := strings.ReplaceAll(strings.ReplaceAll(script, "$HOME/", ""), "${HOME}/", "")
	rest = regexp.MustCompile(`\$\(cat `+regexp.QuoteMeta(folder)+`/run/secrets/\w+\)`).ReplaceAllString(rest, "")
	return script, !uncertain.MatchString(rest) && !strings.Contains(rest, "$(")
}

// TestContain holds that no case can touch what is outside of its folder.
func TestContain(t *testing.T) {
	for script, want := range map[string]string{
		"rm -rf *.md /tmp/*":                      "rm -rf *.md /f/tmp/*",
		`echo a>/app/.npmrc && rm "/app/x"`:       `echo a>/f/app/.npmrc && rm "/f/app/x"`,
		"rm -rf /":                                "rm -rf /f/",
		"cat /dev/null":                           "cat /dev/null",
		"curl https://a.example.com/x/y":          "curl https://a.example.com/x/y",
		"echo //r.example.com/:_authToken=$T >.n": "echo //r.example.com/:_authToken=$T >.n",
		"rm ~/.npmrc $HOME/.npmrc":                "rm ~/.npmrc $HOME/.npmrc",
		"rm -rf $X/*":                             "",
		"rm -rf ${X}/a":                           "",
		"echo a > $X":                             "",
		`cd "$X" && rm -rf *`:                     "",
		`'sh' '-c' 'cd /app && rm -rf /tmp/*'`:    `'sh' '-c' 'cd /f/app && rm -rf /f/tmp/*'`,
		`'/bin/sh' '-c' 'rm -rf $X/*'`:            "",
		"cd .. && rm -rf *":                       "",
		"rm $(pwd)":                               "",
		"find . -delete":                          "",
		"rm `pwd`":                                "",
	} {
		if got, ok := contain(script, "/f"); ok != (want != "") || ok && got != want {
			t.Errorf("%s: %s, %v", script, got, ok)
		}
	}
}

// run runs a RUN as BuildKit does, with its mounts, if it can do no harm.
func (b *fakeBuild) run(s *analysis.Snapshot, inst *dockerfile.Instruction, env []string) {
	command := inst.Command.(*instructions.RunCommand)
	script, ok := contain(literal.ReplaceAllString(scriptOf(command), "T_LITERAL"), b.root)
	if !ok {
		b.Errorf("not run, since it may touch what is not its own: %s", script)
		return
	}
	c := newReading(s.Model())
	env, mounted := b.mount(command, c.folderOf(inst), env)
	folder, home := b.place(c.folderOf(inst)), b.place(c.homeOf(inst))
	for _, name := range []string{folder, home} {
		if err := os.MkdirAll(name, 0o755); err != nil {
			b.Fatal(err)
		}
	}
	outside := filepath.Join(b.TempDir(), "outside")
	cmd := exec.Command("/bin/sh", "-c", script)
	cmd.Dir = folder
	cmd.Env = append(env, "PATH="+b.bin, "HOME="+home, "ROOT="+b.root, "REAL=/bin", "OUTSIDE="+outside)
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Logf("%s: %v: %s", script, err, out)
	}
	if lines, err := os.ReadFile(outside); err == nil {
		b.Errorf("held back: %s", lines)
	}
	for _, name := range mounted {
		if err := os.Remove(b.place(name)); err != nil {
			b.Errorf("the script removes a mount: %v:\n%s", err, script)
		}
	}
}

// scriptOf is what the shell gets of a RUN, or what makes it run the words of an array. Source: dispatchRun of BuildKit.
func scriptOf(command *instructions.RunCommand) string {
	if !command.PrependShell {
		var words []string
		for _, word := range command.CmdLine {
			words = append(words, "'"+strings.ReplaceAll(word, "'", `'\''`)+"'")
		}
		return strings.Join(words, " ")
	}
	script := command.CmdLine[0]
	if len(command.Files) > 0 && strings.HasPrefix(script, "<<") {
		return command.Files[0].Data
	}
	for _, file := range command.Files {
		script += "\n" + file.Data + file.Name + "\n"
	}
	return script
}

// mount makes the files of the secret mounts of a RUN in a folder, and adds their variables.
func (b *fakeBuild) mount(command *instructions.RunCommand, folder string, env []string) (all, mounted []string) {
	all = slices.Clone(env)
	for _, mount := range mountsOf(b.T, command) {
		if mount.Type != instructions.MountTypeSecret {
			continue
		}
		target, content := mount.Target, b.secretFile()
		switch {
		case mount.Env != nil:
			all = append(all, *mount.Env+"="+b.token(mount.CacheID))
			continue
		case target == "":
			target, content = "/run/secrets/"+mount.CacheID, b.token(mount.CacheID)
		case !path.IsAbs(target):
			target = path.Join(folder, target)
		}
		b.write(target, content)
		mounted = append(mounted, target)
	}
	return all, mounted
}

// token is what the build command gives for a variable.
func (b *fakeBuild) token(id string) string {
	if match := regexp.MustCompile(`id=` + regexp.QuoteMeta(id) + `,env=(\w+)`).FindStringSubmatch(b.tells); match != nil {
		return "T_" + match[1]
	}
	return "T_" + strings.ToUpper(id)
}

// secretFile is what a person writes who does what the message says.
func (b *fakeBuild) secretFile() string {
	content := ""
	for _, match := range told.FindAllStringSubmatch(b.tells, -1) {
		content += strings.ReplaceAll(strings.Trim(match[1], "`"), "`, `", "\n") + "\n"
	}
	switch {
	case content != "":
		content = strings.ReplaceAll(content, `\n`, "\n")
		return os.Expand(content, func(name string) string { return "T_" + name })
	case b.npmrc() != "":
		return b.npmrc()
	}
	return fmt.Sprintln("//registry.example.com/:_authToken=T_LITERAL")
}
