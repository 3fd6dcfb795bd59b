// Command dockerfile-ls is a language server and linter for Dockerfiles.
package main

func main() {}
