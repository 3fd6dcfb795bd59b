package rules

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/docker/go-units"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// mount is what is known of a mount while its options are read from left to right, as BuildKit does.
type mount struct {
	*lint.Pass
	escape byte
	flag   syntax.Flag
	kind   string // bind if nothing else is said; empty if it comes from a variable
	values map[string]mountValue
	bad    bool
}

// mountValue is the value of a mount option; its text is empty if it comes from a variable.
type mountValue struct {
	text.Span
	text      string
	variables bool
}

// checkMount looks at the options of --mount. Source: parseMount of BuildKit.
func checkMount(p *lint.Pass, inst *dockerfile.Instruction, flag syntax.Flag) {
	if brokenFields(p, flag) {
		return
	}
	m := &mount{Pass: p, escape: inst.Escape, flag: flag, kind: "bind", values: map[string]mountValue{}}
	for _, option := range flag.Options {
		m.option(option)
	}
	if !m.bad {
		m.together()
	}
}

// brokenFields tells a stray double quote, at which the list of options cannot be split.
func brokenFields(p *lint.Pass, flag syntax.Flag) bool {
	if flag.Value.Text == "" {
		p.Tell(flag.Span, fmt.Sprintf("The flag `--%s=` lacks a value: write one, or take the flag away.", flag.Name.Text))
		return true
	}
	for _, option := range flag.Options {
		if strings.Contains(option.Key.Text+option.Value.Text, `"`) {
			p.Tell(option.Span, "The double quote does not enclose the whole field: take it away.")
			return true
		}
	}
	return false
}

func (m *mount) tell(place text.Span, format string, args ...any) {
	m.bad = true
	m.Tell(place, fmt.Sprintf(format, args...))
}

func (m *mount) option(o syntax.Option) {
	key := strings.ToLower(o.Key.Text)
	if !o.HasValue {
		m.bare(o, key)
		return
	}
	if key == "from" {
		if i := strings.IndexByte(o.Value.Text, '$'); i >= 0 && i != len(o.Value.Text)-1 {
			m.tell(o.Value.Span, "The mount option from takes no variable: name a stage, as FROM %s AS name.", o.Value.Text)
			return
		}
	}
	e := syntax.Expand(o.Value.Text, m.escape)
	if e.Problem != nil {
		m.tell(o.Value.Span, "%s.", capitalised(e.Problem.Message))
		return
	}
	m.value(o, key, e)
}

// bare looks at an option without value.
func (m *mount) bare(o syntax.Option, key string) {
	switch key {
	case "readonly", "ro", "readwrite", "rw":
	case "required":
		m.requireKind(o, "secret", "ssh")
	case "":
		m.tell(o.Span, "A mount option is empty: take the comma away.")
	default:
		if !m.knownKey(o, key) {
			return
		}
		m.tell(o.Span, "The mount option %s lacks a value: write `%s=` with one.", o.Key.Text, o.Key.Text)
	}
}

func (m *mount) knownKey(o syntax.Option, key string) bool {
	for _, known := range dockerfile.MountKeys {
		if key == known {
			return true
		}
	}
	m.bad = true
	message := fmt.Sprintf("`%s` is no mount option: there are type, target, source, id, from and others.", o.Key.Text)
	if near := dockerfile.Nearest(key, dockerfile.MountKeys[:]); near != "" {
		m.Tell(o.Key.Span, message, correctName(o.Key, near))
		return false
	}
	m.Tell(o.Key.Span, message)
	return false
}

// requireKind tells an option that the type of the mount, as far as it is read, does not have.
func (m *mount) requireKind(o syntax.Option, kinds ...string) bool {
	for _, kind := range kinds {
		if m.kind == kind || m.kind == "" {
			return true
		}
	}
	m.tell(o.Key.Span, "A mount of type %s has no option %s: write type=%s in front of it.", m.kind, o.Key.Text, kinds[0])
	return false
}

// value looks at an option with a value; one with variables is only looked at for its key.
func (m *mount) value(o syntax.Option, key string, e syntax.Expansion) {
	if !m.knownKey(o, key) {
		return
	}
	m.values[longKey(key)] = mountValue{o.Value.Span, e.Text, e.Variables}
	if e.Variables {
		if key == "type" {
			m.kind = ""
		}
		return
	}
	var err error
	switch longKey(key) {
	case "type":
		m.setKind(o, e.Text)
	case "readonly", "readwrite":
		_, err = strconv.ParseBool(e.Text)
	case "required":
		if m.requireKind(o, "secret", "ssh") {
			_, err = strconv.ParseBool(e.Text)
		}
	case "size":
		if m.requireKind(o, "tmpfs") {
			_, err = units.RAMInBytes(e.Text)
		}
	case "sharing":
		m.oneOf(o, strings.ToLower(e.Text), dockerfile.SharingModes[:])
	case "mode":
		_, err = strconv.ParseUint(e.Text, 8, 32)
	case "uid", "gid":
		_, err = strconv.ParseUint(e.Text, 10, 32)
	}
	if err != nil {
		m.tell(o.Value.Span, "`%s` is no value of the mount option %s: write %s.", o.Value.Text, o.Key.Text, form(longKey(key)))
	}
}

// form says what the value of a mount option looks like.
func form(key string) string {
	switch key {
	case "mode":
		return "it octal, as 0400"
	case "size":
		return "a number and a unit, as 64m"
	case "uid", "gid":
		return "a number"
	}
	return "true or false"
}

func longKey(key string) string {
	switch key {
	case "src":
		return "source"
	case "dst", "destination":
		return "target"
	case "ro":
		return "readonly"
	case "rw":
		return "readwrite"
	}
	return key
}

func (m *mount) setKind(o syntax.Option, kind string) {
	if m.oneOf(o, strings.ToLower(kind), dockerfile.MountTypes[:]) {
		m.kind = strings.ToLower(kind)
	}
}

func (m *mount) oneOf(o syntax.Option, value string, values []string) bool {
	for _, v := range values {
		if value == v {
			return true
		}
	}
	m.bad = true
	message := fmt.Sprintf("`%s` is no value of the mount option %s: write one of %s.", o.Value.Text, o.Key.Text, strings.Join(values, ", "))
	if near := dockerfile.Nearest(value, values); near != "" && value != "" {
		m.Tell(o.Value.Span, message, correctName(o.Value, near))
		return false
	}
	m.Tell(o.Value.Span, message)
	return false
}

// together looks at the options that exclude each other, and at those that a type needs.
func (m *mount) together() {
	switch m.kind {
	case "bind", "tmpfs":
		m.forbid("mode", "uid", "gid", "sharing")
	case "secret":
		m.forbid("from", "sharing")
		m.secret()
	case "ssh":
		m.forbid("source", "sharing")
	}
	if m.kind != "" && m.kind != "secret" && m.kind != "ssh" && m.values["target"].text == "/" {
		m.tell(m.values["target"].Span, "A mount cannot replace the root: name a path below `/` as its target.")
	}
}

func (m *mount) secret() {
	id, source, target := m.values["id"], m.values["source"], m.values["target"]
	switch {
	case id.text+source.text+target.text == "" && !id.variables && !source.variables && !target.variables:
		m.tell(m.flag.Span, "A secret mount needs an id: write id= with the name of the secret.")
	case id.text != "" && source.text != "":
		m.tell(source.Span, "A secret mount has either id or source: take one away.")
	}
}

func (m *mount) forbid(keys ...string) {
	for _, key := range keys {
		if value := m.values[key]; value.text != "" {
			m.tell(value.Span, "A mount of type %s has no option %s: take it away.", m.kind, key)
		}
	}
}

// checkDevice looks at the options of --device. Source: ParseDevice of BuildKit.
func checkDevice(p *lint.Pass, flag syntax.Flag) {
	if brokenFields(p, flag) {
		return
	}
	named := false
	for _, o := range flag.Options {
		key := strings.ToLower(o.Key.Text)
		switch {
		case key == "required":
			if _, err := strconv.ParseBool(o.Value.Text); o.HasValue && err != nil {
				p.Tell(o.Value.Span, fmt.Sprintf("`%s` is no value of the device option required: write true or false.", o.Value.Text))
			}
		case key == "name" && o.HasValue && named:
			p.Tell(o.Span, "The device has a name already: take this one away.")
		case key == "name" && o.HasValue:
			named = o.Value.Text != ""
		case !named:
			named = o.Span.Len() > 0
		default:
			p.Tell(o.Span, fmt.Sprintf("`%s` is no device option: write name= or required.", o.Key.Text))
		}
	}
}
