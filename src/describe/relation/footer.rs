//! What stands below the columns in `\d NAME`: the sections in their order.
//!
//! Each section is a `SELECT` of finished lines; all sections of all relations are asked for in
//! one query. To add a section, add it to [`SECTIONS`].

use super::attached::{self, Made};
use super::pg_class::{Relation, oids};
use super::section::{Layout, Lines, Section};
use super::{constraint, inheritance};
use crate::describe::command::Command;
use crate::print::{Row, RowBuffer};
use crate::reported::Reported;

const fn below(heading: &'static str) -> Layout {
    Layout::Below { heading, indent: "    " }
}

const SECTIONS: &[Section] = &[
    Section {
        layout: Layout::Plain,
        wanted: |r, _| r.is_partition,
        lines: inheritance::partition_of,
    },
    Section {
        layout: Layout::Plain,
        wanted: |r, command| r.is_partition && command.verbose,
        lines: inheritance::partition_constraint,
    },
    Section { layout: Layout::Plain, wanted: |r, _| r.is(b"p"), lines: inheritance::partition_key },
    Section { layout: Layout::Plain, wanted: |r, _| r.is(b"t"), lines: attached::toast_owner },
    Section { layout: Layout::Plain, wanted: |r, _| r.is(b"iI"), lines: constraint::index },
    Section {
        layout: below("Indexes:"),
        wanted: |r, _| r.is(b"rmpt") && r.has_index,
        lines: constraint::indexes,
    },
    Section {
        layout: below("Check constraints:"),
        wanted: |r, _| r.is(b"rmfpt") && r.has_checks,
        lines: constraint::checks,
    },
    Section {
        layout: below("Foreign-key constraints:"),
        wanted: may_have_foreign_keys,
        lines: constraint::foreign_keys,
    },
    Section {
        layout: below("Referenced by:"),
        wanted: may_have_foreign_keys,
        lines: constraint::referenced_by,
    },
    Section {
        layout: Layout::Policies,
        wanted: |r, command| r.is(b"rmfpt") && command.at_least(90_500),
        lines: attached::policies,
    },
    Section {
        layout: below("Statistics objects:"),
        wanted: |r, command| r.is(b"rmfpt") && command.at_least(100_000),
        lines: attached::statistics,
    },
    Section {
        layout: below("Rules:"),
        wanted: |r, _| r.is(b"rfpt") && r.has_rules,
        lines: |_| attached::rules('O'),
    },
    Section {
        layout: below("Disabled rules:"),
        wanted: |r, _| r.is(b"rfpt") && r.has_rules,
        lines: |_| attached::rules('D'),
    },
    Section {
        layout: below("Rules firing always:"),
        wanted: |r, _| r.is(b"rfpt") && r.has_rules,
        lines: |_| attached::rules('A'),
    },
    Section {
        layout: below("Rules firing on replica only:"),
        wanted: |r, _| r.is(b"rfpt") && r.has_rules,
        lines: |_| attached::rules('R'),
    },
    Section {
        layout: below("Publications:"),
        wanted: |r, command| r.is(b"rp") && command.at_least(100_000),
        lines: attached::publications,
    },
    Section {
        layout: below("Not-null constraints:"),
        wanted: |r, command| r.is(b"rfp") && command.verbose && command.at_least(180_000),
        lines: constraint::not_null,
    },
    Section {
        layout: Layout::Below { heading: "View definition:", indent: "" },
        wanted: |r, command| r.is(b"vm") && command.verbose,
        lines: |_| attached::view_definition(),
    },
    Section {
        layout: Layout::Below { heading: "Rules:", indent: " " },
        wanted: |r, command| r.is(b"vm") && command.verbose && r.has_rules,
        lines: |_| attached::view_rules(),
    },
    Section {
        layout: below("Triggers:"),
        wanted: |r, _| r.has_triggers,
        lines: |command| attached::triggers(command, Made::ByUser, 'O'),
    },
    Section {
        layout: below("Disabled user triggers:"),
        wanted: |r, _| r.has_triggers,
        lines: |command| attached::triggers(command, Made::ByUser, 'D'),
    },
    Section {
        layout: below("Disabled internal triggers:"),
        wanted: |r, _| r.has_triggers,
        lines: |command| attached::triggers(command, Made::BySystem, 'D'),
    },
    Section {
        layout: below("Triggers firing always:"),
        wanted: |r, _| r.has_triggers,
        lines: |command| attached::triggers(command, Made::ByUser, 'A'),
    },
    Section {
        layout: below("Triggers firing on replica only:"),
        wanted: |r, _| r.has_triggers,
        lines: |command| attached::triggers(command, Made::ByUser, 'R'),
    },
    Section {
        layout: Layout::Plain,
        wanted: |r, _| r.is(b"f"),
        lines: |_| attached::foreign_server(),
    },
    Section {
        layout: Layout::Plain,
        wanted: |r, _| r.is(b"f"),
        lines: |_| attached::foreign_options(),
    },
    Section {
        layout: Layout::Beside(|_| "Inherits: "),
        wanted: |r, _| r.is(b"rfp"),
        lines: |_| inheritance::parents(),
    },
    Section {
        layout: Layout::Plain,
        wanted: |r, _| r.is(b"rfpI"),
        lines: inheritance::number_of_children,
    },
    Section {
        layout: Layout::Beside(|r| if r.is(b"pI") { "Partitions: " } else { "Child tables: " }),
        wanted: |r, command| r.is(b"rfpI") && command.verbose,
        lines: inheritance::children,
    },
    Section {
        layout: Layout::Plain,
        wanted: |r, _| r.is(b"S"),
        lines: |_| attached::sequence_owner(),
    },
];

/// Foreign keys had triggers until they could be `NOT ENFORCED`.
fn may_have_foreign_keys(relation: &Relation, command: &Command) -> bool {
    match relation.kind {
        b'p' => true,
        b'r' => relation.has_triggers || command.at_least(180_000),
        _ => false,
    }
}

/// Asks for the lines of all sections of all relations: the relation's OID, the number of the
/// section, the line's place in it, and the line.
pub fn query(command: &mut Command, relations: &[Relation]) -> Result<RowBuffer, Reported> {
    let mut sections: Vec<Vec<u8>> = Vec::new();
    for (number, section) in SECTIONS.iter().enumerate() {
        let Some(oids) = oids(relations, |r| (section.wanted)(r, command)) else {
            continue;
        };
        let Lines { relation, text, from, filter, order } = (section.lines)(command);
        let start = format!(
            "SELECT {relation} AS relation, {number} AS section, \
             pg_catalog.row_number() OVER (ORDER BY {order}) AS place,\n  \
             ({text})::pg_catalog.text AS line\n\
             FROM {from}\nWHERE {relation} = ANY ("
        );
        let filter = if filter.is_empty() { ")".into() } else { format!(") AND {filter}") };
        sections.push([start.as_bytes(), &oids, filter.as_bytes()].concat());
    }
    if sections.is_empty() {
        return Ok(RowBuffer::default());
    }
    let sql = [&sections.join(&b"\nUNION ALL\n"[..])[..], b"\nORDER BY 1, 2, 3"].concat();
    Ok(command.query(sql)?.rows)
}

/// The footer of one relation, from the rows that [`query`] gave for it.
pub fn lines(command: &Command, relation: &Relation, rows: &[Row<'_>]) -> Vec<Vec<u8>> {
    let mut footer = Vec::new();
    for (number, section) in SECTIONS.iter().enumerate() {
        let number = number.to_string();
        let lines: Vec<&[u8]> = rows
            .iter()
            .filter(|row| row.get(1) == Some(number.as_bytes()))
            .map(|row| row.get(3).unwrap_or_default())
            .collect();
        let heading = match section.layout {
            Layout::Plain => {
                footer.extend(lines.iter().map(|line| line.to_vec()));
                continue;
            }
            Layout::Beside(heading) => {
                footer.extend(beside(heading(relation), &lines));
                continue;
            }
            Layout::Below { heading, indent } => (heading, indent),
            Layout::Policies if (section.wanted)(relation, command) => {
                (policies(relation, lines.is_empty()), "    ")
            }
            Layout::Policies => continue,
        };
        let (heading, indent) = heading;
        if !lines.is_empty() || heading.ends_with("(none)") {
            footer.push(heading.into());
        }
        footer.extend(lines.iter().map(|line| [indent.as_bytes(), line].concat()));
    }
    properties(command, relation, &mut footer);
    footer
}

/// `heading a,` and the other lines set below `a`.
fn beside(heading: &str, lines: &[&[u8]]) -> Vec<Vec<u8>> {
    let set = |(i, line): (usize, &&[u8])| {
        let blank = " ".repeat(heading.len());
        let start = if i == 0 { heading } else { blank.as_str() };
        let end: &[u8] = if i + 1 < lines.len() { b"," } else { b"" };
        [start.as_bytes(), line, end].concat()
    };
    lines.iter().enumerate().map(set).collect()
}

fn policies(relation: &Relation, none: bool) -> &'static str {
    match (relation.row_security, relation.force_row_security, none) {
        (true, false, false) => "Policies:",
        (true, true, false) => "Policies (forced row security enabled):",
        (true, false, true) => "Policies (row security enabled): (none)",
        (true, true, true) => "Policies (forced row security enabled): (none)",
        (false, _, false) => "Policies (row security disabled):",
        (false, _, true) => "",
    }
}

/// The last lines: what the relation itself says.
fn properties(command: &Command, relation: &Relation, footer: &mut Vec<Vec<u8>>) {
    let mut say = |parts: &[&[u8]]| footer.push(parts.concat());
    if relation.is(b"rfpmt") && !relation.of_type.is_empty() {
        say(&[b"Typed table of type: ", &relation.of_type]);
    }
    if command.verbose && relation.is(b"rm") && relation.schema != b"pg_catalog" {
        match relation.replica_identity {
            // The default, or said where the index is.
            b'd' | b'i' => {}
            b'f' => say(&[b"Replica Identity: FULL"]),
            // psql 18 has no word for NOTHING.
            _ => say(&[b"Replica Identity: ???"]),
        }
    }
    if command.verbose && relation.has_oids && relation.is(b"rfpmt") {
        say(&[b"Has OIDs: yes"]);
    }
    if relation.is(b"rmipIt") && !relation.tablespace.is_empty() {
        say(&[b"Tablespace: \"", &relation.tablespace, b"\""]);
    }
    if command.verbose
        && relation.is(b"rmptI")
        && !relation.access_method.is_empty()
        && !command.context.hide_table_am
    {
        say(&[b"Access method: ", &relation.access_method]);
    }
    if command.verbose && !relation.is(b"S") && !relation.options.is_empty() {
        say(&[b"Options: ", &relation.options]);
    }
}
