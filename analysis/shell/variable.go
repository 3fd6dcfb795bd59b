package shell

import sh "mvdan.cc/sh/v3/syntax"

// reads notes the variables and the commands of parts whose value does not matter.
func (d *decoder) reads(parts []sh.WordPart) {
	for _, part := range parts {
		d.read(part)
	}
}

func (d *decoder) read(part sh.WordPart) {
	switch part := part.(type) {
	case *sh.DblQuoted:
		d.reads(part.Parts)
	case *sh.ParamExp:
		d.parameter(part)
	case *sh.CmdSubst:
		d.w.substitution(part, d.in)
	case *sh.ProcSubst:
		d.w.apart(part.Stmts, d.in|InSubstitution)
	case *sh.ArithmExp:
		d.arithmetic(part.X)
	}
}

func (d *decoder) parameter(p *sh.ParamExp) {
	plain := !p.Excl && !p.Length && p.Index == nil && p.Slice == nil && p.Repl == nil && p.Names == 0 && p.Exp == nil
	d.variable(p, p.Param.Value, plain)
	d.arithmetic(p.Index)
	if p.Slice != nil {
		d.arithmetic(p.Slice.Offset)
		d.arithmetic(p.Slice.Length)
	}
	if p.Repl != nil {
		d.readWord(p.Repl.Orig)
		d.readWord(p.Repl.With)
	}
	if p.Exp != nil {
		d.readWord(p.Exp.Word)
	}
}

func (d *decoder) readWord(x *sh.Word) {
	if x != nil {
		d.reads(x.Parts)
	}
}

func (d *decoder) variable(node sh.Node, name string, plain bool) {
	start, end := d.w.bounds(node)
	v := Variable{d.w.src.span(start, end), name, plain}
	d.variables = append(d.variables, v)
	d.w.out.Variables = append(d.w.out.Variables, v)
}

// arithmetic notes what an expression reads. It goes down on the left in a loop: 1+1+1+… is nested there.
func (d *decoder) arithmetic(expr sh.ArithmExpr) {
	for {
		switch x := expr.(type) {
		case *sh.BinaryArithm:
			d.arithmetic(x.Y)
			expr = x.X
		case *sh.UnaryArithm:
			expr = x.X
		case *sh.ParenArithm:
			expr = x.X
		case *sh.Word:
			if name := x.Lit(); sh.ValidName(name) {
				d.variable(x, name, true)
			} else {
				d.reads(x.Parts)
			}
			return
		default:
			return
		}
	}
}
