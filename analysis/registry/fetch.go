package registry

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/go-containerregistry/pkg/authn"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"dockerfile-ls/analysis/image"
)

// fetch asks the registry, with the credentials that docker and podman have for it.
func (c *Client) fetch(ctx context.Context, at location, q image.Question) (image.Facts, error) {
	inner := c.any
	if q.Unasked && !at.named {
		// Before anything else: a program that keeps passwords would be asked for them.
		if err := reachable(ctx, at.asked.Context().RegistryStr()); err != nil {
			return image.Facts{}, err
		}
		inner = c.public
	}
	asked, err := remote.Get(at.asked,
		remote.WithContext(ctx),
		remote.WithAuthFromKeychain(authn.DefaultKeychain),
		remote.WithTransport(guard{inner: inner, registry: at.asked.Context().RegistryStr(), secure: at.secure}),
		remote.WithUserAgent(c.agent),
		// The user waits, and can ask again; the guard tells of 429.
		remote.WithRetryBackoff(remote.Backoff{Steps: 1}),
		remote.WithRetryStatusCodes(http.StatusTeapot),
	)
	if err != nil {
		return image.Facts{}, err
	}
	facts, err := factsOf(asked)
	if err != nil || !q.Details {
		return facts, err
	}
	return c.withDetails(ctx, asked, facts, q)
}

// withDetails adds the details. Where facts without them are an answer too, they may take half of the time: they may lie on
// a host of their own, which cannot be reached from everywhere.
func (c *Client) withDetails(
	ctx context.Context, asked *remote.Descriptor, facts image.Facts, q image.Question,
) (image.Facts, error) {
	if q.Anyway {
		shorter, done := context.WithTimeout(ctx, q.Access.Patience()/2)
		defer done()
		ctx = shorter
	}
	detailed, err := inTime(ctx, func() (image.Facts, error) {
		details, err := detailsOf(asked)
		return image.Facts{Details: details}, err
	})
	if err != nil && q.Anyway && !errors.Is(err, errDigest) {
		return facts, nil
	}
	facts.Details = detailed.Details
	return facts, err
}

var errNoImage = errors.New("what it sends is no image")

// factsOf reads the manifest. Whatever a registry or a portal in front of it sends has a digest; only an image is taken.
func factsOf(asked *remote.Descriptor) (image.Facts, error) {
	facts := image.Facts{Digest: asked.Digest.String()}
	switch {
	case asked.MediaType.IsIndex():
		index, err := asked.ImageIndex()
		if err != nil {
			return image.Facts{}, errNoImage
		}
		manifest, err := index.IndexManifest()
		if err != nil || len(manifest.Manifests) == 0 {
			return image.Facts{}, errNoImage
		}
		facts.Platforms = platforms(manifest)
	case asked.MediaType.IsImage():
		single, err := asked.Image()
		if err != nil {
			return image.Facts{}, errNoImage
		}
		if manifest, err := single.Manifest(); err != nil || manifest.Config.Digest.Hex == "" {
			return image.Facts{}, errNoImage
		}
	default:
		return image.Facts{}, errNoImage
	}
	return facts, nil
}

// platforms are those of an index, without the attestations that BuildKit puts beside them.
func platforms(index *v1.IndexManifest) []image.Platform {
	var list []image.Platform
	for _, m := range index.Manifests {
		if m.Platform != nil && m.Platform.OS != "" && m.Platform.OS != "unknown" {
			list = append(list, image.Platform{Name: platformName(*m.Platform), Digest: m.Digest.String()})
		}
	}
	return list
}

func platformName(p v1.Platform) string {
	name := p.OS + "/" + p.Architecture
	if p.Variant != "" {
		name += "/" + p.Variant
	}
	return name
}

// detailsOf reads the configuration: of an index that of linux/amd64, or of its first image where there is none.
func detailsOf(asked *remote.Descriptor) (*image.Details, error) {
	chosen, err := imageOf(asked)
	if err != nil {
		return nil, err
	}
	manifest, err := chosen.Manifest()
	if err != nil {
		return nil, err
	}
	config, err := chosen.ConfigFile()
	if err != nil {
		return nil, err
	}
	details := &image.Details{
		Platform: platformName(v1.Platform{OS: config.OS, Architecture: config.Architecture, Variant: config.Variant}),
		Created:  config.Created.Time,
		User:     config.Config.User,
		Env:      config.Config.Env,
		Labels:   config.Config.Labels,
	}
	for _, layer := range manifest.Layers {
		details.Size += layer.Size
	}
	return details, nil
}

func imageOf(asked *remote.Descriptor) (v1.Image, error) {
	if chosen, err := asked.Image(); err == nil || asked.MediaType.IsImage() {
		return chosen, err
	}
	index, err := asked.ImageIndex()
	if err != nil {
		return nil, err
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		return nil, err
	}
	for _, m := range manifest.Manifests {
		if m.MediaType.IsImage() {
			return index.Image(m.Digest)
		}
	}
	return nil, errNoImage
}
