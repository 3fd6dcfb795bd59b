package complete

import (
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/reference"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// flags are the items for a place in a flag; false if it is none.
func (p *place) flags() ([]Item, bool) {
	if start, ok := p.dashes(); ok {
		return p.flagNames(start), true
	}
	list := p.half.Flags
	if len(list) == 0 || list[len(list)-1].End != p.at || p.half.Rest.Text != "" {
		return nil, false
	}
	flag := list[len(list)-1]
	if !flag.HasValue {
		return p.flagNames(flag.Start), true
	}
	if _, known := p.spec(flag.Name.Text); !known {
		return nil, true
	}
	return p.flagValues(flag), true
}

// dashes reports whether one or two dashes stand in front of the cursor where a flag can begin, and where they do.
func (p *place) dashes() (start int, ok bool) {
	before := p.before()
	start = len(strings.TrimRight(before, "-"))
	if n := len(before) - start; n == 0 || n > 2 || start == 0 || !strings.ContainsRune(" \t", rune(before[start-1])) {
		return 0, false
	}
	rest := p.half.Rest
	if rest.Text == "-" && rest.Start == start {
		return start, true
	}
	return start, rest.Text == "" && p.half.Keyword.End < start && !p.endedBefore(start)
}

// endedBefore reports whether a word -- has ended the flags, or a flag goes on, in quotes, to behind the place.
func (p *place) endedBefore(start int) bool {
	last := p.half.Keyword.End
	for _, flag := range p.half.Flags {
		last = flag.End
	}
	return last > start || strings.TrimSpace(p.line[last:start]) != ""
}

// moreFlags are the flags at a place where no word begins yet and a flag can.
func (p *place) moreFlags() []Item {
	behind := p.behind()
	if p.Blank && p.half.Name != "HEALTHCHECK" || len(p.half.Args) > 0 || p.half.Rest.Text != "" || !p.isBlank() ||
		p.endedBefore(p.at) || behind != "" && !strings.ContainsRune(" \t", rune(behind[0])) {
		return nil
	}
	return p.flagNames(p.at)
}

func (p *place) spec(name string) (dockerfile.FlagSpec, bool) {
	specs, _ := dockerfile.Flags(p.half.Name)
	return dockerfile.Flag(specs, name)
}

// flagNames are the flags of the instruction that are not there already; those of lists are there again.
func (p *place) flagNames(start int) []Item {
	span, ok := p.word(start, "=")
	if !ok {
		return nil
	}
	var items []Item
	specs, _ := dockerfile.Flags(p.half.Name)
	others := p.otherFlags(start, p.at+span.End-p.offset)
	for _, entry := range reference.List(reference.Flag, p.half.Name) {
		spec, known := dockerfile.Flag(specs, entry.Name)
		if !known || spec.Kind != dockerfile.ListFlag && others[entry.Name] {
			continue
		}
		item := Item{Span: span, Label: "--" + entry.Name, Kind: Flag, Insert: "--" + entry.Name}
		if p.next(span) != '=' && spec.Kind != dockerfile.BoolFlag {
			item.Insert += "="
			item.Snippet = item.Insert + placeholder(entry.Name)
		}
		items = append(items, documented(item, reference.Flag, p.half.Name, entry.Name))
	}
	return items
}

// placeholder is what a snippet has behind the = of a flag: a choice where there are few values.
func placeholder(flag string) string {
	switch flag {
	case "network":
		return "${1|none,default,host|}"
	case "security":
		return "${1|sandbox,insecure|}"
	case "interval", "start-interval":
		return "${1:30s}"
	case "timeout", "start-period":
		return "${1:5s}"
	case "retries":
		return "${1:3}"
	case "checksum":
		return "${1:sha256:}"
	}
	return "$1" // the values are completed where they stand
}

// otherFlags are the names of the flags besides the one at the cursor, which begins at an offset of the line and ends at
// another. It counts as one: two dashes alone would end them.
func (p *place) otherFlags(start, end int) map[string]bool {
	inst := syntax.ParseLine(p.line[:start]+"--x"+p.line[end:], p.Model.Escape)
	if inst.Inner != nil {
		inst = inst.Inner
	}
	names := map[string]bool{}
	for _, f := range inst.Flags {
		if f.Start != start {
			names[f.Name.Text] = true
		}
	}
	return names
}

// flagValues are the values of a flag that the cursor stands in.
func (p *place) flagValues(flag syntax.Flag) []Item {
	start := p.valueStart(flag.Start)
	switch name := flag.Name.Text; name {
	case "mount":
		return p.mount(flag)
	case "from":
		return p.origins(start, true)
	case "platform":
		return p.platforms(start)
	case "chown":
		return p.usersAt(start, p.line[start:p.at])
	case "chmod":
		return p.values(start, "", modes)
	case "network", "security":
		return p.referenced(start, name)
	case "link", "parents", "keep-git-dir", "unpack":
		return p.values(start, "", booleans)
	case "interval", "timeout", "start-period", "start-interval":
		return p.values(start, "", durations)
	case "retries":
		return p.values(start, "", []value{{"3", "the default"}, {"1", ""}, {"5", ""}, {"10", ""}})
	case "device":
		return p.device()
	}
	return nil
}

// valueStart is where the value of a flag begins in the line, behind its quote.
func (p *place) valueStart(flag int) int {
	start := flag + strings.IndexByte(p.line[flag:p.at], '=') + 1
	if start < p.at && (p.line[start] == '"' || p.line[start] == '\'') {
		start++
	}
	return start
}

// value is a word with what it is.
type value struct{ name, detail string }

var (
	booleans  = []value{{"true", ""}, {"false", ""}}
	durations = []value{{"30s", ""}, {"5s", ""}, {"10s", ""}, {"1m", ""}, {"5m", ""}}
	modes     = []value{
		{"755", "rwxr-xr-x: programs and folders"},
		{"644", "rw-r--r--: files to read"},
		{"u=rwX,go=rX", "programs stay programs"},
		{"700", "rwx------: only the owner"},
		{"600", "rw-------: only the owner"},
		{"555", "r-xr-xr-x: nobody writes"},
	}
)

// quotes end a value besides a blank.
const quotes = `"'`

func (p *place) values(start int, stops string, list []value) []Item {
	span, ok := p.word(start, quotes+stops)
	if !ok {
		return nil
	}
	return valuesAt(span, list)
}

// namesAt are values of which there is nothing to say.
func namesAt(span text.Span, names []string) []Item {
	items := make([]Item, 0, len(names))
	for _, name := range names {
		items = append(items, Item{Span: span, Label: name, Kind: Value, Insert: name})
	}
	return items
}

// ranked are the items by a rank below a number, those of the same in the order in which they are.
func ranked(items []Item, ranks int, rank func(*Item) int) []Item {
	list := make([]Item, 0, len(items))
	for r := range ranks {
		for i := range items {
			if rank(&items[i]) == r {
				list = append(list, items[i])
			}
		}
	}
	return list
}

func valuesAt(span text.Span, list []value) []Item {
	items := make([]Item, 0, len(list))
	for _, v := range list {
		items = append(items, Item{Span: span, Label: v.name, Kind: Value, Detail: v.detail, Insert: v.name})
	}
	return items
}

// referenced are the values that the reference knows of a flag or key.
func (p *place) referenced(start int, of string) []Item {
	span, ok := p.word(start, quotes+",")
	if !ok {
		return nil
	}
	var items []Item
	for _, entry := range reference.List(reference.Value, of) {
		item := Item{Span: span, Label: entry.Name, Kind: Value, Insert: entry.Name}
		items = append(items, documented(item, reference.Value, of, entry.Name))
	}
	return items
}

func (p *place) device() []Item {
	start := strings.LastIndexAny(p.before(), "=,") + 1
	span, ok := p.word(start, quotes+",=")
	if !ok || p.before()[start-1] == '=' && !strings.HasSuffix(p.before()[:start], "--device=") {
		return nil
	}
	var items []Item
	for _, entry := range reference.List(reference.Option, "device") {
		item := Item{Span: span, Label: entry.Name, Kind: Key, Insert: entry.Name}
		if entry.Name == "name" && p.next(span) != '=' {
			item.Insert += "="
		}
		items = append(items, documented(item, reference.Option, "device", entry.Name))
	}
	return items
}

// platforms are what images are usually made for, and the variables that stand for them.
func (p *place) platforms(start int) []Item {
	list := []value{
		{"$BUILDPLATFORM", "the machine that builds"},
		{"$TARGETPLATFORM", "what is built for, which is the default"},
		{"linux/amd64", ""},
		{"linux/arm64", ""},
		{"linux/arm/v7", ""},
		{"linux/arm/v6", ""},
		{"linux/386", ""},
		{"linux/ppc64le", ""},
		{"linux/s390x", ""},
		{"linux/riscv64", ""},
		{"windows/amd64", ""},
	}
	return p.values(start, "", list)
}
