package rules

// The IDs of the rules that other packages name: code actions and the tour belong to their findings.
const (
	BaseImageWithoutDigest = "base-image-without-digest"
	BuildToolsInProduction = "build-tools-in-production"
	CopyIgnoredFile        = "copy-ignored-file"
	CopyWithoutChown       = "copy-without-chown"
	FullSizeBaseImage      = "full-size-base-image"
	IncompleteDockerignore = "incomplete-dockerignore"
	InvalidExecForm        = "invalid-exec-form"
	MissingDockerignore    = "missing-dockerignore"
	NodeEnvNotProduction   = "node-env-not-production"
	NoSignalHandler        = "no-signal-handler"
	OutdatedDigest         = "outdated-digest"
	ScriptWithoutExec      = "script-without-exec"
	SecretFileCopied       = "secret-file-copied"
	SecretInBuildArgument  = "secret-in-build-argument"
	SecretInImageLayer     = "secret-in-image-layer"
	SecretMountNotIgnored  = "secret-mount-not-ignored"
	UnfinishedArray        = "unfinished-array"
	VulnerableBaseImage    = "vulnerable-base-image"
)
