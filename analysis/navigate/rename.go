package navigate

import (
	"errors"
	"fmt"
	"strings"

	"dockerfile-ls/analysis/text"
)

// CanRename says why a symbol cannot be renamed, whatever the new name is; nil if it can.
func (s *Symbol) CanRename() error {
	switch {
	case s.refusal != "":
		return errors.New(s.refusal)
	case s.At.Unnamed:
		return fmt.Errorf("a number is not renamed: rename the stage `%s` where its name stands", s.Name)
	}
	return nil
}

// Rename is the edits that give a symbol another name, in byte offsets. The error names the reason why that cannot be, and
// what to do.
func (s *Symbol) Rename(to string) ([]text.Edit, error) {
	if err := s.CanRename(); err != nil {
		return nil, err
	}
	if to == s.Name {
		return nil, nil
	}
	if reason := s.clash(to); reason != "" {
		return nil, errors.New(reason)
	}
	var edits []text.Edit
	for _, p := range s.Places {
		switch {
		case p.Unnamed:
		case p.lower:
			edits = append(edits, text.Edit{Span: p.Span, New: strings.ToLower(to)})
		default:
			edits = append(edits, text.Edit{Span: p.Span, New: to})
		}
	}
	return edits, nil
}
