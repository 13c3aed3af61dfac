//! Asks the catalog for names that are close to one, and says what it found.
//!
//! A name with no more than n slips holds one of n + 1 parts of the name unchanged, so the server
//! sends few, from however many relations.

use super::alternatives::alternatives;
use super::closeness::{MOST, slips, slips_allowed};
use super::missing::{Kind, Missing};
use super::type_name;
use crate::catalog_query::{CatalogQuery, literal};
use crate::encoding::Encoding;
use crate::sort::sort;

/// The shortest name that others may hold whole and be meant.
const SHORTEST_PART: usize = 4;
/// The most names to look at.
const LIMIT: usize = 500;

/// A row of the answer: a name as it is written here, its schema and the name itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// As it would have to be written.
    pub shown: String,
    /// Its schema, where that counts.
    pub schema: String,
    /// The name.
    pub name: String,
}

impl Found {
    /// From a row of the answer.
    pub fn from_row(row: Vec<Option<String>>) -> Option<Found> {
        let mut cells = row.into_iter().flatten();
        Some(Found { shown: cells.next()?, schema: cells.next()?, name: cells.next()? })
    }
}

impl Missing {
    /// The query for what may have been meant.
    pub fn query(&self) -> CatalogQuery {
        let sql = match self.kind {
            Kind::Relation => format!(
                "SELECT CASE WHEN pg_catalog.pg_table_is_visible(c.oid) THEN '' \
                 ELSE pg_catalog.quote_ident(n.nspname) || '.' END \
                 || pg_catalog.quote_ident(c.relname), n.nspname, c.relname \
                 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
                 WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p', 'S') \
                 AND n.nspname NOT IN ('information_schema', 'pg_toast') \
                 AND {} LIMIT {LIMIT}",
                self.is_near("c.relname")
            ),
            Kind::Column => format!(
                "SELECT pg_catalog.quote_ident(c.relname) || '.' \
                 || pg_catalog.quote_ident(a.attname), '', a.attname \
                 FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid \
                 WHERE a.attnum > 0 AND NOT a.attisdropped \
                 AND c.relkind IN ('r', 'v', 'm', 'f', 'p') AND c.relname IN ({}) \
                 AND {} LIMIT {LIMIT}",
                self.neighbours.iter().map(|name| text(name)).collect::<Vec<_>>().join(", "),
                self.is_near("a.attname")
            ),
            Kind::Function => format!(
                "SELECT CASE WHEN pg_catalog.pg_function_is_visible(p.oid) THEN '' \
                 ELSE pg_catalog.quote_ident(n.nspname) || '.' END \
                 || pg_catalog.quote_ident(p.proname) \
                 || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')', \
                 n.nspname, p.proname \
                 FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace \
                 WHERE {} LIMIT {LIMIT}",
                self.is_near("p.proname")
            ),
            Kind::Schema => format!(
                "SELECT pg_catalog.quote_ident(n.nspname), '', n.nspname \
                 FROM pg_catalog.pg_namespace n WHERE {} LIMIT {LIMIT}",
                self.is_near("n.nspname")
            ),
            Kind::Type => format!(
                "SELECT pg_catalog.format_type(t.oid, NULL), n.nspname, t.typname \
                 FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace \
                 WHERE t.typtype IN ('b', 'd', 'e', 'r', 'm') AND t.typname NOT LIKE '\\_%' \
                 AND {} LIMIT {LIMIT}",
                self.is_near("t.typname")
            ),
        };
        CatalogQuery::new(sql, Encoding::Utf8)
    }

    /// The condition that a column of the catalog may hold a close name.
    fn is_near(&self, column: &str) -> String {
        let name: Vec<char> = self.name.to_lowercase().chars().collect();
        let allowed = slips_allowed(name.len());
        let (least, most) = (name.len().saturating_sub(allowed), name.len() + allowed);
        let column = format!("pg_catalog.lower({column}::pg_catalog.text)");
        let holds = |part: &[char]| {
            let part: String = part.iter().collect();
            format!("pg_catalog.strpos({column}, {}) > 0", text(&part))
        };
        let mut near = format!(
            "pg_catalog.length({column}) >= {least} AND pg_catalog.length({column}) <= {most}"
        );
        // Two neighbours that changed places may lie in two parts.
        if allowed > 1 {
            let parts = name.chunks(name.len().div_ceil(allowed + 1)).map(holds);
            near = format!("{near} AND ({})", parts.collect::<Vec<_>>().join(" OR "));
        }
        if name.len() >= SHORTEST_PART {
            near = format!("{near} OR {}", holds(&name));
        }
        format!("({near})")
    }

    /// What to tell the user, if anything that was found is close.
    pub fn suggestion(&self, found: Vec<Found>) -> Option<String> {
        let same = |found: &&Found| found.name == self.name && found.schema_fits(self);
        if self.kind == Kind::Function && found.iter().any(|found| same(&found)) {
            let mut shown: Vec<String> =
                found.iter().filter(same).map(|found| found.shown.clone()).collect();
            sort(&mut shown);
            return Some(format!("There is {}, with other arguments.", listed(&shown)));
        }
        let names = self.meant(found);
        if !names.is_empty() {
            return Some(format!("Perhaps you meant {}.", alternatives(&names)));
        }
        let is_text = self.kind == Kind::Column && self.is_quoted;
        is_text.then(|| {
            format!("A string stands in single quotes: '{}'.", self.name.replace('\'', "''"))
        })
    }

    /// What may have been meant, the closest first.
    fn meant(&self, found: Vec<Found>) -> Vec<String> {
        if self.kind == Kind::Type
            && let Some((_, own)) =
                type_name::FOREIGN.iter().find(|(name, _)| *name == self.name.to_lowercase())
        {
            return vec![(*own).to_owned()];
        }
        let own = if self.kind == Kind::Type { type_name::OWN } else { &[] };
        let own = own.iter().map(|name| Found {
            shown: (*name).to_owned(),
            schema: String::new(),
            name: (*name).to_owned(),
        });
        let allowed = slips_allowed(self.name.chars().count());
        let mut rated: Vec<((usize, usize), String)> = found
            .into_iter()
            .chain(own)
            .filter_map(|found| Some((self.distance(&found, allowed)?, found.written(self.kind))))
            .collect();
        sort(&mut rated);
        rated.dedup_by(|a, b| a.1 == b.1);
        let best = rated.first().map(|(distance, _)| *distance);
        let best = rated.into_iter().filter(|(distance, _)| Some(*distance) == best);
        best.map(|(_, shown)| shown).take(MOST).collect()
    }

    /// How far a name is from the one that was meant; `None` is too far. One that only holds it is
    /// further than any that is close.
    fn distance(&self, found: &Found, allowed: usize) -> Option<(usize, usize)> {
        let slips = slips(&self.name, &found.name);
        let by_schema = usize::from(!found.schema_fits(self));
        if slips <= allowed && slips < self.name.chars().count() {
            return Some((slips, by_schema));
        }
        let holds = self.name.chars().count() >= SHORTEST_PART
            && found.name.to_lowercase().contains(&self.name.to_lowercase());
        (holds && self.kind != Kind::Function).then_some((allowed + 1, by_schema))
    }
}

impl Found {
    /// Whether it is in the schema that was named, if one was.
    fn schema_fits(&self, missing: &Missing) -> bool {
        missing.schema.as_ref().is_none_or(|schema| *schema == self.schema)
    }

    /// As it is told: a function that is meant, but not its arguments.
    fn written(self, kind: Kind) -> String {
        match (kind, self.shown.split_once('(')) {
            (Kind::Function, Some((name, _))) => format!("{name}()"),
            _ => self.shown,
        }
    }
}

/// At most as many as anybody reads.
fn listed(shown: &[String]) -> String {
    let most = MOST + 2;
    match shown.get(..most) {
        Some(first) if shown.len() > most => format!("{}, ...", first.join(", ")),
        _ => {
            let (last, first) = (shown.last().cloned().unwrap_or_default(), shown.len() - 1);
            if first == 0 { last } else { format!("{} and {last}", shown[..first].join(", ")) }
        }
    }
}

fn text(name: &str) -> String {
    String::from_utf8_lossy(&literal(name.as_bytes(), Encoding::Utf8)).into_owned()
}
