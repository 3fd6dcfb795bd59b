package image

import (
	"slices"
	"time"
)

// Harm is how bad a vulnerability is, as scanners call it in lower case: the worst first in [Harms].
type Harm string

// Harms are all grades of harm; what a scanner calls otherwise is unknown.
func Harms() []Harm { return []Harm{"critical", "high", "medium", "low", "unknown"} }

// Vulnerability is a known hole in a package of an image.
type Vulnerability struct {
	ID      string // as CVE-2026-1234
	Harm    Harm
	Package string
	Version string
	Fixed   string // the version that has no such hole; empty if there is none
	URL     string // of a description; may be empty
}

// Scan is what a scanner has found in an image, the worst first.
type Scan struct {
	Scanner         string
	Image           string
	At              time.Time
	Vulnerabilities []Vulnerability
}

// Sort puts the worst first, and what can be mended before what cannot.
func (s *Scan) Sort() {
	rank := func(v Vulnerability) int {
		rank := 2 * slices.Index(Harms(), v.Harm)
		if v.Fixed == "" {
			rank++
		}
		return rank
	}
	slices.SortStableFunc(s.Vulnerabilities, func(a, b Vulnerability) int { return rank(a) - rank(b) })
}

// Count is the number of vulnerabilities of a harm.
func (s Scan) Count(harm Harm) int {
	n := 0
	for _, v := range s.Vulnerabilities {
		if v.Harm == harm {
			n++
		}
	}
	return n
}

// Fixable is the number of those that a newer version of their package has not.
func (s Scan) Fixable() int {
	n := 0
	for _, v := range s.Vulnerabilities {
		if v.Fixed != "" {
			n++
		}
	}
	return n
}
