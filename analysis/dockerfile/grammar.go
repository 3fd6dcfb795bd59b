package dockerfile

import "slices"

// FlagKind says what value a flag takes.
type FlagKind int

// The kinds of flags of BuildKit: a boolean may stand without value, a list may be repeated.
const (
	BoolFlag FlagKind = iota
	StringFlag
	ListFlag
)

// FlagSpec is a flag that an instruction knows.
type FlagSpec struct {
	Name string // without dashes
	Kind FlagKind
}

// Flags returns the flags of an instruction, and false where BuildKit does not look at them at all (ARG and STOPSIGNAL).
// Source: instructions/parse.go of BuildKit.
func Flags(instruction string) (specs []FlagSpec, checked bool) {
	switch instruction {
	case "ADD":
		return []FlagSpec{
			{"checksum", StringFlag}, {"chmod", StringFlag}, {"chown", StringFlag}, {"exclude", ListFlag},
			{"keep-git-dir", BoolFlag}, {"link", BoolFlag}, {"unpack", BoolFlag},
		}, true
	case "COPY":
		return []FlagSpec{
			{"chmod", StringFlag}, {"chown", StringFlag}, {"exclude", ListFlag}, {"from", StringFlag},
			{"link", BoolFlag}, {"parents", BoolFlag},
		}, true
	case "FROM":
		return []FlagSpec{{"platform", StringFlag}}, true
	case "HEALTHCHECK":
		return []FlagSpec{
			{"interval", StringFlag}, {"retries", StringFlag}, {"start-interval", StringFlag},
			{"start-period", StringFlag}, {"timeout", StringFlag},
		}, true
	case "RUN":
		return []FlagSpec{{"device", ListFlag}, {"mount", ListFlag}, {"network", StringFlag}, {"security", StringFlag}}, true
	case "ARG", "STOPSIGNAL":
		return nil, false
	}
	return nil, true
}

// Flag finds a flag of an instruction by name.
func Flag(specs []FlagSpec, name string) (FlagSpec, bool) {
	i := slices.IndexFunc(specs, func(s FlagSpec) bool { return s.Name == name })
	if i < 0 {
		return FlagSpec{}, false
	}
	return specs[i], true
}

// FlagNames are the names of flags, for suggestions.
func FlagNames(specs []FlagSpec) []string {
	names := make([]string, len(specs))
	for i, s := range specs {
		names[i] = s.Name
	}
	return names
}

// MountKeys are the keys of --mount in their long and short forms. Source: parseMount of BuildKit.
var MountKeys = [...]string{
	"destination", "dst", "env", "from", "gid", "id", "mode", "readonly", "readwrite", "required", "ro", "rw", "sharing",
	"size", "source", "src", "target", "type", "uid",
}

// MountTypes are the values of the mount key type.
var MountTypes = [...]string{"bind", "cache", "secret", "ssh", "tmpfs"}

// SharingModes are the values of the mount key sharing.
var SharingModes = [...]string{"locked", "private", "shared"}
