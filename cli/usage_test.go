package cli

import (
	"strings"
	"testing"
)

// TestUsage holds that each command line that is wrong ends with 2, and is told with what to do.
func TestUsage(t *testing.T) {
	for args, want := range map[string]string{
		"chek":                "there is no command chek: did you mean check?",
		"bogus":               "there is no command bogus: dockerfile-ls --help lists them",
		"check --colour":      "unknown flag: --colour: dockerfile-ls check --help lists the flags",
		"check --fromat json": "there is no flag --fromat: did you mean --format?",
		"check -x":            "unknown shorthand flag: 'x' in -x: dockerfile-ls check --help lists the flags",
		"check --stdin-filename": "flag needs an argument: --stdin-filename: dockerfile-ls check --help lists the " +
			"flags",
		"check --format xml":            "--format xml is unknown: write text, json, sarif or github",
		"check --fail-on info":          "--fail-on info is unknown: write error, warning, information, hint or never",
		"check none":                    "none does not exist: name a file or a folder",
		"check --config none.yaml":      "the configuration none.yaml does not exist",
		"fix --risky":                   "--risky needs --rule: name the rules whose risky fixes are to be made",
		"fix --rule nope":               "there is no rule nope: dockerfile-ls rules lists them",
		"fix --rule untaged-base-image": "there is no rule untaged-base-image: did you mean untagged-base-image?",
		"fix -":                         "stdin cannot be mended: name a file",
		"fix none":                      "none does not exist: name a file or a folder",
		"explain": "dockerfile-ls explain takes one rule: name it as in `dockerfile-ls explain " +
			"runs-as-root`; dockerfile-ls rules lists them",
		"explain a b": "dockerfile-ls explain takes one rule: name it as in `dockerfile-ls explain " +
			"runs-as-root`; dockerfile-ls rules lists them",
		"explain nope":            "there is no rule nope: dockerfile-ls rules lists them",
		"rules --format xml":      "--format xml is unknown: write text or json",
		"rules x":                 "dockerfile-ls rules takes nothing but flags: leave x out",
		"version x":               "dockerfile-ls version takes nothing but flags: leave x out",
		"tour x y":                "dockerfile-ls tour takes nothing but flags: leave x y out",
		"serve x":                 "dockerfile-ls serve takes nothing but flags: leave x out",
		"serve --log-level loud":  "--log-level loud is unknown: write debug, info, warn or error",
		"serve --log-file none/x": "--log-file: open none/x: no such file or directory",
	} {
		code, out, problems := run(t, map[string]string{"Dockerfile": "FROM scratch\n"}, strings.Fields(args)...)
		if code != 2 || !strings.Contains(problems, want) {
			t.Errorf("%s: code %d, %s%s\nwant %s", args, code, out, problems, want)
		}
	}
}
