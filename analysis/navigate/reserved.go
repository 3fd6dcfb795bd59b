package navigate

import (
	"fmt"
	"strings"
)

// isPredefined names the build arguments that BuildKit has without being told. Source: the documentation of ARG, and
// defaultArgs and the proxies of BuildKit.
func isPredefined(name string) bool {
	switch name {
	case "BUILDPLATFORM", "BUILDOS", "BUILDOSVERSION", "BUILDARCH", "BUILDVARIANT",
		"TARGETPLATFORM", "TARGETOS", "TARGETOSVERSION", "TARGETARCH", "TARGETVARIANT", "TARGETSTAGE",
		"SOURCE_DATE_EPOCH":
		return true
	}
	switch strings.ToUpper(name) {
	case "HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY":
		return true
	}
	return strings.HasPrefix(name, "BUILDKIT_")
}

// reserved is why a variable is not renamed from or to a name: somebody else gives it its meaning. Empty if nobody does.
func reserved(name string) string {
	if isPredefined(name) {
		return fmt.Sprintf("`%s` has its meaning from BuildKit", name)
	}
	switch name {
	case "HOME", "HOSTNAME", "IFS", "LD_LIBRARY_PATH", "LD_PRELOAD", "OLDPWD", "PATH", "PWD", "SHELL", "SHLVL", "TERM", "_":
		return fmt.Sprintf("`%s` has its meaning from the shell and the system", name)
	}
	return ""
}
