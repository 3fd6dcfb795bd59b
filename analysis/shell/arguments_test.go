package shell

import (
	"strings"
	"testing"
)

func TestArguments(t *testing.T) {
	for _, c := range []struct{ script, options, operands string }{
		{"npm install", "", "install"},
		{"npm ci --omit=dev --no-audit", "--omit=dev --no-audit", "ci"},
		{"npm i -w api --prefix /x express@4", "-w=api --prefix=/x", "i express@4"},
		{"npm i --prefix=/x", "--prefix=/x", "i"},
		{"npm i -gfw api", "-g -f=w", "i api"},
		{"npm i -gwapi", "-g -w=api", "i"},
		{"npm run x -- --omit=dev -w", "", "run x --omit=dev -w"},
		{"npm i -w", "-w", "i"},
		{"npm i - ''", "", "i - ''"},
		{`npm i "--omit=dev" '-w' "a b"`, `--omit=dev -w="a b"`, "i"},
		{`npm i --registry=$REG --tag "$T" pkg@$V`, "--registry=$REG --tag", `i "$T" pkg@$V uncertain`},
		{"npm i $FLAGS", "", "i $FLAGS uncertain"},
		{"npm i -w $W", "-w=$W", "i"},
		{"npm i --x$Y", "--x", "i uncertain"},
		{"exec sudo -E npm ci -w=a", "-w=a", "ci"},
		{"tar -xzf a.tgz -C/x y", "-x -z -f=a.tgz -C=/x", "y"},
		{"yarn", "", ""},
		{"> x", "", ""},
	} {
		s := ParseFile(c.script)
		p := s.Commands[0].Program()
		options, operands := render(p.Arguments("-w", "--prefix", "-f", "-C"))
		if options != c.options || operands != c.operands {
			t.Errorf("%s:\nhave %s | %s\nwant %s | %s", c.script, options, operands, c.options, c.operands)
		}
	}
}

func render(a Arguments) (options, operands string) {
	var first, second []string
	for _, o := range a.Options {
		text := o.Name
		if o.HasValue {
			text += "=" + o.Value.Text
		}
		first = append(first, text)
	}
	for _, w := range a.Operands {
		second = append(second, w.Text)
	}
	if a.Uncertain {
		second = append(second, "uncertain")
	}
	return strings.Join(first, " "), strings.Join(second, " ")
}

func TestOption(t *testing.T) {
	s := ParseFile("npm ci --omit=dev --omit optional -x=1")
	p := s.Commands[0].Program()
	a := p.Arguments("--omit")
	if o, ok := a.Option("--omit", "--none"); !ok || o.Value.Value != "optional" {
		t.Errorf("the last --omit is %v", o)
	}
	if o, ok := a.Option("-x"); !ok || o.Value.Value != "1" {
		t.Errorf("-x is %v", o)
	}
	if _, ok := a.Option("--none"); ok {
		t.Error("--none is found")
	}
}

func TestCut(t *testing.T) {
	s := ParseFile(`x a=b=c "d=e f" $g=h i=$j *=k`)
	var cuts []string
	for _, w := range s.Commands[0].Words[1:] {
		if name, value, ok := w.Cut(); ok {
			cuts = append(cuts, name+" → "+value.Text)
			if _, value, ok := value.Cut(); ok {
				cuts = append(cuts, "→ "+value.Text)
			}
		}
	}
	if have, want := strings.Join(cuts, ", "), "a → b=c, → c, d → e f, i → $j"; have != want {
		t.Errorf("have %s, want %s", have, want)
	}
}

func TestIsPOSIX(t *testing.T) {
	for shell, want := range map[string]bool{
		"":                          true,
		"/bin/sh -c":                true,
		"/busybox/sh":               true,
		"conda run -n x bash -lc":   true,
		`C:\Git\bin\Bash.exe -c`:    true,
		"powershell -Command":       false,
		"pwsh -c":                   false,
		"cmd /S /C":                 false,
		"python3 -c":                false,
		"/usr/bin/fish --command=x": false,
	} {
		if IsPOSIX(strings.Fields(shell)) != want {
			t.Errorf("%q is a POSIX shell: %v", shell, !want)
		}
	}
}
