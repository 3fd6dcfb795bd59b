;;; dockerfile-ls-lsp-mode.el --- dockerfile-ls with lsp-mode  -*- lexical-binding: t -*-

;; Started by the client that lsp-mode has for Dockerfiles.
(setq lsp-dockerfile-language-server-command '("dockerfile-ls" "serve"))
(add-hook 'dockerfile-mode-hook #'lsp)

;;; dockerfile-ls-lsp-mode.el ends here
