package complete

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/reference"
	"dockerfile-ls/analysis/syntax"
)

// The forms of instructions, parameters between ‹ and ›.
const (
	fromForm      = "FROM [‹--platform=platform›] ‹image› [AS ‹name›]"
	argForm       = "ARG ‹name›[=‹default›] …"
	envForm       = "ENV ‹name›=‹value› …"
	envOldForm    = "ENV ‹name› ‹value›"
	labelForm     = "LABEL ‹key›=‹value› …"
	labelOldForm  = "LABEL ‹key› ‹value›"
	runForm       = "RUN [‹flags›] ‹command›"
	runArray      = `RUN [‹flags›] ["‹program›", "‹argument›", …]`
	cmdArray      = `CMD ["‹program›", "‹argument›", …]`
	cmdForm       = "CMD ‹command›"
	entryArray    = `ENTRYPOINT ["‹program›", "‹argument›", …]`
	entryForm     = "ENTRYPOINT ‹command›"
	copyForm      = "COPY [‹flags›] ‹source› … ‹destination›"
	copyArray     = `COPY [‹flags›] ["‹source›", …, "‹destination›"]`
	addForm       = "ADD [‹flags›] ‹source› … ‹destination›"
	addArray      = `ADD [‹flags›] ["‹source›", …, "‹destination›"]`
	volumeForm    = "VOLUME ‹path› …"
	volumeArray   = `VOLUME ["‹path›", …]`
	shellArray    = `SHELL ["‹program›", "‹argument›", …]`
	healthForm    = "HEALTHCHECK [‹flags›] ‹CMD› ‹command›"
	healthArray   = `HEALTHCHECK [‹flags›] ‹CMD› ["‹program›", "‹argument›", …]`
	noHealthForm  = "HEALTHCHECK ‹NONE›"
	exposeForm    = "EXPOSE ‹port›[/‹protocol›] …"
	userForm      = "USER ‹user›[:‹group›]"
	workdirForm   = "WORKDIR ‹path›"
	signalForm    = "STOPSIGNAL ‹signal›"
	onbuildForm   = "ONBUILD ‹instruction›"
	authorForm    = "MAINTAINER ‹name›"
	flags         = "flags"
	command       = "command"
	platformValue = "--platform=platform"
)

// forms are all forms, of an instruction with several the usual one first.
var forms = [...]string{
	fromForm, argForm, envForm, envOldForm, labelForm, labelOldForm, runForm, runArray, cmdArray, cmdForm, entryArray,
	entryForm, copyForm, copyArray, addForm, addArray, volumeForm, volumeArray, shellArray, healthForm, healthArray,
	noHealthForm, exposeForm, userForm, workdirForm, signalForm, onbuildForm, authorForm,
}

// writtenForm is the form that is written at the cursor, behind the flags, and the name of the parameter there.
func (p *place) writtenForm() (form, name string) {
	array := strings.HasPrefix(p.half.Rest.Text, "[")
	switch p.half.Name {
	case "FROM":
		return fromForm, p.nth("image", "AS", "name")
	case "RUN":
		return p.commandForm(array, runForm, runArray)
	case "CMD":
		return p.commandForm(array || p.half.Rest.Text == "", cmdForm, cmdArray)
	case "ENTRYPOINT":
		return p.commandForm(array || p.half.Rest.Text == "", entryForm, entryArray)
	case "SHELL":
		return p.commandForm(true, "", shellArray)
	case "COPY":
		return p.copied(array, copyForm, copyArray)
	case "ADD":
		return p.copied(array, addForm, addArray)
	case "HEALTHCHECK":
		return p.healthForm()
	case "ENV":
		return p.pairForm(envForm, envOldForm, "name", "value")
	case "LABEL":
		return p.pairForm(labelForm, labelOldForm, "key", "value")
	case "ARG":
		return p.pairForm(argForm, argForm, "name", "default")
	case "VOLUME":
		if array {
			return volumeArray, "path"
		}
		return volumeForm, "path"
	case "EXPOSE":
		return exposeForm, p.behindSign("/", "port", "protocol")
	case "USER":
		return userForm, p.behindSign(":", "user", "group")
	case "WORKDIR":
		return workdirForm, "path"
	case "STOPSIGNAL":
		return signalForm, p.nth("signal")
	case "ONBUILD":
		return onbuildForm, "instruction"
	}
	return authorForm, "name"
}

// nth is the name of the argument at the cursor.
func (p *place) nth(names ...string) string {
	index, _, _, _ := p.current()
	if index == 1 && len(names) == 3 {
		return names[2] // AS is a part of what stands behind it
	}
	if index < len(names) {
		return names[index]
	}
	return ""
}

// behindSign is one of two names, the second if a sign stands in the word in front of the cursor.
func (p *place) behindSign(sign, first, second string) string {
	_, start, _, _ := p.current()
	if strings.Contains(p.line[start:p.at], sign) {
		return second
	}
	return first
}

func (p *place) commandForm(array bool, form, arrayForm string) (string, string) {
	switch {
	case !array:
		return form, command
	case p.element() == 0:
		return arrayForm, "program"
	}
	return arrayForm, "argument"
}

// element is the index of the element that the cursor stands in or in front of.
func (p *place) element() int {
	array := p.half.JSON
	if array == nil || len(array.Elements) == 0 {
		return 0
	}
	behind := strings.TrimRight(p.before(), " \t")
	if !array.OpenString && strings.HasSuffix(behind, ",") {
		return len(array.Elements)
	}
	return len(array.Elements) - 1
}

// copied is the form of COPY or ADD: the last argument is the destination if there is another one in front of it.
func (p *place) copied(array bool, form, arrayForm string) (string, string) {
	index, last := 0, true
	if array {
		form, index = arrayForm, p.element()
		rest := strings.TrimLeft(p.behind(), " \t")
		if at := strings.IndexByte(rest, '"'); at >= 0 && p.half.JSON != nil && p.half.JSON.OpenString {
			rest = rest[at+1:]
		}
		last = !strings.ContainsAny(rest, `",`)
	} else {
		var start int
		index, start, _, _ = p.current()
		last = p.isLast(start, false)
	}
	if index > 0 && last {
		return form, "destination"
	}
	return form, "source"
}

func (p *place) healthForm() (form, name string) {
	args := p.half.Args
	switch {
	case len(args) > 0 && strings.EqualFold(args[0].Text, "NONE"):
		return noHealthForm, "NONE"
	case len(args) == 0 || len(args) == 1 && !p.isBlank():
		return healthForm, "CMD"
	case len(args) > 1 && strings.HasPrefix(p.line[args[1].Start:p.at], "[") || p.half.JSON != nil:
		return p.commandForm(true, "", healthArray)
	}
	return healthForm, command
}

// pairForm is the form of pairs, or the old one with a blank between a key and the rest of the line.
func (p *place) pairForm(form, old, key, value string) (string, string) {
	pairs := p.half.Pairs
	if len(pairs) == 0 {
		return form, key
	}
	last := pairs[len(pairs)-1]
	switch {
	case last.Legacy && (last.HasValue || p.isBlank()):
		return old, value
	case last.HasValue && (!p.isBlank() || openQuote(p.line[last.Start:p.at]) != 0):
		return form, value
	}
	return form, key
}

// flagSignature is the form of the flag that the cursor stands in; false if it is in none.
func (p *place) flagSignature() (Signature, bool) {
	list := p.half.Flags
	if _, dashes := p.dashes(); dashes {
		return p.flagsSignature()
	}
	if len(list) == 0 || list[len(list)-1].End != p.at || p.half.Rest.Text != "" {
		return Signature{}, false
	}
	flag := list[len(list)-1]
	entry, known := reference.Find(reference.Flag, p.half.Name, flag.Name.Text)
	if !flag.HasValue || !known {
		return p.flagsSignature()
	}
	if flag.Name.Text == "mount" {
		return p.mountSignature(flag), true
	}
	return p.valueSignature(flag, entry), true
}

// flagsSignature is the form of the instruction with its flags active.
func (p *place) flagsSignature() (Signature, bool) {
	form := forms[slices.IndexFunc(forms[:], func(form string) bool { return strings.HasPrefix(form, p.half.Name+" ") })]
	keyword, rest, _ := strings.Cut(form, " ")
	s := newSignature(p.cased(keyword) + " " + rest)
	if s.Active = s.find(flags); s.Active < 0 {
		s.Active = s.find(platformValue)
	}
	entry, _ := reference.Find(reference.Instruction, "", p.half.Name)
	s.Text, s.Page = entry.Text, entry.Page()
	return s, s.Active >= 0
}

// partsOf is the form of a flag with several parts, and the sign that separates them; empty if it has one.
func partsOf(flag string) (form, sign string) {
	switch flag {
	case "platform":
		return "--platform=‹os›/‹arch›[/‹variant›]", "/"
	case "chown":
		return "--chown=‹user›[:‹group›]", ":"
	case "device":
		return "--device=‹name›[,‹required›]", ","
	}
	return "", ""
}

func (p *place) valueSignature(flag syntax.Flag, entry reference.Entry) Signature {
	s := Signature{}
	value := p.line[p.valueStart(flag.Start):p.at]
	if form, sign := partsOf(flag.Name.Text); form != "" {
		s = newSignature(form)
		s.Active = min(strings.Count(value, sign), len(s.Parameters)-1)
	} else {
		name, rest, _ := strings.Cut(entry.Form, "=")
		s = newSignature(strings.TrimSuffix(name, "[") + "=‹" + strings.TrimSuffix(rest, "]") + "›")
		s.Active = 0
	}
	s.Text, s.Page = entry.Text, entry.Page()
	if entry.Default != "" {
		s.Text += " Default: " + entry.Default + "."
	}
	return s
}

// mountSignature has a parameter for each key of the type that the mount has.
func (p *place) mountSignature(flag syntax.Flag) Signature {
	kind := mountType(p.wholeFlag(flag))
	form := "--mount="
	var texts []string
	for _, entry := range reference.List(reference.MountKey, kind) {
		if entry.Idle {
			continue
		}
		if len(texts) > 0 {
			form += ","
		}
		form += "‹" + entry.Form + "›"
		texts = append(texts, entry.Text)
	}
	s := newSignature(form)
	for i := range s.Parameters {
		s.Parameters[i].Text = texts[i]
	}
	before := p.before()
	start := max(p.valueStart(flag.Start), strings.LastIndexByte(before, ',')+1)
	key, _, _ := strings.Cut(strings.TrimLeft(before[start:], quotes), "=")
	index := 0
	for _, entry := range reference.List(reference.MountKey, kind) {
		if entry.Idle {
			continue
		}
		if entry.Is(key) {
			s.Active = index
		}
		index++
	}
	if entry, ok := reference.Find(reference.MountType, "", kind); ok {
		s.Text, s.Page = entry.Text, entry.Page()
	}
	return s
}
