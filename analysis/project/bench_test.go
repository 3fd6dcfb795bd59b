package project

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// typicalIgnore is an ignore file as projects have it.
const typicalIgnore = `node_modules
**/node_modules
.git
*.md
**/*.log
dist
build
coverage
.env*
!.env.example
**/__tests__
**/*.test.ts
Dockerfile*
docker-compose*
.vscode
.idea
tmp
logs
*.swp
README*
`

// large makes a workspace of 50,000 files on disk: packages, and what is installed in node_modules.
func large(b *testing.B, installed int) string {
	root := b.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(root, filepath.FromSlash(name)), []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	folder := func(name string) {
		if err := os.MkdirAll(filepath.Join(root, filepath.FromSlash(name)), 0o755); err != nil {
			b.Fatal(err)
		}
	}
	for i := range 50_000 {
		name := fmt.Sprintf("packages/p%d/src/f%d", i/500, i/25)
		if i < installed {
			name = fmt.Sprintf("node_modules/m%d/lib", i/25)
		}
		if i%25 == 0 {
			folder(name)
		}
		write(fmt.Sprintf("%s/file%d.ts", name, i), "")
	}
	write("package.json", `{"name": "large", "dependencies": {"a": "1"}}`)
	write("package-lock.json", `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}}}}`)
	write(".dockerignore", typicalIgnore)
	return root
}

func BenchmarkRead(b *testing.B) {
	for _, installed := range []int{0, 40_000} {
		root := large(b, installed)
		request := Request{Dockerfile: "Dockerfile", Sources: []string{
			"package.json", "package-lock.json", ".",
		}, Files: []string{"server.js"}, Names: []string{".npmrc", ".env*", "*.pem"}}
		b.Run(fmt.Sprintf("%d_of_50000_installed", installed), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Read(os.DirFS(root), request)
			}
		})
		s := Read(os.DirFS(root), request)
		names := []string{"node_modules", ".git", ".npmrc", ".env*", "*.log", "*.pem"}
		b.Run("first_question", func(b *testing.B) {
			for b.Loop() {
				s.answers = newAnswers()
				s.TakesNamed(Copy{Source: "."}, names...)
			}
		})
		b.Run("same_question", func(b *testing.B) {
			for b.Loop() {
				s.TakesNamed(Copy{Source: "."}, names...)
			}
		})
		b.Run("Ignored", func(b *testing.B) {
			for b.Loop() {
				s.Ignored("packages/p1/src/index.ts")
			}
		})
	}
}
