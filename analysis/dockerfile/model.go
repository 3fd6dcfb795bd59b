// Package dockerfile knows what a Dockerfile means: stages, names, and BuildKit's reading of each instruction.
// It must not know rules, the files around the Dockerfile, or that there is an editor.
package dockerfile

import (
	"strings"
	"sync"

	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/syntax"
)

// Model is the meaning of one version of a file. It is never changed.
type Model struct {
	*syntax.File
	Instructions []*Instruction
	Stages       []*Stage
	// Globals are the instructions in front of the first FROM.
	Globals []*Instruction
	// Readings are those of all instructions, for the model of the next version.
	Readings Readings

	named   map[string]*Stage // the last stage of each name, in lower case
	globals *scope
	places  map[*Instruction]place
	scopes  func() []*scope // made when a value is first asked for
}

// place is where an instruction of a stage stands: in which stage, and at which index of its Instructions; the FROM has -1.
// In front of the first FROM the stage is -1. What stands behind ONBUILD runs behind all of the stage and the triggers above
// it.
type place struct {
	stage, index int
	shell        *Instruction // the last SHELL of the stage in front of it
	trigger      bool
	triggers     int // how many triggers of the stage run in front of it
}

// Instruction is an instruction of the tree with BuildKit's reading of it.
type Instruction struct {
	*syntax.Instruction
	*Reading
	// Escape is the escape character in force.
	Escape byte
	// Inner is the instruction behind ONBUILD; nil for all others.
	Inner *Instruction

	file *syntax.File
}

// Stage is a FROM with the instructions up to the next one.
type Stage struct {
	Index int // zero-based, as in COPY --from=0
	From  *Instruction
	// Base is the image or stage that FROM names, as written; empty while it is not typed.
	Base syntax.Word
	// Name is the stage name behind AS, as written; empty if there is none.
	Name         syntax.Word
	Instructions []*Instruction // without the FROM

	parent     *Stage
	triggers   []*Instruction  // behind its ONBUILDs, for stages that are based on it
	base       Value           // of the word that names the base
	baseIsName bool            // an earlier stage has the base as its name, in any casing
	image      image.Reference // below all stages, if imageKnown
	imageKnown bool
	windows    bool
	shell      *Instruction // the last SHELL of the stage
}

// New makes the model of a tree. Instructions whose text stands in known are not read again; known may be nil.
func New(file *syntax.File, known Readings) *Model {
	m := &Model{
		File: file, Readings: make(Readings, len(file.Instructions)),
		places: make(map[*Instruction]place, len(file.Instructions)),
	}
	m.named = map[string]*Stage{}
	m.Instructions = make([]*Instruction, 0, len(file.Instructions))
	var missing []readingKey
	for _, inst := range file.Instructions {
		m.add(m.instruction(inst, known, &missing))
	}
	m.Readings.fill(missing)
	m.addGlobals()
	for _, s := range m.Stages {
		m.link(s)
	}
	m.scopes = sync.OnceValue(m.newScopes)
	return m
}

// instruction makes an instruction; if its reading is not known, its key is added to missing.
func (m *Model) instruction(inst *syntax.Instruction, known Readings, missing *[]readingKey) *Instruction {
	key := readingKey{readingText(m.File, inst), m.Escape}
	reading, ok := m.Readings[key]
	if !ok {
		if reading, ok = known[key]; !ok {
			reading = &Reading{script: parseScript(key)}
			*missing = append(*missing, key)
		}
		m.Readings[key] = reading
	}
	i := &Instruction{Instruction: inst, Reading: reading, Escape: m.Escape, file: m.File}
	if inst.Inner != nil {
		i.Inner = m.instruction(inst.Inner, known, missing)
	}
	return i
}

func (m *Model) add(inst *Instruction) {
	m.Instructions = append(m.Instructions, inst)
	if inst.Name == "FROM" {
		m.places[inst] = place{stage: len(m.Stages), index: -1}
		m.Stages = append(m.Stages, newStage(inst, len(m.Stages)))
		return
	}
	if len(m.Stages) == 0 {
		m.places[inst] = place{stage: -1, index: len(m.Globals)}
		if inst.Inner != nil {
			m.places[inst.Inner] = m.places[inst]
		}
		m.Globals = append(m.Globals, inst)
		return
	}
	stage := m.Stages[len(m.Stages)-1]
	m.places[inst] = place{stage: stage.Index, index: len(stage.Instructions), shell: stage.shell}
	if inst.Name == "SHELL" {
		stage.shell = inst
	}
	stage.Instructions = append(stage.Instructions, inst)
	if inst.Inner == nil {
		return
	}
	m.places[inst.Inner] = place{stage: stage.Index, index: endOfStage, trigger: true, triggers: len(stage.triggers)}
	if inst.Inner.Name != "ONBUILD" {
		stage.triggers = append(stage.triggers, inst.Inner)
	}
}

func newStage(from *Instruction, index int) *Stage {
	s := &Stage{Index: index, From: from}
	if len(from.Args) > 0 {
		s.Base = from.Args[0]
	}
	if len(from.Args) > 2 && strings.EqualFold(from.Args[1].Text, "as") {
		s.Name = from.Args[2]
	}
	return s
}

// link notes the name of a stage, and what its base is among the stages before it. BuildKit compares the base, with its
// variables filled in, with stage names in lower case (dispatchStates.addState).
func (m *Model) link(s *Stage) {
	s.base = m.Global(s.Base.Text)
	if base := s.base.Text; base != "" {
		_, s.baseIsName = m.named[strings.ToLower(base)]
		s.parent = m.named[base]
	}
	m.readImage(s)
	name := strings.ToLower(s.Name.Text)
	if name == "" {
		return
	}
	m.named[name] = s
}

// readImage notes what is known of the image below a stage.
func (m *Model) readImage(s *Stage) {
	if s.parent != nil {
		s.image, s.imageKnown, s.windows = s.parent.image, s.parent.imageKnown, s.parent.windows
	} else if s.base.Text != "" && s.base.Text != "scratch" {
		ref, err := image.Parse(s.base.Text)
		s.image, s.imageKnown = ref, err == nil
		s.windows = s.imageKnown && ref.Windows()
	}
	for _, flag := range s.From.Flags {
		if platform := m.Global(flag.Value.Text); flag.Name.Text == "platform" && platform.State == Known &&
			platform.Text != "" {
			s.windows = strings.HasPrefix(strings.ToLower(platform.Text), "windows")
		}
	}
}

// Parent is the earlier stage that a stage is based on, or nil if its base is an image.
func (m *Model) Parent(s *Stage) *Stage { return s.parent }

// Named is the stage that a name of COPY --from, or of a mount's from, means; nil if it is an image. Of several stages with
// a name BuildKit takes the last of the file.
func (m *Model) Named(name string) *Stage { return m.named[strings.ToLower(name)] }

// Body is the text of a heredoc of the instruction.
func (inst *Instruction) Body(h syntax.Heredoc) string { return h.Body.Of(inst.file.Text) }
