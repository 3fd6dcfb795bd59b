package project

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/moby/patternmatcher"
)

// Limits of the walk through the context. What lies behind them is unknown.
const (
	// maxEntries bounds the memory, about 5 MB, and the time, about 0.2 s on a warm disk.
	maxEntries = 50_000
	// maxFolder is more than people put into one folder; what has more is a cache or data.
	maxFolder = 20_000
	// maxDepth is deeper than projects nest, and bounds the recursion.
	maxDepth = 64
	// maxMatching bounds the time that patterns take, about 10 s of the worst that can be written. It is bytes of paths
	// times matcher.cost, for which patternmatcher takes up to 20 ns; ignore files of a usual length let maxEntries be
	// reached.
	maxMatching = 500_000_000
	// folderChunk is how many entries of a folder are read at a time.
	folderChunk = 1024
)

// tree is what BuildKit gets of the context: ignored files are not in it. A folder that is an entry of another one and has
// no key of its own was not read.
type tree map[string]*folder

// folder is one folder of a tree.
type folder struct {
	entries []entry // sorted by name
	ignored []entry // what lies there too and BuildKit does not get; sorted by name
	whole   bool    // all entries were read
}

type kind uint8

const (
	aFile kind = iota // also pipes, sockets and devices, which BuildKit copies as such
	aFolder
	aLink
)

type entry struct {
	name   string
	kind   kind
	target string // of a link; empty if it is not known
	// hidden says that the folder itself is ignored. It is there for the exceptions in it.
	hidden bool
}

// walker reads folders: first those of the sources, then the rest from the top down, so that what a large context leaves
// unread is what matters least.
type walker struct {
	fsys    fs.FS
	root    string
	matcher *matcher
	left    int // entries that may still be read
	work    int // what is left of maxMatching
	sources []string
	queues  [2][]visit
	tree    tree
	cut     string // why not all was read
}

type visit struct {
	folder string
	depth  int
	info   patternmatcher.MatchInfo
	leaf   bool // its folders are not read
}

// walk reads the context, which root is the path of, and says why it has not read all of it. Without matcher nothing is
// known.
func walk(r *reader, root string, m *matcher, sources []string) (found tree, cut string) {
	real, info, err := r.real(root)
	if err != nil || !info.IsDir() || m == nil {
		return nil, ""
	}
	w := &walker{fsys: r.fsys, root: real, matcher: m, left: maxEntries, work: maxMatching, tree: tree{}}
	for _, source := range sources {
		if fixed, _ := splitWildcards(inContext(source)); fixed != "." {
			w.sources = append(w.sources, fixed)
		}
	}
	w.push(visit{folder: "."})
	for w.left > 0 {
		v, ok := w.pop()
		if !ok {
			break
		}
		w.read(v)
	}
	w.tree.prune(".")
	return w.tree, w.cut
}

func (w *walker) push(v visit) {
	queue := 1
	if w.leadsToSource(v.folder) {
		queue = 0
	}
	w.queues[queue] = append(w.queues[queue], v)
}

func (w *walker) pop() (visit, bool) {
	for i := range w.queues {
		if len(w.queues[i]) > 0 {
			v := w.queues[i][0]
			w.queues[i] = w.queues[i][1:]
			return v, true
		}
	}
	return visit{}, false
}

// leadsToSource reports whether a folder is on the way to a source, or inside of one.
func (w *walker) leadsToSource(folder string) bool {
	if folder == "." {
		return true
	}
	return slices.ContainsFunc(w.sources, func(source string) bool {
		return source == folder || strings.HasPrefix(source, folder+"/") || strings.HasPrefix(folder, source+"/")
	})
}

func (w *walker) read(v visit) {
	most := min(maxFolder, w.left)
	all, whole := readFolder(w.fsys, path.Join(w.root, v.folder), most)
	if w.left -= len(all); len(all) == most && !whole {
		w.cut = fmt.Sprintf("of %s only %d entries were looked at", v.folder, most)
	}
	if w.left == 0 {
		w.cut = fmt.Sprintf("only %d entries were looked at", maxEntries)
	}
	f := &folder{whole: whole}
	w.tree[v.folder] = f
	for _, e := range all {
		name := path.Join(v.folder, e.name)
		if w.work -= len(name) * w.matcher.cost; w.work < 0 {
			f.whole, w.left = false, 0
			w.cut = "the patterns of the ignore file take too long"
			return
		}
		ignored, info, err := w.matcher.match(name, v.info)
		if err != nil {
			f.whole = false
			continue
		}
		if ignored && (e.kind != aFolder || !w.matcher.hasExceptions(name)) {
			f.ignored = append(f.ignored, e)
			continue
		}
		e.hidden = ignored
		if e.kind == aLink {
			target, err := fs.ReadLink(w.fsys, path.Join(w.root, name))
			if err == nil {
				e.target = filepath.ToSlash(target)
			}
		}
		f.entries = append(f.entries, e)
		switch {
		case e.kind != aFolder || v.leaf:
		case v.depth < maxDepth:
			w.push(visit{name, v.depth + 1, info, isHeavy(e.name)})
		default:
			w.cut = fmt.Sprintf("folders are nested more than %d deep", maxDepth)
		}
	}
}

// isHeavy reports whether a folder is made by a tool, has so many files that its own folders are not read, and is asked
// about as a whole only.
func isHeavy(name string) bool {
	switch name {
	case ".git", ".hg", ".svn", "node_modules":
		return true
	}
	return false
}

// readFolder reads at most so many entries of a folder. It is whole if there are no more, and all could be read.
func readFolder(fsys fs.FS, name string, most int) (entries []entry, whole bool) {
	file, err := fsys.Open(name)
	if err != nil {
		return nil, false
	}
	defer file.Close()
	dir, ok := file.(fs.ReadDirFile)
	if !ok {
		return nil, false
	}
	for len(entries) <= most {
		var chunk []fs.DirEntry
		chunk, err = dir.ReadDir(folderChunk)
		for _, e := range chunk {
			entries = append(entries, entry{name: e.Name(), kind: kindOf(e.Type())})
		}
		if err != nil || len(chunk) == 0 {
			break
		}
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	if len(entries) > most {
		return entries[:most], false
	}
	return entries, err == io.EOF
}

func kindOf(mode fs.FileMode) kind {
	switch {
	case mode.IsDir():
		return aFolder
	case mode&fs.ModeSymlink != 0:
		return aLink
	}
	return aFile
}
