//! Settings and their values, as SET and its like take them.

use super::candidates::Candidates;
use super::catalog::{Catalog, Object, Qualified, Wanted};
use super::item::Item;
use super::kind::CandidateKind;
use super::literal::literal;
use crate::time_zone;

/// The values of the setting that SET, ALTER SYSTEM or ALTER ROLE ... SET names.
pub(super) fn setting_values(
    items: &[Item<'_>],
    candidates: &mut Candidates<'_>,
    catalog: &mut dyn Catalog,
) {
    let Some(at) = items.iter().rposition(|item| item.is("TO") || item.text == b"=") else {
        if items.last().is_some_and(|item| item.is("ZONE")) {
            zones(candidates);
        }
        return;
    };
    let Some(setting) = at.checked_sub(1).map(|at| items[at].text.to_ascii_lowercase()) else {
        return;
    };
    if setting == b"timezone" || setting == b"log_timezone" {
        zones(candidates);
        return;
    }
    let of = Qualified { schema: None, name: setting.clone() };
    match setting.as_slice() {
        b"role" | b"session_authorization" => candidates.names(Object::Role, None, catalog),
        b"search_path" => candidates.names(Object::Schema, None, catalog),
        _ => {
            let wanted = Wanted { object: Object::SettingValue, schema: None, of: Some(&of) };
            let folded = literal(candidates.word).to_ascii_lowercase();
            for value in catalog.look_up(&wanted, &folded) {
                let value = value.name;
                let plain = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
                if value.iter().all(plain) && !candidates.word.starts_with(b"'") {
                    candidates.push(value, CandidateKind::Value);
                } else {
                    candidates.literals([value]);
                }
            }
        }
    }
}

/// The time zones that begin with the word, as literals.
pub(super) fn zones(candidates: &mut Candidates<'_>) {
    let typed = literal(candidates.word);
    let Ok(typed) = std::str::from_utf8(&typed) else { return };
    candidates.literals(time_zone::names(typed).map(|name| name.as_bytes().to_vec()));
}
