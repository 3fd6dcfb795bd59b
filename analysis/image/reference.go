// Package image knows image references and what is known of the images that they name.
// It must not know Dockerfiles, and asks no registry.
package image

import (
	"errors"
	"strings"

	"github.com/distribution/reference"
)

// Reference is a parsed image reference.
type Reference struct {
	// Name is the repository as people write it, without docker.io and library/: "node", "ghcr.io/acme/app".
	Name   string
	Tag    string // empty if there is none
	Digest string // with its algorithm, empty if there is none
}

// Parse reads an image reference as BuildKit does; the error says what is wrong with it.
// Source: reference.ParseNormalizedNamed of github.com/distribution/reference.
func Parse(written string) (Reference, error) {
	named, err := reference.ParseNormalizedNamed(written)
	if err != nil && strings.Contains(written, "://") {
		return Reference{}, errors.New("it is a URL") // the other error has a part of it, maybe a token
	}
	if err != nil {
		return Reference{}, err
	}
	r := Reference{Name: reference.FamiliarName(named)}
	if tagged, ok := named.(reference.Tagged); ok {
		r.Tag = tagged.Tag()
	}
	if digested, ok := named.(reference.Digested); ok {
		r.Digest = digested.Digest().String()
	}
	return r, nil
}

// Official reports whether the repository is a Docker official image, as "node" and "docker.io/library/node" are.
func (r Reference) Official() bool { return !strings.Contains(r.Name, "/") }

// Windows reports whether the image is known to hold Windows, where a shell form runs cmd or PowerShell.
func (r Reference) Windows() bool {
	for _, word := range []string{"windowsservercore", "nanoserver"} {
		if strings.Contains(r.Tag, word) || strings.Contains(r.Name, word) {
			return true
		}
	}
	return strings.Contains(r.Name+"/", "/windows/") || strings.Contains(r.Name, "/dotnet/framework/") ||
		strings.HasPrefix(r.Name, "winamd64/")
}

// RunsCommandsAsGiven reports whether the image is known to have no entrypoint, or one that executes its arguments as
// they are. Source: the Dockerfiles of the official images.
func (r Reference) RunsCommandsAsGiven() bool {
	switch r.Name {
	case "alpine", "busybox", "debian", "golang", "node", "php", "python", "ruby", "ubuntu":
		return true
	}
	return false
}
