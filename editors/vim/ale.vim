" dockerfile-ls in ALE: copied to ~/.vim/ale_linters/dockerfile/dockerfile_ls.vim
call ale#linter#Define('dockerfile', {
\ 'name': 'dockerfile-ls',
\ 'lsp': 'stdio',
\ 'executable': 'dockerfile-ls',
\ 'command': '%e serve',
\ 'project_root': {-> getcwd()},
\ })
