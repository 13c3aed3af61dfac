//! `\settings`: what the server's settings are, where each comes from, and what waits for a restart.

use super::host::Layout;
use super::place::Place;
use super::table::{self, Fields};
use super::unit;
use crate::describe::{Host, Names, View, short_version};
use crate::number::counted;
use crate::print::Expanded;
use crate::reported::Reported;

/// Which settings are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Chosen {
    /// All that a pattern names; without one, what is not as it was built.
    #[default]
    Named,
    /// Those that are not as they were built.
    Changed,
    /// Those that wait for a restart.
    Pending,
}

/// What `\settings` was asked.
#[derive(Clone, Debug, Default)]
pub struct SettingsRequest<'a> {
    /// Which settings.
    pub chosen: Chosen,
    /// Their names.
    pub pattern: Option<&'a [u8]>,
    /// How they are laid out; `+`: what they are for, too.
    pub layout: Layout,
}

/// What one may not see, and which role would do.
const HIDDEN: &str = "Without the rights of pg_read_all_settings some settings, and the places in \
                      files, are hidden.";
/// The heading of the places in files.
const PLACE: &str = "Place";
/// From when on `pg_settings` tells what waits for a restart.
const TELLS_PENDING: i32 = 90_500;

/// A setting, as the server tells of it.
#[derive(Clone, Debug)]
struct Setting(Vec<Option<Vec<u8>>>);

/// What is asked of a setting, in the order of the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Name,
    Value,
    Unit,
    Source,
    File,
    Line,
    Pending,
    Default,
    Description,
    Context,
    Least,
    Most,
    Words,
    InFile,
}

impl Setting {
    fn get(&self, part: Part) -> Option<Vec<u8>> {
        self.0.get(part as usize).cloned().flatten()
    }

    fn text(&self, part: Part) -> Option<String> {
        self.get(part).map(|value| String::from_utf8_lossy(&value).into_owned())
    }

    /// A bare number of the server's, as SHOW would have it.
    fn shown(&self, part: Part) -> Option<Vec<u8>> {
        let (value, unit) = (self.text(part)?, self.text(Part::Unit));
        Some(unit::shown(&value, unit.as_deref()).into_bytes())
    }

    /// The file and the line, or the command, that a value comes from. The name of the directory
    /// that is told apart is left out.
    fn place(&self, place: &Place, directory: Option<&[u8]>) -> Option<Vec<u8>> {
        if let Some(file) = self.get(Part::File) {
            let within = directory.and_then(|directory| file.strip_prefix(directory));
            let file = within.map_or(file.clone(), <[u8]>::to_vec);
            return Some([&file[..], b":", &self.get(Part::Line).unwrap_or_default()].concat());
        }
        let source = self.text(Part::Source)?;
        let database = &place.context.database;
        let words: &[&[u8]] = match source.as_str() {
            "database" => &[b"ALTER DATABASE ", database],
            "user" => &[b"ALTER ROLE"],
            "database user" => &[b"ALTER ROLE ... IN DATABASE ", database],
            "session" => &[b"SET"],
            _ => return None,
        };
        Some(words.concat())
    }

    /// The value a restart brings, or that there is one.
    fn pending(&self) -> Option<Vec<u8>> {
        if self.get(Part::Pending)? != b"t" {
            return None;
        }
        Some(self.shown(Part::InFile).unwrap_or_else(|| b"yes".to_vec()))
    }

    fn range(&self) -> Option<Vec<u8>> {
        Some([&self.shown(Part::Least)?[..], b" .. ", &self.shown(Part::Most)?].concat())
    }
}

/// Shows settings.
///
/// # Errors
/// The server doesn't tell, or the pattern can't be one; the host has reported why.
pub fn settings(
    host: &mut dyn Host,
    place: &Place,
    request: &SettingsRequest<'_>,
) -> Result<(), Reported> {
    if request.chosen == Chosen::Pending && !place.at_least(TELLS_PENDING) {
        let version = short_version(place.context.version);
        let text =
            format!("The server (version {version}) does not tell what waits for a restart.");
        host.error(text.as_bytes());
        return Err(Reported);
    }
    let rights = rights(host, place)?;
    let names = Names::dotted("pg_catalog.lower(s.name)");
    let conditions = names.conditions(request.pattern, &place.context).map_err(|text| {
        host.error(&text);
        Reported
    })?;
    let query = query(place, request, &rights, &conditions);
    let answer = host.query(&place.question(query))?;
    let row = |row: crate::print::Row<'_>| {
        Setting(row.cells().map(|cell| cell.map(<[u8]>::to_vec)).collect())
    };
    let found: Vec<Setting> = answer.rows.iter().map(row).collect();
    let mut footers = Vec::new();
    if found.is_empty() {
        footers.push(nothing(request));
    } else {
        footers.push(format!("({})", counted(found.len(), "row")).into_bytes());
    }
    if !rights.sees_all {
        footers.push(HIDDEN.as_bytes().to_vec());
    }
    if found.is_empty() {
        footers.iter().for_each(|line| host.line(line));
        return Ok(());
    }
    let directory = directory(&found).filter(|_| request.layout.screen.is_some());
    let files =
        directory.as_ref().map(|directory| [b"Files are in ", &directory[..], b"."].concat());
    let mut view = view(&found, place, request, directory);
    let tells_places = view.columns.iter().any(|column| column.name == PLACE.as_bytes());
    footers.extend(files.filter(|_| tells_places));
    if request.layout.is_verbose && request.layout.screen.is_some() {
        view.expanded = Some(Expanded::Auto);
    }
    footers.extend(view.footers.take().into_iter().flatten());
    view.footers = Some(footers);
    host.show(view)
}

/// The directory, with its slash, of all files that are named, if they are in one.
fn directory(found: &[Setting]) -> Option<Vec<u8>> {
    let mut directories = found.iter().filter_map(|setting| {
        let file = setting.get(Part::File)?;
        let slash = file.iter().rposition(|byte| *byte == b'/')?;
        Some(file[..=slash].to_vec())
    });
    let first = directories.next()?;
    directories.all(|other| other == first).then_some(first)
}

fn nothing(request: &SettingsRequest<'_>) -> Vec<u8> {
    let what = match request.chosen {
        Chosen::Pending => "No setting waits for a restart",
        Chosen::Changed => "No setting is changed",
        Chosen::Named => "There is no setting",
    };
    match request.pattern {
        Some(pattern) => [what.as_bytes(), b" that matches \"", pattern, b"\"."].concat(),
        None => format!("{what}.").into_bytes(),
    }
}

/// What the role may see.
struct Rights {
    sees_all: bool,
    sees_files: bool,
}

fn rights(host: &mut dyn Host, place: &Place) -> Result<Rights, Reported> {
    // Before 10 there was no such role.
    let all = match place.at_least(100_000) {
        true => "pg_catalog.pg_has_role('pg_read_all_settings', 'MEMBER')",
        false => "r.rolsuper",
    };
    let files = match place.at_least(TELLS_PENDING) {
        true => {
            "pg_catalog.has_table_privilege('pg_catalog.pg_file_settings', 'SELECT') AND \
             pg_catalog.has_function_privilege('pg_catalog.pg_show_all_file_settings()', 'EXECUTE')"
        }
        false => "false",
    };
    let query =
        format!("SELECT {all}, {files} FROM pg_catalog.pg_roles r WHERE r.rolname = CURRENT_USER");
    let answer = host.query(&place.question(query))?;
    let yes = |at: usize| {
        !answer.rows.is_empty() && answer.rows.row(0).get(at).is_some_and(|cell| cell == b"t")
    };
    Ok(Rights { sees_all: yes(0), sees_files: yes(1) })
}

fn query(
    place: &Place,
    request: &SettingsRequest<'_>,
    rights: &Rights,
    conditions: &[Vec<u8>],
) -> Vec<u8> {
    let tells_pending = place.at_least(TELLS_PENDING);
    let pending = if tells_pending { "s.pending_restart" } else { "false" };
    // The last of several lines counts.
    let in_file = match rights.sees_files {
        true => {
            "CASE WHEN s.pending_restart THEN (SELECT f.setting FROM pg_catalog.pg_file_settings f \
             WHERE pg_catalog.lower(f.name) = pg_catalog.lower(s.name) ORDER BY f.seqno DESC LIMIT 1) END"
        }
        false => "NULL",
    };
    let mut sql = format!(
        "SELECT s.name, pg_catalog.current_setting(s.name), s.unit, s.source, s.sourcefile, \
         s.sourceline, {pending}, s.boot_val, \
         pg_catalog.concat_ws(' ', s.short_desc, s.extra_desc), s.context, s.min_val, s.max_val, \
         pg_catalog.array_to_string(s.enumvals, ', '), {in_file} FROM pg_catalog.pg_settings s WHERE true"
    )
    .into_bytes();
    let changed = "s.source <> 'default' AND (s.setting <> s.boot_val OR s.boot_val IS NULL)";
    let chosen = match (request.chosen, request.pattern) {
        (Chosen::Named, Some(_)) => None,
        (Chosen::Named, None) => Some(format!("({changed} OR {pending})")),
        (Chosen::Changed, _) => Some(changed.to_owned()),
        (Chosen::Pending, _) => Some(pending.to_owned()),
    };
    for condition in chosen.iter().map(String::as_bytes).chain(conditions.iter().map(Vec::as_slice))
    {
        sql.extend_from_slice(b" AND ");
        sql.extend_from_slice(condition);
    }
    sql.extend_from_slice(b" ORDER BY s.name");
    sql
}

fn view(
    found: &[Setting],
    place: &Place,
    request: &SettingsRequest<'_>,
    directory: Option<Vec<u8>>,
) -> View {
    let here = place.clone();
    let mut fields = Fields::new();
    fields
        .text("Parameter", |s: &Setting| s.get(Part::Name))
        .text("Value", |s| s.get(Part::Value))
        .dispensable("Unit", |s| s.get(Part::Unit))
        .dispensable("Default", |s| s.shown(Part::Default))
        .dispensable("Source", |s| s.get(Part::Source))
        .dispensable(PLACE, move |s| s.place(&here, directory.as_deref()))
        .optional("After restart", Setting::pending);
    if request.layout.is_verbose {
        fields
            .text("Context", |s| s.get(Part::Context))
            .text("Range", Setting::range)
            .text("Values", |s| s.get(Part::Words))
            .text("Description", |s| s.get(Part::Description));
    }
    let title: &[u8] = match (request.chosen, request.pattern) {
        (Chosen::Pending, _) => b"Settings that wait for a restart",
        (Chosen::Changed, _) | (Chosen::Named, None) => b"Changed settings",
        (Chosen::Named, Some(_)) => b"Settings",
    };
    View {
        title: Some(title.to_vec()),
        ..table::plain(found, &fields, request.layout, place.encoding())
    }
}
