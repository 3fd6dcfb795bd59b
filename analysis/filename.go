package analysis

import "strings"

// IsDockerfileName reports whether a file's base name is one under which Docker, BuildKit, Podman and editors know a
// Dockerfile: Dockerfile, Dockerfile.dev, web.Dockerfile, and the same with Containerfile; never an ignore file.
func IsDockerfileName(name string) bool {
	if IsIgnoreName(name) {
		return false
	}
	for _, kind := range []string{"Dockerfile", "Containerfile"} {
		lower := strings.ToLower(kind)
		switch {
		case name == kind, name == lower, strings.HasPrefix(name, kind+"."):
			return true
		case strings.HasSuffix(name, "."+kind), strings.HasSuffix(name, "."+lower):
			return true
		}
	}
	return false
}

// IsForeignFolder reports whether a folder holds other people's files, by its base name.
func IsForeignFolder(name string) bool {
	return name == ".git" || name == "node_modules" || name == "vendor"
}

// IsIgnoreName reports whether a file's base name is that of an ignore file: .dockerignore, or one of a single Dockerfile as
// Dockerfile.dockerignore; the same with .containerignore.
func IsIgnoreName(name string) bool {
	return strings.HasSuffix(name, ".dockerignore") || strings.HasSuffix(name, ".containerignore")
}
