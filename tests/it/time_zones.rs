//! Timestamps in other zones than the session's: `\pset display_timezone` against the server's own
//! rendering, and `\tz`.

use std::fmt::Write;
use std::ops::Range;
use std::path::Path;

use libtest_mimic::Trial;

use crate::harness::{Bench, Shell};
use crate::run::{Outcome, Run};
use crate::trial::tests;
use crate::versions::{Version, on_each};

/// Zones of every kind: with and without summer time, in both hemispheres, of odd offsets, with
/// changes by other rules than Sundays', and in the notation of POSIX.
const ZONES: [&str; 40] = [
    "UTC",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Berlin",
    "Europe/Paris",
    "Europe/Moscow",
    "Europe/Istanbul",
    "Europe/Lisbon",
    "Europe/Chisinau",
    "Atlantic/Azores",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/St_Johns",
    "America/Sao_Paulo",
    "America/Santiago",
    "America/Asuncion",
    "America/Havana",
    "America/Nuuk",
    "America/Caracas",
    "America/Adak",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/Monrovia",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Asia/Jerusalem",
    "Asia/Gaza",
    "Asia/Beirut",
    "Asia/Manila",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Antarctica/Troll",
    "Pacific/Auckland",
    "Pacific/Apia",
    "Pacific/Chatham",
    "EST5EDT,M3.2.0,M11.1.0",
];

const STYLES: [&str; 8] = [
    "ISO, MDY",
    "ISO, DMY",
    "SQL, MDY",
    "SQL, DMY",
    "Postgres, MDY",
    "Postgres, DMY",
    "German, DMY",
    "German, YMD",
];

/// How many instants are compared, unless PGSH_INSTANTS says.
const INSTANTS: usize = 20_000;

/// Instants of the centuries that have tables, of all time, about the days on which clocks are
/// changed in the years before and after the tables' end, and the ends of time.
const TABLE: &str = "
    select setseed($seed);
    create table instants as
    select i, case i % 5
        when 0 then timestamptz '1850-01-01 00:00Z' + random() * 69000 * interval '1 day'
        when 1 then to_timestamp(-210866803200 + random() * 9434.2e9)
        when 2 then timestamptz '1970-01-04 00:00Z' + (random() * 12000)::int * interval '7 days'
            + random() * interval '14 hours'
        when 3 then date_trunc('hour', timestamptz '1970-01-04 00:00Z'
            + (random() * 9000)::int * interval '7 days' + random() * interval '30 hours')
        else case when i % 400 = 4 then timestamptz 'infinity'
            when i % 400 = 9 then timestamptz '-infinity'
            when i % 400 = 14 then timestamptz '294276-12-31 23:59:59.999999Z'
            when i % 400 = 19 then timestamptz '4714-11-24 00:00Z BC'
            else timestamptz '0101-01-01 00:00Z BC' + random() * 720000 * interval '1 day' end
        end as t
    from generate_series(0, $count - 1) as g(i);
";

/// Every instant is shown as the server shows it in that zone. Where the session's clocks showed a
/// time twice under the same abbreviation, it may be shown as it came.
fn shown_as_the_server_shows_it() {
    let count = std::env::var("PGSH_INSTANTS").ok().and_then(|count| count.parse().ok());
    let per_pair = count.unwrap_or(INSTANTS).div_ceil(ZONES.len() * STYLES.len());
    let bench = Bench::new();
    let run = bench.shell(Shell::Pgsh).within(bench.directory(Shell::Pgsh));
    let (equal, unresolved) =
        compare_in_styles(run, bench.directory(Shell::Pgsh), 0..STYLES.len(), per_pair);
    println!("{equal} as the server shows them, {unresolved} as they came");
    assert!(unresolved * 1000 < equal, "{unresolved} as they came");
}

/// The session's zone where instants are compared in that zone and style.
fn session_of(zone: usize, style: usize) -> &'static str {
    ZONES[(zone + 7 + style * 5) % ZONES.len()]
}

/// Compares so many instants for each zone in each of the styles, in one session; how many were equal,
/// and how many were shown as they came.
fn compare_in_styles(
    run: Run,
    home: &Path,
    styles: Range<usize>,
    per_zone: usize,
) -> (usize, usize) {
    let script: String = styles.clone().map(|style| script_in_style(style, per_zone)).collect();
    std::fs::write(home.join("script"), script).expect("a script");
    let outcome = run.called_pgsh().args(["-X", "-qAt", "-f", "script"]).outcome();
    let said = String::from_utf8_lossy(&outcome.stderr);
    let text = String::from_utf8_lossy(&outcome.stdout);
    let (mut lines, mut said) = (text.lines(), said.split(STYLE_BEGINS).skip(1));
    let (mut equal, mut unresolved) = (0, 0);
    for style in styles {
        let said = said.next().unwrap_or_else(|| panic!("{outcome:?}"));
        let (as_server, as_came) = compare_in_style(&mut lines, said, style, per_zone);
        equal += as_server;
        unresolved += as_came;
    }
    (equal, unresolved)
}

/// What parts messages by the style in which they came.
const STYLE_BEGINS: &str = "-- style\n";

/// What shows so many instants for each zone in a style.
fn script_in_style(style: usize, per_zone: usize) -> String {
    let count = per_zone * ZONES.len();
    let mut script = format!("\\warn {STYLE_BEGINS}");
    script += &TABLE
        .replace("$count", &count.to_string())
        .replace("$seed", &(style as f64 / 10.0).to_string());
    for (at, zone) in ZONES.iter().enumerate() {
        let first = at * per_zone;
        let rows = format!(
            "select t from instants where i between {first} and {} order by i;",
            first + per_zone - 1
        );
        let (name, session) = (STYLES[style], session_of(at, style));
        let _ = write!(
            script,
            "set datestyle = '{name}'; set timezone = '{session}';\n\
             {rows}\n\\pset display_timezone '{zone}'\n{rows}\n\
             \\pset display_timezone off\nset timezone = '{zone}';\n{rows}\n"
        );
    }
    script + "drop table instants;\n"
}

/// Compares what a style's script printed, and what was said meanwhile.
fn compare_in_style<'t>(
    lines: &mut impl Iterator<Item = &'t str>,
    said: &str,
    style: usize,
    per_zone: usize,
) -> (usize, usize) {
    // What setseed() gives.
    lines.next();
    let mut take = || lines.by_ref().take(per_zone).collect::<Vec<_>>();
    let (mut equal, mut unresolved) = (0, 0);
    for (at, zone) in ZONES.iter().enumerate() {
        let (came, shown, expected) = (take(), take(), take());
        assert_eq!(expected.len(), per_zone, "{said}");
        for ((came, shown), expected) in came.iter().zip(shown).zip(expected) {
            if shown == expected {
                equal += 1;
                continue;
            }
            let (name, session) = (STYLES[style], session_of(at, style));
            assert!(
                shown == *came && !name.starts_with("ISO"),
                "{name}, {session}: {came} is {expected} in {zone}, not {shown}"
            );
            unresolved += 1;
        }
    }
    let is_expected =
        |line: &str| line.contains("which instants they are can't be told for certain");
    assert!(said.lines().all(is_expected), "{said}");
    assert_eq!(said.is_empty(), unresolved == 0);
    (equal, unresolved)
}

/// What is printed for this input, without complaint.
#[track_caller]
fn printed(arguments: &[&str], stdin: &str) -> String {
    let outcome = outcome(arguments, stdin);
    let shown = String::from_utf8_lossy(&outcome.render()).into_owned();
    assert!(outcome.stderr.is_empty() && outcome.status == 0, "{stdin}\n{shown}");
    String::from_utf8(outcome.stdout).expect("UTF-8")
}

fn outcome(arguments: &[&str], stdin: &str) -> Outcome {
    Bench::reused(|bench| {
        let run = bench.shell(Shell::Pgsh).called_pgsh().arg("-X");
        run.args(arguments).stdin(stdin).outcome()
    })
}

/// A value of each kind of type that can hold timestamps, and one of another.
const VALUES: &str = "\
    create type pair as (n int, t timestamptz);\n\
    create domain moment as timestamptz;\n\
    create type moments as (m moment, list moment[], \"other\" pair);\n\
    select '2024-07-01 12:00Z'::timestamptz::moment as domain,\n\
      '{NULL,2024-07-01 12:00Z,infinity}'::timestamptz[] as array,\n\
      '[2024-07-01 12:00Z,)'::tstzrange as range,\n\
      '{[2024-07-01 12:00Z,2024-07-02 12:00:00.5Z)}'::tstzmultirange as multirange,\n\
      row('2024-07-01 12:00Z', array['2024-07-01 12:00Z'], row(1, '2024-01-01 12:00Z')::pair)\n\
        ::moments as row,\n\
      '2024-07-01 12:00Z'::text as text, null::timestamptz as null;\n";

fn values_of_every_type() {
    let found =
        printed(&["-qx", "-P", "display_timezone=America/New_York", "-P", "null=-"], VALUES);
    let expected = "\
-[ RECORD 1 ]----------------------------------------------------------------------------------------------------
domain     | 2024-07-01 08:00:00-04
array      | {NULL,\"2024-07-01 08:00:00-04\",infinity}
range      | [\"2024-07-01 08:00:00-04\",)
multirange | {[\"2024-07-01 08:00:00-04\",\"2024-07-02 08:00:00.5-04\")}
row        | (\"2024-07-01 08:00:00-04\",\"{\"\"2024-07-01 08:00:00-04\"\"}\",\"(1,\"\"2024-01-01 07:00:00-05\"\")\")
text       | 2024-07-01 12:00Z
null       | -

";
    assert_eq!(
        found.lines().skip(1).collect::<Vec<_>>(),
        expected.lines().skip(1).collect::<Vec<_>>()
    );
}

/// Options, input, standard output.
const CASES: &[(&[&str], &str, &str)] = &[
    (
        &["-q", "-P", "display_timezone=UTC,Asia/Kolkata"],
        "select 1 as a, '2024-07-01 12:00Z'::timestamptz as t, true as b;\n",
        " a |        t (UTC)         |     t (Asia/Kolkata)      | b \n\
         ---+------------------------+---------------------------+---\n \
         1 | 2024-07-01 12:00:00+00 | 2024-07-01 17:30:00+05:30 | t\n(1 row)\n\n",
    ),
    (
        &["-q", "--csv", "-P", "display_timezone=UTC,Asia/Kolkata"],
        "select '2024-07-01 12:00Z'::timestamptz as t;\n",
        "t (UTC),t (Asia/Kolkata)\n2024-07-01 12:00:00+00,2024-07-01 17:30:00+05:30\n",
    ),
    (
        &["-qAt", "-P", "display_timezone=Asia/Tokyo", "-P", "format=ndjson"],
        "select array['2024-07-01 12:00Z'::timestamptz] as t;\n",
        "{\"t\":[\"2024-07-01 21:00:00+09\"]}\n",
    ),
    (
        &["-qAt", "-P", "display_timezone=Asia/Tokyo", "-v", "FETCH_COUNT=2"],
        "select timestamptz '2024-07-01 12:00Z' + i * interval '1 h' from generate_series(1, 3) i;\n",
        "2024-07-01 22:00:00+09\n2024-07-01 23:00:00+09\n2024-07-02 00:00:00+09\n",
    ),
    // Values that are used further are not changed.
    (
        &["-qAt", "-P", "display_timezone=Asia/Tokyo"],
        "select '2024-07-01 12:00Z'::timestamptz as t \\gset\n\\echo :t\n\
         copy (select '2024-07-01 12:00Z'::timestamptz) to stdout;\n\
         select 'select ' || quote_literal('2024-07-01 12:00Z'::timestamptz) \\gexec\n",
        "2024-07-01 12:00:00+00\n2024-07-01 12:00:00+00\n2024-07-01 12:00:00+00\n",
    ),
    (
        &["-qAt"],
        "select '2024-07-01 12:00Z'::timestamptz \\g (display_timezone=Asia/Tokyo)\n\
         select '2024-07-01 12:00Z'::timestamptz;\n",
        "2024-07-01 21:00:00+09\n2024-07-01 12:00:00+00\n",
    ),
    (
        &["-qA", "-P", "display_timezone=Asia/Tokyo,UTC"],
        "select 'v' as v, '2024-07-01 12:00Z'::timestamptz as h, \
         '2024-07-01 13:00Z'::timestamptz as d \\crosstabview\n",
        "v|2024-07-01 21:00:00+09\nv|2024-07-01 22:00:00+09\n(1 row)\n",
    ),
    // The session's zone resolves an abbreviation that is another's, too.
    (
        &["-qAt", "-P", "display_timezone=UTC"],
        "set timezone = 'Asia/Shanghai'; set datestyle = 'Postgres, DMY';\n\
         select '2024-07-01 12:00Z'::timestamptz, '0044-03-15 12:00Z BC'::timestamptz;\n",
        "Mon 01 Jul 12:00:00 2024 UTC|Fri 15 Mar 12:00:00 0044 UTC BC\n",
    ),
    (
        &["-q"],
        "\\pset display_timezone 'europe/berlin, <+03>-3'\n\\pset display_timezone\n\
         \\pset display_timezone off\n\\pset display_timezone\n\\set QUIET off\n\
         \\pset display_timezone\n\\pset display_timezone EST5EDT,M3.2.0,M11.1.0,utc\n",
        "Timestamps are shown in the session's time zone.\n\
         Time zone display is \"EST5EDT,M3.2.0,M11.1.0,UTC\".\n",
    ),
];

fn in_every_format_and_nowhere_else() {
    for (arguments, stdin, expected) in CASES {
        assert_eq!(printed(arguments, stdin), *expected, "{arguments:?} {stdin}");
    }
}

/// Input, standard output, what stands in an error message.
const DOUBTS: &[(&str, &str, &str)] = &[
    (
        "select row('2024-07-01 12:00Z'::timestamptz), row(1);\n",
        "(\"2024-07-01 12:00:00+00\")|(1)\n",
        "some values are shown as they came: what their type is made of is not known",
    ),
    ("select row(1);\n", "(1)\n", ""),
    // Nobody knows under which of two settings these were written.
    (
        "set datestyle = 'SQL, MDY';\n\
         select '2024-07-01 12:00Z'::timestamptz \\; set datestyle = 'SQL, DMY';\n",
        "07/01/2024 12:00:00 UTC\n",
        "which instants they are can't be told for certain",
    ),
    (
        "set datestyle = 'SQL, MDY';\n\
         select set_config('DateStyle', 'SQL, DMY', true), '2024-07-01 12:00Z'::timestamptz;\n",
        "SQL, DMY|01/07/2024 12:00:00 UTC\n",
        "which instants they are can't be told for certain",
    ),
    (
        "set datestyle = German; set timezone = 'Etc/GMT-3';\n\
         select '2024-07-01 12:00Z'::timestamptz;\n",
        "01.07.2024 21:00:00 JST\n",
        "",
    ),
    (
        "begin;\n\\pset display_timezone America/Lima\nselect '2024-07-01 12:00Z'::timestamptz;\n",
        "2024-07-01 07:00:00-05\n",
        "The server could not be asked about the time zone \"America/Lima\"; the shell's own tables",
    ),
    ("\\pset display_timezone Asia/Tokio\n", "", "\\pset: unknown time zone \"Asia/Tokio\""),
];

fn what_is_not_certain_is_told_once() {
    for (stdin, expected, told) in DOUBTS {
        let found = outcome(&["-qAt", "-P", "display_timezone=Asia/Tokyo"], stdin);
        assert_eq!(String::from_utf8_lossy(&found.stdout), *expected, "{stdin}");
        let stderr = String::from_utf8_lossy(&found.stderr);
        assert!(stderr.contains(told), "{stdin}{stderr}");
        assert_eq!(stderr.lines().count(), usize::from(!told.is_empty()), "{stdin}{stderr}");
    }
}

/// What `\\tz` says, but for what depends on the day.
const TOLD: &[(&str, &str, &str)] = &[
    (
        "\\tz 2024-10-27 02:30 America/New_York",
        "Time zone|First reading|Second reading\n\
         Europe/Berlin|2024-10-27 02:30:00+02 CEST|2024-10-27 02:30:00+01 CET\n\
         America/New_York|2024-10-26 20:30:00-04 EDT|2024-10-26 21:30:00-04 EDT\n",
        "The clocks of Europe/Berlin show this time twice. The server takes the second reading.",
    ),
    (
        "\\tz '2024-03-31 02:30' UTC",
        "Europe/Berlin|2024-03-31 01:30:00+01 CET|2024-03-31 03:30:00+02 CEST\n\
         UTC|2024-03-31 00:30:00+00 UTC|2024-03-31 01:30:00+00 UTC\n",
        "The clocks of Europe/Berlin never show this time. The server takes the second reading.",
    ),
    (
        "\\tz 2024-11-03T05:30:00.5Z america/new_york <+0330>-3:30",
        "Time zone|Local time\nEurope/Berlin|2024-11-03 06:30:00.5+01 CET\n\
         America/New_York|2024-11-03 01:30:00.5-04 EDT\n<+0330>-3:30|2024-11-03 09:00:00.5+03:30\n",
        "The clocks of America/New_York show that time twice.",
    ),
    ("\\tz UTC Asia/Tokyo", "", "\"UTC\" is no timestamp, which comes before several time zones"),
    ("\\tz now Mars/Base", "", "\\tz: unknown time zone \"Mars/Base\""),
    ("\\tz Mars/Base", "", "\\tz: the server knows no time zone \"Mars/Base\""),
    ("\\tz Europe/Berlin1", "", "\\tz: the server knows no time zone \"Europe/Berlin1\""),
    ("\\tz 2024-02-30", "", "\\tz: \"2024-02-30\" is neither a time zone nor a timestamp"),
    ("\\tz", "Europe/Berlin|20", ""),
    ("\\tz ASIA/TOKYO", "Time zone is \"Asia/Tokyo\": it is 20", ""),
    ("\\tz Asia/Tokyo \\\\ \\tz", "JST||", "No change of these clocks is known."),
    ("begin; set time zone 'America/Lima'; \\tz", "America/Lima|20", "By the shell's own tables"),
    // The zone is still checked where the server refuses all statements.
    ("begin; select 1/0; \\tz UTC", "", "current transaction is aborted"),
];

fn zones_are_told_and_set() {
    for (line, shown, told) in TOLD {
        let stdin = format!("set time zone 'Europe/Berlin';\n{line}\n");
        let found = outcome(&["-A"], &stdin);
        let text = String::from_utf8_lossy(&found.render()).into_owned();
        assert!(text.contains(shown), "{line}\n{text}");
        assert!(text.contains(told), "{line}\n{text}");
        let fails = shown.is_empty();
        assert_eq!(!found.stderr.is_empty(), fails, "{line}\n{text}");
    }
}

/// Once a connection's server has been asked about a zone, its answer holds where it can't be asked.
fn the_server_is_asked_once() {
    let found = printed(&["-A"], "\\tz Asia/Tokyo\nbegin;\n\\tz\n\\tz now UTC\n");
    assert!(found.contains("Asia/Tokyo|20"), "{found}");
    // UTC is news.
    let own = found.matches("By the shell's own tables").count();
    assert_eq!(own, 1, "{found}");
    let new = "\\tz Asia/Tokyo\n\\connect\nset time zone 'Asia/Tokyo';\nbegin;\n\\tz\n";
    assert!(printed(&["-A"], new).contains("By the shell's own tables"));
}

/// The readings of a time that was shown twice, or never, as the server takes it.
fn the_server_takes_the_second_reading() {
    for (zone, time) in [
        ("Europe/Berlin", "2024-10-27 02:30:00"),
        ("Europe/Berlin", "2024-03-31 02:30:00"),
        ("America/New_York", "2024-11-03 01:00:00"),
        ("America/New_York", "2024-03-10 02:00:00"),
        ("Australia/Lord_Howe", "2024-04-07 01:45:00"),
        ("Pacific/Apia", "2011-12-30 12:00:00"),
        ("Africa/Cairo", "2150-04-24 00:30:00"),
    ] {
        let input = format!(
            "set time zone '{zone}';\n\\tz '{time}'\n\
             \\pset tuples_only\n\\pset expanded off\nselect '{time}'::timestamptz;\n"
        );
        let found = printed(&["-qAx"], &input);
        let server = found.lines().last().unwrap_or_default();
        let reading = |name: &str| {
            let line = found.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap_or_else(|| panic!("{found}")).to_owned()
        };
        assert!(reading("Second reading|").starts_with(server), "{zone}: {found}");
        assert!(!reading("First reading|").starts_with(server), "{zone}: {found}");
    }
}

/// On servers of other majors, whose tables are of other years.
fn on_old_servers() -> Vec<Trial> {
    on_each("time_zones::old_server", [15, 12].map(Version::Old), |version| {
        version.start("zones").map(|subject| {
            let home = subject.home();
            let run = subject.shell(Shell::Pgsh).within(home);
            let (equal, _) = compare_in_styles(run, home, 4..5, 50);
            assert!(equal > 1990, "{equal}");
            let script = "\\tz europe/berlin\n\\tz 2024-10-27 02:30 UTC\n";
            let outcome =
                subject.shell(Shell::Pgsh).called_pgsh().arg("-X").stdin(script).outcome();
            let shown = String::from_utf8_lossy(&outcome.stdout).into_owned();
            assert!(shown.contains("2024-10-27 02:30:00+02 CEST"), "{shown}");
        })
    })
}

tests! {
    in_every_format_and_nowhere_else,
    what_is_not_certain_is_told_once,
    the_server_is_asked_once,
    shown_as_the_server_shows_it,
    zones_are_told_and_set,
    the_server_takes_the_second_reading,
    values_of_every_type
    ; on_old_servers()
}
