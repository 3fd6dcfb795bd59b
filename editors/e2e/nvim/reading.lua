-- Reading a Dockerfile with Neovim's own commands: outline, hover, definition, references, and a rename that is saved.
local driver = dofile(os.getenv('SESSIONS') .. '/driver.lua')
local holds, wait = driver.holds, driver.wait

-- listed is the texts of what a command has listed: older versions have it in the quickfix list, newer ones in that of the
-- window.
local function listed()
  local items = vim.fn.getqflist()
  vim.list_extend(items, vim.fn.getloclist(0))
  return vim.tbl_map(function(item) return item.text end, items)
end

local function lists(text)
  return function()
    return #vim.tbl_filter(function(item) return item:find(text, 1, true) end, listed()) > 0
  end
end

local function forget()
  vim.cmd('silent! cclose | silent! lclose')
  vim.fn.setqflist({})
  vim.fn.setloclist(0, {})
end

-- floating is the window in front of the others, and its text; nil if there is none.
local function floating()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      return window, table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\n')
    end
  end
end

local function hovers(what, text)
  vim.lsp.buf.hover()
  wait(what, function()
    local _, shown = floating()
    return shown and shown:find(text, 1, true)
  end)
  vim.api.nvim_win_close(floating(), true)
end

-- at puts the cursor on a word of the line that holds a text.
local function at(line, word)
  for number, text in ipairs(driver.lines()) do
    if text:find(line, 1, true) then
      return vim.api.nvim_win_set_cursor(0, { number, assert(text:find(word, 1, true)) - 1 })
    end
  end
  error('no line with ' .. line)
end

driver.run(function()
  wait('the file is read', function() return driver.found('untagged-base-image', 'FROM node AS build') end)

  vim.lsp.buf.document_symbol()
  wait('the outline has the stage', lists('build'))
  holds('and what is in it', lists('WORKDIR /app')())
  forget()

  at('COPY --from', 'build')
  hovers('hovering the stage tells its base image', 'node')
  at('ENV NODE_ENV', 'NODE_ENV')
  hovers('hovering the variable tells its value', 'production')

  at('COPY --from', 'build')
  vim.lsp.buf.references()
  wait('both places of the stage are listed', function() return #listed() == 2 end)
  forget()
  at('COPY --from', 'build')
  vim.lsp.buf.definition()
  wait('the definition is the FROM', function() return vim.api.nvim_get_current_line() == 'FROM node AS build' end)
  forget()

  vim.lsp.buf.rename('compile')
  wait('the stage is renamed where it is declared', function() return driver.lines()[3] == 'FROM node AS compile' end)
  wait('and where it is used', function()
    return vim.tbl_contains(driver.lines(), 'COPY --from=compile --chown=node:node /app/dist ./dist')
  end)
  vim.cmd('write')
  driver.stop()
end)
