package shell

import (
	"slices"
	"strings"

	sh "mvdan.cc/sh/v3/syntax"

	"dockerfile-ls/analysis/text"
)

// walker turns the statements of one script into commands.
type walker struct {
	*reader
	job
	flow flow
}

// flow is where a list of commands stands.
type flow struct {
	joint Joint // what the next command comes behind; Start at the beginning
	last  int   // the index of the last command of the list, -1 at the beginning
}

func (w *walker) list(stmts []*sh.Stmt, in Context) {
	for i, s := range stmts {
		if i > 0 {
			w.flow.joint = w.separator(stmts[i-1])
		}
		w.stmt(s, in)
	}
}

// separator is what stands behind a statement of a list.
func (w *walker) separator(s *sh.Stmt) Joint {
	if !s.Semicolon.IsValid() {
		_, end := w.bounds(s)
		at := w.src.span(end, end).Start
		if w.flow.last >= 0 {
			at = max(at, w.out.Commands[w.flow.last].End) // the parser's end is wrong behind a continued name
		}
		return Joint{Span: text.Span{Start: at, End: at}, Operator: Newline}
	}
	at := offset(s.Semicolon)
	joint := Joint{Span: w.src.span(at, at+1), Operator: Semicolon}
	if s.Background {
		joint.Operator = Background
	}
	return joint
}

// branch reads a list whose first command has nothing in front of it.
func (w *walker) branch(stmts []*sh.Stmt, in Context) {
	w.flow.joint = Joint{}
	w.list(stmts, in)
}

// apart reads a list that runs beside the commands around it.
func (w *walker) apart(stmts []*sh.Stmt, in Context) {
	around := w.flow
	w.flow = flow{last: -1}
	w.list(stmts, in)
	w.flow = around
}

func (w *walker) stmt(s *sh.Stmt, in Context) {
	if s.Background {
		in |= InBackground
	}
	if s.Negated {
		in |= InNegation
	}
	if w.simple(s, in) {
		return
	}
	block := len(w.out.Blocks)
	w.compound(s, in)
	if len(s.Redirs) > 0 {
		around, redirects := w.flow, len(w.out.Commands)
		w.flow = flow{last: -1}
		w.redirectsOnly(s.Redirs, in)
		w.flow = around
		if isBlock(s) {
			w.out.Blocks[block].Redirects = w.out.Commands[redirects].Span
		}
	}
}

func isBlock(s *sh.Stmt) bool {
	switch s.Cmd.(type) {
	case *sh.Block, *sh.Subshell:
		return true
	}
	return false
}

// simple reads a statement that is one command; it returns false for any other.
func (w *walker) simple(s *sh.Stmt, in Context) bool {
	switch cmd := s.Cmd.(type) {
	case nil:
		w.redirectsOnly(s.Redirs, in)
	case *sh.CallExpr:
		w.call(cmd, s.Redirs, in)
	case *sh.DeclClause:
		w.declaration(cmd, s.Redirs, in)
	case *sh.LetClause:
		w.keyword(cmd, "let", s.Redirs, in)
		w.arithmetic(cmd.Exprs, in)
	case *sh.ArithmCmd:
		w.keyword(cmd, "((", s.Redirs, in)
		w.arithmetic([]sh.ArithmExpr{cmd.X}, in)
	case *sh.TestClause:
		w.test(cmd, s.Redirs, in)
	default:
		return false
	}
	return true
}

func (w *walker) compound(s *sh.Stmt, in Context) {
	switch cmd := s.Cmd.(type) {
	case *sh.BinaryCmd:
		w.chain(s, in)
	case *sh.Block:
		w.block(cmd.Lbrace, cmd.Rbrace, false)
		w.list(cmd.Stmts, in|InGroup)
	case *sh.Subshell:
		w.block(cmd.Lparen, cmd.Rparen, true)
		w.list(cmd.Stmts, in|InSubshell)
	case *sh.IfClause:
		w.conditional(cmd, in)
	case *sh.WhileClause:
		w.list(cmd.Cond, in|InCondition|InLoop)
		w.branch(cmd.Do, in|InLoop)
	case *sh.ForClause:
		w.loop(cmd, in)
	case *sh.CaseClause:
		w.cases(cmd, in)
	case *sh.FuncDecl:
		if cmd.Name == nil { // the parser takes () for a function of zsh
			start, end := w.bounds(cmd)
			w.unknown(w.src.span(start, end), SyntaxError, "a function has no name")
			return
		}
		last := w.flow.last
		w.out.Functions = append(w.out.Functions, cmd.Name.Value)
		w.branch([]*sh.Stmt{cmd.Body}, in|InFunction)
		w.flow.last = last
	case *sh.TimeClause:
		if cmd.Stmt != nil {
			w.stmt(cmd.Stmt, in|InTime)
		}
	case *sh.CoprocClause:
		w.stmt(cmd.Stmt, in|InBackground)
	}
}

// block notes a group or a subshell. One that the script does not close has no end that is known.
func (w *walker) block(left, right sh.Pos, subshell bool) {
	b := Block{Span: w.src.span(offset(left), offset(left)+1), Subshell: subshell}
	if right.IsValid() {
		b.End = w.src.span(offset(right), offset(right)+1).End
	}
	b.Redirects = text.Span{Start: b.End, End: b.End}
	w.out.Blocks = append(w.out.Blocks, b)
}

// chain reads a && b || c, or a | b | c. It is nested on the left, once for each operator, so it is taken apart in a loop.
func (w *walker) chain(s *sh.Stmt, in Context) {
	var right []*sh.BinaryCmd
	first := s
	for {
		cmd, ok := first.Cmd.(*sh.BinaryCmd)
		if !ok || len(right) > 0 && (first.Negated || isPipe(cmd) != isPipe(right[0])) {
			break
		}
		right = append(right, cmd)
		first = cmd.X
	}
	if isPipe(right[0]) {
		in |= InPipeline
	}
	w.stmt(first, in)
	for _, cmd := range slices.Backward(right) {
		at := offset(cmd.OpPos)
		w.flow.joint = Joint{Span: w.src.span(at, at+len(cmd.Op.String())), Operator: operatorOf(cmd.Op)}
		w.stmt(cmd.Y, in)
	}
}

func isPipe(cmd *sh.BinaryCmd) bool { return operatorOf(cmd.Op) == Pipe }

func operatorOf(op sh.BinCmdOperator) Operator {
	switch op {
	case sh.AndStmt:
		return And
	case sh.OrStmt:
		return Or
	}
	return Pipe
}

func (w *walker) conditional(clause *sh.IfClause, in Context) {
	w.list(clause.Cond, in|InCondition)
	w.branch(clause.Then, in|InBranch)
	for clause = clause.Else; clause != nil; clause = clause.Else {
		w.branch(clause.Cond, in|InCondition)
		w.branch(clause.Then, in|InBranch)
	}
}

func (w *walker) loop(clause *sh.ForClause, in Context) {
	switch loop := clause.Loop.(type) {
	case *sh.WordIter:
		start, end := w.bounds(loop.Name)
		w.out.Loops = append(w.out.Loops, Loop{w.src.span(start, end), loop.Name.Value})
		w.readWords(loop.Items, in)
	case *sh.CStyleLoop:
		w.arithmetic([]sh.ArithmExpr{loop.Init, loop.Cond, loop.Post}, in)
	}
	w.branch(clause.Do, in|InLoop)
}

func (w *walker) cases(clause *sh.CaseClause, in Context) {
	w.readWords([]*sh.Word{clause.Word}, in)
	for _, item := range clause.Items {
		w.readWords(item.Patterns, in)
		w.branch(item.Stmts, in|InBranch)
	}
}

// readWords notes the variables and the commands of words that belong to no command.
func (w *walker) readWords(words []*sh.Word, in Context) {
	d := decoder{w: w, in: in}
	for _, word := range words {
		d.reads(word.Parts)
	}
}

func (w *walker) arithmetic(exprs []sh.ArithmExpr, in Context) {
	d := decoder{w: w, in: in}
	for _, expr := range exprs {
		d.arithmetic(expr)
	}
}

// substitution reads the commands of $( … ) and ` … `. A backslash in the latter is taken off before the commands are
// read, and the parser does so without telling where: such commands are left alone.
func (w *walker) substitution(cs *sh.CmdSubst, in Context) {
	start, end := offset(cs.Left), offset(cs.Right)
	if cs.Backquotes && hasEscape(w.src.text[start:end]) {
		w.unknown(w.src.span(start, end+1), ComputedScript, "there are escapes between backquotes")
		return
	}
	w.apart(cs.Stmts, in|InSubstitution)
}

func hasEscape(backquoted string) bool {
	for at := range len(backquoted) - 1 {
		if backquoted[at] == '\\' && strings.IndexByte("$`\"\\", backquoted[at+1]) >= 0 {
			return true
		}
	}
	return false
}

// extent is the span of everything that a command holds.
func extent(c *Command) text.Span {
	span := text.Span{Start: -1}
	add := func(s text.Span) {
		if span.Start < 0 || s.Start < span.Start {
			span.Start = s.Start
		}
		span.End = max(span.End, s.End)
	}
	for i := range c.Words {
		add(c.Words[i].Span)
	}
	for i := range c.Assigns {
		add(c.Assigns[i].Span)
	}
	for i := range c.Redirects {
		add(c.Redirects[i].Span)
	}
	return span
}
