package jetbrains

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// installer is installer.json (installation/definition/InstallerTaskRegistry.java, loadInstaller).
type installer struct {
	ID                   string            `json:"id"`
	Name                 string            `json:"name"`
	ExecuteOnStartServer bool              `json:"executeOnStartServer"`
	Properties           map[string]string `json:"properties"`
	Check                *task             `json:"check"`
	Run                  *task             `json:"run"`
}

// task is one step, named by its first key; another key beside it is overlooked (InstallerTaskRegistry.java, getType).
type task struct {
	Exec            *execution     `json:"exec,omitempty"`
	Download        *download      `json:"download,omitempty"`
	ConfigureServer *configuration `json:"configureServer,omitempty"`
}

// following is what every step has (InstallerTaskFactoryBase.java).
type following struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	OnFail    *task  `json:"onFail"`
	OnSuccess *task  `json:"onSuccess"`
}

// execution is a command (tasks/ExecTaskFactory.java).
type execution struct {
	following
	Command      json.RawMessage `json:"command"`
	Timeout      int             `json:"timeout"`
	WorkingDir   string          `json:"workingDir"`
	IgnoreStderr bool            `json:"ignoreStderr"`
}

// download is a file of a release (tasks/DownloadTaskFactory.java).
type download struct {
	following
	GitHub struct {
		Owner      string          `json:"owner"`
		Repository string          `json:"repository"`
		Prerelease bool            `json:"prerelease"`
		Asset      json.RawMessage `json:"asset"`
	} `json:"github"`
	Output struct {
		Dir  json.RawMessage `json:"dir"`
		File struct {
			Name       json.RawMessage `json:"name"`
			Executable bool            `json:"executable"`
		} `json:"file"`
	} `json:"output"`
}

// configuration sets the command that starts the server (tasks/ConfigureServerTaskFactory.java).
type configuration struct {
	following
	Command json.RawMessage `json:"command"`
}

// machine is a system with a processor, as IntelliJ's SystemInfo and CpuArch and as the JVM name it, and what is released
// for it.
type machine struct{ system, cpu, jvm, asset string }

var machines = []machine{
	{"windows", "x86_64", "amd64", "dockerfile-ls-windows-amd64.exe"},
	{"windows", "arm64", "aarch64", "dockerfile-ls-windows-arm64.exe"},
	{"mac", "x86_64", "x86_64", "dockerfile-ls-darwin-amd64"},
	{"mac", "arm64", "aarch64", "dockerfile-ls-darwin-arm64"},
	{"unix", "x86_64", "amd64", "dockerfile-ls-linux-amd64"},
	{"unix", "arm64", "aarch64", "dockerfile-ls-linux-arm64"},
}

var (
	systems    = []string{"windows", "mac", "unix", "default"}
	processors = []string{"x86_64", "x86", "arm64", "amd64", "aarch64", "default"}
)

// released are the files of a release: a binary for each machine, and what may lie beside them.
func released() []string {
	names := []string{"checksums.txt", "dockerfile-ls-linux-x64.vsix"}
	for _, m := range machines {
		names = append(names, m.asset+".sbom.json", m.asset)
	}
	return names
}

// home is where macros lead, on the machine of somebody who has a space in their name.
const home = "/home/Jane Doe"

func (c *complaints) installer(of installer, by template) {
	if of.ID != by.ID || of.Name == "" || of.ExecuteOnStartServer {
		c.add("installer.json: id %q, name %q, at each start: %v", of.ID, of.Name, of.ExecuteOnStartServer)
	}
	if of.Check == nil || of.Run == nil || of.Run.Download == nil {
		c.add("installer.json: nothing is checked, or nothing downloaded")
		return
	}
	for _, m := range machines {
		c.task(of.Check, by, m, map[string]string{})
		c.task(of.Run, by, m, map[string]string{})
	}
}

// task complains about a step and those that follow, on one machine. The properties are what earlier steps have found out.
func (c *complaints) task(of *task, by template, m machine, properties map[string]string) {
	if of == nil {
		return
	}
	var next following
	kinds := 0
	if of.Exec != nil {
		kinds, next = kinds+1, of.Exec.following
		c.execution(of.Exec, m)
	}
	if of.Download != nil {
		kinds, next = kinds+1, of.Download.following
		c.download(of.Download, m, properties)
		if next.OnSuccess == nil || next.OnSuccess.ConfigureServer == nil {
			c.add("installer.json: what is downloaded is not started")
		}
	}
	if of.ConfigureServer != nil {
		kinds, next = kinds+1, of.ConfigureServer.following
		c.configuration(of.ConfigureServer, by, m, properties)
	}
	if kinds != 1 || next.Name == "" {
		c.add("installer.json: a step has %d kinds and the name %q", kinds, next.Name)
	}
	c.task(next.OnSuccess, by, m, properties)
	c.task(next.OnFail, by, m, properties)
}

func (c *complaints) execution(of *execution, m machine) {
	args := commandOf(of.Command, m)
	if len(args) != 2 || args[1] != "--version" || of.Timeout == 0 {
		c.add("installer.json: on %s %q is tried for %d ms", m.system, args, of.Timeout)
	}
	if m.system == "windows" && len(args) > 0 && !strings.HasSuffix(args[0], ".exe") {
		c.add("installer.json: on windows %q is tried", args[0])
	}
}

// commandOf is a command on a machine: a list, or a text that is split at every space, with macros for folders that hold
// (tasks/ExecTaskFactory.java, getCommand).
func commandOf(raw json.RawMessage, m machine) []string {
	var bySystem map[string]json.RawMessage
	if json.Unmarshal(raw, &bySystem) == nil {
		if raw = bySystem[m.system]; raw == nil {
			raw = bySystem["default"]
		}
	}
	var args []string
	if json.Unmarshal(raw, &args) != nil {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			return nil
		}
		args = strings.Split(text, " ")
	}
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "$USER_HOME$", home)
	}
	return args
}

// download complains where not exactly the binary of the machine is taken. Of several the first would be.
func (c *complaints) download(of *download, m machine, properties map[string]string) {
	if of.GitHub.Owner == "" || of.GitHub.Repository == "" {
		c.add("installer.json: nobody's release")
	}
	pattern := c.textOf("asset", of.GitHub.Asset, m)
	var taken []string
	for _, name := range released() {
		if takes(pattern, name) {
			taken = append(taken, name)
		}
	}
	if !slices.Equal(taken, []string{m.asset}) {
		c.add("installer.json: on %s %s %q takes %q", m.system, m.cpu, pattern, taken)
	}
	properties["output.dir"] = c.textOf("dir", of.Output.Dir, m)
	properties["output.file.name"] = c.textOf("file name", of.Output.File.Name, m)
	if strings.HasSuffix(properties["output.file.name"], ".exe") != (m.system == "windows") || !of.Output.File.Executable {
		c.add("installer.json: on %s %q is no program", m.system, properties["output.file.name"])
	}
}

// takes reports whether a pattern takes a file of a release: with a * the whole name, else any part of it, in whatever case
// (installation/download/GitHubAssetFetcher.java, AssetMatcher).
func takes(pattern, name string) bool {
	if !strings.Contains(pattern, "*") {
		return strings.Contains(strings.ToLower(name), strings.ToLower(pattern))
	}
	whole, err := regexp.Compile("^(?:" + strings.NewReplacer(".", `\.`, "*", ".*").Replace(pattern) + ")$")
	return err == nil && whole.MatchString(name)
}

// textOf is a text on a machine: by system, then by processor (InstallerTaskFactoryBase.java, getStringFromOs).
func (c *complaints) textOf(what string, raw json.RawMessage, m machine) string {
	for _, level := range []struct{ known, tried []string }{
		{systems, []string{m.system, "default"}}, {processors, []string{m.cpu, m.jvm, "default"}},
	} {
		var byKey map[string]json.RawMessage
		if json.Unmarshal(raw, &byKey) != nil {
			break
		}
		for key := range byKey {
			if !slices.Contains(level.known, key) {
				c.add("installer.json: the %s of %s is never asked for", what, key)
			}
		}
		raw = nil
		for _, key := range level.tried {
			if raw = byKey[key]; raw != nil {
				break
			}
		}
	}
	var text string
	if json.Unmarshal(raw, &text) != nil || text == "" {
		c.add("installer.json: no %s on %s %s", what, m.system, m.cpu)
	}
	return text
}

// configuration complains where the configured command is not what the template starts, at a place that is known.
func (c *complaints) configuration(of *configuration, by template, m machine, properties map[string]string) {
	args := split(of.command(c, m, properties, home))
	name := split(by.command(m))
	if len(args) == 0 || len(name) == 0 {
		c.add("installer.json: nothing is started on %s", m.system)
		return
	}
	if args[0] != home+"/.lsp4ij/lsp/dockerfile-ls/"+name[0] || !slices.Equal(args[1:], name[1:]) {
		c.add("installer.json: on %s %q is started and not %q", m.system, args, name)
	}
}

// command has the properties of earlier steps, and macros for folders, replaced (tasks/ConfigureServerTask.java, and
// server/definition/launching/UserDefinedLanguageServerDefinition.java when it starts it).
func (of *configuration) command(c *complaints, m machine, properties map[string]string, home string) string {
	command := c.textOf("command", of.Command, m)
	for name, value := range properties {
		command = strings.ReplaceAll(command, "${"+name+"}", value)
	}
	return strings.ReplaceAll(command, "$USER_HOME$", home)
}
