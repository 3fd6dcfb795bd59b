package image

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/distribution/reference"
)

// Facts are what a registry says of an image. They never change: what a tag meant, it meant when the registry was asked.
type Facts struct {
	// Digest has its algorithm with it, and is that of the index where there is one, else of the manifest; empty if the
	// registry says that there is no such image.
	Digest string
	// Platforms are those of an index; that of a single manifest is in Details.
	Platforms []Platform `json:",omitempty"`
	Asked     time.Time  // when the registry said so
	// Kept says that the registry was not asked now: the answer is the one of that time.
	Kept bool `json:"-"`
	// Details are nil where they were not asked for.
	Details *Details `json:",omitempty"`
}

// ErrMissing is the error, by errors.Is, of a question about an image that its registry does not have.
var ErrMissing = errors.New("there is no such image")

// Platform is one image of an index.
type Platform struct {
	Name   string // os/architecture or os/architecture/variant
	Digest string // of its manifest
}

// Means reports whether a digest is that of the image, or of one of its platforms.
func (f Facts) Means(digest string) bool {
	return f.Digest == digest || slices.ContainsFunc(f.Platforms, func(p Platform) bool { return p.Digest == digest })
}

// About says when the image was made and for which platforms, as far as the registry says it; empty if it says neither. A
// build that is the same every time has a date of long ago, which is none.
func (f Facts) About() string {
	var platforms []string
	for _, p := range f.Platforms {
		platforms = append(platforms, p.Name)
	}
	made := ""
	if f.Details != nil {
		if f.Details.Created.Year() >= firstYear {
			made = "made on " + f.Details.Created.UTC().Format(time.DateOnly)
		}
		if len(platforms) == 0 && strings.Trim(f.Details.Platform, "/") != "" {
			platforms = []string{f.Details.Platform}
		}
	}
	if len(platforms) == 0 {
		return made
	}
	return strings.TrimPrefix(made+", for "+strings.Join(platforms, ", "), ", ")
}

// firstYear is the one of the first images for Docker.
const firstYear = 2013

// Details are facts out of the image's manifest and configuration, for one platform.
type Details struct {
	Platform string
	Size     int64 // of all layers as they are sent, in bytes
	Created  time.Time
	User     string            `json:",omitempty"`
	Env      []string          `json:",omitempty"` // as NAME=value
	Labels   map[string]string `json:",omitempty"`
}

// Known are the facts that were learned, by reference as people write it: name:tag, or name@digest.
type Known map[string]Facts

// Since is what was asked at a time or later. What a digest means never changes.
func (k Known) Since(then time.Time) Known {
	recent := maps.Clone(k)
	maps.DeleteFunc(recent, func(key string, f Facts) bool { return f.Asked.Before(then) && !strings.Contains(key, "@") })
	return recent
}

// With is what is known with the facts of one more image.
func (k Known) With(r Reference, facts Facts) Known { return k.And(Known{r.Key(): facts}) }

// And is what both know: of one image what was asked later. Details stay as long as the digest does.
func (k Known) And(other Known) Known {
	if len(other) == 0 {
		return k
	}
	both := maps.Clone(k)
	if both == nil {
		both = Known{}
	}
	for key, facts := range other {
		was, known := both[key]
		if known && facts.Asked.Before(was.Asked) {
			continue
		}
		if facts.Details == nil && facts.Digest == was.Digest {
			facts.Details = was.Details
		}
		both[key] = facts
	}
	return both
}

// Question is what a registry is asked.
type Question struct {
	Reference Reference // with a tag or a digest; with both the tag counts
	// Details asks for more than the digest, which takes the registry two requests more.
	Details bool
	// Anyway says that the facts without details are an answer too, where those cannot be had.
	Anyway bool
	// Unasked says that no user has acted for it: then hosts in private networks are not asked.
	Unasked  bool
	Access   Access
	Progress func(host string) // is told which host is asked, if it is; may be nil
}

// Access says how registries are reached.
type Access struct {
	Mirrors  map[string]string // the host with a path or without to ask, by the host that a reference names, as docker.io
	Insecure []string          // hosts that may be asked over http
	Timeout  time.Duration     // for all requests of a question together; 0 stands for ten seconds
}

// DefaultTimeout is how long a registry may take.
const DefaultTimeout = 10 * time.Second

// Patience is how long a question may take.
func (a Access) Patience() time.Duration { return cmp.Or(a.Timeout, DefaultTimeout) }

// Key is the reference as Known has it: its name with the tag, or else with the digest.
func (r Reference) Key() string {
	if r.Tag == "" && r.Digest != "" {
		return r.Name + "@" + r.Digest
	}
	return r.Name + ":" + cmp.Or(r.Tag, "latest")
}

// Short is a reference without its digest, for people.
func Short(reference string) string {
	for _, algorithm := range [...]string{"@sha256:", "@sha384:", "@sha512:"} {
		reference, _, _ = strings.Cut(reference, algorithm)
	}
	return reference
}

// Full is a reference with its registry written out, as docker.io/library/node:24; itself if it cannot be read.
func Full(written string) string {
	named, err := reference.ParseNormalizedNamed(written)
	if err != nil {
		return written
	}
	return named.String()
}

// Registry is the host that the name leads to, and the path of the repository there: "node" is library/node on docker.io.
// A name that Parse has not made has neither.
func (r Reference) Registry() (host, path string) {
	named, err := reference.ParseNormalizedNamed(r.Name)
	if err != nil {
		return "", ""
	}
	return reference.Domain(named), reference.Path(named)
}
