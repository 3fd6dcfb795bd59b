package codeactions

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/text"
)

// hardenTitle is the title of the action that hardens a Dockerfile.
const hardenTitle = "Harden this Dockerfile"

// harden offers to make everything that mends a finding, wherever the cursor stands. What it comes to takes a look at the
// disk and at registries, and so is computed when it is chosen: see Hardener.
func harden(s *analysis.Snapshot, _ text.Span) []Action {
	if len(s.Findings()) == 0 {
		return nil
	}
	return []Action{{Title: hardenTitle, Kind: HardenKind, Hardens: true, Refused: unreadable(s)}}
}

// unreadable is why a Dockerfile cannot be hardened, as a clause: what it means is not known where BuildKit does not read
// it.
func unreadable(s *analysis.Snapshot) string {
	for _, f := range s.Findings() {
		if f.Rule.Syntax {
			line, _ := s.Lines().OneBased(f.Start)
			return fmt.Sprintf("line %d has to be mended first: %s", line, f.Message)
		}
	}
	return ""
}

// Hardener makes all actions that mend findings, the safe ones and the first of the others, until none is left.
type Hardener struct {
	// Look reads what lies around a version of the Dockerfile, where the files with these paths have other texts.
	Look func(s *analysis.Snapshot, texts map[string]string) *project.Surroundings
	// Ask asks a registry; nil if none may be asked.
	Ask func(image.Question) (image.Facts, error)
	// Careful leaves the risky ones out.
	Careful bool
}

// Hardened is what a Dockerfile and the files around it become.
type Hardened struct {
	// Action is one change from what there was to what there is; without edits if nothing is to be done. It tells what the
	// user has to do besides.
	Action
	// Steps are the actions that were made, in their order.
	Steps []Action
	// After is the Dockerfile as it is then, with what lies around it then.
	After *analysis.Snapshot
	// Unasked are the reasons why registries have not said what was to be asked, each once.
	Unasked []string
}

// maxSteps bounds how many actions are made; each is for one finding.
const maxSteps = 200

// Harden makes the actions one after the other, each for what the last one has left: first what there is to mend, then the
// split into stages, then smaller images for the final stage, and last the digests of all of them. It is refused where
// BuildKit does not read the file.
func (h Hardener) Harden(s *analysis.Snapshot) Hardened {
	if reason := unreadable(s); reason != "" {
		return Hardened{Action: Action{Title: hardenTitle, Kind: HardenKind, Refused: reason}, After: s}
	}
	w := &hardening{Hardener: h, before: s, now: s, files: map[string]*changedFile{}, failed: map[string]bool{}}
	w.mendAll(func(rule string) bool { return rule != rules.FullSizeBaseImage && !writesDigest(rule) })
	w.split()
	w.mendAll(func(rule string) bool { return !writesDigest(rule) })
	for range maxSteps {
		if !w.pin() {
			break // a rule tells a hundred findings of a file, and the others then
		}
	}
	w.mendAll(func(string) bool { return true })
	return Hardened{Action: w.action(), Steps: w.steps, After: w.now, Unasked: w.unasked}
}

// writesDigest reports whether the fixes of a rule write digests, which come last: an image with one has no other variant
// that is known.
func writesDigest(rule string) bool {
	return rule == rules.BaseImageWithoutDigest || rule == rules.OutdatedDigest
}

// reachesOthers reports whether the fixes of a rule at a FROM reach the stages that are based on it.
func reachesOthers(rule string) bool {
	return rule == rules.FullSizeBaseImage || rule == rules.NodeEnvNotProduction
}

// hardening is a Dockerfile on its way.
type hardening struct {
	Hardener
	before, now *analysis.Snapshot
	files       map[string]*changedFile // by path in the file system
	steps       []Action
	failed      map[string]bool // actions that did not mend, or could not be made
	unasked     []string
}

// changedFile is a file besides the Dockerfile, as it was and as it is; there says whether it was.
type changedFile struct {
	before, now string
	there       bool
}

// mendAll makes what mends the findings of some rules, and again of what is found then.
func (w *hardening) mendAll(wanted func(rule string) bool) {
	for range maxSteps {
		if !w.mendOne(wanted) {
			return
		}
	}
}

// mendOne makes the first action that mends a finding, by the sections of the cheat sheet; false if there is none.
func (w *hardening) mendOne(wanted func(rule string) bool) bool {
	for _, f := range bySection(w.now.Findings()) {
		if !wanted(f.Rule.ID) || reachesOthers(f.Rule.ID) && isShared(w.now.Model(), f) {
			continue
		}
		for _, a := range mending(w.now, &f) {
			if !w.wants(a) {
				continue
			}
			if w.make(a) {
				return true
			}
			w.failed[keyOf(a)] = true
		}
	}
	return false
}

// isShared reports whether other stages are based on the one at whose FROM a finding stands: they may need what a smaller
// image lacks, or what NODE_ENV has an install leave out.
func isShared(m *dockerfile.Model, f lint.Finding) bool {
	return slices.ContainsFunc(m.Stages, func(s *dockerfile.Stage) bool {
		parent := m.Parent(s)
		return parent != nil && parent.From.Contains(f.Span)
	})
}

// bySection are findings in the order of the cheat sheet, which begins with what later sections build on; those that it does
// not have come last.
func bySection(findings []lint.Finding) []lint.Finding {
	order := func(f lint.Finding) int { return cmp.Or(f.Rule.Section, 11) }
	return slices.SortedStableFunc(slices.Values(findings), func(a, b lint.Finding) int { return order(a) - order(b) })
}

// wants leaves out what has failed already, in the same place or in another.
func (w *hardening) wants(a Action) bool {
	return a.Refused == "" && a.Mends != nil && !w.failed[keyOf(a)] && !(w.Careful && a.Risk == Risky)
}

func keyOf(a Action) string {
	if a.Mends == nil {
		return a.Title
	}
	return a.Title + "\n" + a.Mends.Message
}

// make makes an action, if BuildKit reads the result and the finding is gone then.
func (w *hardening) make(a Action) bool {
	known := w.now.Facts().Images
	if a.Asks != nil {
		if w.Ask == nil {
			return false
		}
		var err error
		if a, known, err = a.Answer(w.now, w.Ask); err != nil {
			if !slices.Contains(w.unasked, err.Error()) {
				w.unasked = append(w.unasked, err.Error())
			}
			return false
		}
	}
	a = a.Made()
	files, ok := w.filesBehind(a)
	if !ok {
		return false
	}
	result, err := text.Apply(w.now.Text(), a.Edits)
	if err != nil {
		return false
	}
	next := w.look(result, files, known)
	if rejections(next) > rejections(w.now) || isFound(next, a) {
		return false
	}
	w.now, w.files, w.steps = next, files, append(w.steps, a)
	return true
}

// split makes two stages of the one that builds and runs, if that is possible.
func (w *hardening) split() {
	if a, offered := splitStages(w.now); offered && a.Refused == "" && !w.Careful {
		w.make(a)
	}
}

// pin writes the digests of all base images in one step, where there are several. If a registry does not answer for one
// of them, each is asked for by itself then.
func (w *hardening) pin() bool {
	n := 0
	for _, f := range w.now.Findings() {
		if f.Rule.ID == rules.BaseImageWithoutDigest && (f.Ask != nil || len(f.Fixes) > 0) {
			n++
		}
	}
	if n < 2 {
		return false
	}
	a := Action{Title: "Insert digests", Kind: QuickFix, Risk: Asked, again: baseDigests}
	a.Edits, a.Asks = baseDigests(w.now, w.now.Facts().Images)
	if a.Asks == nil && len(a.Edits) == 0 || !w.make(a) {
		return false
	}
	made := &w.steps[len(w.steps)-1]
	if made.Title = "Insert a digest"; len(made.Edits) > 1 {
		made.Title = fmt.Sprintf("Insert %d digests", len(made.Edits))
	}
	return true
}

// isFound reports whether the finding of an action is still there; it is not if there was none.
func isFound(s *analysis.Snapshot, a Action) bool {
	if a.Mends == nil {
		return false
	}
	shift := 0
	for _, e := range a.Edits {
		if e.End <= a.Mends.Start {
			shift += len(e.New) - e.Len()
		}
	}
	return slices.ContainsFunc(s.Findings(), func(f lint.Finding) bool {
		return f.Rule == a.Mends.Rule && f.Message == a.Mends.Message && f.Start == a.Mends.Start+shift
	})
}

// look is a text with what lies around it when some files are other ones.
func (w *hardening) look(source string, files map[string]*changedFile, known image.Known) *analysis.Snapshot {
	next := analysis.New(source, w.now.Facts(), w.now)
	facts := w.now.Facts()
	facts.Images = known
	texts := map[string]string{}
	for name, file := range files {
		texts[name] = file.now
	}
	if w.Look != nil {
		facts.Project = w.Look(next, texts)
	}
	return next.With(facts)
}

// filesBehind are the files besides the Dockerfile behind an action; false if they are not what the action was computed
// from.
func (w *hardening) filesBehind(a Action) (map[string]*changedFile, bool) {
	files := maps.Clone(w.files)
	for _, created := range a.Creates {
		if files[created.Path] != nil {
			return nil, false
		}
		files[created.Path] = &changedFile{now: created.Text}
	}
	for _, other := range a.Others {
		file := changedFile{before: other.Text, now: other.Text, there: true}
		if was := files[other.Path]; was != nil {
			file = *was
		}
		result, err := text.Apply(other.Text, other.Edits)
		if err != nil || file.now != other.Text {
			return nil, false
		}
		file.now = result
		files[other.Path] = &file
	}
	return files, true
}

// action is all that was made as one change.
func (w *hardening) action() Action {
	a := Action{Title: hardenTitle, Kind: HardenKind, Edits: difference(w.before.Text(), w.now.Text())}
	for _, name := range slices.Sorted(maps.Keys(w.files)) {
		switch file := w.files[name]; {
		case !file.there:
			a.Creates = append(a.Creates, NewFile{name, file.now})
		case file.now != file.before:
			a.Others = append(a.Others, OtherFile{name, file.before, difference(file.before, file.now)})
		}
	}
	var told []string
	for _, step := range w.steps {
		a.Parts = append(a.Parts, step.Title)
		if step.Tells != "" && !slices.Contains(told, step.Tells) {
			told = append(told, step.Tells)
		}
	}
	a.Tells = strings.Join(told, " ")
	return a
}

// difference are the edits from a text to another one: whole lines, and only those that are other ones then.
func difference(before, after string) []text.Edit {
	var edits []text.Edit
	for _, e := range udiff.Lines(before, after) {
		edits = append(edits, text.Edit{Span: text.Span{Start: e.Start, End: e.End}, New: e.New})
	}
	return edits
}
