package lint

import (
	"slices"
	"sort"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// Pragma is a comment that silences rules: ours, hadolint's or BuildKit's.
type Pragma struct {
	text.Span // of the comment
	// Ours says that the pragma is written for this tool: then a name that nobody knows, or that silences nothing, is told.
	Ours  bool
	Names []PragmaName
	// check says that the pragma is BuildKit's.
	check bool
	// instruction is the one that is meant; nil if the pragma counts for the whole file.
	instruction *dockerfile.Instruction
}

// PragmaName is a rule in a pragma, by its ID or an alias.
type PragmaName struct {
	syntax.Word
	Known bool // there is such a rule
	Used  bool // it has silenced a finding
}

// pragmas reads the pragmas of a file:
//
//	# dockerfile-ls ignore=rule,rule        the next instruction, or the one that the comment stands in
//	# dockerfile-ls ignore-file=rule,rule   the file; in front of the first instruction
//	# hadolint ignore=DL3006                the instruction on the next line
//	# hadolint global ignore=DL3006         the file; in front of the first instruction
//	# check=skip=Rule,Rule or skip=all      the file as a directive, the next instruction as a comment
func pragmas(m *dockerfile.Model) []*Pragma {
	var found []*Pragma
	for i := range m.Directives {
		d := &m.Directives[i]
		if strings.EqualFold(d.Name.Text, "check") {
			found = appendPragma(found, skipList(d.Span, d.Value))
		}
	}
	next := 0
	for _, c := range m.Comments {
		for next < len(m.Instructions) && m.Instructions[next].Extent.End <= c.Start {
			next++
		}
		found = appendPragma(found, commentPragma(m, c, next))
	}
	return found
}

// PragmaNames are the names of rules in the pragmas of a file.
func PragmaNames(m *dockerfile.Model) []syntax.Word {
	var names []syntax.Word
	for _, p := range pragmas(m) {
		for _, name := range p.Names {
			names = append(names, name.Word)
		}
	}
	return names
}

func appendPragma(list []*Pragma, p *Pragma) []*Pragma {
	if p == nil {
		return list
	}
	return append(list, p)
}

// commentPragma reads the pragma in a comment; next is the index of the instruction behind it, or around it.
func commentPragma(m *dockerfile.Model, c syntax.Comment, next int) *Pragma {
	body := textBehind(m.Text, c.Span, "#")
	var inst *dockerfile.Instruction
	if next < len(m.Instructions) {
		inst = m.Instructions[next]
	}
	if rest, ok := cutWord(body, "dockerfile-ls"); ok {
		return ours(c.Span, rest, inst, next == 0)
	}
	if rest, ok := cutWord(body, "hadolint"); ok {
		return hadolints(m, c.Span, rest, inst, next == 0)
	}
	if d, ok := syntax.DirectiveIn(m.Text, c.Span); ok && strings.EqualFold(d.Name.Text, "check") && inst != nil &&
		inst.Start > c.Start {
		p := skipList(c.Span, d.Value)
		if p != nil {
			p.instruction = inst
		}
		return p
	}
	return nil
}

// IsInstructionPragma reports whether a comment has the form of a pragma that counts for the instruction below it: ours,
// hadolint's or BuildKit's.
func IsInstructionPragma(source string, comment text.Span) bool {
	body := textBehind(source, comment, "#")
	for _, tool := range [...]string{"dockerfile-ls", "hadolint"} {
		if rest, ok := cutWord(body, tool); ok {
			_, ignores := cutKey(rest, "ignore")
			return ignores
		}
	}
	d, ok := syntax.DirectiveIn(source, comment)
	return ok && strings.EqualFold(d.Name.Text, "check")
}

func ours(comment text.Span, rest syntax.Word, inst *dockerfile.Instruction, first bool) *Pragma {
	if list, ok := cutKey(rest, "ignore-file"); ok && first {
		return &Pragma{Span: comment, Ours: true, Names: names(list)}
	}
	if list, ok := cutKey(rest, "ignore"); ok && inst != nil {
		return &Pragma{Span: comment, Ours: true, Names: names(list), instruction: inst}
	}
	return nil
}

func hadolints(m *dockerfile.Model, comment text.Span, rest syntax.Word, inst *dockerfile.Instruction, first bool) *Pragma {
	if global, ok := cutWord(rest, "global"); ok {
		if list, ok := cutKey(global, "ignore"); ok && first {
			return &Pragma{Span: comment, Names: names(list)}
		}
		return nil
	}
	list, ok := cutKey(rest, "ignore")
	if !ok || inst == nil || inst.Start < comment.Start || strings.Count(m.Text[comment.End:inst.Start], "\n") != 1 {
		return nil
	}
	return &Pragma{Span: comment, Names: names(list), instruction: inst}
}

// skipList reads the rules of a check directive's skip option.
func skipList(comment text.Span, value syntax.Word) *Pragma {
	for option := range split(value, ';') {
		if list, ok := cutKey(trim(option), "skip"); ok {
			return &Pragma{Span: comment, Names: names(list), check: true}
		}
	}
	return nil
}

// all reports whether a name stands for all checks of BuildKit.
func (p *Pragma) all(name string) bool { return p.check && name == "all" }

// isBuildKits reports whether BuildKit has the check too: it has names where hadolint has numbers.
func (r *Rule) isBuildKits() bool {
	return slices.ContainsFunc(r.Aliases, func(a string) bool { return !strings.HasPrefix(a, "DL") })
}

// names splits a list at its commas; words behind the first blank of a name are a remark.
func names(list syntax.Word) []PragmaName {
	var out []PragmaName
	for word := range split(list, ',') {
		word = trim(word)
		if blank := strings.IndexAny(word.Text, " \t"); blank >= 0 {
			word = part(word, 0, blank)
		}
		if word.Text != "" {
			out = append(out, PragmaName{Word: word})
		}
	}
	return out
}

// silence takes away the findings that a pragma silences, and notes in the pragmas what they know and did. What BuildKit
// rejects is not silenced.
func silence(found []Finding, list []*Pragma, m *dockerfile.Model, rules []*Rule) []Finding {
	for _, p := range list {
		for i := range p.Names {
			p.Names[i].Known = slices.ContainsFunc(rules, func(r *Rule) bool { return r.IsCalled(p.Names[i].Text) })
		}
	}
	if len(list) == 0 {
		return found
	}
	meant := map[*dockerfile.Instruction][]*Pragma{}
	for _, p := range list {
		meant[p.instruction] = append(meant[p.instruction], p)
	}
	return slices.DeleteFunc(found, func(f Finding) bool {
		if f.Rule.Syntax && f.Severity == Error {
			return false
		}
		everywhere := silenced(f, meant[nil])
		here := instructionAt(m, f.Start)
		return here != nil && silenced(f, meant[here]) || everywhere
	})
}

// instructionAt is the instruction whose lines hold an offset; nil between instructions.
func instructionAt(m *dockerfile.Model, offset int) *dockerfile.Instruction {
	i := sort.Search(len(m.Instructions), func(i int) bool { return m.Instructions[i].Extent.End > offset })
	if i == len(m.Instructions) || m.Instructions[i].Extent.Start > offset {
		return nil
	}
	return m.Instructions[i]
}

// silenced reports whether one of the pragmas names the rule of a finding, and notes which do.
func silenced(f Finding, list []*Pragma) bool {
	gone := false
	for _, p := range list {
		for i := range p.Names {
			name := &p.Names[i]
			if p.all(name.Text) && f.Rule.isBuildKits() || f.Rule.IsCalled(name.Text) {
				name.Used = true
				gone = true
			}
		}
	}
	return gone
}

// IsCalled reports whether a name is the rule's ID or one of its aliases; casing does not count.
func (r *Rule) IsCalled(name string) bool {
	return strings.EqualFold(r.ID, name) || slices.ContainsFunc(r.Aliases, func(a string) bool {
		return strings.EqualFold(a, name)
	})
}
