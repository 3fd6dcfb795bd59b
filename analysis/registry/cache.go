package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"dockerfile-ls/analysis/atomicfile"
	"dockerfile-ls/analysis/image"
)

// cache is a folder with one file for each answer. Several servers may use it at once: a file is whole or not there. It
// is a convenience, so that what goes wrong in it costs only itself.
type cache struct{ folder string }

// maxKept is how many answers are kept, and maxKeptSize how many bytes of one are read.
const (
	maxKept     = 500
	maxKeptSize = 1 << 20
)

// entry is what a file holds. The key is that of the answer: names of files are hashes.
type entry struct {
	Key   string
	Facts image.Facts
}

func (c cache) file(key string) string {
	hash := sha256.Sum256([]byte(key))
	return filepath.Join(c.folder, hex.EncodeToString(hash[:])+".json")
}

// get returns the answer that is kept for a key. One from the future is none: some clock was wrong.
func (c cache) get(key string) (image.Facts, bool) {
	if c.folder == "" {
		return image.Facts{}, false
	}
	info, err := os.Stat(c.file(key))
	if err != nil || info.Size() > maxKeptSize {
		return image.Facts{}, false
	}
	source, err := os.ReadFile(c.file(key))
	if err != nil {
		return image.Facts{}, false
	}
	var e entry
	if json.Unmarshal(source, &e) != nil || e.Key != key || e.Facts.Digest == "" ||
		e.Facts.Asked.After(time.Now().Add(time.Minute)) {
		return image.Facts{}, false
	}
	return e.Facts, true
}

// put keeps an answer.
func (c cache) put(key string, facts image.Facts) {
	if c.folder == "" || os.MkdirAll(c.folder, 0o700) != nil {
		return
	}
	source, err := json.Marshal(entry{key, facts})
	if err != nil || len(source) > maxKeptSize {
		return
	}
	if atomicfile.Put(c.file(key), string(source), 0o600) != nil {
		return
	}
	c.prune()
}

// prune drops the oldest answers where there are too many.
func (c cache) prune() {
	list, err := os.ReadDir(c.folder)
	if err != nil || len(list) <= maxKept {
		return
	}
	var files []fs.FileInfo
	for _, e := range list {
		if info, err := e.Info(); err == nil {
			files = append(files, info)
		}
	}
	slices.SortFunc(files, func(a, b fs.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	for _, old := range files[:max(0, len(files)-maxKept)] {
		_ = os.Remove(filepath.Join(c.folder, old.Name()))
	}
}
