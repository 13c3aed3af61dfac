//! `\hba`: the rules in pg_hba.conf, and which of them decides about a connection.

use super::hba::{self, Attempt, Encryption, Kind, Origin, Rule, Target, Verdict, verdict};
use super::host::Layout;
use super::place::Place;
use super::table::{self, Fields};
use crate::catalog_query::literal;
use crate::describe::{Host, View, short_version};
use crate::encoding::Encoding;
use crate::number::counted;
use crate::print::{Row, RowBuffer};
use crate::reported::Reported;
use crate::sort::sort_by_key;
use core::net::IpAddr;
use std::collections::BTreeSet;

/// A connection as it was typed: who, to which database (`replication` is the cluster), from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    user: String,
    database: String,
    address: Option<IpAddr>,
}

impl Candidate {
    /// From USER, DATABASE and ADDRESS: `local`, or a number.
    ///
    /// # Errors
    /// What is wrong with the address.
    pub fn new(user: String, database: String, address: &str) -> Result<Candidate, String> {
        let address = match address {
            "local" => None,
            address => Some(address.parse().map_err(|_| {
                format!("\"{address}\" is neither \"local\" nor an IP address (without a mask)")
            })?),
        };
        Ok(Candidate { user, database, address })
    }
}

/// How many rules that nearly decide are shown.
const MOST_NEAR: usize = 20;
/// From when on there is `pg_hba_file_rules`.
const TELLS_RULES: i32 = 100_000;
/// From when on rules come from several files, and names may be regular expressions.
const INCLUDES: i32 = 160_000;
const REFUSED: &str = "Only a superuser may read pg_hba_file_rules, or a role that was granted SELECT \
                       on it and EXECUTE on the function pg_hba_file_rules().";

/// A line of the file as the server shows it.
#[derive(Clone, Debug)]
struct Line {
    number: String,
    file: String,
    kind: String,
    databases: Vec<String>,
    users: Vec<String>,
    address: Option<String>,
    mask: Option<String>,
    method: String,
    options: String,
    error: Option<String>,
}

const PART: char = '\u{1f}';

impl Line {
    fn new(row: Row<'_>) -> Line {
        let cell = |at| row.get(at).map(|value| String::from_utf8_lossy(value).into_owned());
        let text = |at| cell(at).unwrap_or_default();
        let list = |at| -> Vec<String> {
            cell(at).map(|list| list.split(PART).map(str::to_owned).collect()).unwrap_or_default()
        };
        Line {
            number: text(0),
            kind: text(1),
            databases: list(2),
            users: list(3),
            address: cell(4),
            mask: cell(5),
            method: text(6),
            options: list(7).join(" "),
            error: cell(8),
            file: text(9),
        }
    }

    /// Whether it has an error that the whole file fails by. A rule for TLS where there is none has an
    /// error as well, and is there all the same.
    fn is_wrong(&self) -> bool {
        self.error.is_some() && self.kind.is_empty()
    }

    /// The rule, unless it can't be read.
    fn rule(&self) -> Option<Rule> {
        Some(Rule {
            kind: Kind::from_word(&self.kind)?,
            databases: self.databases.clone(),
            users: self.users.clone(),
            address: self.address.clone(),
            mask: self.mask.clone(),
        })
    }

    fn address(&self) -> Option<Vec<u8>> {
        let address = self.address.as_ref()?;
        Some(match &self.mask {
            Some(mask) => hba::network(address, mask).into_bytes(),
            None => address.clone().into_bytes(),
        })
    }

    fn name(&self, has_files: bool) -> String {
        match has_files {
            true => format!("{}:{}", self.file, self.number),
            false => format!("line {}", self.number),
        }
    }
}

/// A line with what is said of it.
#[derive(Clone, Debug)]
struct Remark {
    line: Line,
    words: String,
}

/// Shows the rules, or which of them decides about a connection.
///
/// # Errors
/// The server doesn't tell; the host has reported why.
pub fn hba(
    host: &mut dyn Host,
    place: &Place,
    candidate: Option<&Candidate>,
    layout: Layout,
) -> Result<(), Reported> {
    if !place.at_least(TELLS_RULES) {
        let version = short_version(place.context.version);
        let text = format!("The server (version {version}) does not show its pg_hba.conf.");
        host.error(text.as_bytes());
        return Err(Reported);
    }
    let sight = Sight::look(host, place)?;
    if !sight.sees_rules {
        host.error(REFUSED.as_bytes());
        return Err(Reported);
    }
    let lines = lines(host, place)?;
    let has_files = lines.iter().any(|line| line.file != lines[0].file);
    let mut below = footers(&lines, has_files);
    below.extend(sight.age(host, place, &lines)?);
    match candidate {
        None => {
            let remarks = lines.into_iter().map(|line| {
                let words = line.error.as_ref().map(|error| format!("ERROR: {error}"));
                Remark { words: words.unwrap_or_default(), line }
            });
            let remarks: Vec<Remark> = remarks.collect();
            let rows = format!("({})", counted(remarks.len(), "row"));
            below.insert(0, rows);
            let mut view = view(&remarks, has_files, "Error", layout, place.encoding());
            view.title = Some(b"Rules of pg_hba.conf".to_vec());
            let no_room = view.footers.take().into_iter().flatten();
            view.footers = Some(below.into_iter().map(String::into_bytes).chain(no_room).collect());
            host.show(view)
        }
        Some(candidate) => decide(host, place, candidate, &lines, &below, layout),
    }
}

/// What the role may see, and what the files are.
struct Sight {
    sees_rules: bool,
    sees_files: bool,
}

impl Sight {
    fn look(host: &mut dyn Host, place: &Place) -> Result<Sight, Reported> {
        let query = "SELECT pg_catalog.has_table_privilege('pg_catalog.pg_hba_file_rules', 'SELECT') \
             AND pg_catalog.has_function_privilege('pg_catalog.pg_hba_file_rules()', 'EXECUTE'), \
             pg_catalog.has_function_privilege('pg_catalog.pg_stat_file(pg_catalog.text)', 'EXECUTE') \
             AND pg_catalog.pg_has_role('pg_read_all_settings', 'MEMBER')";
        let answer = host.query(&place.question(query))?;
        let yes = |at| !answer.rows.is_empty() && answer.rows.row(0).get(at) == Some(b"t");
        Ok(Sight { sees_rules: yes(0), sees_files: yes(1) })
    }

    /// Whether the files are those that are in force.
    fn age(
        &self,
        host: &mut dyn Host,
        place: &Place,
        lines: &[Line],
    ) -> Result<Option<String>, Reported> {
        const LOADED: &str = "pg_catalog.pg_conf_load_time()";
        if !self.sees_files {
            let query = format!("SELECT {LOADED}::pg_catalog.timestamptz(0)");
            let answer = host.query(&place.question(query))?;
            let loaded = text(&answer.rows, 0);
            return Ok(Some(format!(
                "These are the files as they are now; those of {loaded} are in force (this role \
                 can't see whether they were changed since)."
            )));
        }
        let files: BTreeSet<&String> = lines.iter().map(|line| &line.file).collect();
        let mut names: Vec<Vec<u8>> = vec![b"pg_catalog.current_setting('hba_file')".to_vec()];
        let named = files.into_iter().filter(|file| !file.is_empty());
        names.extend(named.map(|file| literal(file.as_bytes(), place.context.encoding)));
        let query = [
            b"SELECT pg_catalog.max(m)::pg_catalog.timestamptz(0), ",
            LOADED.as_bytes(),
            // A file's time is told in whole seconds.
            b"::pg_catalog.timestamptz(0), pg_catalog.max(m) > ",
            LOADED.as_bytes(),
            b" - '1 s'::pg_catalog.interval FROM (SELECT (pg_catalog.pg_stat_file(f)).modification AS m FROM \
              pg_catalog.unnest(ARRAY[",
            &names.join(&b", "[..]),
            b"]) f) x",
        ]
        .concat();
        let answer = host.query(&place.question(query))?;
        let (changed, loaded) = (text(&answer.rows, 0), text(&answer.rows, 1));
        Ok((text(&answer.rows, 2) == "t").then(|| {
            format!(
                "The file was changed at {changed}, and last loaded at {loaded}: what is in force may \
                 differ until SELECT pg_reload_conf()."
            )
        }))
    }
}

fn text(rows: &RowBuffer, at: usize) -> String {
    if rows.is_empty() { String::new() } else { cell(rows.row(0), at) }
}

fn cell(row: Row<'_>, at: usize) -> String {
    String::from_utf8_lossy(row.get(at).unwrap_or_default()).into_owned()
}

fn lines(host: &mut dyn Host, place: &Place) -> Result<Vec<Line>, Reported> {
    let (file, order) = match place.at_least(INCLUDES) {
        true => ("file_name", "rule_number NULLS LAST, file_name, line_number"),
        false => ("''", "line_number"),
    };
    let list = |column: &str| format!("pg_catalog.array_to_string({column}, pg_catalog.chr(31))");
    let query = format!(
        "SELECT line_number, type, {}, {}, address, netmask, auth_method, {}, error, {file} \
         FROM pg_catalog.pg_hba_file_rules ORDER BY {order}",
        list("database"),
        list("user_name"),
        list("options"),
    );
    let mut lines: Vec<Line> =
        host.query(&place.question(query))?.rows.iter().map(Line::new).collect();
    // A line with an error is no rule, and has no place among them but in its file.
    if lines.iter().all(|line| line.file == lines[0].file) {
        sort_by_key(&mut lines, |line| line.number.parse::<u64>().unwrap_or(0));
    }
    Ok(lines)
}

/// What is wrong with the file as a whole.
fn footers(lines: &[Line], has_files: bool) -> Vec<String> {
    let wrong: Vec<&Line> = lines.iter().filter(|line| line.error.is_some()).collect();
    let Some(first) = wrong.first() else { return Vec::new() };
    let count = counted(wrong.len(), "error");
    if !lines.iter().any(Line::is_wrong) {
        return vec![format!("{count}, the first in {}.", first.name(has_files))];
    }
    vec![format!(
        "{count}, the first in {}: the server loads none of this, and keeps the rules it has.",
        first.name(has_files)
    )]
}

fn view(
    remarks: &[Remark],
    has_files: bool,
    last: &'static str,
    layout: Layout,
    encoding: Encoding,
) -> View {
    let bytes = |text: &str| Some(text.as_bytes().to_vec()).filter(|text| !text.is_empty());
    let mut fields = Fields::new();
    fields.number("Line", move |r: &Remark| bytes(&r.line.number));
    if has_files {
        fields.text("File", move |r| bytes(&r.line.file));
    }
    fields
        .dispensable("Type", move |r| bytes(&r.line.kind))
        .text("Database", move |r| bytes(&r.line.databases.join(",")))
        .text("User", move |r| bytes(&r.line.users.join(",")))
        .optional("Address", |r| r.line.address())
        .dispensable("Method", move |r| bytes(&r.line.method))
        .dispensable("Options", move |r| bytes(&r.line.options))
        .text(last, move |r| bytes(&r.words));
    table::plain(remarks, &fields, layout, encoding)
}

/// What the server knows of a candidate.
struct Known {
    attempts: Vec<(&'static str, Attempt)>,
    lacks: Vec<String>,
}

fn decide(
    host: &mut dyn Host,
    place: &Place,
    candidate: &Candidate,
    lines: &[Line],
    below: &[String],
    layout: Layout,
) -> Result<(), Reported> {
    let has_files = lines.iter().any(|line| line.file != lines[0].file);
    let known = known(host, place, candidate, lines)?;
    let decisions: Vec<(&str, Decision)> = known
        .attempts
        .iter()
        .map(|(name, attempt)| (*name, Decision::of(lines, attempt)))
        .collect();
    let is_same = decisions
        .iter()
        .all(|(_, decision)| decision.words(has_files) == decisions[0].1.words(has_files));
    let shown = if is_same { &decisions[..1] } else { &decisions[..] };
    for (at, (name, decision)) in shown.iter().enumerate() {
        let suffix = if is_same { String::new() } else { format!(", {name}") };
        let mut footers = vec![decision.words(has_files)];
        footers.extend(decision.left_out());
        if at + 1 == shown.len() {
            footers.extend(known.lacks.iter().cloned());
            footers.extend(below.iter().cloned());
        }
        let title = format!(
            "{} to {} from {}{suffix}",
            candidate.user,
            candidate.database,
            from(candidate)
        );
        if decision.remarks.is_empty() {
            host.line(title.as_bytes());
            footers.iter().for_each(|line| host.line(line.as_bytes()));
            continue;
        }
        let mut view = view(&decision.remarks, has_files, "Matches", layout, place.encoding());
        view.title = Some(title.into_bytes());
        let no_room = view.footers.take().into_iter().flatten();
        view.footers = Some(footers.into_iter().map(String::into_bytes).chain(no_room).collect());
        host.show(view)?;
    }
    Ok(())
}

fn from(candidate: &Candidate) -> String {
    candidate.address.map_or_else(|| "a socket".to_owned(), |address| address.to_string())
}

/// Which rule decides, and what is to be said of others.
struct Decision {
    remarks: Vec<Remark>,
    /// Those that may decide before.
    perhaps: Vec<(Line, Verdict)>,
    decides: Option<Line>,
    near_left_out: usize,
}

impl Decision {
    fn of(lines: &[Line], attempt: &Attempt) -> Decision {
        let mut decision =
            Decision { remarks: Vec::new(), perhaps: Vec::new(), decides: None, near_left_out: 0 };
        for line in lines {
            let Some(rule) = line.rule() else { continue };
            let verdict = verdict(&rule, attempt);
            let words = if verdict.matches() {
                "yes: it decides".to_owned()
            } else if verdict.may_match() {
                format!("if {}", verdict.unknown.join(" and "))
            } else if verdict.is_near() {
                format!("no: {}", verdict.unmet[0])
            } else {
                continue;
            };
            decision.remarks.push(Remark { line: line.clone(), words });
            if verdict.matches() {
                decision.decides = Some(line.clone());
                break;
            }
            if verdict.may_match() {
                decision.perhaps.push((line.clone(), verdict));
            }
        }
        decision.keep_last();
        decision
    }

    /// Of those that nearly match the last ones are kept.
    fn keep_last(&mut self) {
        let is_near = |remark: &Remark| remark.words.starts_with("no: ");
        let near = self.remarks.iter().filter(|remark| is_near(remark)).count();
        self.near_left_out = near.saturating_sub(MOST_NEAR);
        let mut left = self.near_left_out;
        self.remarks.retain(|remark| {
            let is_kept = !is_near(remark) || left == 0;
            left -= usize::from(!is_kept);
            is_kept
        });
    }

    fn left_out(&self) -> Option<String> {
        let left = self.near_left_out;
        (left > 0).then(|| format!("{} more before these nearly match.", counted(left, "rule")))
    }

    /// In a sentence, which rule decides.
    fn words(&self, has_files: bool) -> String {
        let last = match &self.decides {
            Some(line) => {
                let name = line.name(has_files);
                match line.method.as_str() {
                    "reject" => {
                        format!("{name} decides: the server rejects the connection (reject)")
                    }
                    "trust" => format!("{name} decides: the server takes the connection (trust)"),
                    method => format!("{name} decides: authentication by {method}"),
                }
            }
            None => "no rule matches: the server refuses the connection".to_owned(),
        };
        let perhaps = self.perhaps.iter().map(|(line, verdict)| {
            let conditions = verdict.unknown.join(" and ");
            format!("{} decides ({}) if {conditions}", line.name(has_files), line.method)
        });
        let mut words = perhaps.chain([last]).collect::<Vec<_>>().join("; else ");
        if let Some(first) = words.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        words + "."
    }
}

fn known(
    host: &mut dyn Host,
    place: &Place,
    candidate: &Candidate,
    lines: &[Line],
) -> Result<Known, Reported> {
    let encoding = place.context.encoding;
    let user = literal(candidate.user.as_bytes(), encoding);
    let name = literal(candidate.database.as_bytes(), encoding);
    let members = "SELECT m.rolname, r.rolname FROM pg_catalog.pg_auth_members a \
         JOIN pg_catalog.pg_roles m ON m.oid = a.member JOIN pg_catalog.pg_roles r ON r.oid = a.roleid";
    let members = host.query(&place.question(members))?;
    let members: Vec<(String, String)> =
        members.rows.iter().map(|row| (cell(row, 0), cell(row, 1))).collect();
    let facts = [
        b"SELECT pg_catalog.current_setting('ssl'), pg_catalog.host(pg_catalog.inet_server_addr()), \
          EXISTS (SELECT 1 FROM pg_catalog.pg_database WHERE datname = ",
        &name[..],
        b"), EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = ",
        &user,
        b")",
    ]
    .concat();
    let facts = host.query(&place.question(facts))?;
    let is_replication = candidate.database == "replication";
    let mut lacks = Vec::new();
    if text(&facts.rows, 3) != "t" {
        lacks.push(format!("There is no role \"{}\".", candidate.user));
    }
    if !is_replication && text(&facts.rows, 2) != "t" {
        lacks.push(format!("There is no database \"{}\".", candidate.database));
    }
    let target = match is_replication {
        true => Target::Replication,
        false => Target::Database(candidate.database.clone()),
    };
    let attempt = Attempt {
        user: candidate.user.clone(),
        target,
        origin: Origin::Socket,
        roles: hba::memberships(&candidate.user, &members),
        fitting: fitting(host, place, candidate, lines)?,
        server: text(&facts.rows, 1).parse().ok(),
        knows_expressions: place.at_least(INCLUDES),
    };
    let over = |address, encryption| Attempt {
        origin: Origin::Address(address, encryption),
        ..attempt.clone()
    };
    let attempts = match candidate.address {
        None => vec![("over a socket", attempt)],
        Some(address) if text(&facts.rows, 0) == "on" => vec![
            ("with TLS", over(address, Encryption::Tls)),
            ("without TLS", over(address, Encryption::None)),
        ],
        Some(address) => vec![("without TLS", over(address, Encryption::None))],
    };
    Ok(Known { attempts, lacks })
}

/// Which regular expressions of the rules fit the candidate's names: the server knows.
fn fitting(
    host: &mut dyn Host,
    place: &Place,
    candidate: &Candidate,
    lines: &[Line],
) -> Result<std::collections::BTreeMap<(String, String), bool>, Reported> {
    let is_wanted = |line: &&Line| place.at_least(INCLUDES) && !line.is_wrong();
    let mut pairs = BTreeSet::new();
    for line in lines.iter().filter(is_wanted) {
        let names = [(&line.users, &candidate.user), (&line.databases, &candidate.database)];
        for (words, name) in names {
            let expressions = words.iter().filter_map(|word| word.strip_prefix('/'));
            pairs.extend(expressions.map(|e| (e.to_owned(), name.clone())));
        }
    }
    if pairs.is_empty() {
        return Ok(Default::default());
    }
    let encoding = place.context.encoding;
    let matches = |(expression, name): &(String, String)| {
        let [name, expression] = [name, expression].map(|text| literal(text.as_bytes(), encoding));
        [&name[..], b" ~ ", &expression, b" COLLATE pg_catalog.\"C\""].concat()
    };
    let columns: Vec<Vec<u8>> = pairs.iter().map(matches).collect();
    let query = [b"SELECT ARRAY[", &columns.join(&b", "[..])[..], b"]::pg_catalog.text"].concat();
    let answer = host.query(&place.question(query))?;
    let fits = text(&answer.rows, 0);
    let fits = fits.trim_matches(['{', '}']).split(',').map(|word| word == "t");
    Ok(pairs.into_iter().zip(fits).collect())
}
