package reference

// mountTypes are those of dockerfile.MountTypes.
var mountTypes = []Entry{
	{
		Name: "bind", Form: "type=bind,target=path[,source=path][,from=stage]", Anchor: "run---mounttypebind",
		Text: "Shows files of the build context, of a stage or of an image to the command without copying them. It is " +
			"read-only if `rw` does not say otherwise, and what is written is thrown away.",
	},
	{
		Name: "cache", Form: "type=cache,target=path[,id=…][,sharing=…]", Anchor: "run---mounttypecache",
		Text: "Mounts a folder that the builder keeps from one build to the next, for package managers and compilers. " +
			"It may be empty at any time, and none of it gets into the image.",
	},
	{
		Name: "tmpfs", Form: "type=tmpfs,target=path[,size=…]", Anchor: "run---mounttypetmpfs",
		Text: "Mounts an empty file system in memory, which is gone when the command ends.",
	},
	{
		Name: "secret", Form: "type=secret,id=name[,target=path][,env=NAME]", Anchor: "run---mounttypesecret",
		Text: "Gives a secret of the build command's `--secret` to this command, as a file or as a variable. It gets " +
			"neither into the image nor into the build cache.",
	},
	{
		Name: "ssh", Form: "type=ssh[,id=name][,target=path]", Anchor: "run---mounttypessh",
		Text: "Lets the command use the keys of an SSH agent, which the build command hands over with `--ssh`, without " +
			"seeing them.",
	},
}

const (
	idleText = "BuildKit takes the key for this type, and does nothing with it."
	typeText = "Says what is mounted."
)

// mountKeys are the keys that BuildKit's parser takes for each type. Source: parseMount, dispatchRunMounts, dispatchSecret
// and dispatchSSH of BuildKit.
var mountKeys = []Entry{
	{Of: "bind", Name: "type", Form: "type=bind", Text: typeText, Default: "bind", Anchor: "run---mount"},
	{
		Of: "bind", Name: "target", Also: []string{"dst", "destination"}, Form: "target=path", Anchor: "run---mounttypebind",
		Text: "Is the path at which the command sees the mount. A relative one starts from the working directory.",
	},
	{
		Of: "bind", Name: "source", Also: []string{"src"}, Form: "source=path", Anchor: "run---mounttypebind",
		Default: "the root of what it is mounted from",
		Text:    "Is the path that is mounted, in the build context or in what `from` names.",
	},
	{
		Of: "bind", Name: "from", Form: "from=stage or image", Anchor: "run---mounttypebind", Default: "the build context",
		Text: "Names the stage, the image or the context of the build command that is mounted from. Numbers of stages " +
			"do not count here, and variables are not filled in.",
	},
	{
		Of: "bind", Name: "readwrite", Also: []string{"rw"}, Form: "rw[=true]",
		Anchor: "run---mounttypebind", Default: "false",
		Text: "Lets the command write into the mount. What it writes is thrown away when it ends.",
	},
	{
		Of: "bind", Name: "readonly", Also: []string{"ro"}, Form: "ro[=true]",
		Anchor: "run---mounttypebind", Default: "true",
		Text: "Keeps the command from writing into the mount.",
	},
	idle("bind", "id"), idle("bind", "env"),

	{Of: "cache", Name: "type", Form: "type=cache", Text: typeText, Default: "bind", Anchor: "run---mount"},
	{
		Of: "cache", Name: "target", Also: []string{"dst", "destination"}, Form: "target=path",
		Anchor: "run---mounttypecache",
		Text:   "Is the path at which the command sees the cache. A relative one starts from the working directory.",
	},
	{
		Of: "cache", Name: "id", Form: "id=name", Anchor: "run---mounttypecache", Default: "the target",
		Text: "Tells caches apart: mounts with the same id share one, also those of other Dockerfiles on the same " +
			"builder.",
	},
	{
		Of: "cache", Name: "sharing", Form: "sharing=shared, private or locked", Anchor: "run---mounttypecache",
		Default: "shared",
		Text:    "Says what happens when two commands want the cache at the same time.",
	},
	{
		Of: "cache", Name: "readonly", Also: []string{"ro"}, Form: "ro[=true]", Anchor: "run---mounttypecache",
		Default: "false",
		Text:    "Keeps the command from writing into the cache.",
	},
	{
		Of: "cache", Name: "readwrite", Also: []string{"rw"}, Form: "rw[=true]", Anchor: "run---mounttypecache",
		Default: "true",
		Text:    "Lets the command write into the cache.",
	},
	{
		Of: "cache", Name: "from", Form: "from=stage or image", Anchor: "run---mounttypecache", Default: "an empty folder",
		Text: "Names the stage, the image or the context of the build command whose files a new cache begins with.",
	},
	{
		Of: "cache", Name: "source", Also: []string{"src"}, Form: "source=path", Anchor: "run---mounttypecache",
		Default: "its root",
		Text:    "Is the path in what `from` names that a new cache begins with.",
	},
	{
		Of: "cache", Name: "mode", Form: "mode=octal", Anchor: "run---mounttypecache", Default: "0755",
		Text: "Sets the permissions of the folder of a new cache.",
	},
	{
		Of: "cache", Name: "uid", Form: "uid=number", Anchor: "run---mounttypecache", Default: "0",
		Text: "Sets the user that the folder of a new cache belongs to: one that is not root cannot write without it.",
	},
	{
		Of: "cache", Name: "gid", Form: "gid=number", Anchor: "run---mounttypecache", Default: "0",
		Text: "Sets the group that the folder of a new cache belongs to.",
	},
	idle("cache", "env"),

	{Of: "tmpfs", Name: "type", Form: "type=tmpfs", Text: typeText, Default: "bind", Anchor: "run---mount"},
	{
		Of: "tmpfs", Name: "target", Also: []string{"dst", "destination"}, Form: "target=path",
		Anchor: "run---mounttypetmpfs",
		Text: "Is the path at which the command sees the empty folder. A relative one starts from the working " +
			"directory.",
	},
	{
		Of: "tmpfs", Name: "size", Form: "size=number with a unit",
		Anchor: "run---mounttypetmpfs", Default: "no limit of its own",
		Text: "Is how much fits in, in bytes or with a unit as `64m` or `1g`.",
	},
	{
		Of: "tmpfs", Name: "readonly", Also: []string{"ro"}, Form: "ro[=true]", Anchor: "run---mounttypetmpfs",
		Default: "false",
		Text:    "Keeps the command from writing into the folder, which stays empty.",
	},
	{
		Of: "tmpfs", Name: "readwrite", Also: []string{"rw"}, Form: "rw[=true]", Anchor: "run---mounttypetmpfs",
		Default: "true",
		Text:    "Lets the command write into the folder.",
	},
	idle("tmpfs", "id"), idle("tmpfs", "env"), idle("tmpfs", "from"), idle("tmpfs", "source", "src"),

	{Of: "secret", Name: "type", Form: "type=secret", Text: typeText, Default: "bind", Anchor: "run---mount"},
	{
		Of: "secret", Name: "id", Form: "id=name", Anchor: "run---mounttypesecret", Default: "the file name of the target",
		Text: "Is the name under which the build command hands the secret over, as in `--secret id=name,src=file`.",
	},
	{
		Of: "secret", Name: "source", Also: []string{"src"}, Form: "source=name", Anchor: "run---mounttypesecret",
		Default: "the file name of the target",
		Text:    "Is another word for `id`: it names the secret, and no file of the machine that builds.",
	},
	{
		Of: "secret", Name: "target", Also: []string{"dst", "destination"}, Form: "target=path",
		Anchor: "run---mounttypesecret", Default: "/run/secrets/ and the id; no file if only env is set",
		Text: "Is the path of the file in which the command finds the secret.",
	},
	{
		Of: "secret", Name: "env", Form: "env=NAME", Anchor: "run---mounttypesecret",
		Text: "Gives the secret to the command as a variable of this name. A file is made too only if `target` is set.",
	},
	{
		Of: "secret", Name: "required", Form: "required[=true]", Anchor: "run---mounttypesecret", Default: "false",
		Text: "Stops the build where the build command hands no such secret over; else the command runs without it.",
	},
	{
		Of: "secret", Name: "mode", Form: "mode=octal", Anchor: "run---mounttypesecret", Default: "0400",
		Text: "Sets the permissions of the file.",
	},
	{
		Of: "secret", Name: "uid", Form: "uid=number", Anchor: "run---mounttypesecret", Default: "0",
		Text: "Sets the user that the file belongs to: one that is not root cannot read it without this or a wider " +
			"mode.",
	},
	{
		Of: "secret", Name: "gid", Form: "gid=number", Anchor: "run---mounttypesecret", Default: "0",
		Text: "Sets the group that the file belongs to.",
	},
	idle("secret", "readonly", "ro"), idle("secret", "readwrite", "rw"),

	{Of: "ssh", Name: "type", Form: "type=ssh", Text: typeText, Default: "bind", Anchor: "run---mount"},
	{
		Of: "ssh", Name: "id", Form: "id=name", Anchor: "run---mounttypessh", Default: "default",
		Text: "Is the name under which the build command hands the agent or the key over, as in `--ssh name`.",
	},
	{
		Of: "ssh", Name: "target", Also: []string{"dst", "destination"}, Form: "target=path", Anchor: "run---mounttypessh",
		Default: "/run/buildkit/ssh_agent.0, and so on",
		Text: "Is the path of the agent's socket. That of the first mount is in `SSH_AUTH_SOCK`, if nothing else " +
			"has set it.",
	},
	{
		Of: "ssh", Name: "required", Form: "required[=true]", Anchor: "run---mounttypessh", Default: "false",
		Text: "Stops the build where the build command hands no such agent over; else the command runs without it.",
	},
	{
		Of: "ssh", Name: "mode", Form: "mode=octal", Anchor: "run---mounttypessh", Default: "0600",
		Text: "Sets the permissions of the socket.",
	},
	{
		Of: "ssh", Name: "uid", Form: "uid=number", Anchor: "run---mounttypessh", Default: "0",
		Text: "Sets the user that the socket belongs to: one that is not root cannot use it without this.",
	},
	{
		Of: "ssh", Name: "gid", Form: "gid=number", Anchor: "run---mounttypessh", Default: "0",
		Text: "Sets the group that the socket belongs to.",
	},
	idle("ssh", "readonly", "ro"), idle("ssh", "readwrite", "rw"), idle("ssh", "env"), idle("ssh", "from"),
}

func idle(mount, name string, also ...string) Entry {
	return Entry{
		Of: mount, Name: name, Also: also, Form: name + "=…", Text: idleText, Anchor: "run---mounttype" + mount,
		Idle: true,
	}
}
