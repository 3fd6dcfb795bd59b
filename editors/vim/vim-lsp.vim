" dockerfile-ls in vim-lsp: part of ~/.vimrc
autocmd User lsp_setup call lsp#register_server({
\ 'name': 'dockerfile-ls',
\ 'cmd': {-> ['dockerfile-ls', 'serve']},
\ 'allowlist': ['dockerfile'],
\ })
