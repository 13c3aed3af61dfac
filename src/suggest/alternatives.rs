//! Names in a sentence.

/// `a`, `a or b`, `a, b or c`.
pub fn alternatives(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [name] => name.clone(),
        [names @ .., last] => format!("{} or {last}", names.join(", ")),
    }
}
