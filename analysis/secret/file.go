package secret

import (
	"path"
	"slices"
	"strings"
)

// Likelihood says how probable it is, by its name alone, that a file holds a secret.
type Likelihood int

// Unlikely is the zero value: most files are not called like a secret.
const (
	Unlikely Likelihood = iota
	Possible
	Probable
)

// probable and possible are patterns of the names of files. Source: cheatsheet-rules, section 8, and the documentation of
// the programs that read them.
var (
	probable = []string{
		".npmrc", ".env", ".env.*", "id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*", ".ssh", ".aws", "aws.json",
		"credentials", "credentials.json", ".netrc", ".pypirc", ".git-credentials", ".pgpass",
	}
	possible = []string{"*.pem", "*.key"}
	// publicNames are parts of the names of public keys and certificates, and of files that show what a secret one looks
	// like.
	publicNames = []string{
		".pub", "public", "cert", "chain", "bundle", "ca.", "-ca", "_ca", "ca-", "gpg", "pgp", "signing", "archive",
		"release", "apt", "dhparam",
	}
	exampleNames = []string{"example", "sample", "template", "tpl", "dist", "default", "defaults", "schema"}
)

// FileNames are patterns of the names of files that may hold a secret, as in path.Match.
func FileNames() []string {
	return slices.Concat(probable, possible, []string{"config.json", ".yarnrc.yml"})
}

// ByName says how likely a file holds a secret by its path, or by a pattern of paths.
func ByName(name string) Likelihood {
	base := strings.TrimRight(path.Base(name), "*?")
	lower := strings.ToLower(base)
	switch {
	case path.Base(path.Dir(name)) == ".docker" && base == "config.json":
		return Probable
	case strings.HasSuffix(lower, ".pub") || isExample(lower):
		return Unlikely
	case matches(probable, base) || strings.HasPrefix(path.Base(name), ".env*"):
		return Probable
	case matches(possible, base) && !slices.ContainsFunc(publicNames, func(part string) bool {
		return strings.Contains(lower, part)
	}):
		return Possible
	}
	return Unlikely
}

// MayBeKey reports whether a file may be a private key whatever the rest of its name says: the text decides.
func MayBeKey(name string) bool { return matches(possible, path.Base(name)) }

func isExample(name string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(name, func(c rune) bool {
		return c == '.' || c == '-' || c == '_'
	}), isOneOf(exampleNames))
}

func matches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		ok, _ := path.Match(pattern, name)
		return ok
	})
}

// InFile names what makes the text of a file secret: a private key, or the key of a value that is written out. It is empty
// if there is nothing of the kind.
func InFile(name, text string) string {
	if privateKey(text) {
		return "a private key"
	}
	if what := npmCredential(text); what != "" {
		return what
	}
	if strings.HasSuffix(name, ".json") {
		return jsonCredential(text)
	}
	if inURL(text, "://") {
		return "a URL with a password"
	}
	return assigned(text)
}

func privateKey(text string) bool {
	for _, kind := range [...]string{"", "RSA ", "EC ", "DSA ", "OPENSSH ", "ENCRYPTED "} {
		if strings.Contains(text, "-----BEGIN "+kind+"PRIVATE KEY-----") {
			return true
		}
	}
	return strings.Contains(text, "-----BEGIN PGP PRIVATE KEY BLOCK-----")
}

// npmCredentials are the keys of .npmrc that hold one. Source: npm's documentation of its configuration.
var npmCredentials = []string{"_authToken", "_auth", "_password"}

// npmCredential is the key of .npmrc whose value stands in a text.
func npmCredential(text string) string {
	if !strings.Contains(text, "_auth") && !strings.Contains(text, "_password") {
		return ""
	}
	for line := range strings.Lines(text) {
		key, value, ok := strings.Cut(line, "=")
		key = strings.TrimSpace(key)
		key = key[strings.LastIndexByte(key, ':')+1:]
		if ok && slices.Contains(npmCredentials, key) && isWrittenOut(value) {
			return key
		}
	}
	return ""
}

// NPMCredential is the key of .npmrc that a text begins a value for, as in //host/:_authToken=; empty if there is none.
func NPMCredential(text string) (key, value string) {
	for _, key := range npmCredentials {
		before, value, ok := strings.Cut(text, key+"=")
		if ok && (before == "" || strings.ContainsAny(before[len(before)-1:], ": \t\n\"'")) {
			value, _, _ = strings.Cut(value, "\n")
			return key, value
		}
	}
	return "", ""
}

// IsWrittenOut reports whether a value of a configuration stands there by itself, and not in the place of one that comes
// later, as ${NPM_TOKEN} does.
func IsWrittenOut(value string) bool { return isWrittenOut(value) }

// jsonKeys are the keys of credentials in JSON, with their quotes. Source: the files of Docker, AWS and Google Cloud.
var jsonKeys = []string{
	`"auth"`, `"identitytoken"`, `"registrytoken"`, `"private_key"`, `"client_secret"`, `"secretAccessKey"`,
	`"SecretAccessKey"`, `"aws_secret_access_key"`, `"password"`, `"refresh_token"`,
}

// jsonCredential is the key in a JSON text that has a string as value.
func jsonCredential(text string) string {
	for _, key := range jsonKeys {
		_, rest, found := strings.Cut(text, key)
		if !found {
			continue
		}
		rest, found = strings.CutPrefix(strings.TrimLeft(rest, " \t\r\n"), ":")
		value, isString := strings.CutPrefix(strings.TrimLeft(rest, " \t\r\n"), `"`)
		value, _, closed := strings.Cut(value, `"`)
		if found && isString && closed && isWrittenOut(value) {
			return strings.Trim(key, `"`)
		}
	}
	return ""
}

// assigned is the name of a secret to which a line of a text assigns a value, as in .env and credentials; or, as in .netrc,
// the word password with one behind it.
func assigned(text string) string {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") || strings.HasPrefix(line, ";") {
			continue
		}
		if words := strings.Fields(line); slices.Contains(words, "machine") || slices.Contains(words, "password") {
			if i := slices.Index(words, "password"); i >= 0 && i+1 < len(words) && words[i+1] != "=" &&
				isWrittenOut(words[i+1]) {
				return "password"
			}
		}
		name, value, ok := strings.Cut(line, "=")
		name = strings.TrimSpace(strings.TrimPrefix(name, "export "))
		value = strings.Trim(strings.TrimSpace(value), `"'`)
		_, published := CutPublished(name)
		if ok && !published && IsName(name) && isWrittenOut(value) && !IsHarmless(value) {
			return name
		}
	}
	return ""
}
