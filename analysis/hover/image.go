package hover

import (
	"fmt"
	"strings"
	"time"

	"github.com/docker/go-units"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/reference"
)

// baseImage is the image that a FROM, a --from or the from of a mount names.
func baseImage(p *place) (Card, bool) {
	if s := p.StageOf(p.Instruction); s != nil && s.From == p.Instruction {
		return p.baseOf(s)
	}
	for _, origin := range p.Origins(p.Instruction) {
		if !p.touches(origin.Span) || origin.Image.Name == "" {
			continue
		}
		c := concept(origin.Span, "Image", "source image")
		c.Subject = origin.Image.Key()
		if e, known := reference.Find(reference.Flag, p.Name, "mount"); known {
			c.Page = e.Page()
		}
		c.Image = origin.Image
		p.addImage(&c, origin.Image)
		return c, true
	}
	return Card{}, false
}

// baseOf is the image of a stage at the word that names it.
func (p *place) baseOf(s *dockerfile.Stage) (Card, bool) {
	if !p.touches(s.Base.Span) || s.Base.Text == "" {
		return Card{}, false
	}
	if p.Base(s) == "scratch" {
		return concept(s.Base.Span, "scratch", "scratch"), true
	}
	ref, external := p.External(s)
	if !external {
		if p.Base(s) != "" {
			return Card{}, false // a stage in another casing, or no image at all
		}
		c := concept(s.Base.Span, "Base image", "image")
		c.row("image", "not known, since a build argument in it has no default")
		return c, true
	}
	c := concept(s.Base.Span, "Base image", "image")
	c.Subject, c.Image = ref.Key(), ref
	p.addImage(&c, ref)
	return c.withScan(p.known.Scans[lint.ScanKey(p.Model, s)]), true
}

// addImage adds what its name says of an image, then what a registry has said.
func (p *place) addImage(c *Card, ref image.Reference) {
	facts := p.known.Images[ref.Key()]
	c.code("repository", image.Full(ref.Name), repositoryNote(ref))
	switch {
	case ref.Tag == "" && ref.Digest == "":
		c.row("tag", "none is named, and latest is taken")
	case ref.Digest != "" && facts.Digest == "":
		c.code("pinned", ref.Digest, "")
	case ref.Digest == "":
		c.row("pinned", "no, the tag may mean another image tomorrow")
	}
	addNode(c, ref)
	switch {
	case ref.Distribution() == image.Alpine:
		c.row("built on", "Alpine Linux, with musl, apk and BusyBox")
	case onDebian(ref):
		c.row("built on", "Debian, with glibc and apt")
	}
	if facts.Details == nil {
		switch ref.Privilege() {
		case image.Root:
			c.code("user", "root", "")
		case image.Unprivileged:
			c.row("user", "one without privileges, by its configuration or its entrypoint")
		}
	}
	if page, ok := ref.Page(); ok {
		c.code("page", page, "")
	}
	if facts.Digest != "" {
		c.addFacts(ref, facts)
	}
	if p.known.Failure != "" {
		c.code("registry", p.known.Failure, "")
	}
}

// onDebian reports whether an image is built on Debian for certain, and is not Debian itself.
func onDebian(ref image.Reference) bool {
	switch ref.Name {
	case "buildpack-deps", "debian", "openjdk", "ubuntu":
		return false
	}
	return ref.Distribution() == image.Debian
}

func repositoryNote(ref image.Reference) string {
	if ref.Official() {
		return "a Docker Official Image"
	}
	return ""
}

// addNode says what the tag of the official image says of Node.js, and until when that gets fixes.
func addNode(c *Card, ref image.Reference) {
	n, ok := ref.Node()
	if !ok {
		return
	}
	if n.LTS {
		c.row("Node.js", "the line with long-term support, whichever that is")
	}
	if r, known := n.Release(); known {
		line := fmt.Sprintf("%d, fixes until %s", r.Major, r.End)
		if r.Codename != "" {
			line = fmt.Sprintf("%d (%s), long-term support from %s, fixes until %s", r.Major, r.Codename, r.LTS, r.End)
		}
		c.row("Node.js", line)
	}
	if what, since := n.Unsupported(); what != "" {
		c.row("no fixes", what+" has had none since "+since)
	}
}

// addFacts adds what a registry has said.
func (c *Card) addFacts(ref image.Reference, facts image.Facts) {
	c.code("digest", facts.Digest, "")
	if ref.Digest != "" && !facts.Means(ref.Digest) {
		c.code("pinned", ref.Digest, "which is another image")
	}
	if len(facts.Platforms) > 0 {
		var names []string
		for _, p := range facts.Platforms {
			names = append(names, p.Name)
		}
		c.code("platforms", strings.Join(names, ", "), "")
	}
	if facts.Details != nil {
		c.addDetails(*facts.Details)
	}
	asked := facts.Asked.UTC().Format("2006-01-02 15:04 MST")
	if facts.Kept {
		asked += ", " + units.HumanDuration(time.Since(facts.Asked)) + " ago"
	}
	c.row("asked", asked)
}

// maxVulnerabilities is how many are listed.
const maxVulnerabilities = 10

// withScan is the card with what a scanner has found in the image, the worst first.
func (c Card) withScan(scan image.Scan) Card {
	for i, v := range scan.Vulnerabilities {
		if i == maxVulnerabilities {
			c.row(scan.Scanner, fmt.Sprintf("%d more", len(scan.Vulnerabilities)-maxVulnerabilities))
			break
		}
		fixed := "not mended yet"
		if v.Fixed != "" {
			fixed = "mended in " + v.Fixed
		}
		c.row(string(v.Harm), strings.TrimSpace(fmt.Sprintf("%s: %s %s, %s %s", v.ID, v.Package, v.Version, fixed, v.URL)))
	}
	return c
}

// maxEnv is how many variables are shown.
const maxEnv = 12

func (c *Card) addDetails(d image.Details) {
	c.code("size", units.HumanSize(float64(d.Size))+" for "+d.Platform, "")
	if !d.Created.IsZero() {
		c.row("created", d.Created.UTC().Format(time.DateOnly))
	}
	c.code("user", userOf(d), "")
	if version := d.Labels["org.opencontainers.image.version"]; version != "" {
		c.code("version", version, "")
	}
	for i, env := range d.Env {
		if i == maxEnv {
			c.row("env", fmt.Sprintf("%d more", len(d.Env)-maxEnv))
			break
		}
		if name, _, _ := strings.Cut(env, "="); isSecret(name) {
			c.code("env", name, hidden)
			continue
		}
		c.code("env", env, "")
	}
}

// userOf is the user that an image sets.
func userOf(d image.Details) string {
	if d.User == "" {
		return "root"
	}
	return d.User
}
