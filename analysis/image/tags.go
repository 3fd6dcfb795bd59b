package image

import (
	"path"
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
