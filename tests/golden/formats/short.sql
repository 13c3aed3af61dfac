-- The commands that are short for \pset.
\a
select 1 as a, 2 as b;
\f
\f ,
select 1 as a, 2 as b;
\f '\t'
select 1 as a, 2 as b;
\f ''
select 1 as a, 2 as b;
\f a extra
\a
\a extra
\a
\C
\C 'a title'
select 1 as a;
\C two words
select 1 as a;
\C
select 1 as a;
\H
\T
\T 'border="3" class="a<b"'
select 1 as a, 'x<y&"z"' as b;
\T
select 1 as a;
\H
\html
\html
\pset format csv
\H
\H
\t
select 1 as a;
\t
\t on
\t off
\t maybe
\t on extra
\t
\x
select 1 as a, 'two' as b;
\x
\x auto
select 1 as a, 'two' as b;
\x on
\x off
\x maybe
\x on extra
