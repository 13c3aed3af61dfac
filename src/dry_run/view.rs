//! The table that tells what a statement locked and changed, and what its locks mean to others.

use super::lock::MODES;
use super::sizes::Sizes;
use super::touched::Touched;
use crate::describe::View;
use crate::print::{Column, RowBuffer};

const TEXT: u32 = 25;

/// The table; on a scratch copy with the size that relations have in the database it was made of.
pub fn table(touched: &[Touched], original: Option<(&str, &Sizes)>) -> View {
    let has_locks = touched.iter().any(|relation| relation.lock().is_some());
    let mut columns = vec!["Relation".to_owned(), "Type".to_owned()];
    columns.extend(has_locks.then(|| "Lock".to_owned()));
    // Beside the sizes there is little room.
    columns.push(if original.is_some() { "Change" } else { "What happened" }.to_owned());
    columns.extend(original.map(|(database, _)| format!("In {database}, about")));
    let mut rows = RowBuffer::default();
    for relation in touched {
        let lock = relation.lock().map_or("", |mode| mode.name);
        let happened = relation.what_happened(original.is_none());
        let mut cells = vec![relation.name(), relation.kind().as_bytes()];
        cells.extend(has_locks.then_some(lock.as_bytes()));
        cells.push(&happened);
        cells.extend(original.map(|(_, sizes)| sizes.get(relation.name()).as_bytes()));
        rows.push(cells.into_iter().map(Some));
    }
    let title = if has_locks { "Locks taken" } else { "What changed" };
    View {
        title: Some(title.into()),
        columns: columns.into_iter().map(|name| Column::of_type(name.into(), TEXT)).collect(),
        rows,
        footers: Some(blocks(touched)),
        expanded: None,
    }
}

/// `ACCESS EXCLUSIVE stops everything, even SELECT.`, the strongest first.
fn blocks(touched: &[Touched]) -> Vec<Vec<u8>> {
    let taken = |name| touched.iter().filter_map(Touched::lock).any(|mode| mode.name == name);
    let modes = MODES.iter().rev().filter(|mode| taken(mode.name));
    modes.map(|mode| format!("{} stops {}.", mode.name, mode.blocks).into_bytes()).collect()
}
