package registry

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"

	"dockerfile-ls/analysis/image"
)

// location is where an image is asked for.
type location struct {
	image  string // the reference as people write it
	asked  name.Reference
	secure bool // http is out of the question
	named  bool // the user has named the host in the settings, as a mirror or as insecure
}

// locate finds the registry of a reference, or its mirror.
func locate(q image.Question) (location, error) {
	host, path := q.Reference.Registry()
	at := location{image: q.Reference.Key()}
	if host == "" {
		return at, &Failure{at: at, Message: fmt.Sprintf("`%s` is no image reference.", at.image)}
	}
	if mirror, mirrored := q.Access.Mirrors[host]; mirrored {
		if strings.ContainsAny(mirror, "@?#") || strings.Contains(mirror, "://") {
			return at, &Failure{at: at, Message: fmt.Sprintf(
				"`%s` cannot be asked for: write `registry.mirrors` for %s as host and path alone.", at.image, host,
			)}
		}
		at.named = true
		var prefix string
		host, prefix, _ = strings.Cut(strings.Trim(mirror, "/"), "/")
		path = strings.TrimPrefix(prefix+"/"+path, "/")
	}
	var options []name.Option
	insecure := slices.Contains(q.Access.Insecure, host)
	at.secure, at.named = !isLoopback(host) && !insecure, at.named || insecure
	if !at.secure {
		options = append(options, name.Insecure)
	}
	repository, err := name.NewRepository(host+"/"+path, options...)
	if err != nil {
		return at, &Failure{
			at: at, Message: fmt.Sprintf("`%s` cannot be asked for: its name is none that registries have.", at.image),
		}
	}
	switch {
	case q.Reference.Tag == "" && q.Reference.Digest != "":
		at.asked = repository.Digest(q.Reference.Digest)
	default:
		at.asked = repository.Tag(cmp.Or(q.Reference.Tag, "latest"))
	}
	return at, nil
}

// host is the registry that is asked, as people call it.
func (at location) host() string {
	if at.asked == nil {
		return ""
	}
	if host := at.asked.Context().RegistryStr(); host != name.DefaultRegistry {
		return host
	}
	return "docker.io"
}

// immutable reports whether the answer never changes.
func (at location) immutable() bool {
	_, digest := at.asked.(name.Digest)
	return digest
}

// key names the answer in the cache, with details or without.
func (at location) key(details bool) string {
	if details {
		return at.asked.Name() + " in detail"
	}
	return at.asked.Name()
}

// flight names the question, with what decides which hosts it may reach: nobody joins one that is allowed less or more.
func (at location) flight(q image.Question) string {
	return fmt.Sprintf("%s %t %t %t %s", at.key(q.Details), q.Anyway, q.Unasked, at.secure, q.Access.Patience())
}

// isLoopback reports whether a host, with a port or without, is this machine by its name, which docker asks over http too.
func isLoopback(host string) bool {
	bare := strings.Trim(withoutPort(host), "[]")
	address, err := netip.ParseAddr(bare)
	return bare == "localhost" || err == nil && address.IsLoopback()
}

func withoutPort(host string) string {
	if colon := strings.LastIndexByte(host, ':'); colon > strings.LastIndexByte(host, ']') {
		return host[:colon]
	}
	return host
}
