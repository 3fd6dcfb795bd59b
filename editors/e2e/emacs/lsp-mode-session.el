;;; lsp-mode-session.el --- a session with lsp-mode  -*- lexical-binding: t -*-

(require 'driver)
(load (expand-file-name "emacs/dockerfile-ls-lsp-mode.el" (getenv "SHIPPED")) nil t)
(require 'lsp-mode)
(setq lsp-auto-guess-root t)

(defun findings ()
  (mapcar (lambda (finding)
            (list (lsp:diagnostic-code? finding)
                  (let ((region (lsp--range-to-region (lsp:diagnostic-range finding))))
                    (driver-text (car region) (cdr region)))))
          (gethash (file-truename buffer-file-name) (lsp-diagnostics))))

(defun fix () (call-interactively #'lsp-execute-code-action))

(defun stop () (lsp-workspace-shutdown (car (lsp-workspaces))))

(driver-session #'findings #'fix #'stop)
;;; lsp-mode-session.el ends here
