" Takes Vim with ALE through the tour's first Dockerfile, as vim.sh starts it. Jobs and timers run while it sleeps.

function! Say(line) abort
  call writefile([a:line], $RESULTS, 'a')
endfunction

function! Wait(what, condition) abort
  let l:began = reltime()
  while !a:condition()
    if reltimefloat(reltime(l:began)) > 20
      throw 'in vain waited: ' . a:what
    endif
    sleep 10m
  endwhile
  call Say(printf('ok %s (%d ms)', a:what, float2nr(reltimefloat(reltime(l:began)) * 1000)))
endfunction

" Changed is what Vim does by itself where there is a screen.
function! Changed() abort
  doautocmd TextChanged
endfunction

" Findings are lines of rule and marked text, sorted.
function! Findings() abort
  return sort(map(copy(ale#engine#GetLoclist(bufnr(''))), 'v:val.code . "\t" . Marked(v:val)'))
endfunction

function! Marked(finding) abort
  return getline(a:finding.lnum)[a:finding.col - 1 : get(a:finding, 'end_col', a:finding.col) - 1]
endfunction

function! Found(more) abort
  return Findings() ==# sort(readfile($TOUR) + a:more)
endfunction

function! Rules() abort
  return map(Findings(), 'split(v:val, "\t")[0]')
endfunction

" Choose answers ALE's menu, which is read by input(), with what begins with a title.
function! Choose(title) abort
  runtime autoload/ale/util.vim
  let s:title = a:title
  function! ale#util#Input(message, value, ...) abort
    let l:line = matchstr(a:message, '\v(^|\n)\zs\d+\) ' . s:title)
    return empty(l:line) ? '' : matchstr(l:line, '^\d\+')
  endfunction
endfunction

function! Session() abort
  call Wait('the findings of the tour appear', {-> Found([])})
  normal! 4GoUSE
  call Changed()
  call Wait('half a line is found, the others stay', {-> Found(["unknown-instruction\tUSE"])})
  normal! u
  call Changed()
  call Wait('undo takes it away', {-> Found([])})
  call cursor(5, 6)
  call Choose('Rewrite to exec form')
  ALECodeAction
  call Wait('the fix is made', {-> getline(5) ==# 'CMD ["npm", "start"]'})
  call Changed()
  call Wait('what it mends is gone, other findings stay',
        \ {-> index(Rules(), 'shell-form-command') < 0 && index(Rules(), 'untagged-base-image') >= 0})
  write
  ALEStopAllLSPs
  call Wait('the server ends', {-> filereadable('../codes')})
  call Say('end of session')
endfunction

try
  call Session()
  qall!
catch
  call writefile(['FAILED ' . v:exception . ' at ' . v:throwpoint] + Findings() + getline(1, '$'), $RESULTS, 'a')
  cquit!
endtry
