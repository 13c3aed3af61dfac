-- Where a statement ends among quotes, comments and parentheses.
-- args: -X -a
select 'a;b' as "x;y", E'\';' as e, $$a;'b$$ as d, $tag$a $$ ; b$tag$ as t;
select U&'d\0061t\+000061' as u, B'101' as b, X'1F' as x, N'n' as n;
select 'two'
' lines' as joined;
/* a comment ; /* nested ; */ still */ select 1 as after_comment;
select 1 -- ; not here
 as one;
select (1; 2);
select 1 as a \; select 2 as b;
select 'a' 'b';
select 1;select 2;  select 3
;
select '\' as backslash, "
-- a quoted
name";
";
create function f() returns int language sql begin atomic select 1; select 2; end; select f();
create function g() returns int language sql begin atomic select case when true then 1 end; end;
select 5 as "five" \g \echo after
select $1 \bind 7 \g
select 1 as unfinished
