package image

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for written, want := range map[string]Reference{
		"node":                                      {Name: "node"},
		"docker.io/library/node:20":                 {Name: "node", Tag: "20"},
		"localhost:5000/a/b:c":                      {Name: "localhost:5000/a/b", Tag: "c"},
		"index.docker.io/acme/app":                  {Name: "acme/app"},
		"node:20@sha256:" + strings.Repeat("a", 64): {Name: "node", Tag: "20", Digest: "sha256:" + strings.Repeat("a", 64)},
	} {
		if got, err := Parse(written); err != nil || got != want {
			t.Errorf("%s is %v, %v", written, got, err)
		}
	}
	for _, written := range []string{"", "Node", "node:", "node:a:b", "a//b", "node@sha256:1", "-a"} {
		if got, err := Parse(written); err == nil {
			t.Errorf("%s is %v", written, got)
		}
	}
}

func TestNode(t *testing.T) {
	for tag, want := range map[string]Node{
		"":                      {},
		"latest":                {},
		"20":                    {Major: 20},
		"20.11.1-alpine3.19":    {Major: 20, Alpine: true, Suite: "alpine3.19"},
		"lts-alpine":            {LTS: true, Alpine: true},
		"lts":                   {LTS: true},
		"iron-slim":             {Major: 20, Slim: true},
		"22-bookworm-slim":      {Major: 22, Slim: true, Suite: "bookworm"},
		"current-bullseye":      {Suite: "bullseye"},
		"alpine":                {Alpine: true},
		"slim":                  {Slim: true},
		"lts-buster":            {LTS: true, Suite: "buster"},
		"lts-iron":              {Major: 20},
		"lts-hydrogen":          {Major: 18},
		"lts-krypton-alpine":    {Major: 24, Alpine: true},
		"LTS-Jod-bookworm-slim": {Major: 22, Suite: "bookworm", Slim: true},
	} {
		if got, ok := (Reference{Name: "node", Tag: tag}).Node(); !ok || got != want {
			t.Errorf("node:%s is %+v, %v; want %+v", tag, got, ok, want)
		}
	}
	for _, r := range []Reference{
		{Name: "nodes", Tag: "20"}, {Name: "acme/node", Tag: "20"}, {Name: "node", Tag: "chakracore-10"},
		{Name: "node", Tag: "20-lts"}, {Name: "node", Tag: "lts-20"}, {Name: "node", Tag: "lts-iron-iron"},
		{Name: "node", Tag: "lts-"}, {Name: "node", Tag: "lts-slim-iron"},
	} {
		if got, ok := r.Node(); ok {
			t.Errorf("%v is %+v", r, got)
		}
	}
}

func TestNPM(t *testing.T) {
	for major, want := range map[int]int{0: 9, 6: 3, 8: 6, 14: 6, 15: 7, 16: 7, 18: 8, 20: 9, 26: 9} {
		if got := (Node{Major: major}).NPM(); got != want {
			t.Errorf("Node %d has npm %d, want %d", major, got, want)
		}
	}
}

func TestWindows(t *testing.T) {
	for written, want := range map[string]bool{
		"mcr.microsoft.com/windows/nanoserver:ltsc2022": true, "mcr.microsoft.com/windows:20H2": true,
		"golang:1.22-windowsservercore-ltsc2022": true, "mcr.microsoft.com/dotnet/runtime:8.0-nanoserver-ltsc2022": true,
		"node:20": false, "acme/windows-tools": false,
	} {
		r, err := Parse(written)
		if err != nil || r.Windows() != want {
			t.Errorf("%s: %v, %v; want %v", written, r.Windows(), err, want)
		}
	}
}
