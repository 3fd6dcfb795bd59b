package image

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// LikelyTags are tags that may mean an image with these details, the most exact first: those with a version, and those that
// always exist.
func LikelyTags(name string, d Details) []string {
	if name == "node" {
		return append(VersionTags(name, d), "lts", "lts-alpine", "lts-slim", "latest")
	}
	return append(VersionTags(name, d), "latest")
}

// VersionTags are tags that name the version of an image with these details, if there are such tags: of the versions that
// the image itself names, each with the variants of official images.
func VersionTags(name string, d Details) []string {
	var tags []string
	add := func(tag string) {
		if _, err := Parse(name + ":" + tag); err == nil && !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	for _, version := range versions(name, d) {
		plain := strings.TrimPrefix(version, "v")
		add(plain)
		if !strings.Contains(name, "/") {
			add(plain + "-alpine")
			add(plain + "-slim")
			continue
		}
		add(version)
	}
	return tags
}

// versions are those that an image names: in the variable of its own name, or else in others, and in its label; the version
// of a package, such as 18.1-1.pgdg13+2, is that of its program too.
func versions(name string, d Details) []string {
	variable := strings.ToUpper(strings.NewReplacer("-", "_", ".", "_").Replace(path.Base(name))) + "_VERSION"
	var own, others []string
	for _, env := range d.Env {
		key, value, _ := strings.Cut(env, "=")
		program, _, _ := strings.Cut(value, "-")
		switch {
		case value == "":
		case key == variable:
			own = append(own, value, program)
		case strings.HasSuffix(key, "_VERSION") && isVersion(program):
			others = append(others, program)
		}
	}
	if own == nil {
		own = others
	}
	if label := d.Labels["org.opencontainers.image.version"]; label != "" {
		own = append(own, label)
	}
	return own
}

// Smaller are tags of the same image on a smaller base that exist for certain, the likest first; nil for what is small
// already, for images without such, and for tags of a form that nobody has seen. Source: the tags of the official images.
func (r Reference) Smaller() []string {
	if r.Tag == "" || r.Tag == "latest" {
		return nil
	}
	if n, node := r.Node(); node && !n.Slim && !n.Alpine {
		if n.Major > 0 && n.Major < 8 {
			return nil
		}
		if n.Suite != "" {
			return []string{r.Tag + "-slim"}
		}
		return []string{r.Tag + "-slim", r.Tag + "-alpine"}
	}
	switch r.Name {
	case "python", "ruby", "rust":
		if isVersion(r.Tag) {
			return []string{r.Tag + "-slim", r.Tag + "-alpine"}
		}
		if isDebianSuite(suffix(r.Tag)) {
			return []string{r.Tag + "-slim"}
		}
	case "golang":
		if isVersion(r.Tag) {
			return []string{r.Tag + "-alpine"}
		}
	case "php":
		switch variant := suffix(r.Tag); {
		case isVersion(r.Tag), variant == "fpm", variant == "cli":
			return []string{r.Tag + "-alpine"}
		}
	case "perl":
		if isVersion(r.Tag) {
			return []string{r.Tag + "-slim"}
		}
	case "debian":
		if isDebianSuite(r.Tag) || isVersion(r.Tag) {
			return []string{r.Tag + "-slim"}
		}
	}
	return nil
}

// isVersion reports whether a tag is a version and nothing else.
func isVersion(tag string) bool {
	for _, part := range strings.Split(tag, ".") {
		if _, err := strconv.ParseUint(part, 10, 32); err != nil {
			return false
		}
	}
	return true
}

// suffix is the only word behind the version of a tag.
func suffix(tag string) string {
	version, word, found := strings.Cut(tag, "-")
	if !found || !isVersion(version) {
		return ""
	}
	return word
}
