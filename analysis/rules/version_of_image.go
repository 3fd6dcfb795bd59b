package rules

import (
	"fmt"

	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
)

// TodaysVersionTitle is the title of what writes the version of today into a reference without one.
func TodaysVersionTitle(ref image.Reference) string {
	return fmt.Sprintf("Insert today's version and digest of %s", ref.Name)
}

// TodaysVersion is what a reference without tag or with latest means today, by the tag that names its version and with its
// digest, or what has to be asked before that is known. The tag is empty where no tag with a version is known to mean it,
// and the digest too where there is no such image.
func TodaysVersion(known image.Known, ref image.Reference, title string) (today image.Reference, ask *lint.Ask) {
	latest := image.Reference{Name: ref.Name, Tag: "latest"}
	otherwise := fmt.Sprintf(
		"No tag with a version is known to mean what `%s` means today: look for one, and write it.", latest.Key())
	facts, asked := known[latest.Key()]
	today = image.Reference{Name: ref.Name, Digest: facts.Digest}
	switch {
	case !asked || facts.Digest != "" && facts.Details == nil:
		return today, &lint.Ask{Title: title, Image: latest, Details: true, Otherwise: otherwise}
	case facts.Details == nil:
		return today, nil
	}
	today.Tag, ask = firstTag(known, ref.Name, image.VersionTags(ref.Name, *facts.Details), func(said image.Facts) bool {
		return said.Digest == facts.Digest
	}, lint.Ask{Title: title, Otherwise: otherwise})
	return today, ask
}

// TagOfDigest is the tag that means the digest of a reference without tag, or what has to be asked before that is known: for
// the versions that the image itself names, and then what each likely tag means. Both are empty where none is known to mean
// it.
func TagOfDigest(known image.Known, ref image.Reference, title string) (tag string, ask *lint.Ask) {
	otherwise := fmt.Sprintf("No tag is known to mean `%s`: look for one, and write it.", image.Short(ref.Key())+"@…")
	facts, asked := known[ref.Key()]
	switch {
	case !asked || facts.Digest != "" && facts.Details == nil:
		return "", &lint.Ask{Title: title, Image: ref, Details: true, Otherwise: otherwise}
	case facts.Details == nil:
		return "", nil
	}
	return firstTag(known, ref.Name, image.LikelyTags(ref.Name, *facts.Details), func(said image.Facts) bool {
		return said.Means(ref.Digest)
	}, lint.Ask{Title: title, Otherwise: otherwise})
}

// firstTag is the first of the tags of an image that means what is looked for, or the question about the first that nobody
// has asked about.
func firstTag(
	known image.Known, name string, tags []string, means func(image.Facts) bool, ask lint.Ask,
) (tag string, _ *lint.Ask) {
	for _, tag := range tags {
		ask.Image, ask.Guess = image.Reference{Name: name, Tag: tag}, true
		said, asked := known[ask.Image.Key()]
		switch {
		case !asked:
			return "", &ask
		case means(said):
			return tag, nil
		}
	}
	return "", nil
}
