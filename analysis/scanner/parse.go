package scanner

import (
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"

	"dockerfile-ls/analysis/image"
)

// errOther is for JSON that is not the scanner's.
var errOther = errors.New("it has another form")

func harm(word string) image.Harm {
	h := image.Harm(strings.ToLower(word))
	if slices.Contains(image.Harms(), h) {
		return h
	}
	if h == "negligible" {
		return "low"
	}
	return "unknown"
}

// webAddress is a URL that can be shown as a link, or empty: it comes from a program's output.
func webAddress(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return s
}

// parseTrivy reads trivy's JSON, schema version 2.
func parseTrivy(output []byte) ([]image.Vulnerability, error) {
	var report struct {
		SchemaVersion int
		Results       []struct {
			Vulnerabilities []struct {
				VulnerabilityID, PkgName, InstalledVersion, FixedVersion, Severity, PrimaryURL string
			}
		}
	}
	if err := json.Unmarshal(output, &report); err != nil {
		return nil, err
	}
	if report.SchemaVersion == 0 {
		return nil, errOther
	}
	var found []image.Vulnerability
	for _, result := range report.Results {
		for _, v := range result.Vulnerabilities {
			found = append(found, image.Vulnerability{ID: v.VulnerabilityID, Harm: harm(v.Severity), Package: v.PkgName,
				Version: v.InstalledVersion, Fixed: v.FixedVersion, URL: webAddress(v.PrimaryURL)})
		}
	}
	return found, nil
}

// parseGrype reads grype's JSON.
func parseGrype(output []byte) ([]image.Vulnerability, error) {
	var report struct {
		Matches *[]struct {
			Vulnerability struct {
				ID, Severity, DataSource string
				Fix                      struct{ Versions []string }
			}
			Artifact struct{ Name, Version string }
		}
	}
	if err := json.Unmarshal(output, &report); err != nil {
		return nil, err
	}
	if report.Matches == nil {
		return nil, errOther
	}
	var found []image.Vulnerability
	for _, m := range *report.Matches {
		found = append(found, image.Vulnerability{
			ID: m.Vulnerability.ID, Harm: harm(m.Vulnerability.Severity), Package: m.Artifact.Name,
			Version: m.Artifact.Version, Fixed: strings.Join(m.Vulnerability.Fix.Versions, ", "),
			URL: webAddress(m.Vulnerability.DataSource),
		})
	}
	return found, nil
}

// parseScout reads docker scout's SARIF, in which each rule is a vulnerability.
func parseScout(output []byte) ([]image.Vulnerability, error) {
	var report struct {
		Runs []struct {
			Tool struct {
				Driver struct {
					Rules []struct {
						ID         string `json:"id"`
						HelpURI    string `json:"helpUri"`
						Properties struct {
							Severity string   `json:"cvssV3_severity"`
							Affected string   `json:"affected_version"`
							Fixed    string   `json:"fixed_version"`
							Purls    []string `json:"purls"`
						} `json:"properties"`
					} `json:"rules"`
				} `json:"driver"`
			} `json:"tool"`
		} `json:"runs"`
	}
	if err := json.Unmarshal(output, &report); err != nil {
		return nil, err
	}
	if len(report.Runs) == 0 {
		return nil, errOther
	}
	var found []image.Vulnerability
	for _, run := range report.Runs {
		for _, r := range run.Tool.Driver.Rules {
			name, version := "", r.Properties.Affected
			if len(r.Properties.Purls) > 0 {
				name, version = packageOf(r.Properties.Purls[0])
			}
			fixed := r.Properties.Fixed
			if strings.EqualFold(fixed, "not fixed") {
				fixed = ""
			}
			found = append(found, image.Vulnerability{
				ID: r.ID, Harm: harm(r.Properties.Severity), Package: name, Version: version, Fixed: fixed,
				URL: webAddress(r.HelpURI),
			})
		}
	}
	return found, nil
}

// packageOf is the name and version of a package URL, as pkg:deb/debian/zlib@1%3A1.2?os_version=12.
func packageOf(purl string) (name, version string) {
	purl, _, _ = strings.Cut(purl, "?")
	name, version, _ = strings.Cut(purl[strings.LastIndexByte(purl, '/')+1:], "@")
	if plain, err := url.PathUnescape(version); err == nil {
		version = plain
	}
	return name, version
}
