// Package complete knows what a person may want to write at a place in a Dockerfile.
// It must not know LSP, and does no I/O: nobody is asked anything while somebody types.
package complete

import (
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/reference"
	"dockerfile-ls/analysis/text"
)

// Item is something that can stand at a place.
type Item struct {
	text.Span // what it replaces: the word under the cursor, or a part of it; in bytes, on one line
	Label     string
	Kind      Kind
	Detail    string // in a few words, what it is; of a variable its value
	Text      string // one to three sentences; code in it stands between backticks
	Page      string // the address of more; empty if there is none
	Insert    string
	// Snippet is what clients with snippets insert, in LSP's syntax; empty if that is Insert as it is.
	Snippet   string
	Preselect bool
	// Deprecated says that BuildKit takes it, and that nobody should write it.
	Deprecated bool
	// Ignored says that it is a path which BuildKit does not get.
	Ignored bool
}

// Kind is what sort of word an item is.
type Kind int

// The kinds of items.
const (
	Keyword Kind = iota
	Flag
	Value
	Stage
	Image
	Tag
	Variable
	File
	Folder
	User
	Rule
	Script
	Key
	Template // of several lines, or of several words
)

// Facts are what is known besides the place. The zero value of each but Model is nothing known.
type Facts struct {
	Model   *dockerfile.Model
	Project *project.Surroundings
	Images  image.Known // what registries have said before
	// Used are images that other Dockerfiles of the workspace name, the most used first.
	Used []string
	// Blank says that a blank was typed and nobody has asked for a list: only a place with a short and exact one has any.
	Blank bool
}

// At are the items for a byte offset, in the order in which people look for them; none where nothing is known, and where
// nobody wants to be asked, as in the middle of a comment.
func At(f Facts, offset int) []Item {
	if offset < 0 || offset > len(f.Model.Text) {
		return nil
	}
	p := f.placeAt(offset)
	switch {
	case p == nil:
		return nil
	case p.half == nil && p.heredoc != nil:
		return p.inHeredoc()
	case p.half == nil:
		return p.inComment()
	}
	return p.continued(p.inInstruction())
}

// continued are the items with what continues the line behind them, where the instruction goes on below.
func (p *place) continued(items []Item) []Item {
	if !p.between {
		return items
	}
	end := " " + string(p.Model.Escape)
	for i := range items {
		items[i].Insert += end
		if items[i].Snippet != "" {
			items[i].Snippet += strings.ReplaceAll(end, `\`, `\\`)
		}
	}
	return items
}

// inInstruction are the items for a place in the logical line of an instruction, or where one can begin.
func (p *place) inInstruction() []Item {
	if p.at <= p.half.Keyword.End {
		return p.instructions()
	}
	if v, ok := p.variable(); ok {
		return v
	}
	if flags, ok := p.flags(); ok {
		return flags
	}
	items := append(p.arguments(), p.moreFlags()...)
	if len(items) > 0 && items[0].Kind != Template && p.opensHeredoc(items[0].Span) {
		return nil // its body would be instructions
	}
	return items
}

// arguments are the items for a place behind the flags.
func (p *place) arguments() []Item {
	switch p.half.Name {
	case "FROM":
		return p.from()
	case "COPY", "ADD":
		return append(p.delimiters(), p.sources()...)
	case "RUN", "CMD", "ENTRYPOINT":
		return append(p.delimiters(), p.scripts()...)
	case "HEALTHCHECK":
		return p.healthcheck()
	case "ARG":
		return p.declarations()
	case "USER":
		return p.users(p.half.Rest.Text)
	case "STOPSIGNAL":
		return p.signals()
	case "SHELL":
		return p.shells()
	case "WORKDIR", "VOLUME":
		return p.folders()
	case "EXPOSE":
		return p.ports()
	case "LABEL":
		return p.labels()
	}
	return nil
}

// documented is an item with what the reference says of a word.
func documented(item Item, kind reference.Kind, of, name string) Item {
	entry, ok := reference.Find(kind, of, name)
	if !ok {
		return item
	}
	item.Text, item.Page = entry.Text, entry.Page()
	if item.Detail == "" {
		item.Detail = entry.Form
	}
	return item
}
