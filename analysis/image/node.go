package image

import (
	"slices"
	"strconv"
	"strings"
)

// NodeRelease is a major version of Node.js. Dates are YYYY-MM-DD.
type NodeRelease struct {
	Major    int
	LTS      string // when it became the long-term support line; empty if it does not
	End      string // when it gets no more fixes
	Codename string // of its long-term support line, in lower case
}

// nodeReleases are the releases of Node.js, the newest last. Source: schedule.json of github.com/nodejs/Release at e4bf922.
var nodeReleases = []NodeRelease{
	{4, "2015-10-12", "2018-04-30", "argon"},
	{5, "", "2016-06-30", ""},
	{6, "2016-10-18", "2019-04-30", "boron"},
	{7, "", "2017-06-30", ""},
	{8, "2017-10-31", "2019-12-31", "carbon"},
	{9, "", "2018-06-30", ""},
	{10, "2018-10-30", "2021-04-30", "dubnium"},
	{11, "", "2019-06-01", ""},
	{12, "2019-10-21", "2022-04-30", "erbium"},
	{13, "", "2020-06-01", ""},
	{14, "2020-10-20", "2023-04-30", "fermium"},
	{15, "", "2021-06-01", ""},
	{16, "2021-10-26", "2023-09-11", "gallium"},
	{17, "", "2022-06-01", ""},
	{18, "2022-10-25", "2025-04-30", "hydrogen"},
	{19, "", "2023-06-01", ""},
	{20, "2023-10-24", "2026-04-30", "iron"},
	{21, "", "2024-06-01", ""},
	{22, "2024-10-29", "2027-04-30", "jod"},
	{23, "", "2025-06-01", ""},
	{24, "2025-10-28", "2028-04-30", "krypton"},
	{25, "", "2026-06-01", ""},
	{26, "2026-10-28", "2029-04-30", ""},
}

// Node is what a tag of the official node image says of the image. Source: github.com/nodejs/docker-node.
type Node struct {
	// Major is the version of Node.js; 0 if the tag does not say, as latest and current.
	Major int
	// LTS says that the tag follows the long-term support line, whatever that is.
	LTS bool
	// Alpine says that the image is built on Alpine Linux, with musl and apk; else it is Debian, with glibc and apt.
	Alpine bool
	// Slim says that the image has only what Node.js needs.
	Slim bool
	// Suite is the release of the distribution, as bookworm or alpine3.20, if the tag freezes one; else empty.
	Suite string
}

// User is the unprivileged user and group that every official node image has.
const (
	NodeUser  = "node"
	NodeGroup = "node"
)

// Node reads the tag of the official node image; false for every other image, and for tags of another form.
func (r Reference) Node() (Node, bool) {
	if r.Name != "node" {
		return Node{}, false
	}
	var n Node
	for i, word := range strings.Split(strings.ToLower(r.Tag), "-") {
		if !n.read(word, i == 0) {
			return Node{}, false
		}
	}
	return n, true
}

// read takes one part of a tag; false if it means nothing in its place.
func (n *Node) read(word string, first bool) bool {
	switch {
	case word == "" || word == "latest" || word == "current":
		return first
	case word == "lts":
		n.LTS = true
		return first
	case word == "slim":
		n.Slim = true
	case word == "alpine":
		n.Alpine = true
	case strings.HasPrefix(word, "alpine3."):
		n.Alpine, n.Suite = true, word
	case isDebianSuite(word):
		n.Suite = word
	case first:
		return n.readVersion(word)
	case *n == Node{LTS: true}: // lts-iron, which follows that line alone
		n.LTS = false
		return n.readCodename(word)
	default:
		return false
	}
	return true
}

func (n *Node) readVersion(word string) bool {
	if n.readCodename(word) {
		return true
	}
	major, _, _ := strings.Cut(word, ".")
	version, err := strconv.Atoi(major)
	n.Major = version
	return err == nil && version > 0
}

func (n *Node) readCodename(word string) bool {
	releases := nodeReleases
	i := slices.IndexFunc(releases, func(r NodeRelease) bool { return r.Codename == word && word != "" })
	if i < 0 {
		return false
	}
	n.Major = releases[i].Major
	return true
}

func isDebianSuite(word string) bool {
	switch word {
	case "jessie", "stretch", "buster", "bullseye", "bookworm", "trixie", "forky", "wheezy":
		return true
	}
	return false
}

// NPM is the least major version of npm in the image; the newest is assumed where the tag does not say.
func (n Node) NPM() int {
	switch {
	case n.Major == 0 || n.Major > 18:
		return 9
	case n.Major > 16:
		return 8
	case n.Major > 14:
		return 7
	case n.Major > 7:
		return 6
	}
	return 3
}

// Release is the release of Node.js that a tag names; false if it names none, or one that the table does not have.
func (n Node) Release() (NodeRelease, bool) {
	i := slices.IndexFunc(nodeReleases, func(r NodeRelease) bool { return r.Major == n.Major })
	if i < 0 {
		return NodeRelease{}, false
	}
	return nodeReleases[i], true
}
