-- Variables that matter at the prompt: their defaults and what they take.
\echo :PROMPT1:PROMPT2:PROMPT3
\set PROMPT1 '%n>'
\set PROMPT2 ''
\set PROMPT3
\echo [:PROMPT1] [:PROMPT2] [:PROMPT3]
\unset PROMPT1
\unset PROMPT2
\unset PROMPT3
\echo [:PROMPT1] [:PROMPT2] [:PROMPT3]
\echo :{?HISTFILE} :HISTSIZE :HISTCONTROL :IGNOREEOF
\set HISTFILE somewhere
\set HISTSIZE 10
\set HISTSIZE x
\set HISTSIZE -1
\set HISTSIZE 2147483648
\set HISTSIZE
\echo [:HISTSIZE]
\unset HISTSIZE
\echo [:HISTSIZE]
\unset HISTFILE
\echo :{?HISTFILE}
\set HISTCONTROL ignoreboth
\set HISTCONTROL both
\set HISTCONTROL
\unset HISTCONTROL
\echo [:HISTCONTROL]
\set IGNOREEOF 3
\set IGNOREEOF x
\echo [:IGNOREEOF]
\set IGNOREEOF
\echo [:IGNOREEOF]
\unset IGNOREEOF
\echo [:IGNOREEOF]
\set COMP_KEYWORD_CASE upper
\set COMP_KEYWORD_CASE middle
\unset COMP_KEYWORD_CASE
\echo [:COMP_KEYWORD_CASE]
