package lint

import (
	"slices"

	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/secret"
	"dockerfile-ls/analysis/text"
)

// Finding is one place at which a rule fires. Spans are byte offsets into the file.
type Finding struct {
	Rule     *Rule
	Severity Severity
	text.Span
	Message string
	Fixes   []Fix
	Related []Related
	// Ask is what a registry would have to say for a fix, where it has not been asked; nil if it would give none.
	Ask *Ask
	// File is the path in the context of another file that has the mistake; empty if this one has it.
	File string
	// Patterns are those that the ignore file lacks; none if the finding is not about it.
	Patterns []string
	// Refusals are fixes that the finding makes one think of, and that would be wrong here.
	Refusals []Refusal
}

// Ask is a fix that needs what a registry says of an image. When that is in Pass.Images, the same finding has the fix
// instead, under the same title and with Asked set, or asks for another image.
type Ask struct {
	Title   string
	Risk    string // that of the fix
	Image   image.Reference
	Details bool // image.Facts.Details are needed too
	// Guess says that the file does not name the image, which need not be there.
	Guess bool
	// Otherwise says, as a sentence, why there is no such fix where a registry has answered and gives none.
	Otherwise string
}

// Refusal is a fix that is not offered, with the reason as a clause.
type Refusal struct{ Title, Reason string }

// Related is another place that explains a finding.
type Related struct {
	text.Span
	Message string
}

// Fix is a change of this file that mends a finding, made of the file's text alone.
type Fix struct {
	Title string // a verb phrase
	Edits []text.Edit
	// Safe says that nothing changes except what the finding names. The zero value is the careful one: offered, but never
	// part of fix-all.
	Safe bool
	// Asked says that it is made of what a registry has said: the user asks for it, and it is never part of fix-all. It
	// is as risky as Risk says.
	Asked bool
	// Risk names what else may change, as a few words that can follow the title in parentheses; empty if Safe, and if the
	// user has asked for just this.
	Risk string
}

// Label is the title with the risk, so that nobody takes a risky fix for a safe one.
func (f Fix) Label() string { return label(f.Title, f.Risk) }

// Label is that of the fix.
func (a Ask) Label() string { return label(a.Title, a.Risk) }

func label(title, risk string) string {
	if risk == "" {
		return title
	}
	return title + " (" + risk + ")"
}

// hidden returns a copy of the finding whose texts have no passwords.
func (f Finding) hidden() Finding {
	f.Message = secret.Hide(f.Message)
	f.Fixes, f.Related, f.Refusals = slices.Clone(f.Fixes), slices.Clone(f.Related), slices.Clone(f.Refusals)
	for i := range f.Fixes {
		f.Fixes[i].Title = secret.Hide(f.Fixes[i].Title)
	}
	for i := range f.Related {
		f.Related[i].Message = secret.Hide(f.Related[i].Message)
	}
	for i := range f.Refusals {
		f.Refusals[i].Title, f.Refusals[i].Reason = secret.Hide(f.Refusals[i].Title), secret.Hide(f.Refusals[i].Reason)
	}
	if f.Ask != nil {
		ask := *f.Ask
		ask.Title, ask.Otherwise = secret.Hide(ask.Title), secret.Hide(ask.Otherwise)
		f.Ask = &ask
	}
	return f
}

// Inside reports whether all places of a finding, those of its fixes and related ones too, lie in a span.
func (f Finding) Inside(s text.Span) bool {
	places := []text.Span{f.Span}
	for _, fix := range f.Fixes {
		for _, e := range fix.Edits {
			places = append(places, e.Span)
		}
	}
	for _, r := range f.Related {
		places = append(places, r.Span)
	}
	return !slices.ContainsFunc(places, func(p text.Span) bool { return p.Start > p.End || !s.Contains(p) })
}

// shift returns a copy of the finding with all spans moved by delta bytes.
func (f Finding) shift(delta int) Finding {
	f.Span = f.Span.Shift(delta)
	fixes := f.Fixes
	f.Fixes = nil
	for _, fix := range fixes {
		edits := fix.Edits
		fix.Edits = make([]text.Edit, len(edits))
		for i, e := range edits {
			fix.Edits[i] = text.Edit{Span: e.Span.Shift(delta), New: e.New}
		}
		f.Fixes = append(f.Fixes, fix)
	}
	related := f.Related
	f.Related = nil
	for _, rel := range related {
		f.Related = append(f.Related, Related{rel.Span.Shift(delta), rel.Message})
	}
	return f
}
