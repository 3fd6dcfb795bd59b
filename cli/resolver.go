package cli

import (
	"os"
	"path/filepath"

	"dockerfile-ls/analysis/registry"
)

// newResolver makes what asks registries. It keeps answers in the user's cache folder, if there is one.
func newResolver() *registry.Client {
	options := registry.Options{Agent: "dockerfile-ls/" + version()}
	if folder, err := os.UserCacheDir(); err == nil {
		options.Cache = filepath.Join(folder, "dockerfile-ls", "registry")
	}
	return registry.New(options)
}
