package server

import (
	"encoding/json"
	"net/url"
	"runtime"
	"strings"

	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/settings"
)

// didChangeConfiguration takes the settings that an editor pushes: below the server's name, or bare. One that pushes none
// is asked for them.
func (s *server) didChangeConfiguration(params configurationParams) error {
	var named map[string]json.RawMessage
	if json.Unmarshal(params.Settings, &named) != nil || len(named) == 0 {
		s.askForSettings()
		return nil
	}
	s.setEditor(params.Settings)
	return nil
}

// settingsOf reads settings of an editor, which have the keys of the configuration file. What is wrong is logged and costs
// only itself.
func (s *server) settingsOf(raw json.RawMessage) settings.Settings {
	var named map[string]json.RawMessage
	if json.Unmarshal(raw, &named) != nil {
		return settings.Settings{}
	}
	if own, ok := named[Name]; ok {
		if json.Unmarshal(own, &named) != nil {
			return settings.Settings{}
		}
		raw = own
	}
	known := map[string]json.RawMessage{}
	for key, value := range named {
		if settings.Has(key) {
			known[key] = value
		}
	}
	source, err := json.Marshal(known)
	if err != nil {
		panic(err) // it was JSON a moment ago
	}
	read, problems := settings.Read(string(source), rules.All())
	for _, p := range problems {
		s.log.Warn("settings of the editor", "problem", p.Message)
	}
	return read
}

// pathOfURI is the path of a file: URI with forward slashes; false for other schemes and other machines.
func pathOfURI(uri string) (string, bool) { return pathOn(runtime.GOOS, uri) }

// pathOn is pathOfURI on an operating system. Windows has drives, and shares of other machines that are paths.
func pathOn(system, uri string) (string, bool) {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" || !strings.HasPrefix(u.Path, "/") {
		return "", false
	}
	local := u.Host == "" || u.Host == "localhost"
	switch {
	case system != "windows":
		return u.Path, local
	case !local:
		return "//" + u.Host + u.Path, true
	case len(u.Path) > 2 && u.Path[2] == ':':
		return u.Path[1:], true // /c:/folder
	}
	return u.Path, true
}
