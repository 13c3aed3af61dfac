use super::*;
use crate::lexer::ArgumentKind;
use std::collections::BTreeSet;

#[test]
fn the_table_of_meta_commands_is_well_formed() {
    let sections = parse_sections(include_str!("../../grammar/metacommands.txt")).expect("parses");
    let mut seen = BTreeSet::new();
    for command in sections.iter().flat_map(|section| &section.commands) {
        if command.name() == "d?" {
            // Ours: `\?` stays as psql has it.
            continue;
        }
        assert!(!command.help.is_empty(), "\\{} has no help", command.name());
        assert!(command.help[0].starts_with("  \\"), "{}", command.help[0]);
        for name in &command.names {
            assert!(seen.insert(name.text), "\\{} is there twice", name.text);
        }
        let last = command.arguments.len().saturating_sub(1);
        for (i, argument) in command.arguments.iter().enumerate() {
            let takes_the_rest = argument.repeats || argument.kind == ArgumentKind::WholeLine;
            assert!(i == last || !takes_the_rest, "\\{}", command.name());
        }
    }
}

#[test]
fn the_sql_commands_are_well_formed() {
    let commands = sql_commands();
    assert_eq!(commands.len(), 185);
    assert!(commands.windows(2).all(|pair| pair[0].name < pair[1].name), "sorted, unique");
    for command in commands {
        assert!(command.page.starts_with("sql-"), "{}", command.name);
        assert!(!command.description.is_empty() && !command.synopsis.is_empty());
    }
}

/// Names are accepted or invalid as in psql 18.6; `\d?` is ours.
#[test]
fn lookup_accepts_what_psql_accepts() {
    let rows = "
        c connect, connect connect, q quit, quit quit, i include, ir include_relative, e edit, edit edit
        h help, help help, ? ?, ! !, H html, html html, l list, list+ list, lx+ list, l+x list, listx list
        d d, d+ d, dS d, dSfoo d, dx dx, dtvmsEi dt, dt+S dt, disable di, dcfoo dc, dco dc, dcon dc
        dconfi dc, dconfig dconfig, dconfigx dconfig, dd+ dd, ddpS ddp, dA dA, dAx dA, dAc dAc, dAcx+ dAc
        dAfoo dAf, dFx dF, dFxz dF, dFd dFd, dfaz df, df+z df, dPi dP, dPiz dP, dRp+x dRp, dRsx dRs
        drds+ drds, drgSx+ drg, des+ des, dt* dt, da! da, lo_listing lo_list, lo_list+x lo_list
        z z, zSx z, zxS z, sf+ sf, sv+ sv, o out, out out, w write, p print, r reset, s s
        COPY copy, Copy copy, COPYRIGHT -, ECHO -, conn -, qui -, exit -, bye -, output -, lo_foo -, lo -, close -, include_rel -, conninfo+ -
        lS -, l++ -, lxx -, z+ -, zxx -, sfx -, sf++ -, de -, dex -, dr -, dR -, dRz -, dfoo -, dfz -
        dFa -, dAa -, dAS -, dPS -, d1 -, d? d?, df. -, timingx -, ?x -, !echo -, C; -, crosstab -
    ";
    for row in rows.trim().split(['\n', ',']).map(str::trim) {
        let (typed, name) = row.split_once(' ').expect("two words");
        let found = lookup(typed.as_bytes()).map_or("-", MetaCommand::name);
        assert_eq!(found, name, "\\{typed}");
    }
    assert!(lookup(b"").is_none());
    assert!(lookup(b"d\xff").is_none());
}

#[test]
fn arguments_are_read_as_the_table_says() {
    let kind = |name: &str, position| {
        lookup(name.as_bytes())
            .and_then(|command| command.argument(position))
            .map(|argument| (argument.kind, argument.drops_semicolons, argument.completion))
    };
    use ArgumentKind::*;
    assert_eq!(kind("dt", 0), Some((Normal, true, Completion::Table)));
    assert_eq!(kind("dt", 1), None);
    assert_eq!(kind("df", 7), Some((Normal, true, Completion::Type)));
    assert_eq!(kind("set", 5), Some((Normal, false, Completion::VariableValue)));
    assert_eq!(kind("c", 3), Some((SqlIdKeepCase, true, Completion::Port)));
    assert_eq!(kind("password", 0), Some((SqlId, true, Completion::Role)));
    assert_eq!(kind("o", 0), Some((FileOrPipe, true, Completion::File)));
    assert_eq!(kind("g", 0), Some((FileOrPipe, false, Completion::File)));
    assert_eq!(kind("h", 0), Some((WholeLine, false, Completion::SqlCommand)));
    assert_eq!(kind("a", 0), None);
}

#[test]
fn what_is_malformed_is_shown() {
    for (text, line) in [
        ("[General]\nq x : n;\n  help\n", None),
        ("q : n\n  help\n", Some("q : n")),
        ("[General]\n", Some("")),
        ("[General]\nq n\n", Some("q n")),
        ("[General]\nq :\nx : z\n", Some("x : z")),
        ("[General]\nq : n:no-such-completion\n", Some("q : n:no-such-completion")),
        ("[General]\nq : n", Some("q : n")),
    ] {
        assert_eq!(parse_sections(text).err(), line, "{text}");
    }
    assert!(parse_sql_command("A\nb\nsql-a\n\nA\n").is_ok());
    assert_eq!(parse_sql_command("A\nb\n\nA\n").err(), Some(""));
}
