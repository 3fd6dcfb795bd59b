package dockerfile

import (
	"errors"
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"
	"time"

	mode "github.com/tonistiigi/dchapes-mode"
)

// CheckDuration says what is wrong with a duration of HEALTHCHECK; nil if nothing is.
// Source: parseOptInterval of BuildKit.
func CheckDuration(value string) error {
	if value == "" {
		return nil
	}
	d, err := time.ParseDuration(value)
	if err != nil {
		return fmt.Errorf("`%s` is no duration: write a number and a unit, as 30s or 1m30s", value)
	}
	if d != 0 && d < time.Millisecond {
		return fmt.Errorf("`%s` is too short: write 1ms or more", value)
	}
	return nil
}

// CheckRetries says what is wrong with the number of retries of HEALTHCHECK.
func CheckRetries(value string) error {
	if value == "" {
		return nil
	}
	n, err := strconv.ParseInt(value, 10, 32)
	if err != nil || n < 0 {
		return fmt.Errorf("`%s` is no number of retries: write 0 or a positive number", value)
	}
	return nil
}

// CheckSignal says what is wrong with a signal of STOPSIGNAL. Source: ParseSignal of github.com/moby/sys/signal on Linux,
// where the image is built, whatever system the editor runs on.
func CheckSignal(value string) error {
	if n, err := strconv.Atoi(value); err == nil {
		if n == 0 {
			return errors.New("`0` is no signal: write a name as SIGTERM, or a number from 1 on")
		}
		return nil
	}
	if value == "" {
		return errors.New("there is no signal: write a name as SIGTERM, or a number")
	}
	if signalName.MatchString(strings.TrimPrefix(strings.ToUpper(value), "SIG")) {
		return nil
	}
	return fmt.Errorf("`%s` is no signal: write a name as SIGTERM, or a number", value)
}

// signalName matches the names of Linux signals without SIG; RTMIN+1 to +15 and RTMAX-14 to -1 are real-time signals.
var signalName = regexp.MustCompile(`^(ABRT|ALRM|BUS|CHLD|CLD|CONT|FPE|HUP|ILL|INT|IO|IOT|KILL|PIPE|POLL|PROF|PWR|QUIT|SEGV|STKFLT|` +
	`STOP|SYS|TERM|TRAP|TSTP|TTIN|TTOU|URG|USR1|USR2|VTALRM|WINCH|XCPU|XFSZ|RTMIN|RTMAX|RTMIN\+([1-9]|1[0-5])|RTMAX-([1-9]|1[0-4]))$`)

// CheckMode says what is wrong with the value of --chmod: octal up to 7777, or symbolic as u=rwX,go=rX.
func CheckMode(value string) error {
	if n, err := strconv.ParseUint(value, 8, 32); err == nil {
		if n > 0o7777 {
			return fmt.Errorf("`%s` is no mode: the highest is 7777", value)
		}
		return nil
	}
	if _, err := mode.Parse(value); err != nil {
		return fmt.Errorf("`%s` is no mode: write it octal, as 755, or symbolic, as u=rwX,go=rX", value)
	}
	return nil
}

// CheckPlatform says what is wrong with a platform: os, arch, os/arch or os/arch/variant.
// Source: Parse of github.com/containerd/platforms, which is not linked in because it brings a logger along.
func CheckPlatform(value string) error {
	bad := fmt.Errorf("`%s` is no platform: write os/arch or os/arch/variant, as linux/arm64", value)
	parts := strings.SplitN(value, "/", 4)
	if !platformOS.MatchString(parts[0]) || len(parts) == 4 {
		return bad
	}
	for _, part := range parts[1:] {
		if !platformPart.MatchString(part) {
			return bad
		}
	}
	if len(parts) == 1 && !knownOS(parts[0]) && !knownArchitecture(parts[0]) {
		return bad
	}
	return nil
}

var platformOS = regexp.MustCompile(`^[A-Za-z0-9_-]+(?:\([A-Za-z0-9_.%-]*(?:\+[A-Za-z0-9_.%-]+)*\))?$`)

var platformPart = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)

func knownOS(name string) bool {
	name, _, _ = strings.Cut(strings.ToLower(name), "(")
	switch name {
	case "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux", "macos", "nacl",
		"netbsd", "openbsd", "plan9", "solaris", "windows", "zos":
		return true
	}
	return false
}

func knownArchitecture(name string) bool {
	switch strings.ToLower(name) {
	case "386", "aarch64", "amd64", "amd64p32", "arm", "arm64", "arm64be", "armbe", "armel", "armhf", "i386", "loong64",
		"mips", "mips64", "mips64le", "mips64p32", "mips64p32le", "mipsle", "ppc", "ppc64", "ppc64le", "riscv", "riscv64",
		"s390", "s390x", "sparc", "sparc64", "wasm", "x86-64", "x86_64":
		return true
	}
	return false
}

// CheckPort says what is wrong with a port of EXPOSE: port, port/protocol or first-last; BuildKit also takes the form
// ip:host:container of docker run. Source: portSpecs of BuildKit.
func CheckPort(value string) error {
	bad := fmt.Errorf(
		"`%s` is no port: write a number up to 65535, a range as 8000-8010, or either with /tcp, /udp or /sctp", value,
	)
	parts := strings.Split(value, ":")
	container, protocol, _ := strings.Cut(parts[len(parts)-1], "/")
	switch strings.ToLower(protocol) {
	case "", "tcp", "udp", "sctp":
	default:
		return bad
	}
	size, ok := portRange(container)
	if !ok {
		return bad
	}
	if len(parts) > 2 && !isIP(strings.Join(parts[:len(parts)-2], ":")) {
		return bad
	}
	if len(parts) == 1 || parts[len(parts)-2] == "" {
		return nil
	}
	hostSize, ok := portRange(parts[len(parts)-2])
	if !ok || hostSize != size && size != 0 {
		return bad
	}
	return nil
}

// portRange returns the last minus the first port of a range, 0 for a single port.
func portRange(ports string) (size int, ok bool) {
	first, last, isRange := strings.Cut(ports, "-")
	from, ok := portNumber(first)
	if !ok || !isRange || first == last {
		return 0, ok
	}
	to, ok := portNumber(last)
	return to - from, ok && to >= from
}

func portNumber(s string) (int, bool) {
	n, err := strconv.ParseInt(s, 10, 0)
	return int(n), err == nil && n >= 0 && n <= 65535
}

func isIP(s string) bool {
	if s == "" {
		return true
	}
	if s[0] == '[' {
		host, _, err := net.SplitHostPort(s + ":")
		return err == nil && net.ParseIP(host) != nil
	}
	return net.ParseIP(s) != nil
}

// CheckStageName says what is wrong with the name behind AS. Source: validStageName of BuildKit.
func CheckStageName(name string) error {
	for i, c := range []byte(strings.ToLower(name)) {
		letter := c >= 'a' && c <= 'z'
		if letter || i > 0 && (c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.') {
			continue
		}
		return fmt.Errorf("`%s` is no stage name: begin with a letter, then write letters, digits, `-`, `_` or `.`", name)
	}
	return nil
}

// CheckWindowsPath says what is wrong with a path in a Windows image, where all lies on drive C.
// Source: CheckSystemDriveAndRemoveDriveLetter of BuildKit.
func CheckWindowsPath(path string) error {
	slashed := strings.ReplaceAll(path, `\`, "/")
	drive, rest, hasDrive := strings.Cut(path, ":")
	switch {
	case strings.HasPrefix(slashed, "//"):
		return fmt.Errorf("`%s` is a path in a network: write one on drive C", path)
	case !hasDrive:
		return nil
	case len(drive) == 1 && rest == "":
		return fmt.Errorf("`%s` is a drive without a path: write `%s/`", path, path)
	case !strings.EqualFold(drive, "c"):
		return fmt.Errorf("`%s` is not on drive C, the only one of the image", path)
	}
	return nil
}

// IsAbsoluteOnWindows reports whether a path that CheckWindowsPath accepts is absolute; the drive may be left out.
// Source: IsAbs of BuildKit.
func IsAbsoluteOnWindows(path string) bool {
	if _, rest, hasDrive := strings.Cut(path, ":"); hasDrive {
		path = rest
	}
	return strings.HasPrefix(path, "/") || strings.HasPrefix(path, `\`)
}
