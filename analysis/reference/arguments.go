package reference

// What the sections about the build arguments are called that BuildKit has by itself.
const (
	platform = "automatic-platform-args-in-the-global-scope"
	proxies  = "predefined-args"
	builtIn  = "buildkit-built-in-build-args"
)

// proxy is what the arguments belong to that are written in any casing.
const proxy = "proxy"

// arguments are the build arguments that have their meaning from BuildKit. Those of a platform count in FROM lines, and in
// a stage that declares them without a value.
var arguments = []Entry{
	{
		Of: "platform", Name: "TARGETPLATFORM", Anchor: platform,
		Text: "BuildKit sets it to the platform that is built for, as `linux/amd64` or `linux/arm/v7`.",
	},
	{
		Of: "platform", Name: "TARGETOS", Anchor: platform,
		Text: "BuildKit sets it to the operating system that is built for, as `linux` or `windows`.",
	},
	{
		Of: "platform", Name: "TARGETOSVERSION", Anchor: platform,
		Text: "BuildKit sets it to the version of the operating system that is built for, if the platform names one.",
	},
	{
		Of: "platform", Name: "TARGETARCH", Anchor: platform,
		Text: "BuildKit sets it to the processor architecture that is built for, as `amd64` or `arm64`.",
	},
	{
		Of: "platform", Name: "TARGETVARIANT", Anchor: platform,
		Text: "BuildKit sets it to the variant of the architecture that is built for, as `v7` of `arm`; empty for most.",
	},
	{
		Of: "platform", Name: "TARGETSTAGE", Anchor: platform,
		Text: "BuildKit sets it to the name of the stage that is built, which `--target` names; `default` if none is " +
			"named.",
	},
	{
		Of: "platform", Name: "BUILDPLATFORM", Anchor: platform,
		Text: "BuildKit sets it to the platform of the machine that builds, as `linux/amd64`.",
	},
	{
		Of: "platform", Name: "BUILDOS", Anchor: platform,
		Text: "BuildKit sets it to the operating system of the machine that builds, as `linux`.",
	},
	{
		Of: "platform", Name: "BUILDOSVERSION", Anchor: platform,
		Text: "BuildKit sets it to the version of the operating system that builds, if it has one.",
	},
	{
		Of: "platform", Name: "BUILDARCH", Anchor: platform,
		Text: "BuildKit sets it to the processor architecture of the machine that builds, as `amd64`.",
	},
	{
		Of: "platform", Name: "BUILDVARIANT", Anchor: platform,
		Text: "BuildKit sets it to the variant of the architecture that builds, as `v7` of `arm`; empty for most.",
	},

	{
		Of: proxy, Name: "HTTP_PROXY", Anchor: proxies,
		Text: "The proxy for HTTP. A build has it without `ARG` where the build command sets it, and then it is " +
			"neither in the image's history nor in the build cache.",
	},
	{
		Of: proxy, Name: "HTTPS_PROXY", Anchor: proxies,
		Text: "The proxy for HTTPS. A build has it without `ARG` where the build command sets it, and then it is " +
			"neither in the image's history nor in the build cache.",
	},
	{
		Of: proxy, Name: "FTP_PROXY", Anchor: proxies,
		Text: "The proxy for FTP. A build has it without `ARG` where the build command sets it, and then it is neither " +
			"in the image's history nor in the build cache.",
	},
	{
		Of: proxy, Name: "ALL_PROXY", Anchor: proxies,
		Text: "The proxy for all protocols. A build has it without `ARG` where the build command sets it, and then it " +
			"is neither in the image's history nor in the build cache.",
	},
	{
		Of: proxy, Name: "NO_PROXY", Anchor: proxies,
		Text: "The hosts that are reached without a proxy. A build has it without `ARG` where the build command sets " +
			"it, and then it is neither in the image's history nor in the build cache.",
	},

	{
		Of: "build", Name: "SOURCE_DATE_EPOCH", Anchor: builtIn,
		Text: "The time that the image and its layers are dated with, in seconds since 1970, so that a build can be " +
			"repeated to the byte. The build command sets it.",
	},
	{
		Of: "build", Name: "BUILDKIT_BUILD_NAME", Anchor: builtIn,
		Text: "The name of the build in the list of builds.",
	},
	{
		Of: "build", Name: "BUILDKIT_CACHE_MOUNT_NS", Anchor: builtIn,
		Text: "Is put in front of the ids of cache mounts, so that builds with another one have other caches.",
	},
	{
		Of: "build", Name: "BUILDKIT_CONTEXT_KEEP_GIT_DIR", Anchor: builtIn,
		Text: "Keeps the `.git` folder where the build context is a Git repository.",
	},
	{
		Of: "build", Name: "BUILDKIT_GIT_ADVICE", Anchor: builtIn,
		Text: "Shows the advice that Git gives in the operations of BuildKit.",
	},
	{
		Of: "build", Name: "BUILDKIT_INLINE_CACHE", Anchor: builtIn,
		Text: "Writes into the image what a later build needs to take the image for a cache.",
	},
	{
		Of: "build", Name: "BUILDKIT_MULTI_PLATFORM", Anchor: builtIn,
		Text: "Writes the result in the form for several platforms, also if there is only one.",
	},
	{
		Of: "build", Name: "BUILDKIT_SANDBOX_HOSTNAME", Anchor: builtIn,
		Text: "The name of the host that commands see; `buildkitsandbox` if it is not set.",
	},
	{
		Of: "build", Name: "BUILDKIT_SYNTAX", Anchor: builtIn,
		Text: "The frontend that reads the file, in place of the one that its syntax directive names.",
	},
}
