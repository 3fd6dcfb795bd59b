package rules

import (
	"fmt"
	"strings"

	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
)

var vulnerableBaseImage = &lint.Rule{
	ID:       VulnerableBaseImage,
	Severity: lint.Warning,
	Section:  7,
	Title:    "A scanner has found vulnerabilities in an image.",
	Why: "Every package of the base image is one of yours. Nothing is scanned because a file is open: the action `Scan " +
		"base image` runs the scanner that is installed (trivy, grype or docker scout). What it has found stands at the " +
		"FROM until the next scan, or until the line is another one.",
	NeedsScan: true,
	Check: func(p *lint.Pass) {
		if len(p.Scans) == 0 {
			return
		}
		for _, stage := range p.Stages {
			scan, scanned := p.Scans[lint.ScanKey(p.Model, stage)]
			if !scanned || len(scan.Vulnerabilities) == 0 {
				continue
			}
			f := lint.Finding{Span: stage.Base.Span, Message: fmt.Sprintf("%s has found %s in `%s`%s.", scan.Scanner,
				counts(scan), image.Short(scan.Image), remedy(scan))}
			if scan.Count("critical")+scan.Count("high") == 0 {
				f.Severity = lint.Information
			}
			for _, v := range scan.Vulnerabilities[:min(len(scan.Vulnerabilities), maxRelated)] {
				f.Related = append(f.Related, lint.Related{Span: stage.Base.Span, Message: describe(v)})
			}
			p.Report(f)
		}
	},
}

// maxRelated is how many vulnerabilities are listed; nobody reads more in an editor.
const maxRelated = 20

// counts are the numbers of vulnerabilities by harm, as "2 critical and 5 high vulnerabilities".
func counts(scan image.Scan) string {
	var parts []string
	for _, harm := range image.Harms() {
		if n := scan.Count(harm); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, harm))
		}
	}
	noun := "vulnerabilities"
	if len(scan.Vulnerabilities) == 1 {
		noun = "vulnerability"
	}
	list := parts[0]
	if last := len(parts) - 1; last > 0 {
		list = strings.Join(parts[:last], ", ") + " and " + parts[last]
	}
	return list + " " + noun
}

func remedy(scan image.Scan) string {
	switch n := scan.Fixable(); n {
	case 0:
		return ", and nobody has mended them yet: take a smaller image"
	case len(scan.Vulnerabilities):
		return ": newer packages mend them, so take a newer image"
	default:
		return fmt.Sprintf(": newer packages mend %d of them, so take a newer or a smaller image", n)
	}
}

func describe(v image.Vulnerability) string {
	fixed := "not mended yet"
	if v.Fixed != "" {
		fixed = "mended in " + v.Fixed
	}
	return fmt.Sprintf("%s (%s): %s %s, %s", v.ID, v.Harm, v.Package, v.Version, fixed)
}
