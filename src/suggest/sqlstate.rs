//! What an SQLSTATE says, from the table in `grammar/sqlstates.txt`.

use crate::encoding::fold::fold_line;
use crate::packed::Packed;

/// The classes with their codes.
static TABLE: Packed = Packed::new(include_bytes!(concat!(env!("OUT_DIR"), "/sqlstates.packed")));

/// Explains a code, in lines of at most so many columns; `None` if it is none of PostgreSQL's. Of one
/// that only an extension knows, the class is told.
pub fn explain(code: &str, columns: usize) -> Option<String> {
    let code = code.to_ascii_uppercase();
    let class = code.get(..2).filter(|_| code.len() == 5)?;
    let heading = format!("[{class}] ");
    let mut lines = TABLE.text().lines().skip_while(|line| !line.starts_with(&heading));
    let about = &lines.next()?[heading.len()..];
    let mut rows = lines.take_while(|line| !line.starts_with('['));
    let row = rows.find_map(|line| line.strip_prefix(&code)?.strip_prefix(' '));
    let name = row.unwrap_or("a code that PostgreSQL itself does not have");
    let mut text = format!("{code}: {name}\nClass {class}: {about}\n");
    if let Some(words) = rows.next().and_then(|line| line.strip_prefix("  ")) {
        text.push_str(&fold_line(words, columns));
        text.push('\n');
    }
    Some(text)
}
