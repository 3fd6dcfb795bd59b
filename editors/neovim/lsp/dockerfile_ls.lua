---@brief
---
--- dockerfile-ls, a language server and linter for Dockerfiles.
---
--- The binary `dockerfile-ls` has to be on `$PATH`.

---@type vim.lsp.Config
return {
  cmd = { 'dockerfile-ls', 'serve', '--stdio' },
  filetypes = { 'dockerfile' },
  root_markers = { 'Dockerfile', 'Containerfile', '.dockerignore', '.git' },
}
