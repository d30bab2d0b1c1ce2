" SPDX-License-Identifier: ISC
" Colours for sheets of tacit; the language is in docs/sheets.md.

if exists('b:current_syntax')
  finish
endif
syntax case match
setlocal iskeyword+=- commentstring=#\ %s expandtab

" What stands at the margin begins something.
syntax match tacitHeader /^\%(title\|about\|people\|list\|ask\|outcome\|note\|stop\|sleep\|may\s\+sleep\|once\)\>/
syntax match tacitTitle /\%(^title\s\+\)\@<=.*$/

" Names that are given, and the texts behind them.  These begin at the margin or in the space before
" the name, so that a name or a text may hold any word of the language.
syntax match tacitQuestion /^\%(ask\|outcome\)\s[^:]*:.*$/ contains=tacitHeader,tacitEach,tacitName,tacitText
syntax match tacitOption /^\s\+[a-z][a-z0-9-]*\s*:.*$/ contains=tacitName,tacitText
syntax match tacitName /[a-z][a-z0-9-]*\ze\s*:/ contained nextgroup=tacitText skipwhite
syntax match tacitText /:.*$/ contained
syntax keyword tacitEach each contained

" Blocks of text: they end where a line stands no deeper than their first word.
syntax region tacitBlock matchgroup=tacitHeader start=/^about\>/ end=/^\ze[^[:space:]#]/ keepend contains=tacitComment
syntax region tacitBlock matchgroup=tacitClause start=/^\z(\s\+\)say\>/ end=/^\ze[^[:space:]#]/ end=/^\z1\ze[^[:space:]#]/ keepend contains=tacitComment
syntax region tacitNote start=/^\%(note\|stop\)\>/ end=/^\ze[^[:space:]#]/ keepend contains=tacitHeader,tacitNoteText,tacitComment,@tacitRule
syntax match tacitNoteText /^\s.*$/ contained

syntax cluster tacitRule contains=tacitClause,tacitKind,tacitLimit,tacitPeople,tacitFold,tacitMethod,tacitWord,tacitNumber,tacitSign
syntax keyword tacitClause when otherwise also chance reveal may tell
syntax keyword tacitKind number step points over ranking of any yes no yours change items first
syntax keyword tacitLimit at least most more fewer than half them other rounded up down
syntax keyword tacitTime on it every a hour hours day days week weeks
syntax keyword tacitPeople both either neither exactly one same role each for
syntax keyword tacitFold count sum min max all none where
syntax keyword tacitMethod best compromise adjusted winner fairest split nothing shared highest lowest by ties lot order from
syntax keyword tacitWord and or not is if then else in to not-now
syntax match tacitNumber /\<\d\+\>/
syntax match tacitSign /<=\|>=\|[-<>=+*\/]\ze\s/

syntax match tacitComment /^\s*#.*$/

highlight default link tacitHeader Statement
highlight default link tacitTitle Title
highlight default link tacitName Identifier
highlight default link tacitText String
highlight default link tacitEach Function
highlight default link tacitBlock String
highlight default link tacitNoteText String
highlight default link tacitClause Keyword
highlight default link tacitKind Type
highlight default link tacitLimit Type
highlight default link tacitTime Type
highlight default link tacitPeople Function
highlight default link tacitFold Function
highlight default link tacitMethod Function
highlight default link tacitWord Operator
highlight default link tacitSign Operator
highlight default link tacitNumber Number
highlight default link tacitComment Comment

let b:current_syntax = 'tacit'
