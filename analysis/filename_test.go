package analysis

import "testing"

func TestIsDockerfileName(t *testing.T) {
	for name, want := range map[string]bool{
		"Dockerfile": true, "Dockerfile.dev": true, "web.Dockerfile": true, "web.dockerfile": true, "dockerfile": true,
		"Containerfile": true, "Containerfile.dev": true, "web.containerfile": true,
		"Dockerfile.dockerignore": false, ".dockerignore": false, "dockerfile.go": false, "MyDockerfile": false, "": false,
		"docker-compose.yml": false, "Containerfile.containerignore": false,
	} {
		if got := IsDockerfileName(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}
