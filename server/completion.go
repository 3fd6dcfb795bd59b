package server

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/complete"
)

// completion are the items for a position. Nobody is asked anything for them.
func (s *server) completion(params completionParams) (computation[protocol.CompletionResult], error) {
	doc := s.documents[params.TextDocument.URI]
	others := s.otherDockerfiles(params.TextDocument.URI)
	return func(context.Context) (protocol.CompletionResult, error) {
		if doc == nil || !doc.dockerfile || s.client.completes == nil {
			return nil, nil
		}
		facts := doc.snapshot.Facts()
		convert := s.converter(doc)
		offset := convert.offsetOfPosition(params.Position)
		items := complete.At(complete.Facts{
			Model: doc.snapshot.Model(), Project: facts.Project, Images: facts.Images, Used: usedImages(others),
			Blank: params.Context.TriggerCharacter == " ",
		}, offset)
		return s.client.completes.list(items, offset, convert), nil
	}, nil
}

// maxOthers is how many other Dockerfiles are looked at for their images.
const maxOthers = 32

// otherDockerfiles are those that are open besides one.
func (s *server) otherDockerfiles(uri string) []*analysis.Snapshot {
	var others []*analysis.Snapshot
	for name, doc := range s.documents {
		if name != uri && doc.dockerfile && len(others) < maxOthers {
			others = append(others, doc.snapshot)
		}
	}
	return others
}

// usedImages are the images of Dockerfiles, those of most files first.
func usedImages(files []*analysis.Snapshot) []string {
	count := map[string]int{}
	for _, file := range files {
		for _, ref := range analysis.Images(file.Model()) {
			count[ref.Key()]++
		}
	}
	var names []string
	for name := range count {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if count[a] != count[b] {
			return count[b] - count[a]
		}
		return strings.Compare(a, b)
	})
	return names
}

// list is a list of items, all of which replace the same word. It is whole: the client filters by what is typed.
func (c *completion) list(items []complete.Item, offset int, convert converter) *protocol.CompletionList {
	list := &protocol.CompletionList{Items: make([]protocol.CompletionItem, 0, len(items))}
	if len(items) == 0 {
		return list
	}
	replace := convert.rangeOfSpan(items[0].Span)
	insert := protocol.Range{Start: replace.Start, End: convert.positionOfOffset(offset)}
	if c.ranges {
		list.ItemDefaults = &protocol.CompletionItemDefaults{EditRange: &replace}
		if c.inserts {
			list.ItemDefaults.EditRange = &protocol.EditRangeWithInsertReplace{Insert: insert, Replace: replace}
		}
	}
	for i, item := range items {
		converted := c.item(item)
		converted.SortText = protocol.NewOptional(fmt.Sprintf("%04d", i))
		written := item.Insert
		if c.snippets && item.Snippet != "" {
			written = item.Snippet
			converted.InsertTextFormat = protocol.InsertTextFormatSnippet
		}
		switch {
		case c.ranges:
			converted.TextEditText = protocol.NewOptional(written)
		case c.inserts:
			converted.TextEdit = &protocol.InsertReplaceEdit{NewText: written, Insert: insert, Replace: replace}
		default:
			converted.TextEdit = &protocol.TextEdit{NewText: written, Range: replace}
		}
		list.Items = append(list.Items, converted)
	}
	return list
}
