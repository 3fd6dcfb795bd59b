;;; driver.el --- what the sessions of emacs.sh have in common  -*- lexical-binding: t -*-

(require 'package)
(require 'cl-lib)
(package-initialize)
(setq make-backup-files nil auto-save-default nil create-lockfiles nil)

(defun driver-say (format &rest arguments)
  (let ((inhibit-message t))
    (write-region (concat (apply #'format format arguments) "\n") nil (getenv "RESULTS") 'append)))

(defun driver-idle ()
  "Do what Emacs does when the user pauses: there are no pauses in a batch."
  (dolist (timer (copy-sequence timer-idle-list))
    (timer-event-handler timer)))

(defun driver-command (command &rest arguments)
  "Run COMMAND with ARGUMENTS as if it were typed."
  (let ((last-nonmenu-event ?\r))
    (apply command arguments))
  (run-hooks 'post-command-hook))

(defun driver-wait (what condition)
  "Wait until CONDITION gives something, or end the session since WHAT has not come."
  (let* ((began (float-time)) value)
    (while (not (setq value (funcall condition)))
      (when (> (- (float-time) began) 20)
        (error "In vain waited: %s" what))
      (driver-idle)
      (accept-process-output nil 0.01))
    (driver-say "ok %s (%d ms)" what (* 1000 (- (float-time) began)))
    value))

(defun driver-text (from to)
  "What stands there; the place may be one of a text that was longer."
  (and (<= to (point-max)) (buffer-substring-no-properties from to)))

(defun driver-tour ()
  "The findings of the tour as lists of rule and marked text."
  (with-temp-buffer
    (insert-file-contents (getenv "TOUR"))
    (mapcar (lambda (line) (split-string line "\t")) (split-string (buffer-string) "\n" t))))

(defun driver-found (actual &rest expected)
  "Whether the findings ACTUAL are the EXPECTED ones, in any order."
  (and (= (length actual) (length expected))
       (null (cl-set-exclusive-or actual expected :test #'equal))))

(defun driver-choose (title)
  "Choose among what Emacs offers what begins with TITLE."
  (setq completing-read-function
        (lambda (_prompt choices &rest _)
          (let ((titles (all-completions "" choices)))
            (or (cl-find-if (lambda (choice) (string-prefix-p title choice)) titles)
                (error "No %s among %S" title titles))))))

(defun driver-line (start)
  (goto-char (point-min))
  (re-search-forward (concat "^" start))
  (beginning-of-line))

(defun driver-session (findings fix stop)
  "Take an editor through the tour's first Dockerfile.
FINDINGS gives what is shown, as lists of rule and marked text.  FIX applies an action at point whose title begins with its
argument.  STOP ends the client."
  (let ((tour (driver-tour)) (status 1))
    (condition-case reason
        (progn
          (driver-command #'find-file "Dockerfile")
          (driver-wait "the findings of the tour appear"
                       (lambda () (apply #'driver-found (funcall findings) tour)))
          (driver-line "CMD")
          (driver-command #'insert "USE")
          (driver-command #'newline)
          (driver-wait "half a line is found, the others stay"
                       (lambda () (apply #'driver-found (funcall findings) '("unknown-instruction" "USE") tour)))
          (driver-line "USE")
          (driver-command #'kill-whole-line)
          (driver-wait "its finding goes with it"
                       (lambda () (apply #'driver-found (funcall findings) tour)))
          (driver-line "CMD")
          (forward-word 2)
          (driver-choose "Rewrite to exec form")
          (driver-command fix)
          (driver-wait "the fix is made"
                       (lambda () (string-search "\nCMD [\"npm\", \"start\"]\n" (buffer-string))))
          (driver-wait "what it mends is gone, other findings stay"
                       (lambda ()
                         (let ((rules (mapcar #'car (funcall findings))))
                           (and (not (member "shell-form-command" rules)) (member "untagged-base-image" rules)))))
          (driver-command #'save-buffer)
          (funcall stop)
          (driver-wait "the server ends" (lambda () (file-exists-p "../codes")))
          (driver-say "end of session")
          (setq status 0))
      (error
       (driver-say "FAILED %s" (error-message-string reason))
       (driver-say "%S" (ignore-errors (funcall findings)))
       (driver-say "%s" (buffer-string))))
    (kill-emacs status)))

(provide 'driver)
;;; driver.el ends here
