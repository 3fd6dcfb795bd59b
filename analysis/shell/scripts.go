package shell

import (
	"slices"
	"strings"
)

// inner says where a command has the script that it gives to a shell.
type inner struct {
	argument int  // the index of the word that is the script; 0 if there is none
	input    bool // the script is the input
}

// scriptOf finds the script of sh -c '…' and of su user -c '…', and tells a shell that reads its input.
func scriptOf(words []Word) inner {
	switch name := nameOf(words); {
	case isShell(name):
		return shellScript(words)
	case name == "su" || name == "runuser":
		return suScript(words)
	}
	return inner{}
}

// shellScript reads the options of a shell: behind those with a c, the first operand is the script.
func shellScript(words []Word) inner {
	command, input := false, false
	at := 1
	for at < len(words) && words[at].Literal && isShellOption(words[at].Value) {
		option := words[at].Value
		at++
		if option == "-" || option == "--" {
			break
		}
		if strings.HasPrefix(option, "--") {
			if option == "--rcfile" || option == "--init-file" {
				at++
			}
			continue
		}
		command = command || option[0] == '-' && strings.Contains(option, "c")
		input = input || strings.Contains(option, "s")
		at += strings.Count(option, "o") + strings.Count(option, "O") // -o pipefail
	}
	switch {
	case command && at < len(words):
		return inner{argument: at}
	case command:
		return inner{}
	}
	return inner{input: input || at >= len(words)}
}

func isShellOption(word string) bool {
	return word != "" && (word[0] == '-' || word[0] == '+' && len(word) > 1)
}

// suScript finds the script of su: behind -c wherever it stands in front of --.
func suScript(words []Word) inner {
	for at := 1; at+1 < len(words) && words[at].Literal; at++ {
		switch option := words[at].Value; {
		case option == "--":
			return inner{}
		case option == "--command":
			return inner{argument: at + 1}
		case slices.Contains([]string{"-s", "--shell", "-g", "--group", "-G", "--supp-group", "-w", "-C", "-P"}, option):
			at++
		case len(option) > 1 && option[0] == '-' && option[1] != '-' && strings.HasSuffix(option, "c"):
			return inner{argument: at + 1}
		}
	}
	return inner{}
}
