//! What is said about keys: rows for the help, and inputrc's language for the dump functions.

use super::function::FUNCTIONS;
use super::keymap::{Binding, Keymap};
use super::notation;
use super::settings::Settings;
use crate::help::KeyRow;
use crate::sort::sort_by_key;

/// A row for each function that has keys, in the table's order, then one for each macro.
pub fn rows(keymap: &Keymap) -> Vec<KeyRow> {
    let bound = keymap.rows();
    let of_functions = FUNCTIONS.iter().filter_map(|(name, function, description)| {
        let keys: Vec<String> = bound
            .iter()
            .filter(|(_, binding)| **binding == Binding::Function(*function))
            .map(|(keys, _)| notation::display(keys))
            .collect();
        let description = (*description).to_owned();
        (!keys.is_empty()).then_some(KeyRow {
            keys,
            function: Some((*name).to_owned()),
            description,
        })
    });
    let of_macros = bound.iter().filter_map(|(keys, binding)| match binding {
        Binding::Function(_) => None,
        Binding::Macro(played) => Some(KeyRow {
            keys: vec![notation::display(keys)],
            function: None,
            description: format!("\"{}\"", notation::escape(played)),
        }),
    });
    of_functions.chain(of_macros).collect()
}

/// dump-functions.
pub fn functions(keymap: &Keymap) -> String {
    let bound = keymap.rows();
    let mut names: Vec<_> =
        FUNCTIONS.iter().map(|(name, function, _)| (*name, *function)).collect();
    sort_by_key(&mut names, |(name, _)| *name);
    let mut text = String::new();
    for (name, function) in names {
        let binding = Binding::Function(function);
        let keys: Vec<_> = bound.iter().filter(|(_, other)| **other == binding).collect();
        if keys.is_empty() {
            text.push_str(&format!("# {name} (not bound)\n"));
        }
        for (keys, _) in keys {
            text.push_str(&format!("\"{}\": {name}\n", notation::escape(keys)));
        }
    }
    text
}

/// dump-macros.
pub fn macros(keymap: &Keymap) -> String {
    let rows = keymap.rows();
    let rows = rows.iter().filter_map(|(keys, binding)| match binding {
        Binding::Function(_) => None,
        Binding::Macro(played) => {
            Some(format!("\"{}\": {}", notation::escape(keys), macro_row(played)))
        }
    });
    rows.collect()
}

/// A macro as inputrc would have it.
pub fn macro_row(keys: &[rustyline::KeyEvent]) -> String {
    format!("\"{}\"\n", notation::escape(keys))
}

/// dump-variables.
pub fn variables(settings: &Settings) -> String {
    settings.rows().iter().map(|(name, value)| format!("set {name} {value}\n")).collect()
}
