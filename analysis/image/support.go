package image

import (
	"slices"
	"strconv"
)

// asOf is the day that the tables of what is supported were looked at, as YYYY-MM-DD. What ends later is not told: whether a
// file is right must not hang on the clock.
const asOf = "2026-11-24"

// frozen are releases of distributions that node images were built on, with the day on which their fixes end.
// Sources: wiki.debian.org/LTS, alpinelinux.org/releases.
var frozen = map[string]string{
	"wheezy": "2018-05-31", "jessie": "2020-06-30", "stretch": "2022-06-30", "buster": "2024-06-30",
	"bullseye":  "2026-08-31",
	"alpine3.9": "2020-11-01", "alpine3.10": "2021-05-01", "alpine3.11": "2021-11-01", "alpine3.12": "2022-05-01",
	"alpine3.13": "2022-11-01", "alpine3.14": "2023-05-01", "alpine3.15": "2023-11-01", "alpine3.16": "2024-05-23",
	"alpine3.17": "2024-11-22", "alpine3.18": "2025-05-09", "alpine3.19": "2025-11-01", "alpine3.20": "2026-04-01",
	"alpine3.21": "2026-11-01",
}

// Unsupported is what of the image gets no fixes any more, and since when; empty if all does, or if the tables do not know.
func (n Node) Unsupported() (what, since string) {
	releases := nodeReleases
	i := slices.IndexFunc(releases, func(r NodeRelease) bool { return r.Major == n.Major })
	switch {
	case i >= 0 && releases[i].End <= asOf:
		return "Node.js " + strconv.Itoa(n.Major), releases[i].End
	case n.Major > 0 && n.Major < releases[0].Major:
		return "Node.js " + strconv.Itoa(n.Major), "2016-12-31"
	}
	if end := frozen[n.Suite]; end != "" && end <= asOf {
		return n.Suite, end
	}
	return "", ""
}

// Supported is the tag of the same variant with what gets fixes: of the same major version if it does, else of the newest
// long-term support line.
func (n Node) Supported() string {
	tag := "lts"
	switch {
	case n.LTS:
	case slices.ContainsFunc(nodeReleases, func(r NodeRelease) bool { return r.Major == n.Major && r.End > asOf }):
		tag = strconv.Itoa(n.Major)
	default:
		tag = strconv.Itoa(newestLTS())
	}
	switch {
	case n.Alpine:
		tag += "-alpine"
	case n.Suite != "" && frozen[n.Suite] == "":
		tag += "-" + n.Suite
	}
	if n.Slim {
		tag += "-slim"
	}
	return tag
}

// newestLTS is the newest line that had long-term support on the day of the table.
func newestLTS() int {
	newest := 0
	for _, r := range nodeReleases {
		if r.LTS != "" && r.LTS <= asOf && r.End > asOf {
			newest = r.Major
		}
	}
	return newest
}
