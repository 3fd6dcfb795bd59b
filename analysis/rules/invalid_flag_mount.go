package rules

import (
	"fmt"
	"path"
	"slices"
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
	values
	flag    syntax.Flag
	kind    string // bind if nothing else is said; empty if it is not known
	options map[string]option
	bad     bool
}

// option is the value of a mount option. Its Text is empty if it is not known.
type option struct {
	text.Span
	value
}

// checkMount looks at the options of --mount. Source: parseMount of BuildKit.
func (v values) checkMount(flag syntax.Flag) {
	if v.brokenFields(flag) {
		return
	}
	m := &mount{values: v, flag: flag, kind: "bind", options: map[string]option{}}
	for _, o := range flag.Options {
		m.option(o)
	}
	if !m.bad {
		m.together()
	}
}

// brokenFields tells a stray double quote, at which the list of options cannot be split.
func (v values) brokenFields(flag syntax.Flag) bool {
	if flag.Value.Text == "" {
		v.tell(flag.Span, value{},
			fmt.Sprintf("the flag `--%s=` lacks a value: write one, or take the flag away", flag.Name.Text))
		return true
	}
	for _, o := range flag.Options {
		if strings.Contains(o.Key.Text+o.Value.Text, `"`) {
			v.tell(o.Span, value{}, "the double quote does not enclose the whole field: take it away")
			return true
		}
	}
	return false
}

func (m *mount) reject(place text.Span, e value, sentence string, fixes ...lint.Fix) {
	m.bad = true
	m.tell(place, e, sentence, fixes...)
}

func (m *mount) option(o syntax.Option) {
	key := strings.ToLower(o.Key.Text)
	if !o.HasValue {
		m.bare(o, key)
		return
	}
	if key == "from" {
		if i := strings.IndexByte(o.Value.Text, '$'); i >= 0 && i != len(o.Value.Text)-1 {
			m.reject(o.Value.Span, value{},
				fmt.Sprintf("the mount option from takes no variable: name a stage, as FROM %s AS name", o.Value.Text))
			return
		}
	}
	e := m.read(o.Value.Text)
	if e.Problem != nil {
		m.reject(o.Value.Span, e, e.Problem.Message)
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
		m.reject(o.Span, value{}, "a mount option is empty: take the comma away")
	default:
		if m.knownKey(o, key) {
			m.reject(o.Span, value{},
				fmt.Sprintf("the mount option %s lacks a value: write `%s=` with one", o.Key.Text, o.Key.Text))
		}
	}
}

func (m *mount) knownKey(o syntax.Option, key string) bool {
	if slices.Contains(dockerfile.MountKeys[:], key) {
		return true
	}
	sentence := fmt.Sprintf("`%s` is no mount option: there are type, target, source, id, from and others", o.Key.Text)
	m.reject(o.Key.Span, value{}, sentence, nearest(o.Key, key, dockerfile.MountKeys[:])...)
	return false
}

// nearest offers the one of the names that a word is likely meant to be.
func nearest(word syntax.Word, text string, names []string) []lint.Fix {
	if near := dockerfile.Nearest(text, names); near != "" && text != "" {
		return []lint.Fix{correctName(word, near)}
	}
	return nil
}

// requireKind tells an option that the type of the mount, as far as it is read, does not have.
func (m *mount) requireKind(o syntax.Option, kinds ...string) bool {
	if m.kind == "" || slices.Contains(kinds, m.kind) {
		return true
	}
	m.reject(o.Key.Span, m.options["type"].value,
		fmt.Sprintf("a mount of type %s has no option %s: write type=%s in front of it", m.kind, o.Key.Text, kinds[0]))
	return false
}

// value looks at an option with a value; one that is not known is only looked at for its key.
func (m *mount) value(o syntax.Option, key string, e value) {
	if !m.knownKey(o, key) {
		return
	}
	key = longKey(key)
	m.options[key] = option{o.Value.Span, e}
	if e.Variables {
		if key == "type" {
			m.kind = ""
		}
		return
	}
	var err error
	switch key {
	case "type":
		if kind := strings.ToLower(e.Text); m.oneOf(o, e, kind, dockerfile.MountTypes[:]) {
			m.kind = kind
		}
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
		m.oneOf(o, e, strings.ToLower(e.Text), dockerfile.SharingModes[:])
	case "mode":
		_, err = strconv.ParseUint(e.Text, 8, 32)
	case "uid", "gid":
		_, err = strconv.ParseUint(e.Text, 10, 32)
	}
	if err != nil {
		m.reject(o.Value.Span, e,
			fmt.Sprintf("`%s` is no value of the mount option %s: write %s", e.Text, o.Key.Text, form(key)))
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

func (m *mount) oneOf(o syntax.Option, e value, text string, values []string) bool {
	if slices.Contains(values, text) {
		return true
	}
	sentence := fmt.Sprintf("`%s` is no value of the mount option %s: write one of %s", e.Text, o.Key.Text,
		strings.Join(values, ", "))
	if e.written != "" {
		m.reject(o.Value.Span, e, sentence)
		return false
	}
	m.reject(o.Value.Span, e, sentence, nearest(o.Value, text, values)...)
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
	if m.kind != "" && m.kind != "secret" && m.kind != "ssh" {
		m.target()
	}
}

// target tells a mount over the root. Source: dispatchRunMounts of BuildKit, which takes the target from the working
// directory on.
func (m *mount) target() {
	target, set := m.options["target"]
	if target.Variables || !path.IsAbs(target.Text) && !m.known {
		return
	}
	place := m.flag.Span
	if set {
		place = target.Span
	}
	over := target.Text == "/" // BuildKit compares an absolute target as it is written
	if !path.IsAbs(target.Text) {
		over = absolute(m.Pass, m.inst, target.Text) == "/"
	}
	if over {
		m.reject(place, target.value, "a mount cannot replace the root: name a path below `/` as its target")
	}
}

func (m *mount) secret() {
	id, source, target := m.options["id"], m.options["source"], m.options["target"]
	switch {
	case id.Text+source.Text+target.Text == "" && !id.Variables && !source.Variables && !target.Variables:
		m.reject(m.flag.Span, value{}, "a secret mount needs an id: write id= with the name of the secret")
	case id.Text != "" && source.Text != "":
		m.reject(source.Span, source.value, "a secret mount has either id or source: take one away")
	case m.known && m.Windows(m.StageOf(m.inst)):
		m.secretOnWindows(target)
	}
}

// secretOnWindows looks at the target, for which there is no default. Source: dispatchSecret of BuildKit.
func (m *mount) secretOnWindows(target option) {
	_, env := m.options["env"]
	switch {
	case target.Variables || target.Text == "" && env:
	case target.Text == "":
		m.reject(m.flag.Span, value{}, "a secret has no place of its own on Windows: write target= with a path")
	case dockerfile.CheckWindowsPath(target.Text) != nil || !dockerfile.IsAbsoluteOnWindows(target.Text):
		m.reject(target.Span, target.value,
			fmt.Sprintf("`%s` is no absolute path on drive C: write one, as C:/secret", target.Text))
	}
}

func (m *mount) forbid(keys ...string) {
	for _, key := range keys {
		if o := m.options[key]; o.Text != "" {
			m.reject(o.Span, o.value, fmt.Sprintf("a mount of type %s has no option %s: take it away", m.kind, key))
		}
	}
}

// checkDevice looks at the options of --device. Source: ParseDevice of BuildKit.
func (v values) checkDevice(flag syntax.Flag) {
	if v.brokenFields(flag) {
		return
	}
	named := false
	for _, o := range flag.Options {
		key := strings.ToLower(o.Key.Text)
		switch {
		case key == "required":
			if _, err := strconv.ParseBool(o.Value.Text); o.HasValue && err != nil {
				v.tell(o.Value.Span, value{},
					fmt.Sprintf("`%s` is no value of the device option required: write true or false", o.Value.Text))
			}
		case key == "name" && o.HasValue && named:
			v.tell(o.Span, value{}, "the device has a name already: take this one away")
		case key == "name" && o.HasValue:
			named = o.Value.Text != ""
		case !named:
			named = o.Span.Len() > 0
		default:
			v.tell(o.Span, value{}, fmt.Sprintf("`%s` is no device option: write name= or required", o.Key.Text))
		}
	}
}
