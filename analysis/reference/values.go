package reference

// values are those of flags and keys that take one of a few words.
var values = []Entry{
	{
		Of: "network", Name: "default", Form: "--network=default", Anchor: "run---networkdefault",
		Text: "The command has the network that the builder gives to builds.",
	},
	{
		Of: "network", Name: "none", Form: "--network=none", Anchor: "run---networknone",
		Text: "The command has no network but its own loopback, so that it cannot depend on anything out there.",
	},
	{
		Of: "network", Name: "host", Form: "--network=host", Anchor: "run---networkhost",
		Text: "The command has the network of the machine that builds. The builder and the build command have to allow " +
			"`network.host`.",
	},

	{
		Of: "security", Name: "sandbox", Form: "--security=sandbox", Anchor: "run---security",
		Text: "The command has the rights of a usual container, as without the flag.",
	},
	{
		Of: "security", Name: "insecure", Form: "--security=insecure", Anchor: "run---security",
		Text: "The command has all rights on the machine that builds, as with `docker run --privileged`. The builder " +
			"and the build command have to allow `security.insecure`.",
	},

	{
		Of: "sharing", Name: "shared", Form: "sharing=shared", Anchor: "run---mounttypecache",
		Text: "Several commands may write into the cache at the same time, as they may without the key.",
	},
	{
		Of: "sharing", Name: "private", Form: "sharing=private", Anchor: "run---mounttypecache",
		Text: "A command that wants the cache while another one has it gets another, new one.",
	},
	{
		Of: "sharing", Name: "locked", Form: "sharing=locked", Anchor: "run---mounttypecache",
		Text: "A command that wants the cache while another one has it waits, as apt and others demand it that do not " +
			"share their folder.",
	},

	{
		Of: "HEALTHCHECK", Name: "CMD", Form: `CMD command, or CMD ["program", "argument", …]`, Anchor: "healthcheck",
		Text: "What stands behind it is run in the container: 0 means healthy, 1 unhealthy, and 2 is reserved.",
	},
	{
		Of: "HEALTHCHECK", Name: "NONE", Form: "HEALTHCHECK NONE", Anchor: "healthcheck",
		Text: "Takes away the health check that the base image has.",
	},
}

// directives are the comments in the first lines that BuildKit obeys.
var directives = []Entry{
	{
		Name: "syntax", Form: "# syntax=image", Anchor: "syntax", Default: "what is built into the builder",
		Text: "Names the image of the frontend that reads this file, so that a file can have what is newer than its " +
			"builder. `docker/dockerfile:1` is the newest one of version 1.",
	},
	{
		Name: "escape", Form: "# escape=\\ or # escape=`", Anchor: "escape", Default: "a backslash",
		Text: "Sets the character that escapes the next one and continues lines. With a backtick, backslashes are free " +
			"for paths of Windows.",
	},
	{
		Name: "check", Form: "# check=skip=check,…;error=true", Anchor: "check",
		Default: "all checks are made, and warn",
		Text:    "Says which build checks are made for this file, and whether a warning of theirs ends the build.",
	},
}

// options are those of the check directive and of --device.
var options = []Entry{
	{
		Of: "check", Name: "skip", Form: "skip=check,… or skip=all", Anchor: "check",
		Text: "Leaves out the build checks that are named, or all of them.",
	},
	{
		Of: "check", Name: "error", Form: "error=true", Anchor: "check", Default: "false",
		Text: "Makes the build fail where a build check warns.",
	},
	{
		Of: "check", Name: "experimental", Form: "experimental=check,… or experimental=all", Anchor: "check",
		Text: "Makes the experimental build checks too that are named, or all of them.",
	},
	{
		Of: "device", Name: "name", Form: "name=device", Anchor: "run---device",
		Text: "Names the CDI device, as `vendor1.com/device=foo`, or a class of devices. `name=` may be left out.",
	},
	{
		Of: "device", Name: "required", Form: "required[=true]", Anchor: "run---device", Default: "false",
		Text: "Stops the build where there is no such device; else the command runs without it.",
	},
}

// hadolint is where hadolint says how its rules are silenced.
const hadolint = "https://github.com/hadolint/hadolint"

// pragmas are the comments that silence rules.
var pragmas = []Entry{
	{
		Of: "dockerfile-ls", Name: "ignore", Form: "# dockerfile-ls ignore=rule,…",
		Text: "Silences rules for the instruction below, or for the one that the comment stands in.",
	},
	{
		Of: "dockerfile-ls", Name: "ignore-file", Form: "# dockerfile-ls ignore-file=rule,…",
		Text: "Silences rules in the whole file. It has to stand in front of the first instruction.",
	},
	{
		Of: "hadolint", Name: "ignore", Form: "# hadolint ignore=rule,…", Anchor: hadolint + "#inline-ignores",
		Text: "Silences rules of hadolint for the instruction on the next line, and ours that are about the same.",
	},
	{
		Of: "hadolint global", Name: "ignore", Form: "# hadolint global ignore=rule,…",
		Anchor: hadolint + "#global-ignores",
		Text: "Silences rules of hadolint in the whole file, and ours that are about the same. It has to stand in " +
			"front of the first instruction.",
	},
}

// concepts are what has no word of its own.
var concepts = []Entry{
	{
		Name: "stage", Anchor: "from",
		Text: "A stage: later ones can be based on it, and copy and mount from it.",
	},
	{
		Name: "image", Anchor: "from",
		Text: "The image that the stage starts from: its files, its configuration and its environment.",
	},
	{
		Name: "scratch", Anchor: "from",
		Text: "The empty image: no files, no shell, no users. It is nothing that could be pulled, only a word for " +
			"`FROM`.",
	},
	{
		Name: "source image", Anchor: "copy---from",
		Text: "The image that files are taken from.",
	},
	{
		Name: "heredoc", Anchor: "here-documents",
		Text: "Begins a here-document: the lines below, up to one that has this word alone.",
	},
	{
		Name: "user", Anchor: "user",
		Text: "The user of the commands below and of containers.",
	},
	{
		Name: "port", Anchor: "expose",
		Text: "A port on which a container listens. Naming it publishes nothing: `docker run -p` or `-P` does.",
	},
	{
		Name: "signal", Anchor: "stopsignal",
		Text: "A signal of Linux: it asks a process to end, to stop, or to do something.",
	},
	{
		Name: "directory", Anchor: "workdir",
		Text: "The working directory from here on.",
	},
	{
		Name: "argument", Anchor: "arg",
		Text: "A build argument of the stage: a variable while it is built, which no container has.",
	},
	{
		Name: "global argument", Anchor: "understand-how-arg-and-from-interact",
		Text: "A global build argument: it counts in the `FROM` lines, and in each stage that declares it again.",
	},
	{
		Name: "environment", Anchor: "env",
		Text: "An environment variable: of the instructions below, of the stages that are based on this one, and of " +
			"containers.",
	},
	{
		Name: "variable", Anchor: "environment-replacement",
		Text: "A variable that no line in force here sets.",
	},
	{
		Name: "rule", Anchor: "check",
		Text: "No rule that is known here has this name.",
	},
	{
		Name: "all checks", Anchor: "check",
		Text: "Stands for all build checks.",
	},
}
