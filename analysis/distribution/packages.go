package distribution

import (
	"slices"
	"strings"
)

// buildPackages are packages that compile something, or watch how it runs.
var buildPackages = []string{
	"alpine-sdk", "autoconf", "automake", "build-base", "build-essential", "bison", "cargo", "clang", "cmake", "flex",
	"g++", "gcc", "gcc-c++", "gdb", "go", "golang", "libtool", "linux-headers", "make", "nasm", "ninja", "ninja-build",
	"rust", "rustc", "strace", "valgrind",
}

// IsBuildPackage reports whether a package is for a build, named with its version or without: one of those, or headers.
func IsBuildPackage(name string) bool {
	name, _, _ = strings.Cut(name, "=")
	return slices.Contains(buildPackages, name) || hasHeaders(name)
}

// IsCompiler reports whether a package compiles something.
func IsCompiler(name string) bool { return IsBuildPackage(name) && !IsLibrary(name) }

// IsLibrary reports whether a package has the headers of a library that is needed where what is compiled with them runs.
func IsLibrary(name string) bool {
	name, _, _ = strings.Cut(name, "=")
	return hasHeaders(name) && !isToolchain(name)
}

func hasHeaders(name string) bool {
	return strings.HasSuffix(name, "-dev") || strings.HasSuffix(name, "-devel")
}

// isToolchain reports whether headers belong to the compiler, or to a library that every image of Node.js has.
func isToolchain(name string) bool {
	for _, beginning := range [...]string{"glibc-", "libc-", "libc6-", "libstdc++-", "linux-", "musl-", "python"} {
		if strings.HasPrefix(name, beginning) {
			return true
		}
	}
	return false
}

// IsPython reports whether a package is the Python that node-gyp runs, or a part of it.
func IsPython(name string) bool {
	name, _, _ = strings.Cut(name, "=")
	switch name {
	case "py3-setuptools", "python", "python-is-python3", "python2", "python3", "python3-distutils", "python3-setuptools":
		return true
	}
	return false
}

// RunsOnly reports whether a package is a program that no install and no build needs, but a container may.
func RunsOnly(name string) bool {
	name, _, _ = strings.Cut(name, "=")
	switch name {
	case "catatonit", "chromium", "cron", "dumb-init", "ffmpeg", "freetype", "ghostscript", "gosu", "graphicsmagick",
		"graphviz", "harfbuzz", "htop", "imagemagick", "less", "nano", "nginx", "nss", "poppler-utils", "procps", "su-exec",
		"supervisor", "tini", "tzdata", "vim":
		return true
	}
	return strings.HasPrefix(name, "font-") || strings.HasPrefix(name, "fonts-") || strings.HasPrefix(name, "ttf-")
}
