//! Expected messages were printed by psql 18.6, called by the name that the test gives.

use super::table::OPTIONS;
use super::*;
use crate::help;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

fn read(args: &[&[u8]], mixed: bool) -> Result<Options, Exit> {
    let args = [&b"bin/psql"[..]].into_iter().chain(args.iter().copied());
    parse(args.map(|arg| OsString::from_vec(arg.to_vec())), mixed)
}

fn parse_line(line: &str) -> Result<Options, Exit> {
    let args: Vec<_> = line.split(' ').map(str::as_bytes).collect();
    read(&args, true)
}

fn variable(name: &str, value: Option<&str>) -> Setting {
    Setting::Variable(name.into(), value.map(Into::into))
}

fn pset(name: &str, value: Option<&str>) -> Setting {
    Setting::Pset(name.into(), value.map(Into::into))
}

#[test]
fn the_table_of_options_is_well_formed() {
    command(b"psql").debug_assert();
    command(b"pgsh").debug_assert();
}

#[test]
fn help_is_psqls() {
    let text = |name: &[u8]| String::from_utf8(help_text(name)).expect("UTF-8");
    assert_eq!(text(b"psql"), include_str!("../testdata/help_options.txt"));
    assert_eq!(text(b"pgsh"), text(b"x"));
}

/// What `--help` says by our own name, in a `diff` of both.
#[test]
fn our_own_help_differs_where_it_should() {
    let lines = |name: &[u8]| -> Vec<String> {
        let text = String::from_utf8(help_text(name)).expect("UTF-8");
        text.lines().map(str::to_owned).collect()
    };
    let (psqls, ours) = (lines(b"psql"), lines(b"pgsh"));
    let without = |all: &[String], those: &[String]| {
        let others = all.iter().filter(|line| !those.contains(line));
        others.cloned().collect::<Vec<_>>().join("\n")
    };
    assert_eq!(
        without(&psqls, &ours),
        "\
psql is the PostgreSQL interactive terminal.
  psql [OPTION]... [DBNAME [USERNAME]]
commands) from within psql, or consult the psql section in the PostgreSQL
Report bugs to <pgsql-bugs@lists.postgresql.org>.
PostgreSQL home page: <https://www.postgresql.org/>"
    );
    assert_eq!(
        without(&ours, &psqls),
        "\
pgsh is a PostgreSQL shell.
  pgsh [OPTION]... [DBNAME [USERNAME]]
Scratch server options:
      --scratch[=NAME]     use a throwaway database on a server of its own,
                           kept for next time if it has a name
      --scratch-install    install that server without asking if there is none
      --scratch-list       list the databases that are kept, then exit
      --scratch-drop=NAME  drop one that is kept, then exit
      --tour               ten things to try, on a throwaway database
                           with a small shop in it
Completion options:
      --complete           print what may follow the text on standard input,
                           likeliest first: word, kind and note, tab-separated
Installation options:
      --install-as-psql=DIR
                           make a link named psql to this program in DIR,
                           then exit
      --uninstall-as-psql=DIR
                           remove that link, then exit
commands) from within pgsh, or consult the psql section in the PostgreSQL"
    );
}

#[test]
fn every_option_has_an_effect() {
    for option in &OPTIONS {
        for name in option.long {
            let value = if option.needs_value() { "=x" } else { "" };
            let word = format!("--{name}{value}");
            let outcome = parse(["pgsh", &word].map(OsString::from), true);
            assert_ne!(outcome, Ok(Options::default()), "{word}");
            assert!(outcome.is_ok() || matches!(*name, "help" | "version"), "{word}");
        }
    }
}

#[test]
fn wrong_options_get_psqls_words() {
    let rows = "
--foo|unrecognized option '--foo'
--foo=bar|unrecognized option '--foo=bar'
--w|unrecognized option '--w'
--complete|unrecognized option '--complete'
--scratch|unrecognized option '--scratch'
--scratch-list|unrecognized option '--scratch-list'
--foo --help|unrecognized option '--foo'
-Q|invalid option -- 'Q'
-qQ|invalid option -- 'Q'
-Qc|invalid option -- 'Q'
-Q -V|invalid option -- 'Q'
-=|invalid option -- '='
-c|option requires an argument -- 'c'
-qF|option requires an argument -- 'F'
x -v|option requires an argument -- 'v'
--command|option '--command' requires an argument
--com|option '--command' requires an argument
--va|option '--variable' requires an argument
--record-separator|option '--record-separator' requires an argument
--no-psqlrc=x|option '--no-psqlrc' doesn't allow an argument
--qui=|option '--quiet' doesn't allow an argument
--e|option '--e' is ambiguous; possibilities: '--echo-all' '--echo-queries' '--echo-errors' '--echo-hidden' '--expanded'
--e=x|option '--e=x' is ambiguous; possibilities: '--echo-all' '--echo-queries' '--echo-errors' '--echo-hidden' '--expanded'
--p|option '--p' is ambiguous; possibilities: '--port' '--pset' '--password'
--no|option '--no' is ambiguous; possibilities: '--no-align' '--no-readline' '--no-password' '--no-psqlrc'
--no-p|option '--no-p' is ambiguous; possibilities: '--no-password' '--no-psqlrc'
--s|option '--s' is ambiguous; possibilities: '--single-transaction' '--single-step' '--single-line' '--set'
--f|option '--f' is ambiguous; possibilities: '--file' '--field-separator' '--field-separator-zero'
--h|option '--h' is ambiguous; possibilities: '--host' '--html' '--help'
--=x|option '--=x' is ambiguous; possibilities: '--echo-all' '--no-align' '--command' '--dbname' '--echo-queries' '--echo-errors' '--echo-hidden' '--file' '--field-separator' '--field-separator-zero' '--host' '--html' '--list' '--log-file' '--no-readline' '--single-transaction' '--output' '--port' '--pset' '--quiet' '--record-separator' '--record-separator-zero' '--single-step' '--single-line' '--tuples-only' '--table-attr' '--username' '--set' '--variable' '--version' '--no-password' '--password' '--expanded' '--no-psqlrc' '--help' '--csv'
";
    for row in rows.trim().lines() {
        let (line, message) = row.split_once('|').expect("two columns");
        let exit = parse_line(line).expect_err(line);
        let expected = format!("bin/psql: {message}\n");
        assert_eq!(exit.ending, Ending::Invalid(expected.into()), "{line}");
    }
}

/// A help topic that there isn't, and `?` in a cluster, get no message, only the hint.
#[test]
fn a_wrong_help_option_gets_a_hint() {
    for line in ["--help=foo", "--help=", "--help=commands=", "-?x", "-x?"] {
        let exit = parse_line(line).expect_err(line);
        assert_eq!(exit.ending, Ending::Invalid(Vec::new()), "{line}");
    }
}

#[test]
fn texts_are_printed_and_end_the_reading() {
    let options = help_text(b"psql");
    let commands = help::commands(&help::State::default());
    let variables = help::variables(false);
    let rows: [(&str, &[u8]); 12] = [
        ("-?", &options),
        ("-X -?", &options),
        ("-? -Q", &options),
        ("--he", &options),
        ("--help commands", &options),
        ("--help=options -V", &options),
        ("-c x --help", &options),
        ("--help=commands x", &commands),
        ("--hel=variables", variables.as_bytes()),
        ("-V -Q", b"psql (PostgreSQL) 18.6\n"),
        ("-qV", b"psql (PostgreSQL) 18.6\n"),
        ("--vers", b"psql (PostgreSQL) 18.6\n"),
    ];
    for (line, stdout) in rows {
        let exit = parse_line(line).expect_err(line);
        assert!(exit.ending == Ending::Text(stdout.into()), "{line}");
    }
}

/// `psql -P foo --help` complains of foo, so an exit brings along what was set before it.
#[test]
fn an_exit_keeps_the_settings_before_it() {
    let exit = parse_line("-P foo -o x -V -q").expect_err("a version");
    assert_eq!(exit.settings, [pset("foo", None), Setting::Output(b"x".to_vec())]);
    let exit = parse_line("-v a=1 --foo").expect_err("an error");
    assert_eq!(exit.settings, [variable("a", Some("1"))]);
}

#[test]
fn actions_and_settings_keep_their_order() {
    let options = parse_line("-c 1 -f a --com=2 --file=- -c-1").expect("valid");
    let [one, a, two, stdin, minus] = &options.actions[..] else { panic!("{options:?}") };
    assert_eq!([one, two], [&Action::Command(b"1".to_vec()), &Action::Command(b"2".to_vec())]);
    assert_eq!([a, stdin], [&Action::File(b"a".to_vec()), &Action::File(b"-".to_vec())]);
    assert_eq!(minus, &Action::Command(b"-1".to_vec()));

    let options =
        parse_line("-e -v ECHO=none --set A --variable=B= -v =c=d -qAtF, -Pnull=x=y -P border")
            .expect("valid");
    assert_eq!(
        options.settings,
        [
            variable("ECHO", Some("queries")),
            variable("ECHO", Some("none")),
            variable("A", None),
            variable("B", Some("")),
            variable("", Some("c=d")),
            variable("QUIET", Some("on")),
            pset("format", Some("unaligned")),
            pset("tuples_only", Some("on")),
            pset("fieldsep", Some(",")),
            pset("null", Some("x=y")),
            pset("border", None),
        ]
    );
}

#[test]
fn the_hint_names_the_program() {
    assert_eq!(hint(b"psql"), b"Try \"psql --help\" for more information.");
}

#[test]
fn operands_follow_getopts_rules() {
    // The line, then database, user and the operands beyond.
    let rows = [
        ("db me a b", "db me a,b"),
        ("db -q me", "db me "),
        ("-- db -c", "db -c "),
        ("db -c x -- me -x", "db me -x"),
        ("-", "- - "),
        ("-d db me", "db me "),
        ("-d db -U me x y", "db me x,y"),
        ("-U me db x", "db me x"),
        ("-c -- db", "db - "),
        ("-cx -d a -d b", "b - "),
    ];
    for (line, expected) in rows {
        let options = parse_line(line).expect(line);
        let text = |value: &Option<Vec<u8>>| {
            value.as_ref().map_or("-".into(), |v| String::from_utf8_lossy(v).into_owned())
        };
        let extra = String::from_utf8(options.extra.join(&b','));
        let found = format!(
            "{} {} {}",
            text(&options.database),
            text(&options.user),
            extra.expect("UTF-8")
        );
        assert_eq!(found, expected, "{line}");
    }
}

/// Under POSIXLY_CORRECT the first operand ends the options.
#[test]
fn options_may_be_kept_from_following_operands() {
    let options = read(&[b"-q", b"db", b"-c", b"x"], false).expect("valid");
    assert_eq!(options.database.as_deref(), Some(&b"db"[..]));
    assert_eq!(options.user.as_deref(), Some(&b"-c"[..]));
    assert_eq!(options.extra, [b"x".to_vec()]);
}

#[test]
fn the_last_of_two_contradicting_options_wins() {
    let prompt = |line| parse_line(line).expect("valid").password_prompt;
    assert_eq!(prompt("-W -w"), PasswordPrompt::Never);
    assert_eq!(prompt("-w --pas"), PasswordPrompt::Always);
    assert_eq!(prompt("-q"), PasswordPrompt::IfNeeded);
}

#[test]
fn bytes_that_are_no_text_pass_through() {
    let options = read(&[b"-c\xff", b"--dbname=\xfe", b"\xfd", b""], true).expect("valid");
    assert_eq!(options.actions, [Action::Command(b"\xff".to_vec())]);
    assert_eq!(options.database.as_deref(), Some(&b"\xfe"[..]));
    assert_eq!((options.user.as_deref(), options.extra), (Some(&b"\xfd"[..]), vec![vec![]]));
    let exit = read(&[b"-\xff"], true).expect_err("invalid");
    assert_eq!(exit.ending, Ending::Invalid(b"bin/psql: invalid option -- '\xff'\n".into()));
}

#[test]
fn the_options_of_ours_give_way_to_psqls() {
    let read =
        |line: &str| parse(["pgsh", "-X"].into_iter().chain(line.split(' ')).map(Into::into), true);
    assert_eq!(read("--scratch x").expect("valid").scratch, Some(Scratch::Fresh));
    let named = Some(Scratch::Named(b"x".to_vec()));
    assert_eq!(read("--scratch=x").expect("valid").scratch, named);
    assert!(read("--scratch-i").expect("valid").scratch_install);
    assert!(read("--scratch-l").expect("valid").scratch_list);
    let dropped = [b"x".to_vec(), b"y".to_vec()];
    assert_eq!(read("--scratch-drop x --scratch-d=y").expect("valid").scratch_drop, dropped);
    assert!(read("--scr").is_err(), "ambiguous");
    let Ending::Invalid(message) = read("--s").expect_err("several").ending else { panic!() };
    assert!(!String::from_utf8_lossy(&message).contains("scratch"), "psql's go first");
}
