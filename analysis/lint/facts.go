package lint

import (
	"cmp"
	"time"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/project"
)

// Facts are what is known besides the text of a Dockerfile. The zero value knows nothing, and changes no level.
type Facts struct {
	Levels  Levels                // what the configuration says of rules for this file
	Project *project.Surroundings // nil if it was not read
	Images  image.Known           // what registries have said
	Scans   map[string]image.Scan // what a scanner has found, by ScanKey
	Config  Config
	// Patience is how long one rule may take; 0 stands for five seconds.
	Patience time.Duration
}

// ScanKey names what a scan of a stage's image is about: the text of its FROM, with the image that it comes to. So a scan is
// out of date when the line is another one, or what its variables bring.
func ScanKey(m *dockerfile.Model, stage *dockerfile.Stage) string {
	return stage.From.Of(m.Text) + " → " + m.Base(stage)
}

// Config is the configuration file that counts for a Dockerfile.
type Config struct {
	// Path is the path in the file system that the surroundings were read from; empty if it is not known.
	Path string
	Text string
	// Missing says that there is none; the path is that of one that would count.
	Missing bool
}

func (f Facts) patience() time.Duration { return cmp.Or(f.Patience, 5*time.Second) }

func (f Facts) project() *project.Surroundings {
	if f.Project == nil {
		return &project.Surroundings{}
	}
	return f.Project
}
