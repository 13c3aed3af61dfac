//! The rules as rows. Every expected value was seen in psql 18.6.

use std::collections::HashMap;

use super::*;
use crate::encoding::Encoding;

/// A shell small enough to see what the lexer does.
#[derive(Default)]
struct Shell {
    variables: HashMap<Vec<u8>, Vec<u8>>,
    encoding: Encoding,
    backslash_quotes: bool,
    single_line: bool,
    /// Arguments are skipped, not evaluated.
    inactive: bool,
    kind: Option<ArgumentKind>,
    /// What happened: statements, `\command [arguments]`, and reports after `!`.
    seen: Vec<String>,
}

impl Environment for Shell {
    fn variable(&self, name: &[u8]) -> Option<&[u8]> {
        self.variables.get(name).map(Vec::as_slice)
    }
    fn encoding(&self) -> Encoding {
        self.encoding
    }
    fn standard_strings(&self) -> bool {
        !self.backslash_quotes
    }
    fn single_line(&self) -> bool {
        self.single_line
    }
    fn quote(&mut self, value: &[u8], quoting: Quoting) -> Option<Vec<u8>> {
        quoting
            .quote(value, self.encoding)
            .map_err(|e| self.seen.push(format!("!{}", e.message())))
            .ok()
    }
    fn backquote(&mut self, command: &[u8]) -> Option<Vec<u8>> {
        assert!(!self.inactive, "a command ran in an inactive branch");
        Some([b"<", command, b">"].concat())
    }
    fn report(&mut self, _: Severity, text: &[u8]) {
        self.seen.push(format!("!{}", self::text(text)));
    }
}

impl Shell {
    /// Runs a script as the main loop would; what is left in the query buffer comes last,
    /// after `...`.
    fn run(mut self, script: &[u8]) -> Vec<String> {
        let mut lexer = Lexer::new();
        let mut query = Vec::new();
        for line in script.split_inclusive(|&b| b == b'\n') {
            lexer.set_line(line, &self);
            loop {
                match lexer.scan_sql(&mut self, &mut query) {
                    End::Statement => self.send(&mut query),
                    End::Backslash => self.command(&mut lexer, &mut query),
                    End::Incomplete(_) | End::Empty => break,
                }
            }
        }
        if !query.is_empty() {
            self.seen.push(format!("...{}", text(&query)));
        }
        self.seen
    }

    fn send(&mut self, query: &mut Vec<u8>) {
        self.seen.push(text(query));
        query.clear();
    }

    fn command(&mut self, lexer: &mut Lexer, query: &mut Vec<u8>) {
        let name = lexer.command_name();
        let mut arguments = Vec::new();
        let kind = self.kind.unwrap_or(ArgumentKind::Normal);
        while let Some(argument) =
            if self.inactive { lexer.skip_argument(self, kind) } else { lexer.argument(self, kind) }
        {
            arguments.push(argument.value);
        }
        lexer.finish_command();
        match name.as_slice() {
            b"set" => {
                self.variables.insert(arguments[0].clone(), arguments[1..].concat());
            }
            b"g" => {
                self.send(query);
                lexer.reset();
            }
            b"r" => {
                query.clear();
                lexer.reset();
            }
            b"" => {
                lexer.rest_of_line();
                self.seen.push("\\".into());
            }
            _ => {
                let arguments: String =
                    arguments.iter().map(|a| format!(" [{}]", text(a))).collect();
                self.seen.push(format!("\\{}{arguments}", text(&name)));
            }
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap_or_else(|_| bytes.escape_ascii().to_string())
}

#[track_caller]
fn check(script: &str, expected: &[&str]) {
    assert_eq!(Shell::default().run(script.as_bytes()), expected, "{script}");
}

#[test]
fn statements_end_at_semicolons() {
    check("select 1; select 2;\n", &["select 1;", "select 2;"]);
    check("select 1\n;\n", &["select 1\n;"]);
    check(";;\n;\n", &[";", ";", ";"]);
    check("select (1;\n2);\n", &["select (1;\n2);"]);
    check("select 1);\n", &["select 1);"]);
    check("select [1;2];\n", &["select [1;", "2];"]);
    check("select 1 /;/ 2;\n", &["select 1 /;", "/ 2;"]);
    check("select 1\r\n;\r\n", &["select 1\r\n;"]);
    check("\u{b}\u{c}\r select\u{b}1;", &["select\u{b}1;"]);
}

#[test]
fn space_and_dash_comments_before_a_statement_vanish() {
    check("   \n\n   select 1;   \n", &["select 1;"]);
    check("-- x\nselect 3;\n", &["select 3;"]);
    check(
        "  -- x\n  /* y\n z */\n  select 4 -- in\n   -- in2\n\n   , 5\n   ;  select 6;\n",
        &["/* y\n z */\n  select 4 -- in\n   -- in2\n   , 5\n   ;", "select 6;"],
    );
    check("-- dash only\n;\n", &[";"]);
    check("select 1; /* tail */ select 7\n;\n", &["select 1;", "/* tail */ select 7\n;"]);
    check("select 1; -- x\n", &["select 1;"]);
    check(" \\; -- x\nselect 1;", &["; -- x\nselect 1;"]);
    check("/* x */   \n", &[".../* x */   "]);
    check("\\set e ''\n:e select 1;\n", &["select 1;"]);
    check("\\set n '\\n'\n:n  select 2;\n", &["select 2;"]);
}

#[test]
fn empty_lines_vanish_outside_quotes_and_comments() {
    check("select (1\n\n, 2);\n", &["select (1\n, 2);"]);
    check("select 1\n   \n;\n", &["select 1\n   \n;"]);
    check("select '\n\n a\n\n';\n", &["select '\n\n a\n\n';"]);
    check("select \"a\n\nb\" + $$\n\n$$;\n", &["select \"a\n\nb\" + $$\n\n$$;"]);
    check("/* a\n\nb */ select 1;\n", &["/* a\n\nb */ select 1;"]);
    // a line that begins with a meta-command is none of the query's
    check("select 1\n\\echo a\n, 2;\n", &["\\echo [a]", "select 1\n, 2;"]);
    check("select 1\n \\echo a\n, 2;\n", &["\\echo [a]", "select 1\n \n, 2;"]);
    check("select 1\n\\echo a\\\\, 2;\n", &["\\echo [a]", "select 1, 2;"]);
    check("select 1\n\\;\\echo a\n", &["\\echo [a]", "...select 1\n;"]);
    check("select 1 \\echo a\n, 2;\n", &["\\echo [a]", "select 1 \n, 2;"]);
}

#[test]
fn comments() {
    check("select /* /* nested ; */ ; */ 1;", &["select /* /* nested ; */ ; */ 1;"]);
    check("select /* /* x -- */ ; */ */ */ 1;", &["select /* /* x -- */ ; */ */ */ 1;"]);
    check("select /**/ 1 /***/, 2 /*/ ; */ ;", &["select /**/ 1 /***/, 2 /*/ ; */ ;"]);
    check("select /* /*/ ; */ ; */ ;", &["select /* /*/ ; */ ; */ ;"]);
    check("select /* /** ; **/ ; **/ ;", &["select /* /** ; **/ ; **/ ;"]);
    check("select 1 /* a\n; */ ;", &["select 1 /* a\n; */ ;"]);
    // inside operators
    check("select 1 +-- x;\n 2;", &["select 1 +-- x;\n 2;"]);
    check("select 1 */* x; */ 2;", &["select 1 */* x; */ 2;"]);
    check("select 1 *//* ; */ 2;", &["select 1 *//* ; */ 2;"]);
    check("select 1 -/*;*/- 2;", &["select 1 -/*;*/- 2;"]);
    check("select 1 /-- ;\n 2;", &["select 1 /-- ;\n 2;"]);
    check("select 1 !--;\n;", &["select 1 !--;\n;"]);
    // a carriage return ends a comment
    check("select 1 -- a\r, 2;", &["select 1 -- a\r, 2;"]);
}

#[test]
fn strings() {
    check("select 'a;b'';c';", &["select 'a;b'';c';"]);
    check("select \"a\"\";b\";", &["select \"a\"\";b\";"]);
    check("select 'a\\'; ';", &["select 'a\\';", "...';"]);
    check("select E'a\\'b;' ;", &["select E'a\\'b;' ;"]);
    check("select e'a\\\\';", &["select e'a\\\\';"]);
    check("select E'a\\\n;b';", &["select E'a\\\n;b';"]);
    check("select U&\"a\\;\" ;", &["select U&\"a\\;\" ;"]);
    check("select b'01;', x'0f;', n'x;';", &["select b'01;', x'0f;', n'x;';"]);
    check("select xE'a\\';", &["select xE'a\\';"]);
    check("select 1E'a\\';", &["select 1E'a\\';"]);
    // the parts of a string may be lines apart, but a prefix holds within one line only
    check("select 'abc'   -- cmt\n 'd;f';", &["select 'abc'   -- cmt\n 'd;f';"]);
    check("select E'a'\n'b\\'';' ;", &["select E'a'\n'b\\'';' ;"]);
    check("select E'a' --x\r'b\\'';';", &["select E'a' --x\r'b\\'';", "...';"]);
    check("select E'a' 'b\\'';' ;", &["select E'a' 'b\\'';' ;"]);
}

#[test]
fn strings_with_backslashes() {
    let check = |script: &str, expected: &[&str]| {
        let shell = Shell { backslash_quotes: true, ..Shell::default() };
        assert_eq!(shell.run(script.as_bytes()), expected, "{script}");
    };
    check("select 'a\\';';", &["select 'a\\';';"]);
    check("select 'a\\\\';", &["select 'a\\\\';"]);
    check("select n'a\\';';", &["select n'a\\';';"]);
    check("select U&'a\\';", &["select U&'a\\';"]);
}

#[test]
fn dollar_quotes() {
    check("select $a$ ; $b$ ; $a$;", &["select $a$ ; $b$ ; $a$;"]);
    check("select $$ ; $a$ ; $$;", &["select $$ ; $a$ ; $$;"]);
    check("select $a$\n ; \n$a$;", &["select $a$\n ; \n$a$;"]);
    check("select $1$ ; $1$;", &["select $1$ ;", "$1$;"]);
    check("select a$b$ ; $b$;", &["select a$b$ ;", "...$b$;"]);
    check("select 1$a$ ; $a$;", &["select 1$a$ ; $a$;"]);
    check("select $1$a$ ; $a$;", &["select $1$a$ ; $a$;"]);
    check("select 1a$b$ ; $b$;", &["select 1a$b$ ;", "...$b$;"]);
    check("select 1.5a$b$ ; $b$;", &["select 1.5a$b$ ;", "...$b$;"]);
    check("select 1 $1a$b$ ; $b$;", &["select 1 $1a$b$ ;", "...$b$;"]);
    check("select ?$b$ ; $b$;", &["select ?$b$ ; $b$;"]);
    check("select $a$ ; $b$a$ ; 2;", &["select $a$ ; $b$a$ ;", "2;"]);
    check("select $A$;$a$;$A$;", &["select $A$;$a$;$A$;"]);
    check("select $a b$;", &["select $a b$;"]);
    check("select $é$ ; $é$;", &["select $é$ ; $é$;"]);
}

#[test]
fn variables_are_expanded() {
    let check = |script: &str, expected: &str| {
        check(&format!("\\set v 42\n{script}"), &[expected]);
    };
    check("select :v, :'v', :\"v\", :{?v}, :{?w};", "select 42, '42', \"42\", TRUE, FALSE;");
    check("select :w, :'w', :\"w\";", "select :w, :'w', :\"w\";");
    check(
        "select 'a:v', ':v', \"a:v\", $$:v$$, E':v';",
        "select 'a:v', ':v', \"a:v\", $$:v$$, E':v';",
    );
    check("select /* :v */ 3 -- :v\n;", "select /* :v */ 3 -- :v\n;");
    check("select 1::v, (x)[1:v], (x)[:v:2];", "select 1::v, (x)[142], (x)[42:2];");
    check("select 1+:v, 1<:v, a:=:v, a=>:v, a:::v;", "select 1+42, 1<42, a:=42, a=>42, a::42;");
    check(
        "select 1.:v, 1:v, $1:v, a:v, 'a':v, $1a:v;",
        "select 1.42, 142, $142, a42, 'a'42, $1a42;",
    );
    check("select :v:v, :v::v, :v:::v, :'v':'v';", "select 4242, 42::v, 42::42, '42''42';");
    check("select :vx, :v_, :v$, :7, :v7, :é;", "select :vx, :v_, 42$, :7, :v7, :é;");
    check("select :{?}, :{?v-a}, :{?v x}, :{v}, : v;", "select :{?}, :{?v-a}, :{?v x}, :{v}, : v;");
    check("select :'v a', :\"v;\", ;", "select :'v a', :\"v;\", ;");
    check("\\set é accent\nselect :é, :v.a, :v-a;", "select accent, 42.a, 42-a;");
    check("select \\:v;", "select :v;");
    check("\\set w 'a\\\\b'\nselect :'w';", "select  E'a\\\\b';");
}

#[test]
fn no_token_spans_two_texts() {
    check("\\set s 'select 1; select 2'\n:s;", &["select 1;", "select 2;"]);
    check("\\set s 'select ''abc'\n:s def';", &["select 'abc def';"]);
    check("\\set s '--'\nselect 1 :s foo; select 2;", &["select 1 -- foo;", "select 2;"]);
    check("\\set s '/* foo'\nselect 1 :s ; */ , 2;", &["select 1 /* foo ; */ , 2;"]);
    check("\\set s /\nselect 1 :s* ; */ ;", &["select 1 /* ;", "*/ ;"]);
    check("\\set s a\nselect :s$$ ; $$ ;", &["select a$$ ; $$ ;"]);
    check("\\set s $\nselect :s$ ; $$ ;", &["select $$ ;", "...$$ ;"]);
    check("\\set s E\nselect :s'a\\';' ;", &["select E'a\\';", "...' ;"]);
    check("\\set s 'E''a\\\\'\nselect :s' ; ';", &["select E'a\\' ;", "...';"]);
    check("\\set s 'E''a''\\n''b\\\\''; '';'\n:s", &["E'a'\n'b\\'; ';"]);
    check("\\set s '\\n'\nselect E'a':s'b\\'';' ;", &["select E'a'\n'b\\'';' ;"]);
    check("\\set s ':'\n\\set int 4\nselect 1 :s:int;", &["select 1 :4;"]);
    check(
        "\\set s 'select :v, :t;'\n\\set t ':v'\n\\set v 1\n:s :s",
        &["select 1, 1;", "select 1, 1;"],
    );
    check("\\set s '\\\\echo hi'\n:s there", &["\\echo [hi] [there]"]);
    check("\\set s '\\\\ec'\n:s'ho' hi", &["\\ec'ho' [hi]"]);
    check("\\set s '\\\\echo \"a'\n:s b\" c", &["\\echo [\"a b\"] [c]"]);
    check("\\set s '\\\\echo ''a\\\\'\n:s:b'", &["\\echo [a\\:b]"]);
    check("\\set s '\\\\echo ''a'''\n:s'b'", &["\\echo [ab]"]);
    check("\\set s '\\\\'\n:s;select 1;", &["\\;select [1;]"]);
    check("\\set s '\\\\echo \\\\'\n:s\\ select 1;", &["\\echo", "\\"]);
}

#[test]
fn recursion_is_reported() {
    check(
        "\\set r ':r'\nselect :r;",
        &["!skipping recursive expansion of variable \"r\"", "select :r;"],
    );
    check(
        "\\set a ':b'\n\\set b ':a'\nselect :a;",
        &["!skipping recursive expansion of variable \"a\"", "select :a;"],
    );
    check("\\set a ':b'\n\\set b 1\nselect :a, :a;", &["select 1, 1;"]);
}

#[test]
fn what_cannot_be_quoted_stays() {
    check(
        "\\set v '\\xff'\nselect :'v', :\"v\";",
        &["!invalid multibyte character", "!invalid multibyte character", "select :'v', :\"v\";"],
    );
    check(
        "\\set v 'a\\xe2\\x82'\n\\echo :'v'",
        &["!incomplete multibyte character", "\\echo [:'v']"],
    );
}

#[test]
fn backslashes() {
    check("select 10 \\; select 11;", &["select 10 ; select 11;"]);
    check("\\;\n;", &[";\n;"]);
    check("select (1 \\; 2; 3); 4;", &["select (1 ; 2; 3);", "4;"]);
    check("select 1 \\g\nselect 2\\g", &["select 1 ", "select 2"]);
    check("select 1 \\echo hi \\\\ , 2;", &["\\echo [hi]", "select 1  , 2;"]);
    check("select 1 \\echo hi \\\\\\\\ , 3;", &["\\echo [hi]", "\\", "...select 1 "]);
    check("\\echo a\\\\ select 4;", &["\\echo [a]", "select 4;"]);
    check("\\echo a\\p\\echo b", &["\\echo [a]", "\\p", "\\echo [b]"]);
    check("select 1 \\\n", &["\\", "...select 1 "]);
    check("select '\n\\echo a\n';", &["select '\n\\echo a\n';"]);
    check("select ( \\r\nselect 1;", &["select 1;"]);
    check("\\;\\:;", &[";:;"]);
    check("\\échø\u{b}a\\dt+x", &["\\échø [a]", "\\dt+x"]);
}

#[test]
fn routine_bodies_hold_semicolons() {
    for whole in [
        "create function f() returns int begin atomic select 1; select 2; end;",
        "create or replace procedure f() begin; x; end;",
        "CrEaTe Or RePlace Function f() BeGin; cAse enD; eNd;",
        "create function f() begin case; end; case end; end;",
        "create /* x */ function f() begin; end;",
        "create function f() begin; $$ end $$; 'end' ; \"end\"; end;",
        "create function f() begin; case_ end_ ; end;",
        "create function f() begin; (end;) x; end;",
        "create function f() begin; 1end; 1.5end; $1end; end;",
        "create (a b) or replace function f() begin; end;",
        "(create function f() begin; end;) ;",
        "1create create function f() begin; end;",
        "\"x\" create function f() begin; end;",
        "n'x' create function f() begin; end;",
        "u&\"x\" create function f() begin; end;",
        "create\nor\nreplace\nfunction\nf()\nbegin;\nend\n;",
    ] {
        check(&format!("{whole} y;"), &[whole, "y;"]);
    }
    check(
        "create function f() begin; x \\; y; end; z;",
        &["create function f() begin; x ; y; end;", "z;"],
    );
    check(
        "select 1 \\; create function f() begin atomic select 1; end; z;",
        &["select 1 ; create function f() begin atomic select 1; end;", "z;"],
    );
    check(
        "create function f() begin; ( \\g\nx; end; ) y;",
        &["create function f() begin; ( ", "x;", "end;", ") y;"],
    );
    for first in [
        "create function f(begin int) returns int;",
        "create function f() case;",
        "create function f() end;",
        "create or x function f() begin;",
        "create replace function f() begin;",
        "create \"function\" f() begin;",
        "create function f() \"begin\";",
        "create or replace foo procedure f() begin;",
        "a.create function f() begin;",
        "$1create function f() begin;",
        "create x function begin;",
        "create table begin(a int);",
        "case;",
    ] {
        check(&format!("{first} y;"), &[first, "y;"]);
    }
}

#[test]
fn an_inactive_branch_leaves_no_trace() {
    // "create ... begin; ( \if false ... \endif ) end;"
    for inactive in ["end; (", "case; ) )", "create x; begin"] {
        let mut shell = Shell::default();
        let (mut lexer, mut query) = (Lexer::new(), Vec::new());
        lexer.set_line(b"create function f() begin; (", &shell);
        lexer.scan_sql(&mut shell, &mut query);
        let (progress, len) = (lexer.progress(), query.len());
        lexer.set_line(inactive.as_bytes(), &shell);
        while lexer.scan_sql(&mut shell, &mut query) == End::Statement {}
        query.truncate(len);
        lexer.set_progress(progress);
        lexer.set_line(b" ; ) end; y;", &shell);
        assert_eq!(lexer.scan_sql(&mut shell, &mut query), End::Statement);
        assert_eq!(text(&query), "create function f() begin; (\n ; ) end;");
    }
}

#[test]
fn single_line_mode() {
    let check = |script: &str, expected: &[&str]| {
        let shell = Shell { single_line: true, ..Shell::default() };
        assert_eq!(shell.run(script.as_bytes()), expected, "{script}");
    };
    check("select 1\nselect 2\n", &["select 1", "select 2"]);
    check("select 'a\nb'\n", &["select 'a\nb'"]);
    check("select (1\n+2)\n", &["select (1\n+2)"]);
    check("/* only */\n-- only\n;\n   \n\n", &["/* only */", ";"]);
    check("select 1 \\echo x\n, 2\n", &["\\echo [x]", "select 1 ", ", 2"]);
    check("select 1; select 2\n", &["select 1;", "select 2"]);
    check("create function f() begin\nend\n", &["create function f() begin\nend"]);
    check("select 1 \\; select 2", &["select 1 ; select 2"]);
}

#[test]
fn a_line_ends_one_statement_at_most_in_single_line_mode() {
    let mut shell = Shell { single_line: true, ..Shell::default() };
    let (mut lexer, mut query) = (Lexer::new(), Vec::new());
    lexer.set_line(b"select 1\n", &shell);
    assert_eq!(lexer.scan_sql(&mut shell, &mut query), End::Statement);
    assert_eq!(lexer.scan_sql(&mut shell, &mut query), End::Incomplete(Prompt::Continue));
}

#[test]
fn prompts() {
    for (line, end) in [
        ("", End::Empty),
        ("  -- x", End::Empty),
        ("select", End::Incomplete(Prompt::Continue)),
        ("select 'a'", End::Incomplete(Prompt::Continue)),
        ("select 'a", End::Incomplete(Prompt::SingleQuote)),
        ("select E'a", End::Incomplete(Prompt::SingleQuote)),
        ("select \"a", End::Incomplete(Prompt::DoubleQuote)),
        ("select $a$", End::Incomplete(Prompt::DollarQuote)),
        ("select (", End::Incomplete(Prompt::Paren)),
        ("/* x", End::Incomplete(Prompt::Comment)),
        ("select ( /* x", End::Incomplete(Prompt::Comment)),
    ] {
        let mut shell = Shell::default();
        let mut lexer = Lexer::new();
        lexer.set_line(line.as_bytes(), &shell);
        assert_eq!(lexer.scan_sql(&mut shell, &mut Vec::new()), end, "{line}");
        let open = matches!(
            end,
            End::Incomplete(
                Prompt::Comment | Prompt::SingleQuote | Prompt::DoubleQuote | Prompt::DollarQuote
            )
        );
        assert_eq!(lexer.in_quote(), open, "{line}");
    }
}

/// The arguments of `line`, which begins after a command's name.
fn arguments(shell: &mut Shell, kind: ArgumentKind, line: &[u8]) -> Vec<Argument> {
    let mut lexer = Lexer::new();
    lexer.set_line(&[b"\\x ", line].concat(), shell);
    assert_eq!(lexer.scan_sql(shell, &mut Vec::new()), End::Backslash);
    assert_eq!(lexer.command_name(), b"x");
    let mut all = Vec::new();
    while let Some(argument) =
        if shell.inactive { lexer.skip_argument(shell, kind) } else { lexer.argument(shell, kind) }
    {
        all.push(argument);
    }
    all
}

#[track_caller]
fn check_arguments(kind: ArgumentKind, line: &str, expected: &[&str]) {
    let mut shell = Shell::default();
    for (name, value) in
        [("v", "42"), ("q", "it's"), ("d", "a\"b"), ("e", ""), ("r", ":v"), ("f", "Foo")]
    {
        shell.variables.insert(name.into(), value.into());
    }
    let found = arguments(&mut shell, kind, line.as_bytes());
    let mut found: Vec<_> = found.iter().map(|a| text(&a.value)).collect();
    found.append(&mut shell.seen);
    assert_eq!(found, expected, "{line}");
}

#[test]
fn normal_arguments() {
    let check =
        |line: &str, expected: &[&str]| check_arguments(ArgumentKind::Normal, line, expected);
    check("a b   c", &["a", "b", "c"]);
    check("a\u{b}b\u{c}c\rd\t", &["a", "b", "c", "d"]);
    check("'d e' \"f g\" a'b'c x\"y z\"w", &["d e", "\"f g\"", "abc", "x\"y z\"w"]);
    check("'a''b' \"a\"\"b\" ''", &["a'b", "\"a\"\"b\"", ""]);
    check(
        ":v :'v' :\"v\" :{?v} :{?w} :w :'w' :\"w\"",
        &["42", "'42'", "\"42\"", "TRUE", "FALSE", ":w", ":'w'", ":\"w\""],
    );
    check(
        "a:v :vb :v:v ::v \"a:v\" ':v' x=:v",
        &["a42", ":vb", "4242", ":42", "\"a:v\"", ":v", "x=42"],
    );
    check(
        ":'q' :\"d\" 'x':'q'\"y\" :r :e :v.b",
        &["'it''s'", "\"a\"\"b\"", "x'it''s'\"y\"", ":v", "", "42.b"],
    );
    check(": :: :a: :{ :{? :{?a :{a}", &[":", "::", ":a:", ":{", ":{?", ":{?a", ":{a}"]);
    check("a;b ;c d;", &["a;b", ";c", "d;"]);
    check("`echo :v` `a \\ b`c `echo ':v'`", &["<echo 42>", "<a \\ b>c", "<echo '42'>"]);
    check(
        "`:'q'` `:\"q\"` `:{?v}` `:w :'w'` `:r`",
        &["<'it'\"'\"'s'>", "<:\"q\">", "<:{?v}>", "<:w :'w'>", "<:v>"],
    );
    check("é 'é' a\\p", &["é", "é", "a"]);
    check("(format=csv", &["(format=csv"]);
}

#[test]
fn escapes_in_single_quotes() {
    let check = |line: &str, expected: &[u8]| {
        let found = arguments(&mut Shell::default(), ArgumentKind::Normal, line.as_bytes());
        assert_eq!(found[0].value, expected, "{line}");
    };
    check(r"'\n\t\b\r\f'", b"\n\t\x08\r\x0c");
    check(r"'\101\x41\x4a\x4\q'", b"AAJ\x04q");
    check(r#"'\'\\\"'"#, b"'\\\"");
    check(r"'\1'", b"\x01");
    check(r"'\18'", b"\x018");
    check(r"'\777'", b"\xff");
    check(r"'\1234'", b"S4");
    check(r"'\xff'", b"\xff");
    check(r"'\xgg\x\xABC'", b"xggx\xabC");
    check(r"'\é\ \9'", "é 9".as_bytes());
    // an argument ends before the first NUL
    check(r"a'\0'b", b"a");
    check(r"'\400'", b"");
}

#[test]
fn unterminated_quotes() {
    for line in ["'a", "\"a", "`a", "a'b\\'", ":' x", ":\"x"] {
        check_arguments(ArgumentKind::Normal, line, &["!unterminated quoted string"]);
    }
    check_arguments(ArgumentKind::Normal, "'a' 'b", &["a", "!unterminated quoted string"]);
    check("\\echo 'a \\echo b\n\\echo c", &["!unterminated quoted string", "\\echo", "\\echo [c]"]);
}

#[test]
fn a_shell_word_cannot_hold_a_newline() {
    check(
        "\\set n 'a\\nb'\n\\echo `echo :'n'`x",
        &[
            "!shell command argument contains a newline or carriage return: \"a\nb\"",
            "\\echo [<echo :'n'>x]",
        ],
    );
}

#[test]
fn identifier_arguments() {
    let check = |kind, line: &str, expected: &str| check_arguments(kind, line, &[expected]);
    check(ArgumentKind::SqlId, "FOO", "foo");
    check(ArgumentKind::SqlId, "\"Foo\"", "Foo");
    check(ArgumentKind::SqlId, "Foo\"Bar\"'X'", "fooBarx");
    check(ArgumentKind::SqlId, "\"a\"\"b c\"", "a\"b c");
    check(ArgumentKind::SqlId, ":f", "foo");
    check(ArgumentKind::SqlIdKeepCase, "Foo\"Bar\"'x'", "FooBarx");
    check(ArgumentKind::SqlIdKeepCase, "\"a\"x\"b c\"", "axb c");
    check(ArgumentKind::SqlIdKeepCase, "'\"Fo'", "Fo");
    let mut shell = Shell::default();
    shell.variables.insert(b"v".to_vec(), b"\"FOO\"x\"b\"".to_vec());
    let found = arguments(&mut shell, ArgumentKind::SqlId, b":v\"A\"");
    assert_eq!(text(&found[0].value), "FOOxb\"A");
}

#[test]
fn file_or_pipe_arguments() {
    let check =
        |line: &str, expected: &[&str]| check_arguments(ArgumentKind::FileOrPipe, line, expected);
    check("|cat :v ; echo 'x \\\\ select  ", &["|cat :v ; echo 'x \\\\ select  "]);
    check("'|cat' x", &["|cat", "x"]);
    check("\"|cat\"", &["\"|cat\""]);
    check("x|y |cat -n", &["x|y", "|cat -n"]);
    check("a:v \\\\ x", &["a42"]);
}

#[test]
fn whole_lines() {
    let check = |line: &str, raw: &str, stripped: Option<&str>| {
        let found = arguments(&mut Shell::default(), ArgumentKind::WholeLine, line.as_bytes());
        assert_eq!(text(&found[0].value), raw);
        let found = found[0].clone().strip_semicolons();
        assert_eq!(found.map(|a| text(&a.value)).as_deref(), stripped);
    };
    check("   a \\\\ :v 'x' ; ;  ", "a \\\\ :v 'x' ; ;  ", Some("a \\\\ :v 'x'"));
    check("; nope ; ; ", "; nope ; ; ", Some("; nope"));
    check("nope\t;\t", "nope\t;\t", Some("nope"));
    check(" ;", ";", None);
    assert!(arguments(&mut Shell::default(), ArgumentKind::WholeLine, b"  ").is_empty());
}

#[test]
fn semicolons_after_arguments() {
    let check = |line: &str, expected: Option<&str>| {
        let mut shell = Shell::default();
        shell.variables.insert(b"v".to_vec(), b"nope;".to_vec());
        let found = arguments(&mut shell, ArgumentKind::Normal, line.as_bytes()).remove(0);
        assert_eq!(found.strip_semicolons().map(|a| text(&a.value)).as_deref(), expected, "{line}");
    };
    check("nope;;", Some("nope"));
    check("'nope;'", Some("nope;"));
    check("\"nope;\"", Some("\"nope;\""));
    check("\"nope\";", Some("\"nope\""));
    check("no'pe;'", Some("nope;"));
    check("'no';;'p';;", Some("no;;p"));
    check(":v;", Some("nope;"));
    check("';';", Some(";"));
    check("''", Some(""));
    check("'';", Some(""));
    check(";", None);
    check(";x", Some(";x"));
    check("nope;x", Some("nope;x"));
}

#[test]
fn quotes_of_arguments() {
    for (line, quote) in [
        ("-n", None),
        ("'-n'", Some(b'\'')),
        ("-'n'", Some(b'\'')),
        ("\"-n\"", Some(b'"')),
        (":v", Some(b':')),
        (":w", None),
        ("`x`", Some(b'`')),
    ] {
        let mut shell = Shell::default();
        shell.variables.insert(b"v".to_vec(), b"-n".to_vec());
        let found = arguments(&mut shell, ArgumentKind::Normal, line.as_bytes());
        assert_eq!(found[0].quote, quote, "{line}");
    }
}

#[test]
fn skipped_arguments_are_not_evaluated() {
    let mut shell = Shell { inactive: true, ..Shell::default() };
    shell.variables.insert(b"v".to_vec(), b"1".to_vec());
    let line = b":v :'v' 'a:v' :\"v\" :{?v} x:v \"q\"q; `echo :v`";
    let found = arguments(&mut shell, ArgumentKind::Normal, line);
    let found: Vec<_> = found.iter().map(|a| text(&a.value)).collect();
    assert_eq!(found, [":v", ":'v'", "a:v", ":\"v\"", "FALSE", "x:v", "\"q\"q;", "echo :v"]);
    assert!(arguments(&mut shell, ArgumentKind::Normal, b"'a").is_empty());
    assert_eq!(shell.seen, ["!unterminated quoted string"]);
    assert_eq!(arguments(&mut shell, ArgumentKind::FileOrPipe, b"|cat \\else").len(), 1);
}

#[test]
fn bytes_that_only_look_like_ascii() {
    let all = [Encoding::Sjis, Encoding::Big5, Encoding::Gbk, Encoding::Uhc, Encoding::Gb18030];
    for encoding in all {
        let run = |script: &[u8]| Shell { encoding, ..Shell::default() }.run(script);
        assert_eq!(run(b"select '\x95\x5c', E'\x81\x5c';"), [r"select \'\x95\\\', E\'\x81\\\';"]);
        assert_eq!(run(b"\\echo \x95\x5c '\x95\x5cn'"), [r"\echo [\x95\\] [\x95\\n]"]);
        assert_eq!(run(b"\\set v '\x95\x5c'\n\\echo :'v'"), [r"\echo [\'\x95\\\']"]);
        assert_eq!(run(b"select 1 \x95\x7c\x95\x5c;"), [r"select 1 \x95|\x95\\;"]);
    }
    let gb = Shell { encoding: Encoding::Gb18030, ..Shell::default() };
    assert_eq!(gb.run(b"select $\x81\x30\x81\x30$;$\x81\x30\x81\x30$;").len(), 1);
    // an unfinished character swallows a quote
    let sjis = Shell { encoding: Encoding::Sjis, ..Shell::default() };
    assert_eq!(sjis.run(b"select '\x95';\n';"), [r"select \'\x95\';\n\';"]);
}

#[test]
fn encoding_and_string_rules_hold_for_a_line() {
    let mut shell = Shell::default();
    let (mut lexer, mut query) = (Lexer::new(), Vec::new());
    lexer.set_line(b"set x; select 'a\\';", &shell);
    assert_eq!(lexer.scan_sql(&mut shell, &mut query), End::Statement);
    query.clear();
    shell.backslash_quotes = true;
    assert_eq!(lexer.scan_sql(&mut shell, &mut query), End::Statement);
}

/// A simple generator of numbers, the same in every run.
struct Random(u32);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 12) as usize % limit
    }
}

/// Splitting a script into lines wherever there is a blank gives the same statements.
#[test]
fn lines_may_be_split_anywhere() {
    let pieces = [
        "select",
        "'a ; b'",
        "E'a\\' ; b'",
        "\"x ; y\"",
        "$$ ; $$",
        "$t$ ; $$ ; $t$",
        "/* ; /* x */ ; */",
        "(",
        ")",
        ";",
        "; ;",
        "1.5",
        "a$b$",
        "create or replace function f() begin",
        "end ;",
        "case",
        ":v",
        ":'v'",
        "\\; x",
        "U&'a ; b'",
        "'it''s ;'",
        ", 2",
        "+",
        "\\echo",
        "é",
        "N' ; '",
        "a::b",
        ":w",
    ];
    let mut random = Random(7);
    for _ in 0..3000 {
        let script: Vec<_> =
            (0..random.below(14)).map(|_| pieces[random.below(pieces.len())]).collect();
        let script = script.join(" ").replace("\\echo", "\\echo \\\\");
        let split: String = script
            .char_indices()
            .map(|(i, c)| {
                // a line that begins with a meta-command adds no newline
                let movable = c == ' ' && !script[i..].starts_with(" \\");
                if movable && random.below(3) == 0 { '\n' } else { c }
            })
            .collect();
        let run = |script: &str| {
            let mut shell = Shell::default();
            shell.variables.insert(b"v".to_vec(), b"x ; y".to_vec());
            shell.variables.insert(b"w".to_vec(), b"(x ; y) ;".to_vec());
            let seen = shell.run(script.as_bytes());
            seen.iter().map(|s| s.replace('\n', " ").trim_end().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(run(&script), run(&split), "{script:?} {split:?}");
    }
}

/// Nothing panics, whatever the bytes, the encoding and the order of calls.
#[test]
fn any_bytes_are_taken() {
    let mut random = Random(3);
    let encodings = [Encoding::Utf8, Encoding::Sjis, Encoding::Gb18030, Encoding::SingleByte];
    let kinds = [
        ArgumentKind::Normal,
        ArgumentKind::SqlId,
        ArgumentKind::SqlIdKeepCase,
        ArgumentKind::FileOrPipe,
        ArgumentKind::WholeLine,
    ];
    for _ in 0..3000 {
        let len = random.below(60);
        let script: Vec<u8> =
            (0..len).map(|_| b"'\"$aE;:\\-/*(){?}&`\xff\x95\n 1v|\0"[random.below(26)]).collect();
        let mut shell = Shell {
            encoding: encodings[random.below(4)],
            kind: Some(kinds[random.below(5)]),
            backslash_quotes: random.below(2) == 0,
            single_line: random.below(2) == 0,
            inactive: random.below(2) == 0,
            ..Shell::default()
        };
        shell.variables.insert(b"v".to_vec(), b":a\\'$a".to_vec());
        shell.variables.insert(b"a".to_vec(), b"E'\\\\ :v".to_vec());
        shell.run(&script);
    }
}
