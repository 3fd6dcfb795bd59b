package image

import "strings"

// Page is the public page of the repository that a reference names; false for registries of which no such page is known.
func (r Reference) Page() (string, bool) {
	host, path, named := strings.Cut(r.Name, "/")
	switch {
	case !named:
		return "https://hub.docker.com/_/" + r.Name, true
	case !strings.ContainsAny(host, ".:") && host != "localhost":
		return "https://hub.docker.com/r/" + r.Name, true
	case host == "quay.io":
		return "https://quay.io/repository/" + path, true
	case host == "ghcr.io":
		return "https://ghcr.io/" + path, true // leads on to the page of the package
	case host == "mcr.microsoft.com":
		return "https://mcr.microsoft.com/artifact/mar/" + path, true
	}
	return "", false
}
