// Package secret knows what looks like a secret: names of variables and of files, and what stands in such files.
// It must not know Dockerfiles, rules, or where a name or a text comes from, and never returns a secret's value.
package secret

import (
	"slices"
	"strings"
	"unicode"
)

// Words of the names of variables, in lower case. Source: what SecretsUsedInArgOrEnv of BuildKit and DL3064 of hadolint say
// and what people have answered to them, in words of our own.
var (
	// secretWords make a name a secret's, wherever they stand.
	secretWords = []string{
		"accesskey", "accesstoken", "apikey", "apisecret", "apitoken", "auth", "authtoken", "clientsecret", "credential",
		"credentials", "key", "passcode", "passphrase", "passwd", "password", "pgpassword", "privatekey", "pword", "secret",
		"secretkey", "sshpass", "token",
	}
	// secretEndings make a name of several words a secret's at its end. PWD and PASS alone mean something else.
	secretEndings = []string{"creds", "pass", "pat", "pwd"}
	// publicWords make a name harmless, wherever they stand: a public key, a fingerprint, a path.
	publicWords = []string{
		"anon", "cache", "file", "files", "fingerprint", "foreign", "gpg", "keyserver", "keyservers", "pgp", "primary",
		"pub", "public", "publishable", "site", "version",
	}
	// aboutEndings say at the end of a name that it is about a secret, and not one.
	aboutEndings = []string{
		"age", "alg", "alias", "algorithm", "algorithms", "arn", "audience", "backend", "cert", "cookie", "count", "dir",
		"directory", "disabled", "domain", "driver", "duration", "enable", "enabled", "endpoint", "endpoints", "env",
		"expiration", "expires", "expiry", "field", "fields", "folder", "format", "header", "host", "hostname", "id", "ids",
		"issuer", "label", "length", "lifetime", "limit", "location", "max", "method", "methods", "min", "mode", "mount",
		"name", "names", "path", "paths", "policy", "port", "prefix", "provider", "realm", "ref", "regex", "region",
		"required", "rounds", "scheme", "scope", "scopes", "server", "service", "size", "store", "strategy", "suffix",
		"target", "timeout", "ttl", "type", "types", "uri", "url", "user", "username", "validity",
	}
	// switchWords say at the beginning of a name that it switches something on or off.
	switchWords = []string{
		"allow", "disable", "enable", "enforce", "has", "is", "no", "require", "skip", "use", "with", "without",
	}
)

// IsName reports whether a variable is called like a secret.
func IsName(name string) bool {
	if !mentions(name) {
		return false // most names need not be split
	}
	words := split(name)
	last := len(words) - 1
	switch {
	case last < 0 || slices.Contains(switchWords, words[0]):
		return false
	case isPrivate(words):
	case slices.ContainsFunc(words, isOneOf(publicWords)),
		slices.Contains(aboutEndings, words[last]) && !isAccessKeyID(words):
		return false
	}
	return slices.ContainsFunc(words, isOneOf(secretWords)) || last > 0 && slices.Contains(secretEndings, words[last])
}

// mentions reports whether a name has the letters of any secret word.
func mentions(name string) bool {
	lower := strings.ToLower(name)
	for _, letters := range [...]string{"key", "pass", "token", "secret", "auth", "cred", "pword", "pwd", "pat"} {
		if strings.Contains(lower, letters) {
			return true
		}
	}
	return false
}

// isPrivate reports whether a name says itself that it is none of the public ones, as GPG_PRIVATE_KEY and GPG_PASSPHRASE do.
func isPrivate(words []string) bool {
	if slices.Contains(aboutEndings, words[len(words)-1]) || slices.ContainsFunc(words, isOneOf([]string{
		"file", "version", "public",
	})) {
		return false
	}
	return slices.ContainsFunc(words, isOneOf([]string{
		"passphrase", "password", "private", "privatekey", "secret", "token",
	}))
}

// isAccessKeyID knows the half of a pair that never stands alone.
func isAccessKeyID(words []string) bool {
	return len(words) > 2 && slices.Equal(words[len(words)-3:], []string{"access", "key", "id"})
}

func isOneOf(list []string) func(string) bool {
	return func(word string) bool { return slices.Contains(list, word) }
}

// split takes a name apart at _, -, . and where its case changes: apiKey, APIKey and API_KEY are api and key.
func split(name string) []string {
	var words []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
			word.Reset()
		}
	}
	letters := []rune(name)
	for i, c := range letters {
		if c == '_' || c == '-' || c == '.' {
			end()
			continue
		}
		if unicode.IsUpper(c) && i > 0 &&
			(!unicode.IsUpper(letters[i-1]) || i+1 < len(letters) && unicode.IsLower(letters[i+1])) {
			end()
		}
		word.WriteRune(unicode.ToLower(c))
	}
	end()
	return words
}

// publishedPrefixes are those of variables that a bundler writes into the code which browsers get. Source: the documentation
// of Next.js, Vite, Create React App, Nuxt, Vue CLI, Expo and Gatsby.
var publishedPrefixes = []string{
	"NEXT_PUBLIC_", "VITE_", "REACT_APP_", "NUXT_PUBLIC_", "VUE_APP_", "EXPO_PUBLIC_", "GATSBY_",
}

// browserServices are words of names whose keys are made for browsers. Source: the documentation of the services.
var browserServices = []string{"firebase", "hcaptcha", "mapbox", "maps", "posthog", "recaptcha", "turnstile", "vapid"}

// IsPublishedName reports whether a variable that a bundler publishes is called like a secret, and is no key that is made
// for browsers.
func IsPublishedName(name string) bool {
	rest, published := CutPublished(name)
	if !published || !IsName(rest) {
		return false
	}
	words := split(rest)
	return isPrivate(words) && !slices.Contains(words, "token") || !slices.ContainsFunc(words, isOneOf(browserServices))
}

// CutPublished takes off the prefix by which a bundler publishes a variable.
func CutPublished(name string) (rest string, published bool) {
	for _, prefix := range publishedPrefixes {
		if rest, published = strings.CutPrefix(name, prefix); published {
			return rest, true
		}
	}
	return name, false
}

// IsHarmless reports whether a value is none that anybody hides: empty, a switch, a URL without a password, a path.
func IsHarmless(value string) bool {
	switch strings.ToLower(value) {
	case "", "true", "false", "yes", "no", "on", "off":
		return true
	}
	for _, start := range [...]string{"/", "./", "../", "~/"} {
		if strings.HasPrefix(value, start) {
			return true
		}
	}
	return strings.Contains(value, "://") && !InURL(value)
}

// InURL reports whether a text has a web address with a password, or a token in place of the user, that is written out.
func InURL(text string) bool {
	return inURL(text, "https://") || inURL(text, "http://")
}

func inURL(text, scheme string) bool {
	for {
		_, after, found := strings.Cut(text, scheme)
		if !found || hasPassword(after) {
			return found
		}
		text = after
	}
}

// hasPassword looks at what stands behind the scheme of a URL.
func hasPassword(url string) bool {
	end := strings.IndexAny(url, "/?# \t\n\"'`<>|")
	if end < 0 {
		end = len(url)
	}
	at := strings.LastIndexByte(url[:end], '@')
	if at < 0 {
		return false
	}
	host := url[at+1 : end]
	user, password, both := strings.Cut(url[:at], ":")
	if strings.HasPrefix(host, "localhost") || strings.HasPrefix(host, "127.") || strings.Contains(host, "example.") {
		return false
	}
	if !both {
		return isToken(user)
	}
	return isWrittenOut(password) || isToken(user)
}

// isWrittenOut reports whether a value stands there by itself, and not in the place of one that comes later.
func isWrittenOut(value string) bool {
	value = strings.Trim(strings.TrimSpace(value), `"'`)
	if value == "" || strings.ContainsAny(value, "$<>{}%*") {
		return false
	}
	lower := strings.ToLower(value)
	return !slices.ContainsFunc(fillers, func(filler string) bool { return strings.Contains(lower, filler) })
}

// fillers are what people write in the place of a secret.
var fillers = []string{
	"changeme", "change_me", "change-me", "xxx", "...", "your_", "your-", "placeholder", "example", "dummy", "redacted",
	"replace",
}

// tokenPrefixes begin the tokens of well-known services. Source: the documentation of GitHub, GitLab, npm and Slack.
var tokenPrefixes = []string{"ghp_", "gho_", "ghs_", "ghu_", "github_pat_", "glpat-", "npm_", "xoxb-", "xoxp-"}

// isToken reports whether a text is a token of a well-known service.
func isToken(text string) bool {
	return len(text) >= 20 && slices.ContainsFunc(tokenPrefixes, func(prefix string) bool {
		return strings.HasPrefix(text, prefix)
	})
}
