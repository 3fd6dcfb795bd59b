package rules

import (
	"strings"
	"unicode/utf8"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

var curlyQuotes = &lint.Rule{
	ID:       "curly-quotes",
	Severity: lint.Error,
	Section:  5,
	Title:    "Typographic quotes stand where straight ones are meant.",
	Why: "Texts that went through a word processor or a web page have “curly” quotes. To JSON and to a shell they are " +
		"letters: the array is none, and the words keep the quotes.",
	CheckInstruction: func(p *lint.Pass, inst *dockerfile.Instruction) {
		if p.Rejected(inst) {
			return
		}
		quotes := typographicQuotes(inst)
		if len(quotes) == 0 {
			return
		}
		f := lint.Finding{
			Span:    quotes[0].Span,
			Message: "The quote `" + quotes[0].written + "` is a letter here: write `" + quotes[0].straight + "`.",
		}
		if fix, ok := straighten(inst, quotes); ok {
			f.Fixes = []lint.Fix{fix}
		}
		p.Report(f)
	},
}

// quote is a typographic quote with the straight one that is meant.
type quote struct {
	text.Span // in the file
	at        int
	written   string
	straight  string
	// opens and closes say that the quote stands where one can: at the start or at the end of a word.
	opens, closes bool
}

// typographicQuotes finds the quotes of an instruction that are meant to quote: all of them outside strings in what looks
// like an array, and pairs around words elsewhere.
func typographicQuotes(inst *dockerfile.Instruction) []quote {
	switch inst.Name {
	case "LABEL", "MAINTAINER", "ONBUILD":
		return nil // plain text, or told of the inner instruction
	}
	from, to := inst.RestRange()
	line := inst.Line.Text
	if strings.Contains(line[from:to], "echo ") || strings.Contains(line[from:to], "printf ") {
		return nil // it may be the text that is printed
	}
	quotes := scanQuotes(inst, from, to)
	if looksLikeArray(inst) {
		return quotes
	}
	return pairs(quotes)
}

// looksLikeArray reports whether the command of an instruction begins with a bracket and a quote.
func looksLikeArray(inst *dockerfile.Instruction) bool {
	if len(inst.Args) == 0 {
		return false
	}
	written := inst.Rest.Text
	if inst.Name == "HEALTHCHECK" {
		written = inst.Args[len(inst.Args)-1].Text
	}
	inside, found := strings.CutPrefix(written, "[")
	inside = strings.TrimLeft(inside, " \t")
	r, _ := utf8.DecodeRuneInString(inside)
	return found && (r == '"' || straightFor(r) != "")
}

func scanQuotes(inst *dockerfile.Instruction, from, to int) []quote {
	line := inst.Line.Text
	array := looksLikeArray(inst)
	var quotes []quote
	var inside rune
	for at := from; at < to; {
		r, width := utf8.DecodeRuneInString(line[at:])
		switch straight := straightFor(r); {
		case r == rune(inst.Escape) && inside != '\'':
			at += width
			_, width = utf8.DecodeRuneInString(line[at:to])
		case inside != 0 && r == inside:
			inside = 0
		case inside != 0:
		case r == '"' || r == '\'':
			inside = r
		case straight != "":
			if array {
				straight = `"` // the only quote of JSON
			}
			quotes = append(quotes, quote{
				Span: inst.Line.Span(at, at+width), at: at, written: string(r), straight: straight,
				opens:  at == from || strings.IndexByte(" \t=[,(", line[at-1]) >= 0,
				closes: at+width == to || strings.IndexByte(" \t],;)&|", line[at+width]) >= 0,
			})
		}
		at += width
	}
	return quotes
}

// straightFor is the straight quote for a typographic one, or empty.
func straightFor(r rune) string {
	switch r {
	case '“', '”', '„', '‟', '″':
		return `"`
	case '‘', '’', '‚', '‛', '′':
		return `'`
	}
	return ""
}

// pairs keeps quotes that open at the start of a word and close at the end of one.
func pairs(quotes []quote) []quote {
	var kept []quote
	for i := 0; i+1 < len(quotes); i++ {
		if quotes[i].opens && quotes[i+1].closes && quotes[i].straight == quotes[i+1].straight {
			kept = append(kept, quotes[i], quotes[i+1])
			i++
		}
	}
	return kept
}

// straighten makes the fix, if the instruction is well formed with it.
func straighten(inst *dockerfile.Instruction, quotes []quote) (lint.Fix, bool) {
	fix := lint.Fix{Title: "Replace the typographic quotes by straight ones", Safe: true}
	var local []text.Edit
	for i, q := range quotes {
		if i%2 == 0 && i+1 < len(quotes) && strings.Contains(inst.Line.Text[q.at:quotes[i+1].at], q.straight) {
			return fix, false // it would end at the quote inside
		}
		fix.Edits = append(fix.Edits, text.Edit{Span: q.Span, New: q.straight})
		local = append(local, text.Edit{Span: text.Span{Start: q.at, End: q.at + len(q.written)}, New: q.straight})
	}
	line, err := text.Apply(inst.Line.Text, local)
	if err != nil {
		return fix, false
	}
	return fix, wellFormed(line, inst)
}

// wellFormed reports whether a logical line that replaces the one of an instruction is an array if it looks like one, and
// has all its quotes closed if not.
func wellFormed(line string, inst *dockerfile.Instruction) bool {
	source := line
	if inst.Escape != '\\' {
		source = "# escape=" + string(inst.Escape) + "\n" + line
	}
	fixed := syntax.Parse(source).Instructions
	if len(fixed) != 1 {
		return false
	}
	made := fixed[0]
	if made.Inner != nil {
		made = made.Inner
	}
	if strings.HasPrefix(inst.Rest.Text, "[") || looksLikeArray(inst) {
		return made.JSON != nil && !made.JSON.Unfinished && made.JSON.NotString == nil
	}
	return syntax.Expand(made.Rest.Text, inst.Escape).Problem == nil
}
