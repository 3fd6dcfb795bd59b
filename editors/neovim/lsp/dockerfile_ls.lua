---@brief
---
--- `dockerfile-ls` makes Dockerfiles deterministic, small, unprivileged and free of leaked secrets while you type them.
---
--- The binary `dockerfile-ls` has to be on your `$PATH`.
---
--- The severity of rules, when registries are asked, and everything else that `.dockerfile-ls.yaml` may say can be set in
--- Neovim too; the file wins:
--- ```lua
--- vim.lsp.config('dockerfile_ls', {
---   settings = {
---     ['dockerfile-ls'] = {
---       rules = { ['runs-as-root'] = 'error', ['no-signal-handler'] = 'off' },
---       registry = { lookups = 'off' },
---     },
---   },
--- })
--- ```
---
--- Neovim does not know all names of Dockerfiles:
--- ```lua
--- vim.filetype.add({ extension = { containerfile = 'dockerfile', Containerfile = 'dockerfile' } })
--- ```

---@type vim.lsp.Config
return {
  cmd = { 'dockerfile-ls', 'serve', '--stdio' },
  filetypes = { 'dockerfile' },
  -- Not the folder of the Dockerfile: the build context and a compose file may lie above.
  root_markers = { '.git' },
}
