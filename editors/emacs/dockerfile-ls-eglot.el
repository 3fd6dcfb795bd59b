;;; dockerfile-ls-eglot.el --- dockerfile-ls with Eglot  -*- lexical-binding: t -*-

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '((dockerfile-mode dockerfile-ts-mode) . ("dockerfile-ls" "serve"))))
(add-hook 'dockerfile-mode-hook #'eglot-ensure)
(add-hook 'dockerfile-ts-mode-hook #'eglot-ensure)

;;; dockerfile-ls-eglot.el ends here
