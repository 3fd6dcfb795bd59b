package server

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/settings"
	"dockerfile-ls/codeactions"
)

// lookups are the settings of registries from the most to the least that they allow.
var lookups = [...]string{settings.InBackground, settings.OnHover, settings.OnDemand, settings.Never}

// mayAsk reports whether registries may be asked on an occasion, which is one of the lookups.
func (s *server) mayAsk(occasion string) bool {
	allowed := s.editor.Registry.Lookups
	if allowed == "" {
		allowed = settings.OnDemand
	}
	if s.resolver == nil || occasion == settings.InBackground && (s.trusted == nil || !*s.trusted) {
		return false
	}
	return slices.Index(lookups[:], allowed) <= slices.Index(lookups[:], occasion)
}

// permission is whether and how a registry may be asked, by the settings of the moment.
type permission struct {
	given  bool
	access image.Access
}

// permissionFor is the permission on an occasion. It belongs to the read loop.
func (s *server) permissionFor(occasion string) permission {
	r := s.editor.Registry
	return permission{s.mayAsk(occasion), image.Access{Mirrors: r.Mirrors, Insecure: r.Insecure, Timeout: r.Timeout}}
}

// knowing adds what registries have said, and what was found in the images of a document, to what is known around it.
func (s *server) knowing(uri string, a around) around {
	a.facts.Images, a.facts.Scans = s.images.Since(time.Now().Add(-fresh)), s.scans[uri]
	return a
}

// current is an open document without what registries have said too long ago; nil if it is not open.
func (s *server) current(uri string) *document {
	doc := s.documents[uri]
	if doc == nil || len(doc.around.facts.Images) == 0 {
		return doc
	}
	known := s.knowing(uri, doc.around)
	if len(known.facts.Images) != len(doc.around.facts.Images) {
		s.take(doc.within(known))
	}
	return s.documents[uri]
}

// learn takes what registries have said, for all documents. What is not there may come any time, and is not remembered.
func (s *server) learn(known image.Known) {
	known = maps.Clone(known)
	maps.DeleteFunc(known, func(_ string, f image.Facts) bool { return f.Digest == "" })
	more := s.images.And(known)
	if reflect.DeepEqual(more, s.images) {
		return
	}
	s.images = more
	for _, doc := range s.documents {
		if doc.dockerfile {
			s.take(doc.within(s.knowing(doc.uri, doc.around)))
		}
	}
	s.refresh()
}

// answer makes the edits of an action that needs what a registry says: it asks, and shows that it does. It waits, and so
// must not run on the read loop.
func (s *server) answer(
	ctx context.Context, doc *document, action codeactions.Action, permitted permission,
) (codeactions.Action, error) {
	if action.Asks == nil {
		return action, nil
	}
	if !permitted.given {
		return action, failed("%q has to ask a registry, and `registry.lookups` is off", action.Title)
	}
	var kept []string
	answered, known, err := action.Answer(doc.snapshot, func(q image.Question) (image.Facts, error) {
		q.Access = permitted.access
		facts, err := s.askShown(ctx, q)
		if facts.Kept {
			kept = append(kept, fmt.Sprintf("The digest of %s is what its registry said %s; it was not asked now.",
				q.Reference.Key(), since(facts.Asked)))
		}
		return facts, err
	})
	s.onLoop(func() { s.learn(known) })
	switch {
	case errors.Is(err, context.Canceled):
		return action, err // by the client's request, or where it shows the progress
	case errors.As(err, new(codeactions.Unhelpful)):
		s.showMessage(protocol.MessageTypeInfo, err.Error())
		return action, failed("%s", err)
	case err != nil:
		s.showMessage(protocol.MessageTypeError, err.Error())
		return action, failed("%s", err)
	case !s.isCurrent(ctx, doc):
		return action, jsonrpc2.Errorf(codeContentModified,
			"the document has changed while the registry was asked: ask again")
	}
	for _, message := range kept {
		s.showMessage(protocol.MessageTypeInfo, message)
	}
	return answered, nil
}

// since says how long ago something was, as a clause.
func since(then time.Time) string {
	switch ago := time.Since(then); {
	case ago < time.Minute:
		return "a moment ago"
	case ago < 2*time.Hour:
		return fmt.Sprintf("%d minutes ago", int(ago.Minutes()))
	case ago < 48*time.Hour:
		return fmt.Sprintf("%d hours ago", int(ago.Hours()))
	}
	return "on " + then.UTC().Format(time.DateOnly)
}

// askShown asks, and shows the host that is asked; the user may stop it there.
func (s *server) askShown(ctx context.Context, q image.Question) (image.Facts, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	end := func() {}
	defer func() { end() }()
	q.Progress = func(host string) {
		var shown context.Context
		shown, end = s.show(ctx, fmt.Sprintf("Asking %s about %s", host, q.Reference.Key()))
		context.AfterFunc(shown, stop)
	}
	facts, err := s.resolver.Resolve(ctx, q)
	return facts, err
}

// isCurrent asks the read loop whether a document is still what the client has open: it may have been closed and opened
// again with another text and the same version.
func (s *server) isCurrent(ctx context.Context, doc *document) bool {
	current := make(chan bool, 1)
	s.onLoop(func() {
		now := s.documents[doc.uri]
		current <- now != nil && now.version == doc.version && now.snapshot.Text() == doc.snapshot.Text()
	})
	select {
	case is := <-current:
		return is
	case <-ctx.Done():
		return false
	}
}

// perDocument is how many images of a document are asked about in the background.
const perDocument = 20

// fresh is how long an answer counts: as long as the registry package gives it again without asking. Then it is known no
// more.
const fresh = time.Hour

// askInBackground asks about the images of a document that is opened or saved, where the user has allowed it. Nothing is
// said if there is no answer.
func (s *server) askInBackground(doc *document) {
	permitted, images := s.permissionFor(settings.InBackground), s.images
	if !doc.dockerfile || !permitted.given {
		return
	}
	s.start(func(ctx context.Context) {
		defer s.recovered("a look-up in the background")
		list := analysis.Images(doc.snapshot.Model())
		for _, ref := range list[:min(len(list), perDocument)] {
			if known, ok := images[ref.Key()]; ok && time.Since(known.Asked) < fresh {
				continue
			}
			facts, err := s.resolver.Resolve(ctx, image.Question{Reference: ref, Unasked: true, Access: permitted.access})
			if err != nil {
				s.log.Debug("registry", "error", err)
				continue
			}
			s.onLoop(func() { s.learn(image.Known{ref.Key(): facts}) })
		}
	})
}
