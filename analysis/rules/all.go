// Package rules knows the mistakes that people make in Dockerfiles: one file for each rule.
// It must not know LSP, and does no I/O.
package rules

import "dockerfile-ls/analysis/lint"

// All lists every rule in the order in which they run. Where two rules would tell the same, the first one tells it.
func All() []*lint.Rule {
	return []*lint.Rule{
		// What BuildKit rejects. The last one tells whatever the others did not.
		unfinishedArray,
		unknownInstruction,
		misplacedInstruction,
		unknownFlag,
		invalidFlag,
		missingArgument,
		unexpectedArgument,
		unterminatedHeredoc,
		invalidDirective,
		invalidInstruction,

		// What BuildKit accepts and nobody means.
		emptyContinuation,
		lateDirective,

		// Section 1 of the cheat sheet.
		untaggedBaseImage,
		latestBaseImage,
		baseImageWithoutDigest,
		digestWithoutTag,
		outdatedDigest,
		fullSizeBaseImage,
		unsupportedNodeVersion,
		vulnerableBaseImage,

		// Section 2.
		nonDeterministicInstall,
		devDependenciesInProduction,

		// Section 3.
		nodeEnvNotProduction,

		// Section 4.
		rootUser,
		runsAsRoot,
		copyWithoutChown,

		// Section 5.
		curlyQuotes,
		invalidExecForm,
		shellFormCommand,
		packageManagerAsEntrypoint,
		scriptWithoutExec,
		nodeAsPID1,

		// Section 6.
		unhandledStopSignal,
		noSignalHandler,

		// Section 8.
		secretInFrontendBuild,
		secretInBuildArgument,
		secretInImageLayer,
		secretFileCopied,
		buildToolsInProduction,

		// Section 9.
		missingDockerignore,
		incompleteDockerignore,
		copyIgnoredFile,

		// Section 10.
		uncheckedInstall,
		secretMountNotIgnored,

		// About our own pragmas.
		unknownRule,
		unusedPragma,
	}
}
