//! What is drawn: the kind as asked for or by the columns' types, and which columns.

use super::measure::Measure;
use crate::encoding::Encoding;
use crate::lexer::{Case, dequote};
use crate::print::Column;

/// A kind of chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A bar for each row, of the length of a number.
    Bar,
    /// Numbers over time, or over a number.
    Line,
    /// A point for each row.
    Scatter,
    /// How many values are in which range.
    Hist,
}

/// The kinds and their words.
pub const KINDS: [(&str, Kind); 4] =
    [("bar", Kind::Bar), ("hist", Kind::Hist), ("line", Kind::Line), ("scatter", Kind::Scatter)];

/// Colours and marks tell no more series apart.
pub(super) const MOST_SERIES: usize = 6;

/// What was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The kind, if it was named.
    pub kind: Option<Kind>,
    /// Columns by names or numbers, as typed: first those that the others are drawn over.
    pub columns: Vec<Vec<u8>>,
}

impl Request {
    /// From words: a kind, and columns.
    pub fn read(words: &[Vec<u8>]) -> Request {
        let kind = words.first().and_then(|word| {
            let named = |(name, _): &&(&str, Kind)| word.eq_ignore_ascii_case(name.as_bytes());
            KINDS.iter().find(named).map(|(_, kind)| *kind)
        });
        Request { kind, columns: words[usize::from(kind.is_some())..].to_vec() }
    }
}

/// What is drawn. Columns are counted from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    pub kind: Kind,
    /// What the others are drawn over; without it, the rows as they are counted.
    pub over: Option<usize>,
    /// The columns that are drawn.
    pub series: Vec<usize>,
    /// Those that are not.
    pub left_out: Vec<usize>,
}

impl Choice {
    /// Chooses what is asked for, or what is likely.
    ///
    /// # Errors
    /// Why nothing can be drawn.
    pub fn new(
        request: &Request,
        columns: &[Column],
        encoding: Encoding,
    ) -> Result<Choice, Vec<u8>> {
        let named: Result<Vec<usize>, Vec<u8>> =
            request.columns.iter().map(|word| find(word, columns, encoding)).collect();
        let named = named.map_err(|text| match request.kind {
            Some(_) => text,
            // It may have been meant for a kind.
            None => [&text[..], b"; kinds are ", KINDS.map(|(word, _)| word).join(", ").as_bytes()]
                .concat(),
        })?;
        let among = if named.is_empty() { (0..columns.len()).collect() } else { named.clone() };
        let roles = Roles::new(&among, columns);
        let kind = request.kind.or_else(|| roles.likely_kind());
        let Some(kind) = kind else {
            let names = names(&among, columns);
            return Err([b"there is no number or time in ", &names[..]].concat());
        };
        if kind == Kind::Hist && named.len() > 1 {
            return Err(b"a histogram shows one column".to_vec());
        }
        let over = roles.over(kind);
        let series = match (kind, named.is_empty()) {
            (Kind::Hist, is_guess) => roles.measured(is_guess).into_iter().collect(),
            (_, is_guess) => roles.series(over, is_guess),
        };
        if series.is_empty() {
            let names = names(&among, columns);
            return Err([b"there is no number to draw in ", &names[..]].concat());
        }
        let is_drawn = |at: &usize| series.contains(at) || over == Some(*at);
        let left_out = among.iter().copied().filter(|at| !is_drawn(at)).collect();
        Ok(Choice { kind, over, series, left_out })
    }
}

/// The columns' names in a list; of many the first.
fn names(among: &[usize], columns: &[Column]) -> Vec<u8> {
    const MOST: usize = 8;
    if among.is_empty() {
        return b"a result without columns".to_vec();
    }
    let names: Vec<&[u8]> =
        among.iter().take(MOST).filter_map(|at| Some(&columns.get(*at)?.name[..])).collect();
    let rest: &[u8] = if among.len() > MOST { b", ..." } else { b"" };
    [&names.join(&b", "[..]), rest].concat()
}

/// The column that a word stands for: its name, in another case if that is no one's, or its number.
fn find(word: &[u8], columns: &[Column], encoding: Encoding) -> Result<usize, Vec<u8>> {
    let is_quoted = word.contains(&b'"');
    let name = dequote(word, Case::Keep, encoding);
    let exact = columns.iter().position(|column| column.name == name);
    let in_any_case = || columns.iter().position(|column| column.name.eq_ignore_ascii_case(&name));
    let by_number = || {
        let number: usize = std::str::from_utf8(word).ok()?.parse().ok()?;
        number.checked_sub(1).filter(|at| *at < columns.len())
    };
    let found = match is_quoted {
        true => exact,
        false => exact.or_else(in_any_case).or_else(by_number),
    };
    found.ok_or_else(|| {
        let all: Vec<usize> = (0..columns.len()).collect();
        let names = names(&all, columns);
        [b"no column of this result is called \"", &name[..], b"\"; it has ", &names].concat()
    })
}

/// What columns can be, by their types.
struct Roles<'c> {
    columns: Vec<(usize, Option<Measure>, &'c Column)>,
}

impl<'c> Roles<'c> {
    fn new(among: &[usize], columns: &'c [Column]) -> Roles<'c> {
        let role = |at: &usize| {
            let column = columns.get(*at)?;
            Some((*at, Measure::of_type(column.type_oid), column))
        };
        Roles { columns: among.iter().filter_map(role).collect() }
    }

    /// Numbers and durations.
    fn amounts(&self) -> impl Iterator<Item = usize> {
        let is_amount = |measure: &Option<Measure>| measure.is_some_and(Measure::is_amount);
        self.columns.iter().filter(move |(_, measure, _)| is_amount(measure)).map(|(at, ..)| *at)
    }

    /// Points in time.
    fn time(&self) -> Option<usize> {
        let is_time = |measure: &Option<Measure>| measure.is_some_and(|of| !of.is_amount());
        self.columns.iter().find(|(_, measure, _)| is_time(measure)).map(|(at, ..)| *at)
    }

    /// What only names a row.
    fn label(&self) -> Option<usize> {
        self.columns.iter().find(|(_, measure, _)| measure.is_none()).map(|(at, ..)| *at)
    }

    /// A column of numbers or durations, or of points in time if there is none.
    fn measured(&self, is_guess: bool) -> Option<usize> {
        self.series(None, is_guess).first().copied().or_else(|| self.time())
    }

    fn likely_kind(&self) -> Option<Kind> {
        let amounts = self.amounts().count();
        Some(match (self.time(), self.label()) {
            (Some(_), _) if amounts > 0 => Kind::Line,
            (_, Some(_)) if amounts > 0 => Kind::Bar,
            _ if amounts > 1 => Kind::Scatter,
            _ if amounts == 1 || self.time().is_some() => Kind::Hist,
            _ => return None,
        })
    }

    /// What a chart of this kind is drawn over.
    fn over(&self, kind: Kind) -> Option<usize> {
        let first_of_many = || self.amounts().next().filter(|_| self.amounts().count() > 1);
        match kind {
            Kind::Bar => self.label().or_else(|| self.time()).or_else(first_of_many),
            Kind::Line | Kind::Scatter => self.time().or_else(first_of_many),
            Kind::Hist => None,
        }
    }

    /// What is drawn over it: what is measured as the first is. Who named no column hardly meant
    /// what rows are identified by.
    fn series(&self, over: Option<usize>, is_guess: bool) -> Vec<usize> {
        let drawable = |at: &usize| over != Some(*at);
        let is_id = |at: &usize| {
            let column = self.columns.iter().find(|(found, ..)| found == at);
            column.is_some_and(|(.., column)| is_id(&column.name))
        };
        let mut series: Vec<usize> = self.amounts().filter(drawable).collect();
        if is_guess && !series.iter().all(is_id) {
            series.retain(|at| !is_id(at));
        }
        let unit = |at: &usize| {
            let column = self.columns.iter().find(|(found, ..)| found == at);
            column.and_then(|(_, measure, _)| measure.map(Measure::unit))
        };
        if let Some(first) = series.first().map(unit) {
            series.retain(|at| unit(at) == first);
        }
        series.truncate(MOST_SERIES);
        series
    }
}

/// Whether a column is called as those are that rows are identified by.
fn is_id(name: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    name == b"id" || name.ends_with(b"_id")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: u32 = 25;
    const INT: u32 = 23;
    const FLOAT: u32 = 701;
    const DATE: u32 = 1082;
    const INTERVAL: u32 = 1186;

    /// What is chosen, in short: `line 1: 2 3 but 4`.
    fn chosen(types: &[(&str, u32)], words: &str) -> String {
        let column = |(name, oid): &(&str, u32)| Column::of_type((*name).into(), *oid);
        let columns: Vec<Column> = types.iter().map(column).collect();
        let words: Vec<Vec<u8>> = words.split_whitespace().map(|word| word.into()).collect();
        let list =
            |columns: &[usize]| columns.iter().map(|at| format!(" {}", at + 1)).collect::<String>();
        match Choice::new(&Request::read(&words), &columns, Encoding::Utf8) {
            Ok(Choice { kind, over, series, left_out }) => {
                let kind = KINDS.iter().find(|(_, other)| *other == kind).unwrap().0;
                let over = over.map(|at| format!(" {}", at + 1)).unwrap_or_default();
                let but = if left_out.is_empty() { "" } else { " but" };
                format!("{kind}{over}:{}{but}{}", list(&series), list(&left_out))
            }
            Err(text) => String::from_utf8(text).unwrap(),
        }
    }

    #[test]
    fn kinds_and_columns() {
        let sales = [("day", DATE), ("shop", TEXT), ("id", INT), ("total", FLOAT), ("n", INT)];
        let no_column = "no column of this result is called \"no\"; it has ";
        for (types, words, expected) in [
            (&sales[..], "", "line 1: 4 5 but 2 3"),
            (&sales[1..], "", "bar 1: 3 4 but 2"),
            (&sales[2..], "", "scatter 1: 2 3"),
            (&sales[3..4], "", "hist: 1"),
            (&sales[..1], "", "hist: 1"),
            (&sales[1..2], "", "there is no number or time in shop"),
            (&[], "", "there is no number or time in a result without columns"),
            (&sales[..], "bar", "bar 2: 4 5 but 1 3"),
            (&sales[..], "BAR day n", "bar 1: 5"),
            (&sales[..], "day total", "line 1: 4"),
            (&sales[..], "total day", "line 1: 4"),
            (&sales[..], "total n", "scatter 4: 5"),
            (&sales[..], "line total n", "line 4: 5"),
            (&sales[..], "line n", "line: 5"),
            (&sales[..], "line shop n", "line: 5 but 2"),
            (&sales[..], "id", "hist: 3"),
            (&sales[..], "hist 5", "hist: 5"),
            (&sales[..], "hist TOTAL", "hist: 4"),
            (&sales[..], "hist total n", "a histogram shows one column"),
            (&sales[..], "hist", "hist: 4 but 1 2 3 5"),
            (&sales[..], "shop", "there is no number or time in shop"),
            (&sales[..], "bar shop", "there is no number to draw in shop"),
            (
                &sales[3..],
                "pie",
                "no column of this result is called \"pie\"; it has total, n; \
                 kinds are bar, hist, line, scatter",
            ),
            (&sales[..], "bar no", &format!("{no_column}day, shop, id, total, n")),
            (&sales[3..], "line \"no\"", &format!("{no_column}total, n")),
            (&[("bar", INT), ("2", INT)], "\"bar\"", "hist: 1"),
            (&[("bar", INT), ("2", INT)], "line 2", "line: 2"),
            (&[("a", TEXT), ("b", INT), ("c", INTERVAL), ("d", INT)], "", "bar 1: 2 4 but 3"),
            (&[("a", TEXT), ("id", INT)], "", "bar 1: 2"),
            (&[("n", INT); 9], "", "scatter 1: 2 3 4 5 6 7 but 8 9"),
        ] {
            assert_eq!(chosen(types, words), expected, "{words}");
        }
    }
}
