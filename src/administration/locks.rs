//! `\locks`: who waits for whom, on what.

use super::backend::{self, Backend, Wanted};
use super::host::Layout;
use super::place::Place;
use super::table::{self, Fields, age};
use crate::catalog_query::CatalogQuery;
use crate::describe::{Host, short_version};
use crate::number::counted;
use crate::print::Row;
use crate::reported::Reported;
use crate::sort::{sort, sort_by_key};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Since this version the server tells since when somebody waits.
const TELLS_SINCE: i32 = 140_000;
/// What stands for a process that is a prepared transaction.
const PREPARED: i32 = 0;

/// What a process waits for.
#[derive(Clone, Debug, Default)]
struct Wait {
    lock: Vec<u8>,
    since: Option<Duration>,
    blocked_by: Vec<i32>,
}

/// A process in the tree.
#[derive(Clone, Debug)]
struct Node {
    pid: i32,
    depth: usize,
    /// What the server tells of it, unless it has gone meanwhile.
    backend: Option<Backend>,
    wait: Option<Wait>,
}

/// Shows who blocks whom: who waits stands below whom he waits for. Returns how many wait.
///
/// # Errors
/// The server doesn't tell; the host has reported why.
pub fn blocking_tree(
    host: &mut dyn Host,
    place: &Place,
    layout: Layout,
    title: Option<Vec<u8>>,
) -> Result<usize, Reported> {
    if !place.at_least(backend::TELLS_BLOCKERS) {
        let version = short_version(place.context.version);
        let text = format!("The server (version {version}) does not tell who blocks whom.");
        host.error(text.as_bytes());
        return Err(Reported);
    }
    let answer = host.query(&query(place))?;
    let rows = (0..answer.rows.len()).map(|at| wait(answer.rows.row(at)));
    // Who waits for nobody just got his lock.
    let waits: BTreeMap<i32, Wait> = rows.filter(|(_, wait)| !wait.blocked_by.is_empty()).collect();
    if waits.is_empty() {
        if let Some(title) = title {
            host.line(title.trim_ascii_end());
        }
        host.line(b"Nobody waits for a lock.");
        return Ok(0);
    }
    let backends = backend::backends(host, place, &Wanted::All)?;
    let waiting = waits.len();
    let nodes = tree(waits, &backends);
    show(host, place, layout, title, &nodes, waiting)?;
    Ok(waiting)
}

/// The query for the locks that somebody waits for.
fn query(place: &Place) -> CatalogQuery {
    let since = match place.at_least(TELLS_SINCE) {
        true => backend::since("l.waitstart"),
        false => "NULL".to_owned(),
    };
    place.question(format!(
        "SELECT l.pid, l.locktype, l.mode, n.nspname, c.relname, d.datname, l.relation, \
         l.virtualxid, l.transactionid::pg_catalog.text, \
         l.classid::pg_catalog.regclass::pg_catalog.text, l.classid, l.objid, l.objsubid, {since}, \
         pg_catalog.array_to_string(pg_catalog.pg_blocking_pids(l.pid), ' ') \
         FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_database d ON d.oid = l.database \
         LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation \
         AND (l.database = 0::pg_catalog.oid OR d.datname = pg_catalog.current_database()) \
         LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE NOT l.granted"
    ))
}

/// A process and what it waits for, from a row of the query.
fn wait(row: Row<'_>) -> (i32, Wait) {
    let cells: Vec<String> = row
        .cells()
        .map(|cell| String::from_utf8_lossy(cell.unwrap_or_default()).into_owned())
        .collect();
    let cell = |at: usize| cells.get(at).map(String::as_str).unwrap_or_default();
    let bytes = |at: usize| row.get(at).unwrap_or_default();
    let pids = cell(14).split(' ').filter_map(|pid| pid.parse().ok());
    let mut blocked_by: Vec<i32> = pids.collect();
    sort(&mut blocked_by);
    blocked_by.dedup();
    let relation = match (bytes(3), bytes(4)) {
        ([], _) | (_, []) => format!("relation {} of database {}", cell(6), cell(5)).into_bytes(),
        (schema, name) => [schema, b".", name].concat(),
    };
    let object = match cell(1) {
        "relation" => relation,
        "tuple" => [b"a row of ", &relation[..]].concat(),
        "extend" => [b"the end of ", &relation[..]].concat(),
        "page" => [b"a page of ", &relation[..]].concat(),
        "transactionid" => format!("transaction {}", cell(8)).into_bytes(),
        "virtualxid" => format!("virtual transaction {}", cell(7)).into_bytes(),
        "advisory" => advisory(cell(10), cell(11), cell(12)).into_bytes(),
        "object" => format!("object {} of {}", cell(11), cell(9)).into_bytes(),
        other => other.as_bytes().to_vec(),
    };
    let lock = [bytes(2), b" on ", &object].concat();
    let since = cell(13).parse::<i64>().ok();
    let since = since.map(|since| Duration::from_millis(since.max(0).cast_unsigned()));
    (cell(0).parse().unwrap_or(PREPARED), Wait { lock, since, blocked_by })
}

/// An advisory lock as it was asked for: by one number or by two.
fn advisory(high: &str, low: &str, kind: &str) -> String {
    let number = |text: &str| text.parse::<u32>().unwrap_or(0);
    match kind {
        "1" => {
            let key = u64::from(number(high)) << 32 | u64::from(number(low));
            format!("advisory lock {}", key.cast_signed())
        }
        _ => {
            let key = |text: &str| number(text).cast_signed();
            format!("advisory lock {}, {}", key(high), key(low))
        }
    }
}

/// The tree, root blockers first, and of these first who keeps most others waiting. Each process
/// stands there once: below one that waits for nobody, if it waits for such a one.
fn tree(waits: BTreeMap<i32, Wait>, backends: &[Backend]) -> Vec<Node> {
    let mut below: BTreeMap<i32, Vec<i32>> = BTreeMap::new();
    for (pid, wait) in &waits {
        let is_root = |pid: &&i32| !waits.contains_key(*pid);
        let parent = wait.blocked_by.iter().find(is_root).or(wait.blocked_by.first());
        below.entry(parent.copied().unwrap_or(PREPARED)).or_default().push(*pid);
    }
    let in_transaction = |pid: &i32| {
        backends.iter().find(|backend| backend.pid == *pid).and_then(|b| b.in_transaction)
    };
    let mut roots: Vec<i32> =
        below.keys().copied().filter(|pid| !waits.contains_key(pid)).collect();
    sort_by_key(&mut roots, |pid| {
        let (mut seen, mut order) = (BTreeSet::new(), Vec::new());
        walk(*pid, &below, &mut seen, &mut order);
        (Reverse(order.len()), Reverse(in_transaction(pid)), *pid)
    });
    let (mut seen, mut order) = (BTreeSet::new(), Vec::new());
    // Behind the roots come those that wait in a ring, which the server is about to break.
    for pid in roots.into_iter().chain(waits.keys().copied()) {
        walk(pid, &below, &mut seen, &mut order);
    }
    let node = |(pid, depth): (i32, usize)| Node {
        pid,
        depth,
        backend: backends.iter().find(|backend| backend.pid == pid).cloned(),
        wait: waits.get(&pid).cloned(),
    };
    order.into_iter().map(node).collect()
}

/// Adds a process and all below it that were not seen yet, with their depths.
fn walk(
    root: i32,
    below: &BTreeMap<i32, Vec<i32>>,
    seen: &mut BTreeSet<i32>,
    order: &mut Vec<(i32, usize)>,
) {
    let mut pending = vec![(root, 0)];
    while let Some((pid, depth)) = pending.pop() {
        if seen.insert(pid) {
            order.push((pid, depth));
            let children = below.get(&pid).into_iter().flatten().rev();
            pending.extend(children.map(|child| (*child, depth + 1)));
        }
    }
}

fn show(
    host: &mut dyn Host,
    place: &Place,
    layout: Layout,
    title: Option<Vec<u8>>,
    nodes: &[Node],
    waiting: usize,
) -> Result<(), Reported> {
    let of =
        |node: &Node, cell: fn(&Backend) -> Option<Vec<u8>>| node.backend.as_ref().and_then(cell);
    let mut fields = Fields::new();
    fields
        .text("Process", process)
        .text("User", move |n| of(n, |b| b.user.clone()))
        .dispensable("Database", move |n| of(n, |b| b.database.clone()))
        .dispensable("Application", move |n| {
            of(n, |b| Some(b.application.clone()).filter(|name| !name.is_empty()))
        })
        .dispensable("State", move |n| n.backend.as_ref().and_then(|b| b.state_shown(layout)))
        .text("Waits for", |n| n.wait.as_ref().map(|wait| wait.lock.clone()))
        .text("Since", move |n| {
            let wait = n.wait.as_ref()?;
            age(wait.since.or_else(|| n.backend.as_ref().and_then(|b| b.in_query)))
        })
        .dispensable("Xact", move |n| of(n, |b| age(b.in_transaction)));
    let encoding = place.encoding();
    let query = |node: &Node, room: Option<usize>| match (&node.backend, room) {
        (None, _) => Vec::new(),
        (Some(backend), Some(room)) => backend.one_line(encoding, room),
        (Some(backend), None) => backend.query.clone(),
    };
    let mut view = table::with_query(nodes, &fields, query, layout, encoding);
    view.title = title.or_else(|| Some(b"Who waits for whom".to_vec()));
    let verb = if waiting == 1 { "waits" } else { "wait" };
    let summary = format!("{} {verb}, below what keeps it waiting.", counted(waiting, "session"));
    let mut footers = vec![summary];
    if nodes.iter().any(|node| node.pid == PREPARED) {
        footers.push("pg_prepared_xacts lists the transactions that are prepared.".to_owned());
    }
    let footers = footers.into_iter().map(String::into_bytes);
    view.footers.get_or_insert_default().extend(footers);
    host.show(view)
}

/// A process, further to the right the longer its way to a root.
fn process(node: &Node) -> Option<Vec<u8>> {
    let name = match node.pid {
        PREPARED => "a prepared transaction".to_owned(),
        pid => pid.to_string(),
    };
    Some(format!("{}{name}", "  ".repeat(node.depth.min(20))).into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(waits: &[(i32, &[i32])]) -> Vec<(i32, usize)> {
        let wait =
            |(pid, by): &(i32, &[i32])| (*pid, Wait { blocked_by: by.to_vec(), ..Wait::default() });
        let nodes = tree(waits.iter().map(wait).collect(), &[]);
        nodes.iter().map(|node| (node.pid, node.depth)).collect()
    }

    #[test]
    fn trees() {
        // A chain.
        assert_eq!(order(&[(2, &[1]), (3, &[2])]), [(1, 0), (2, 1), (3, 2)]);
        // A queue: the third waits for the first and the second.
        assert_eq!(order(&[(2, &[1]), (3, &[1, 2])]), [(1, 0), (2, 1), (3, 1)]);
        // Two roots, first the one that keeps more waiting.
        assert_eq!(
            order(&[(11, &[9]), (12, &[3]), (13, &[12])]),
            [(3, 0), (12, 1), (13, 2), (9, 0), (11, 1)]
        );
        // A ring, and a prepared transaction.
        assert_eq!(order(&[(1, &[2]), (2, &[1])]), [(1, 0), (2, 1)]);
        assert_eq!(order(&[(5, &[0])]), [(0, 0), (5, 1)]);
    }

    #[test]
    fn advisory_locks() {
        assert_eq!(advisory("0", "42", "1"), "advisory lock 42");
        assert_eq!(advisory("4294967295", "4294967295", "1"), "advisory lock -1");
        assert_eq!(advisory("7", "4294967295", "2"), "advisory lock 7, -1");
    }
}
