//! The pivot of `\crosstabview`: a result's rows become a grid. Knows nothing of how it is shown.

use super::table::{Column, Row, RowBuffer, Rows};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io;

/// The most columns a grid may have beside the vertical header.
const MAX_COLUMNS: usize = 1600;

/// Which columns make the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Roles {
    vertical: usize,
    horizontal: usize,
    data: usize,
    sort: Option<usize>,
}

/// Why there is no grid.
#[derive(Debug)]
pub enum Failure {
    /// The result doesn't fit; psql's text.
    Unfit(Vec<u8>),
    /// The rows can't be read.
    Rows(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Rows(error)
    }
}

fn unfit<T>(text: impl Into<Vec<u8>>) -> Result<T, Failure> {
    Err(Failure::Unfit(text.into()))
}

/// Turns rows into a grid.
///
/// `arguments` name or number the columns of the vertical header, the horizontal header, the data
/// and the order of the horizontal header; `dequote` reads a name as the server would. `null` is
/// how NULL is shown.
///
/// # Errors
/// The columns don't fit, a cell has two values, the grid is too wide, or the rows can't be read.
pub fn pivot(
    columns: &[Column],
    rows: &mut dyn Rows,
    arguments: &[Option<Vec<u8>>; 4],
    dequote: impl Fn(&[u8]) -> Vec<u8>,
    null: &[u8],
) -> Result<(Vec<Column>, RowBuffer), Failure> {
    let roles = roles(columns, arguments, dequote)?;
    let mut vertical = Header::default();
    let mut horizontal = Header::default();
    let mut ranks = Vec::new();
    let mut cells: HashMap<(usize, usize), Option<Vec<u8>>> = HashMap::new();
    rows.rewind()?;
    while let Some(row) = rows.next()? {
        let down = vertical.place(row.get(roles.vertical));
        let across = horizontal.place(row.get(roles.horizontal));
        if across == ranks.len() {
            if across == MAX_COLUMNS {
                return unfit(format!("maximum number of columns ({MAX_COLUMNS}) exceeded"));
            }
            ranks.push(roles.sort.map_or(0, |sort| rank(row.get(sort))));
        }
        match cells.entry((down, across)) {
            Entry::Vacant(entry) => {
                entry.insert(row.get(roles.data).map(<[u8]>::to_vec));
            }
            Entry::Occupied(_) => return unfit(twice(row, roles, null)),
        }
    }

    let mut order: Vec<usize> = (0..horizontal.names.len()).collect();
    if roles.sort.is_some() {
        // Equal ranks go by name, NULL last.
        let name = |at: &usize| &horizontal.names[*at];
        order.sort_by_key(|at| (ranks[*at], name(at).is_none(), name(at)));
    }
    let mut heads = vec![columns[roles.vertical].clone()];
    heads.extend(order.iter().map(|at| Column {
        name: horizontal.names[*at].clone().unwrap_or_else(|| null.to_vec()),
        ..columns[roles.data].clone()
    }));
    let mut grid = RowBuffer::default();
    for (down, head) in vertical.names.iter().enumerate() {
        let values = order.iter().map(|across| match cells.get(&(down, *across)) {
            Some(value) => value.as_deref(),
            None => Some(&b""[..]),
        });
        grid.push(std::iter::once(head.as_deref()).chain(values));
    }
    Ok((heads, grid))
}

/// The different values of a header, in order of appearance.
#[derive(Default)]
struct Header {
    names: Vec<Option<Vec<u8>>>,
    places: HashMap<Option<Vec<u8>>, usize>,
}

impl Header {
    fn place(&mut self, name: Option<&[u8]>) -> usize {
        let name = name.map(<[u8]>::to_vec);
        if let Some(place) = self.places.get(&name) {
            return *place;
        }
        self.names.push(name.clone());
        self.places.insert(name, self.names.len() - 1);
        self.names.len() - 1
    }
}

fn twice(row: Row<'_>, roles: Roles, null: &[u8]) -> Vec<u8> {
    let null = if null.is_empty() { b"(null)" } else { null };
    let vertical = row.get(roles.vertical).unwrap_or(null);
    let horizontal = row.get(roles.horizontal).unwrap_or(null);
    let text = b"query result contains multiple data values for row \"";
    [text, vertical, b"\", column \"", horizontal, b"\""].concat()
}

/// The rank an integer gives; anything else ranks as 0.
fn rank(value: Option<&[u8]>) -> i32 {
    let value = value.unwrap_or_default();
    let digits = value.strip_prefix(b"-").unwrap_or(value);
    if !is_number(digits) {
        return 0;
    }
    let number = truncated(digits);
    if digits.len() < value.len() { number.wrapping_neg() } else { number }
}

fn is_number(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(u8::is_ascii_digit)
}

/// Digits as a 32-bit number; of one too large the low bits remain.
fn truncated(digits: &[u8]) -> i32 {
    let number = digits
        .iter()
        .fold(0i64, |n, digit| n.saturating_mul(10).saturating_add(i64::from(digit - b'0')));
    number as i32
}

fn roles(
    columns: &[Column],
    arguments: &[Option<Vec<u8>>; 4],
    dequote: impl Fn(&[u8]) -> Vec<u8>,
) -> Result<Roles, Failure> {
    if columns.len() < 3 {
        return unfit("query must return at least three columns");
    }
    let find = |argument: &[u8]| find(columns, argument, &dequote);
    let [vertical, horizontal, data, sort] = arguments.each_ref().map(|a| a.as_deref().map(find));
    let vertical = vertical.unwrap_or(Ok(0))?;
    let horizontal = horizontal.unwrap_or(Ok(1))?;
    if vertical == horizontal {
        return unfit("vertical and horizontal headers must be different columns");
    }
    let data = match data {
        Some(found) => found?,
        None if columns.len() > 3 => {
            return unfit(
                "data column must be specified when query returns more than three columns",
            );
        }
        // Of 0, 1 and 2, the one that is left.
        None => 3 - vertical - horizontal,
    };
    Ok(Roles { vertical, horizontal, data, sort: sort.transpose()? })
}

/// The column an argument means: a number from 1, or a name.
fn find(
    columns: &[Column],
    argument: &[u8],
    dequote: impl Fn(&[u8]) -> Vec<u8>,
) -> Result<usize, Failure> {
    if is_number(argument) {
        let number = truncated(argument);
        return match usize::try_from(number) {
            Ok(at) if (1..=columns.len()).contains(&at) => Ok(at - 1),
            _ => {
                let last = columns.len();
                unfit(format!("column number {number} is out of range 1..{last}"))
            }
        };
    }
    let name = dequote(argument);
    let mut places = columns.iter().enumerate().filter(|(_, c)| c.name == name).map(|(at, _)| at);
    match (places.next(), places.next()) {
        (Some(at), None) => Ok(at),
        (None, _) => unfit([b"column name not found: \"", &name[..], b"\""].concat()),
        (Some(_), Some(_)) => unfit([b"ambiguous column name: \"", &name[..], b"\""].concat()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arguments: [&str; 4], rows: &[&str], expected: &str) {
        let width = rows[0].split(' ').count();
        let columns: Vec<Column> = ["v", "h", "d", "s"][..width]
            .iter()
            .map(|name| Column { name: name.as_bytes().to_vec(), ..Column::default() })
            .collect();
        let mut buffer = RowBuffer::default();
        for row in rows {
            buffer.push(row.split(' ').map(|cell| (cell != "-").then_some(cell.as_bytes())));
        }
        let arguments = arguments.map(|a| (!a.is_empty()).then(|| a.as_bytes().to_vec()));
        let found = match pivot(&columns, &mut buffer, &arguments, <[u8]>::to_vec, b"") {
            Ok((heads, grid)) => {
                let mut lines =
                    vec![heads.into_iter().map(|head| head.name).collect::<Vec<_>>().join(&b'|')];
                for row in grid.iter() {
                    let cells: Vec<_> = row.cells().map(|c| c.unwrap_or(b"NULL")).collect();
                    lines.push(cells.join(&b'|'));
                }
                lines.join(&b'/')
            }
            Err(Failure::Unfit(text)) => text,
            Err(Failure::Rows(error)) => error.to_string().into_bytes(),
        };
        assert_eq!(String::from_utf8_lossy(&found), expected);
    }

    #[test]
    fn grids() {
        let none = [""; 4];
        check(none, &["a x 1", "b x 2", "a y 3"], "v|x|y/a|1|3/b|2|");
        check(none, &["a x -", "- y 3"], "v|x|y/a|NULL|/NULL||3");
        check(["2", "v", "3", ""], &["a x 1", "b x 2"], "h|a|b/x|1|2");
        let sorted = ["v", "h", "d", "s"];
        check(sorted, &["a x 1 3", "a y 2 -1", "a z 3 2"], "v|y|z|x/a|2|3|1");
        check(sorted, &["a x 1 q", "a - 2 1.5", "a b 3 0"], "v|b|x|/a|3|1|2");
    }

    #[test]
    fn complaints() {
        let none = [""; 4];
        check(none, &["a x"], "query must return at least three columns");
        let which = "data column must be specified when query returns more than three columns";
        check(none, &["a x 1 2"], which);
        check(["q", "", "", ""], &["a x 1"], "column name not found: \"q\"");
        check(["0", "", "", ""], &["a x 1"], "column number 0 is out of range 1..3");
        let same = "vertical and horizontal headers must be different columns";
        check(["1", "v", "", ""], &["a x 1"], same);
        let twice = "query result contains multiple data values for row \"a\", column \"(null)\"";
        check(none, &["a - -", "a - 1"], twice);
    }
}
