;;; eglot-session.el --- a session with Eglot  -*- lexical-binding: t -*-

(require 'driver)
(load (expand-file-name "emacs/dockerfile-ls-eglot.el" (getenv "SHIPPED")) nil t)
(require 'eglot)

(defun findings ()
  (mapcar (lambda (finding)
            (list (let ((text (flymake-diagnostic-text finding)))
                    (and (string-match "^dockerfile-ls \\[\\([a-z-]+\\)\\]: " text) (match-string 1 text)))
                  (driver-text (flymake-diagnostic-beg finding) (flymake-diagnostic-end finding))))
          (flymake-diagnostics)))

(defun fix () (call-interactively #'eglot-code-actions))

(defun stop () (eglot-shutdown (eglot-current-server)))

(driver-session #'findings #'fix #'stop)
;;; eglot-session.el ends here
