package secret

import "strings"

// Hide returns a text without what may be a password in a web address or an image reference: what stands between :// or the
// beginning of a word and an @. A digest behind an @ is none of an address, and a user without password is told.
func Hide(text string) string {
	if !strings.Contains(text, "@") {
		return text
	}
	var out strings.Builder
	for text != "" {
		end := strings.IndexAny(text, " \t\r\n`")
		if end < 0 {
			end = len(text)
		}
		out.WriteString(hideInWord(text[:end]))
		if end < len(text) {
			out.WriteByte(text[end])
			end++
		}
		text = text[end:]
	}
	return out.String()
}

func hideInWord(word string) string {
	address, digest := cutDigest(word)
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return word
	}
	if before, rest, found := strings.Cut(address, "://"); found {
		start := len(before) + len("://")
		if !hasUser(rest) {
			return word
		}
		return address[:start] + "…" + address[at:] + digest
	}
	start := strings.LastIndexAny(address[:strings.IndexAny(address, ":@")], `"'=,([{<`) + 1
	if user := address[start:at]; !strings.Contains(user, ":") && !isToken(user) {
		return word
	}
	return address[:start] + "…" + address[at:] + digest
}

// cutDigest takes the digest of an image off, as in node:24@sha256:….
func cutDigest(word string) (rest, digest string) {
	for _, algorithm := range [...]string{"@sha256:", "@sha384:", "@sha512:"} {
		if at := strings.LastIndex(word, algorithm); at >= 0 {
			return word[:at], word[at:]
		}
	}
	return word, ""
}

// hasUser reports whether a user stands in front of the host, which begins the text, of an address with an @. A password may
// have what ends a host in it.
func hasUser(address string) bool {
	authority := address
	if end := strings.IndexAny(address, "/?#"); end >= 0 {
		authority = address[:end]
	}
	_, port, found := strings.Cut(authority, ":")
	return strings.Contains(authority, "@") || found && strings.Trim(port, "0123456789") != ""
}
