package image

import (
	"path"
	"strconv"
	"strings"
)

// LikelyTags are tags that may mean an image with these details, the most exact first: the version that its environment
// names, with the variants of official images, and those that always exist.
func LikelyTags(name string, d Details) []string {
	variable := strings.ToUpper(strings.NewReplacer("-", "_", ".", "_").Replace(path.Base(name))) + "_VERSION="
	bases := []string{"latest"}
	if name == "node" {
		bases = []string{"lts", "latest"}
	}
	for _, env := range d.Env {
		if version, ok := strings.CutPrefix(env, variable); ok && version != "" {
			bases = append([]string{strings.TrimPrefix(version, "v")}, bases...)
		}
	}
	var tags []string
	for _, base := range bases {
		tags = append(tags, base)
		if base != "latest" && !strings.Contains(name, "/") {
			tags = append(tags, base+"-alpine", base+"-slim")
		}
	}
	return tags
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
