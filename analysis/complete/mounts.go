package complete

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/reference"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// fill is what follows the type of a mount in a snippet.
func fill(kind string) string {
	switch kind {
	case "secret":
		return "id=${1:name}"
	case "ssh":
		return ""
	}
	return "target=${1:/path}"
}

// mount are the items for a place in the value of --mount.
func (p *place) mount(flag syntax.Flag) []Item {
	before := p.before()
	start := max(p.valueStart(flag.Start), strings.LastIndexByte(before, ',')+1)
	if start < p.at && (before[start] == '"' || before[start] == '\'') {
		start++
	}
	all := p.wholeFlag(flag)
	kind := mountType(all)
	key, _, isValue := strings.Cut(before[start:], "=")
	if isValue {
		return p.mountValue(flag, start+len(key)+1, strings.ToLower(key), kind)
	}
	return p.mountKeys(flag, all, start, kind)
}

// wholeFlag are the options of the flag at the cursor, with those behind it.
func (p *place) wholeFlag(flag syntax.Flag) []syntax.Option {
	if p.inst != nil {
		for _, f := range p.inst.Flags {
			if f.Start == p.offset-(p.at-flag.Start) {
				return f.Options
			}
		}
	}
	return flag.Options
}

// mountType is the type that the options say; bind if they do not.
func mountType(options []syntax.Option) string {
	kind := "bind"
	for _, o := range options {
		written := strings.ToLower(o.Value.Text)
		if strings.EqualFold(o.Key.Text, "type") && slices.Contains(dockerfile.MountTypes[:], written) {
			kind = written
		}
	}
	return kind
}

// mountKeys are the keys of the type that are not there already, and the types as long as none is given.
func (p *place) mountKeys(flag syntax.Flag, all []syntax.Option, start int, kind string) []Item {
	span, ok := p.word(start, quotes+",=")
	if !ok {
		return nil
	}
	has := func(names ...string) bool {
		return slices.ContainsFunc(all, func(o syntax.Option) bool {
			return o.Start != span.Start && slices.ContainsFunc(names, func(name string) bool {
				return strings.EqualFold(o.Key.Text, name)
			})
		})
	}
	var items []Item
	if !has("type") && p.next(span) != '=' {
		items = p.mountTypes(span, "type=", len(all) < 2)
	}
	for _, entry := range reference.List(reference.MountKey, kind) {
		names := append([]string{entry.Name}, entry.Also...)
		switch {
		case entry.Idle || has(names...) || entry.Name == "type" && p.next(span) != '=':
		case needsType(entry.Name) && mountType(flag.Options) != kind:
			// BuildKit reads the fields in order, and takes these only behind the type.
		case kind == "secret" && (entry.Name == "source" && has("id") || entry.Name == "id" && has("source", "src")):
		case entry.Name == "readonly" && has("readwrite", "rw"), entry.Name == "readwrite" && has("readonly", "ro"):
		default:
			items = append(items, p.mountKey(span, kind, entry.Name))
		}
	}
	return items
}

func (p *place) mountKey(span text.Span, kind, name string) Item {
	item := Item{Span: span, Label: name, Kind: Key, Insert: name}
	if !isSwitch(name) && p.next(span) != '=' {
		item.Insert += "="
		if name == "sharing" {
			item.Snippet = "sharing=${1|locked,shared,private|}"
		}
	}
	return documented(item, reference.MountKey, kind, name)
}

func needsType(key string) bool { return key == "size" || key == "required" }

func isSwitch(key string) bool {
	switch key {
	case "readonly", "ro", "readwrite", "rw", "required":
		return true
	}
	return false
}

// mountTypes are the types, in full only where no other field is there.
func (p *place) mountTypes(span text.Span, prefix string, full bool) []Item {
	var items []Item
	for _, entry := range reference.All(reference.MountType) {
		item := Item{Span: span, Label: prefix + entry.Name, Kind: Value, Insert: prefix + entry.Name}
		if fill := fill(entry.Name); full && fill != "" && (p.next(span) == 0 || p.next(span) == ' ') {
			item.Snippet = item.Insert + "," + fill
		}
		items = append(items, documented(item, reference.MountType, "", entry.Name))
	}
	return ranked(items, 5, func(item *Item) int { // caches are what people write most
		return slices.Index([]string{"cache", "bind", "secret", "ssh", "tmpfs"}, strings.TrimPrefix(item.Label, prefix))
	})
}

// mountValue are the values of a key.
func (p *place) mountValue(flag syntax.Flag, start int, key, kind string) []Item {
	if start < p.at && (p.line[start] == '"' || p.line[start] == '\'') {
		start++
	}
	span, ok := p.word(start, quotes+",")
	if !ok {
		return nil
	}
	switch key {
	case "type":
		return p.mountTypes(span, "", len(flag.Options) == 1)
	case "sharing":
		if kind == "cache" {
			return p.referenced(start, key)
		}
	case "from":
		if kind == "bind" || kind == "cache" {
			return p.origins(start, false)
		}
	case "readonly", "ro", "readwrite", "rw", "required":
		return valuesAt(span, booleans)
	case "target", "dst", "destination":
		if kind != "cache" {
			return p.pathsOfStage(p.stage, start, ",")
		}
		items := p.cacheTargets(span)
		if p.line[start:p.at] == "" {
			items = append(items, p.pathsOfStage(p.stage, start, ",")...)
		}
		return items
	case "source", "src":
		return p.mountSources(flag, start, kind)
	case "id":
		return p.mountIDs(span, kind)
	}
	return nil
}

// caches are folders that package managers keep what they have fetched in, when they run as root.
var caches = [...]value{
	{"/root/.npm", "npm"},
	{"/usr/local/share/.cache/yarn", "yarn 1"},
	{"/root/.local/share/pnpm/store", "pnpm"},
	{"/root/.bun/install/cache", "bun"},
	{"/var/cache/apt", "apt; with sharing=locked"},
	{"/var/lib/apt", "apt, its lists; with sharing=locked"},
	{"/var/cache/apk", "apk"},
	{"/root/.cache/pip", "pip"},
	{"/root/.cache/uv", "uv"},
	{"/root/.cache/go-build", "go, what is compiled"},
	{"/go/pkg/mod", "go, modules"},
	{"/usr/local/cargo/registry", "cargo"},
	{"/root/.m2", "Maven"},
	{"/root/.gradle", "Gradle"},
	{"/root/.nuget/packages", "NuGet"},
	{"/root/.composer/cache", "Composer"},
}

// cacheTargets are the folders of package managers, those that the command names first.
func (p *place) cacheTargets(span text.Span) []Item {
	command := ""
	if p.inst != nil {
		command = p.inst.Rest.Text
	}
	return ranked(valuesAt(span, caches[:]), 2, func(item *Item) int {
		tool, _, _ := strings.Cut(item.Detail, " ")
		if strings.Contains(command, strings.TrimRight(tool, ",;")) {
			return 0
		}
		return 1
	})
}

// mountSources are the paths in the build context, or in the stage that the mount is from.
func (p *place) mountSources(flag syntax.Flag, start int, kind string) []Item {
	if kind != "bind" && kind != "cache" {
		return nil
	}
	for _, o := range p.wholeFlag(flag) {
		if strings.EqualFold(o.Key.Text, "from") && o.Value.Text != "" {
			return p.pathsOfStage(p.Model.Named(o.Value.Text), start, ",")
		}
	}
	if kind == "cache" {
		return nil // without from it starts empty
	}
	return p.contextPaths(start, ",", false)
}

// mountIDs are the ids that other mounts of the type have.
func (p *place) mountIDs(span text.Span, kind string) []Item {
	var list []string
	for _, inst := range p.Model.Instructions {
		for _, flag := range inst.Flags {
			if flag.Name.Text != "mount" || flag.Span.Contains(span) || mountType(flag.Options) != kind {
				continue
			}
			for _, o := range flag.Options {
				id := o.Value.Text
				if strings.EqualFold(o.Key.Text, "id") && id != "" && !slices.Contains(list, id) {
					list = append(list, id)
				}
			}
		}
	}
	return namesAt(span, list)
}
