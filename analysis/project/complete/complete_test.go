package complete

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/project"
)

// TestCorpus completes the project of every Dockerfile of the corpus, and holds that the surroundings of each are known.
func TestCorpus(t *testing.T) {
	dir := corpus.Shared(t, "corpus/dev")
	files := corpus.Dockerfiles(t)
	counts := map[string]int{}
	for _, file := range files {
		repository, name, _ := strings.Cut(file.Name, "/")
		p, err := New(os.DirFS(filepath.Join(dir, repository)), name)
		if err != nil {
			t.Fatalf("%s: %v", file.Name, err)
		}
		counts["most sources"] = max(counts["most sources"], len(p.Request.Sources))
		s := project.Read(p.Files, p.Request)
		if s.Context.State != project.Known || s.Context.Root != p.Context {
			t.Errorf("%s: the context is %q by %v (%s), and was completed in %q", file.Name, s.Context.Root, s.Context.By,
				s.Context.Why, p.Context)
			continue
		}
		counts["by "+s.Context.By.String()]++
		checkSources(t, file.Name, s, p.Request.Sources, counts)
		checkProject(t, file.Name, s, counts)
		for _, script := range p.Request.Files {
			counts["scripts"]++
			if s.File(script).State != project.Known {
				t.Errorf("%s: %s is %v", file.Name, script, s.File(script).State)
			}
		}
	}
	t.Logf("%d Dockerfiles: %v", len(files), counts)
}

// checkSources holds that every source takes something, unless the project itself ignores it.
func checkSources(t *testing.T, name string, s *project.Surroundings, sources []string, counts map[string]int) {
	for _, source := range sources {
		counts["sources"]++
		taken := s.Takes(project.Copy{Source: source})
		switch {
		case taken.State == project.Known && len(taken.Files) > 0:
		case s.Ignored(source).Value, s.Ignore.State == project.Known && strings.ContainsAny(source, "*?["):
			counts["ignored sources"]++
		default:
			t.Errorf("%s: %s takes %+v", name, source, taken)
		}
	}
}

func checkProject(t *testing.T, name string, s *project.Surroundings, counts map[string]int) {
	p := s.Project(".")
	if p.State != project.Known {
		counts["package.json "+p.State.String()]++
		return
	}
	counts["package.json known"]++
	if p.Manager.State != project.Known {
		counts["manager "+p.Manager.Why]++
		return
	}
	counts["manager "+string(p.Manager.Manager)]++
	if lock, ok := p.Lockfile(); !ok || !lock.Agrees.Value {
		t.Errorf("%s: the lockfile is %+v", name, lock)
	}
}
