package annotate

import (
	"net/url"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
)

// pageOf is the address of what ADD fetches, without a user and a password; false if a browser would not open it.
func pageOf(source dockerfile.Value) (string, bool) {
	if source.State != dockerfile.Known {
		return "", false
	}
	remote := dockerfile.ReadRemote(source.Text)
	written := source.Text
	switch {
	case remote.Git != nil:
		written = strings.TrimSuffix(withScheme(remote.Git.Remote), ".git")
	case !remote.HTTP:
		return "", false
	}
	u, err := url.Parse(written)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return "", false
	}
	u.User = nil
	return u.String(), true
}

// withScheme is the address of a repository on the web: that of git@host:path, where the host is one that has pages under
// the same path.
func withScheme(remote string) string {
	rest := strings.TrimPrefix(remote, "ssh://")
	user, rest, found := strings.Cut(rest, "@")
	if !found || strings.Contains(user, "/") {
		return remote
	}
	for _, host := range [...]string{"bitbucket.org", "codeberg.org", "github.com", "gitlab.com"} {
		if path, ok := strings.CutPrefix(rest, host); ok && path != "" && strings.Contains(":/", path[:1]) {
			return "https://" + host + "/" + path[1:]
		}
	}
	return remote
}

// inOrder sorts links by their places.
func inOrder(links []Link) []Link {
	slices.SortStableFunc(links, func(a, b Link) int { return a.Start - b.Start })
	return links
}
