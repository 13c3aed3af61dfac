-- The current directory.
\! mkdir -p there/deeper 'with blank'
\cd there
\! basename "$PWD"
\cd deeper extra
\! basename "$PWD"
\cd ../..
\cd 'with blank'
\! basename "$PWD"
\cd ..
\cd nowhere
\! test -d there && echo still here
-- Without an argument: to the home directory, which HOME names.
\cd there
\setenv HOME /
\cd
\! pwd
\setenv HOME
-- The environment.
\setenv PGSH_GOLDEN 'a value'
\getenv value PGSH_GOLDEN
\echo :value
\! echo "$PGSH_GOLDEN"
\setenv PGSH_GOLDEN
\unset value
\getenv value PGSH_GOLDEN
\echo :{?value}
\set value kept
\getenv value PGSH_GOLDEN
\echo :value
\setenv PGSH_EMPTY ''
\getenv value PGSH_EMPTY
\echo [:value]
\getenv
\getenv value
\getenv value PGSH_EMPTY extra
\getenv 'bad name' PGSH_EMPTY
\setenv
\setenv a=b c
\setenv PGSH_GOLDEN a extra
-- Exit statuses of the shell.
\! exit 3
\echo :SHELL_ERROR :SHELL_EXIT_CODE
\! kill -9 $$
\echo :SHELL_ERROR :SHELL_EXIT_CODE
\! true
\echo :SHELL_ERROR :SHELL_EXIT_CODE
\set out `echo a; echo b; exit 5`
\echo :SHELL_ERROR :SHELL_EXIT_CODE :out
-- Timing.
\timing
\timing off
\timing maybe
\timing on extra
select 1;
\timing
