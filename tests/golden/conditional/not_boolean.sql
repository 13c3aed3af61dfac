-- An expression that is no Boolean is false and no error; the line goes on.
-- args: -X -v ON_ERROR_STOP=1
\if nonsense \foo
\echo one
\elif
\echo two
\else
\echo three
\endif
\if 	 \set x "unterminated
\endif
\echo end
