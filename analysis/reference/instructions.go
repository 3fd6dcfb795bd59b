package reference

// instructions are BuildKit's, in the order of a usual file.
var instructions = []Entry{
	{
		Name: "FROM", Form: "FROM [--platform=…] image [AS name]", Anchor: "from",
		Text: "Begins a stage, whose file system and configuration are those of the image or the earlier stage that it " +
			"names. Only `ARG` may stand in front of the first one, and only such arguments count in the line itself.",
	},
	{
		Name: "ARG", Form: "ARG name[=default] …", Anchor: "arg",
		Text: "Declares a build argument, which the build command may set with `--build-arg`. In a stage it is a " +
			"variable of the instructions below and of stages based on it, and no container has it; in front of the " +
			"first `FROM` it counts in the `FROM` lines, and in each stage that declares it again.",
	},
	{
		Name: "ENV", Form: "ENV name=value …", Anchor: "env",
		Text: "Sets environment variables for the instructions below, for the stages that are based on this one, and " +
			"for containers. The pairs of one instruction do not see each other, and what is set stays readable in the " +
			"image.",
	},
	{
		Name: "LABEL", Form: "LABEL key=value …", Anchor: "label",
		Text: "Adds data about the image to its configuration. Labels of the base image stay, and one with the same " +
			"key is replaced.",
	},
	{
		Name: "SHELL", Form: `SHELL ["program", "argument", …]`, Anchor: "shell",
		Default: `["/bin/sh", "-c"] on Linux, ["cmd", "/S", "/C"] on Windows`,
		Text: "Sets the program that reads the shell form of the `RUN`, `CMD`, `ENTRYPOINT` and `HEALTHCHECK` below. " +
			"It is written as an array, and stays in the image.",
	},
	{
		Name: "WORKDIR", Form: "WORKDIR path", Anchor: "workdir", Default: "/, if the base image has none",
		Text: "Sets the working directory of the instructions below and of containers, and creates it where it is " +
			"missing. A relative path starts from the directory that was in force.",
	},
	{
		Name: "COPY", Form: "COPY [flags] source … destination", Anchor: "copy",
		Text: "Copies files and folders into the image: from the build context, or with `--from` from a stage or an " +
			"image. Of a folder its content is copied; with several sources the destination has to end with a slash.",
	},
	{
		Name: "ADD", Form: "ADD [flags] source … destination", Anchor: "add",
		Text: "Copies like `COPY`, but only out of the build context, and also downloads URLs and clones Git " +
			"repositories. It unpacks tar archives of the context, which `--unpack` changes.",
	},
	{
		Name: "RUN", Form: `RUN [flags] command, or RUN ["program", "argument", …]`, Anchor: "run",
		Text: "Runs a command in the image while it is built, and keeps what it leaves in the file system as a layer. " +
			"As an array it is started without a shell.",
	},
	{
		Name: "USER", Form: "USER user[:group]", Anchor: "user", Default: "that of the base image, else root",
		Text: "Sets the user, and the group if it is named, of the `RUN`, `CMD` and `ENTRYPOINT` below and of " +
			"containers. It creates no user: a name has to be in the image's `/etc/passwd`, a number need not. Files " +
			"that `COPY` and `ADD` bring still belong to root.",
	},
	{
		Name: "VOLUME", Form: `VOLUME path …, or VOLUME ["path", …]`, Anchor: "volume",
		Text: "Marks folders in which a container keeps its data outside of its own file system: where the user mounts " +
			"nothing there, each container gets a volume of its own. Where they lie on the host cannot be said here.",
	},
	{
		Name: "EXPOSE", Form: "EXPOSE port[/protocol] …", Anchor: "expose",
		Text: "Says on which ports a container listens. It publishes nothing by itself: `docker run -p` does, and `-P` " +
			"publishes all ports that are named here.",
	},
	{
		Name: "STOPSIGNAL", Form: "STOPSIGNAL signal", Anchor: "stopsignal", Default: "SIGTERM",
		Text: "Sets the signal that a container gets when it is to stop. Who does not end in time, by default within " +
			"ten seconds for `docker stop`, is killed.",
	},
	{
		Name: "HEALTHCHECK", Form: "HEALTHCHECK [flags] CMD command, or HEALTHCHECK NONE", Anchor: "healthcheck",
		Default: "that of the base image, else none",
		Text: "Says how Docker finds out whether a container still works: a command that is run in it again and again, " +
			"and ends with 0 if all is well, with 1 if not. Only the last one of a stage counts.",
	},
	{
		Name: "ENTRYPOINT", Form: `ENTRYPOINT ["program", "argument", …], or ENTRYPOINT command`, Anchor: "entrypoint",
		Default: "that of the base image",
		Text: "Sets the program of containers; `CMD` and what stands behind the image in `docker run` are its " +
			"arguments. In shell form it has no arguments, and a shell stands between it and signals. It clears a " +
			"`CMD` of the base image.",
	},
	{
		Name: "CMD", Form: `CMD ["program", "argument", …], or CMD command`, Anchor: "cmd",
		Default: "that of the base image",
		Text: "Sets the command of containers, or the arguments of `ENTRYPOINT` if there is one; `docker run` may name " +
			"another. Only the last one of a stage counts. In shell form a shell stands between it and signals.",
	},
	{
		Name: "ONBUILD", Form: "ONBUILD instruction", Anchor: "onbuild",
		Text: "Keeps an instruction for later: it does nothing here, and runs right behind the `FROM` of each build " +
			"that has this image or stage as its base. Builds on top of those do not run it again. `ONBUILD`, `FROM` " +
			"and `MAINTAINER` cannot stand behind it.",
	},
	{
		Name: "MAINTAINER", Form: "MAINTAINER name", Anchor: "maintainer-deprecated",
		Text: "Sets the author of the image. It is deprecated: a label as `org.opencontainers.image.authors` says the " +
			"same, and tools can read it.",
	},
}

// flags are those of dockerfile.Flags.
var flags = []Entry{
	{
		Of: "FROM", Name: "platform", Form: "--platform=os/arch[/variant]", Anchor: "from",
		Default: "the target platform of the build",
		Text: "Chooses the platform of the image that the stage starts from. `$BUILDPLATFORM` runs the stage on the " +
			"machine that builds, as a compiler for other platforms wants it.",
	},

	{
		Of: "COPY", Name: "from", Form: "--from=stage, --from=number or --from=image", Anchor: "copy---from",
		Default: "the build context",
		Text: "Copies out of an earlier stage, by its name or its number from 0, out of an image, or out of a context " +
			"that the build command names. Sources then start at the root of its file system.",
	},
	{
		Of: "COPY", Name: "chown", Form: "--chown=user[:group]", Anchor: "copy---chown", Default: "0:0, which is root",
		Text: "Sets the owner of what is copied. Names are looked up in the image's `/etc/passwd` and `/etc/group`; " +
			"where the group is left out, a name brings its own one and a number stands for both. Windows images do " +
			"not have it.",
	},
	{
		Of: "COPY", Name: "chmod", Form: "--chmod=mode", Anchor: "copy---chmod", Default: "the mode of each source",
		Text: "Sets the permissions of what is copied, octal as `755` or symbolic as `u=rwX,go=rX`. Windows images do " +
			"not have it.",
	},
	{
		Of: "COPY", Name: "link", Form: "--link[=true]", Anchor: "copy---link", Default: "false",
		Text: "Copies into a layer of its own that does not look at the ones below, so that it stays cached when those " +
			"change. Links in the destination path are not followed, and names in `--chown` cannot be looked up.",
	},
	{
		Of: "COPY", Name: "parents", Form: "--parents[=true]", Anchor: "copy---parents", Default: "false",
		Text: "Keeps the folders that a source lies in, below the destination. A `/./` in the source says from where " +
			"on they are kept.",
	},
	{
		Of: "COPY", Name: "exclude", Form: "--exclude=pattern", Anchor: "copy---exclude",
		Text: "Leaves out the files that match a pattern, even if a source names them. The flag may be repeated.",
	},

	{
		Of: "ADD", Name: "checksum", Form: "--checksum=sha256:… or --checksum=commit", Anchor: "add---checksum",
		Text: "Stops the build if what is fetched is something else: the SHA-256 digest of a download, the commit or " +
			"its beginning for a Git repository.",
	},
	{
		Of: "ADD", Name: "keep-git-dir", Form: "--keep-git-dir[=true]", Anchor: "add---keep-git-dir", Default: "false",
		Text: "Keeps the `.git` folder of a Git repository that is added.",
	},
	{
		Of: "ADD", Name: "unpack", Form: "--unpack[=true]", Anchor: "add---unpack",
		Default: "true for archives of the build context, false for downloads",
		Text: "Says whether tar archives are unpacked at the destination, also those that are compressed with gzip, " +
			"bzip2, xz or zstd.",
	},
	{
		Of: "ADD", Name: "chown", Form: "--chown=user[:group]", Anchor: "add---chown", Default: "0:0, which is root",
		Text: "Sets the owner of what is added. Names are looked up in the image's `/etc/passwd` and `/etc/group`; " +
			"where the group is left out, a name brings its own one and a number stands for both. Windows images do " +
			"not have it.",
	},
	{
		Of: "ADD", Name: "chmod", Form: "--chmod=mode", Anchor: "add---chmod",
		Default: "the mode of each source, 600 for downloads",
		Text: "Sets the permissions of what is added, octal as `755` or symbolic as `u=rwX,go=rX`. Windows images do " +
			"not have it.",
	},
	{
		Of: "ADD", Name: "link", Form: "--link[=true]", Anchor: "add---link", Default: "false",
		Text: "Adds into a layer of its own that does not look at the ones below, so that it stays cached when those " +
			"change. Links in the destination path are not followed, and names in `--chown` cannot be looked up.",
	},
	{
		Of: "ADD", Name: "exclude", Form: "--exclude=pattern", Anchor: "add---exclude",
		Text: "Leaves out the files that match a pattern, even if a source names them. The flag may be repeated.",
	},

	{
		Of: "RUN", Name: "mount", Form: "--mount=type=…,key=value,…", Anchor: "run---mount",
		Text: "Mounts something for this command alone: files of the context or of a stage, a cache, a secret, the SSH " +
			"agent, or memory. Its content does not get into the layer. The flag may be repeated.",
	},
	{
		Of: "RUN", Name: "network", Form: "--network=default, none or host", Anchor: "run---network", Default: "default",
		Text: "Says which network the command has.",
	},
	{
		Of: "RUN", Name: "security", Form: "--security=sandbox or insecure", Anchor: "run---security", Default: "sandbox",
		Text: "Says whether the command runs with the rights of a usual container, or with all of them.",
	},
	{
		Of: "RUN", Name: "device", Form: "--device=name[,required]", Anchor: "run---device",
		Text: "Asks for a CDI device, as a GPU, for this command. The builder and the build command have to allow it. " +
			"The flag may be repeated.",
	},

	{
		Of: "HEALTHCHECK", Name: "interval", Form: "--interval=duration", Anchor: "healthcheck", Default: "30s",
		Text: "Is the time between the end of one check and the next one, and that from the start of the container to " +
			"the first. 0 stands for the default.",
	},
	{
		Of: "HEALTHCHECK", Name: "timeout", Form: "--timeout=duration", Anchor: "healthcheck", Default: "30s",
		Text: "Is how long one check may take. One that takes longer is killed and counts as failed. 0 stands for the " +
			"default.",
	},
	{
		Of: "HEALTHCHECK", Name: "start-period", Form: "--start-period=duration", Anchor: "healthcheck", Default: "0s",
		Text: "Is how long a container may take to start: checks that fail in this time do not count. It ends early " +
			"with the first check that passes.",
	},
	{
		Of: "HEALTHCHECK", Name: "start-interval", Form: "--start-interval=duration", Anchor: "healthcheck", Default: "5s",
		Text: "Is the time between checks in the start period. Docker Engine 25.0 and newer have it, and it does " +
			"nothing without `--start-period`.",
	},
	{
		Of: "HEALTHCHECK", Name: "retries", Form: "--retries=number", Anchor: "healthcheck", Default: "3",
		Text: "Is how many checks in a row have to fail until the container counts as unhealthy. 0 stands for the " +
			"default.",
	},
}
