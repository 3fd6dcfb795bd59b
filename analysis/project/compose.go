package project

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Compose is a compose file with its services that build the Dockerfile. What it includes, extends and overrides is not
// followed.
type Compose struct {
	Path     string // in the file system
	Services []Service
}

// Service is a service of a compose file that builds the Dockerfile. Variables have the default that stands in the file;
// one without default makes a value unknown.
type Service struct {
	Name    string
	Line    int          // of its name, from 1
	Context Fact[string] // the folder in the file system
	Target  Fact[string] // the stage
	Image   Fact[string] // what the image is called that is built
	Init    Fact[bool]   // whether an init is process 1
	Args    map[string]Fact[string]
}

// composeNames are the names of compose files in the order in which docker compose looks for them.
var composeNames = [...]string{"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"}

// maxComposeBytes is far more than people write; a YAML tree takes some fifty times its text.
const maxComposeBytes = 256 << 10

// findCompose is the nearest compose file, from the Dockerfile's folder up, that builds the Dockerfile; nil if none. A
// malformed one counts for nothing, as it is while it is being typed: the sources then tell the context as well.
func findCompose(r *reader, dockerfile string) *Compose {
	for _, folder := range ancestors(path.Dir(dockerfile)) {
		for _, name := range composeNames {
			file := path.Join(folder, name)
			text := r.text(file, maxComposeBytes)
			if text.State != Known {
				continue
			}
			if services := buildServices(text.Value, folder, dockerfile); len(services) > 0 {
				return &Compose{Path: file, Services: services}
			}
		}
	}
	return nil
}

// buildServices are the services of a compose file that build the Dockerfile; none if it is malformed.
func buildServices(text, folder, dockerfile string) []Service {
	doc, err := parseYAML(text)
	if err != nil {
		return nil
	}
	var services []Service
	for _, p := range doc.pairs(doc.get(doc.root, "services")) {
		if s, ok := doc.service(p, folder, dockerfile); ok {
			services = append(services, s)
		}
	}
	if doc.exhausted() {
		return nil
	}
	return services
}

// service reads a service, and says false if it does not build the Dockerfile.
func (y *yamlFile) service(p pair, folder, dockerfile string) (Service, bool) {
	build := y.get(p.value, "build")
	s := Service{Name: p.key, Line: p.line, Image: y.text(y.get(p.value, "image")), Init: y.boolean(y.get(p.value, "init"))}
	file := known("Dockerfile")
	var context Fact[string]
	if text, scalar := y.scalar(build); scalar {
		context = interpolate(text)
		s.Target = absent[string]()
	} else {
		context = or(y.text(y.get(build, "context")), ".")
		file = or(y.text(y.get(build, "dockerfile")), "Dockerfile")
		s.Target = y.text(y.get(build, "target"))
		s.Args = y.args(y.get(build, "args"))
	}
	if build == nil || y.get(build, "dockerfile_inline") != nil || context.State != Known || file.State != Known ||
		remoteContext(context.Value) {
		return s, false
	}
	return s, s.builds(folder, context.Value, file.Value, dockerfile)
}

// builds sets the context of a service, and reports whether the Dockerfile that it names is ours. It may name it through
// a context outside of the workspace, whose own folder has a name that we do not know: `context: ..` with
// `dockerfile: workspace/Dockerfile`.
func (s *Service) builds(folder, context, file, dockerfile string) bool {
	if isAbsolute(context) || isAbsolute(file) {
		return false
	}
	names := strings.Split(path.Join(folder, context, file), "/")
	ups := 0
	for ups < len(names) && names[ups] == ".." {
		ups++
	}
	if len(names) < 2*ups || strings.Join(names[2*ups:], "/") != dockerfile {
		return false
	}
	s.Context = unknown[string](fmt.Sprintf("%s is outside of the workspace", context))
	if root, ok := inside(folder, context); ok {
		s.Context = known(root)
	}
	return true
}

// remoteContext reports whether a context is a repository and not a folder.
func remoteContext(context string) bool {
	return hasScheme.MatchString(context) || strings.HasSuffix(context, ".git")
}

// hasScheme matches URLs and user@host:path.
var hasScheme = regexp.MustCompile(`^(https?|git|ssh)://|^[A-Za-z0-9._-]+@[^/]+:`)

// root is the context of all services; empty with the reason if they differ.
func (c *Compose) root() (root, why string) {
	context := agreed(c.Services, func(s Service) Fact[string] { return s.Context })
	return context.Value, context.Why
}

// Target is the stage that the compose file builds: absent if it names none, unknown if its services differ.
func (c Context) Target() Fact[string] {
	return agreed(c.services(), func(s Service) Fact[string] { return s.Target })
}

// Image is what the compose file calls the image that is built.
func (c Context) Image() Fact[string] {
	return agreed(c.services(), func(s Service) Fact[string] { return s.Image })
}

// Init says whether the compose file runs the container with an init as process 1.
func (c Context) Init() Fact[bool] {
	return agreed(c.services(), func(s Service) Fact[bool] { return s.Init })
}

func (c Context) services() []Service {
	if c.Compose == nil {
		return nil
	}
	return c.Compose.Services
}

// agreed is a fact of all services: absent without services, unknown where they differ.
func agreed[T comparable](services []Service, fact func(Service) Fact[T]) Fact[T] {
	if len(services) == 0 {
		return absent[T]()
	}
	first := fact(services[0])
	if slices.ContainsFunc(services, func(s Service) bool {
		f := fact(s)
		return f.State != first.State || f.Value != first.Value
	}) {
		return unknown[T]("the services of the compose file differ")
	}
	return first
}

// interpolation matches a variable of a compose file: a doubled dollar, $NAME, or ${NAME} with its default behind `:-` or
// `-`.
var interpolation = regexp.MustCompile(`\$(?:\$|[A-Za-z_]\w*|\{[A-Za-z_]\w*(?:(:?-)([^${}]*))?\}|)`)

// interpolate replaces variables by their defaults.
func interpolate(text string) Fact[string] {
	f := Fact[string]{State: Known}
	last := 0
	for _, m := range interpolation.FindAllStringSubmatchIndex(text, -1) {
		f.Value += text[last:m[0]]
		last = m[1]
		switch {
		case text[m[0]:m[1]] == "$$":
			f.Value += "$"
		case m[2] >= 0:
			f.Value += text[m[4]:m[5]]
		default:
			return unknown[string](fmt.Sprintf("%s has a variable without default", text))
		}
	}
	f.Value += text[last:]
	return f
}

// or is a fact, or a value where it is absent.
func or(f Fact[string], value string) Fact[string] {
	if f.State == Absent {
		return known(value)
	}
	return f
}
