//! A tree at the left and figures at the right, fitted to a screen.
//!
//! Owns widths, what is cut and what is broken into lines, and the colours. Never knows what a plan is.
//! No text of a server's passes as it is: what a terminal would obey is escaped here.

use crate::encoding::Encoding;
use crate::encoding::fold::fold_line;
use crate::encoding::terminal_safe::escaped;
use crate::palette::{self, Palette, Role};

/// The characters of a drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// Those of Unicode.
    Unicode,
    /// Those that every terminal has.
    Ascii,
}

/// How to draw.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// How many columns there are; none if there is no screen.
    pub columns: Option<usize>,
    /// The characters.
    pub charset: Charset,
    /// The colours, if there are any.
    pub palette: Option<Palette>,
    /// Whether long lines are broken rather than cut.
    pub whole: bool,
}

/// A text in a colour.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    text: String,
    role: Option<Role>,
}

/// A line of the tree: what it is called, its figures, and what is said below it.
#[derive(Clone, Debug, Default)]
pub struct Branch {
    /// How many branches are above.
    pub depth: usize,
    /// Its name; the second part goes to a line of its own if there is no room.
    pub name: [Span; 2],
    /// Its figures, one for each column.
    pub figures: Vec<Span>,
    /// Lines below.
    pub details: Vec<Span>,
}

/// Columns of a tree's name that are never given to figures.
const LEAST_NAME: usize = 16;
/// Columns that a tree without a screen takes at most before its figures.
const MOST_NAME: usize = 100;

impl Span {
    /// A text without a colour.
    pub fn plain(text: impl AsRef<str>) -> Span {
        Span::new(text, None)
    }

    /// A text of a role.
    pub fn new(text: impl AsRef<str>, role: Option<Role>) -> Span {
        Span { text: clean(text.as_ref()), role }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    fn width(&self) -> usize {
        width(&self.text)
    }
}

impl Look {
    /// A glyph of Unicode's, or what stands for it.
    pub fn glyph(&self, unicode: &'static str, ascii: &'static str) -> &'static str {
        match self.charset {
            Charset::Unicode => unicode,
            Charset::Ascii => ascii,
        }
    }

    /// A bar of so many columns for a part from 0 to 1; blanks fill it up.
    pub fn bar(&self, part: f64, columns: usize) -> String {
        let bar = match self.charset {
            Charset::Unicode => {
                let eighths = (part.clamp(0.0, 1.0) * columns as f64 * 8.0).round() as usize;
                let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
                "█".repeat(eighths / 8) + rest
            }
            Charset::Ascii => "#".repeat((part.clamp(0.0, 1.0) * columns as f64).round() as usize),
        };
        let blanks = columns - bar.chars().count().min(columns);
        bar + &" ".repeat(blanks)
    }

    /// Text in a role's colour.
    pub fn paint(&self, text: &str, role: Option<Role>) -> String {
        match (self.palette, role) {
            (Some(palette), Some(role)) if !text.trim().is_empty() => {
                format!("{}{text}{}", palette.start(role), palette::RESET)
            }
            _ => text.to_owned(),
        }
    }

    /// Sentences, broken between words to the screen, each behind the same beginning.
    pub fn prose(&self, beginning: &str, text: &str) -> String {
        let room = self.columns.unwrap_or(MOST_NAME).saturating_sub(beginning.len()).max(20);
        let folded = fold_line(&clean(text), room);
        let blanks = " ".repeat(width(beginning));
        let mut lines = folded.lines();
        let mut whole = format!("{beginning}{}\n", lines.next().unwrap_or_default());
        whole.extend(lines.map(|line| format!("{blanks}{line}\n")));
        whole
    }
}

/// Draws the branches below a heading.
pub fn draw(headings: &[&str], branches: &[Branch], look: &Look) -> String {
    let mut columns = figure_widths(headings, branches);
    let width_of = |columns: &[usize]| columns.iter().map(|width| width + 1).sum::<usize>();
    // On a screen that is too narrow for all figures the last ones are left out.
    while look.columns.is_some_and(|room| width_of(&columns) + LEAST_NAME > room)
        && columns.pop().is_some()
    {}
    let figures = width_of(&columns);
    let rails = rails(branches, figures, look);
    let name_room = name_room(branches, &rails, figures, look);
    let mut out = String::new();
    let heads: Vec<Span> = headings.iter().map(|h| Span::new(h, Some(Role::Heading))).collect();
    let top = Line { rail: "", text: vec![Span::default()], figures: &heads };
    top.write(name_room, &columns, look, &mut out);
    for (branch, rail) in branches.iter().zip(&rails) {
        write_branch(branch, rail, name_room, &columns, look, &mut out);
    }
    out
}

/// What stands left of a branch's name, and of the lines below it.
struct Rail {
    name: String,
    below: String,
}

fn write_branch(
    branch: &Branch,
    rail: &Rail,
    room: usize,
    columns: &[usize],
    look: &Look,
    out: &mut String,
) {
    let [name, target] = &branch.name;
    let one_line = width(&rail.name) + name.width() + 1 + target.width();
    let fits = target.text.is_empty() || one_line <= room;
    let mut text = vec![name.clone()];
    if fits && !target.text.is_empty() {
        text.extend([Span::plain(" "), target.clone()]);
    }
    let line = Line { rail: &rail.name, text, figures: &branch.figures };
    line.write(room, columns, look, out);
    let moved = (!fits).then(|| target.clone());
    let whole = look.columns.unwrap_or(usize::MAX);
    for detail in moved.iter().chain(&branch.details) {
        let room = whole.saturating_sub(width(&rail.below));
        let lines = match look.whole {
            true => broken(&detail.text, room),
            false => vec![cut(&detail.text, room, look)],
        };
        for text in lines {
            out.push_str(&look.paint(&rail.below, Some(Role::Comment)));
            out.push_str(&look.paint(&text, detail.role));
            out.push('\n');
        }
    }
}

/// A line of a tree with its figures.
struct Line<'l> {
    rail: &'l str,
    text: Vec<Span>,
    figures: &'l [Span],
}

impl Line<'_> {
    fn write(&self, room: usize, columns: &[usize], look: &Look, out: &mut String) {
        out.push_str(&look.paint(self.rail, Some(Role::Comment)));
        let mut left = room.saturating_sub(width(self.rail));
        for span in &self.text {
            let text = cut(&span.text, left, look);
            left -= width(&text);
            out.push_str(&look.paint(&text, span.role));
        }
        let mut line = String::new();
        let mut blanks = left;
        for (figure, columns) in self.figures.iter().zip(columns) {
            blanks += 1 + columns - figure.width().min(*columns);
            if !figure.text.trim_end().is_empty() {
                line.push_str(&" ".repeat(blanks));
                line.push_str(&look.paint(&figure.text, figure.role));
                blanks = 0;
            } else {
                blanks += figure.width();
            }
        }
        out.push_str(&line);
        out.push('\n');
    }
}

/// The widths that figures need.
fn figure_widths(headings: &[&str], branches: &[Branch]) -> Vec<usize> {
    let of = |at: usize| {
        let figures = branches.iter().filter_map(|branch| branch.figures.get(at));
        figures.map(Span::width).fold(width(headings[at]), usize::max)
    };
    (0..headings.len()).map(of).collect()
}

/// How many columns there are for the tree.
fn name_room(branches: &[Branch], rails: &[Rail], figures: usize, look: &Look) -> usize {
    let names = branches.iter().zip(rails).map(|(branch, rail)| {
        let [name, target] = &branch.name;
        width(&rail.name) + name.width() + 1 + target.width()
    });
    let longest = names.max().unwrap_or(0) + 1;
    match look.columns {
        Some(columns) => longest.min(columns.saturating_sub(figures)),
        None => longest.min(MOST_NAME),
    }
}

/// The lines of the tree, narrower where it is deep.
fn rails(branches: &[Branch], figures: usize, look: &Look) -> Vec<Rail> {
    let deepest = branches.iter().map(|branch| branch.depth).max().unwrap_or(0);
    let columns = look.columns.unwrap_or(MOST_NAME + figures);
    let room = columns / 4;
    let most = (columns - figures.min(columns)).saturating_sub(LEAST_NAME / 2);
    let step = [3, 2].into_iter().find(|step| deepest * step <= room).unwrap_or(1);
    let fit = |glyph: &str| glyph.chars().take(step).collect::<String>();
    let glyphs = [("├─ ", "|- "), ("└─ ", "`- "), ("│  ", "|  ")];
    let [fork, last, bar] = glyphs.map(|(unicode, ascii)| fit(look.glyph(unicode, ascii)));
    let blank = " ".repeat(step);
    // Whether another branch follows at a depth below the same one, seen from the end.
    let mut follows = vec![false; deepest + 2];
    let mut rails: Vec<Rail> = Vec::with_capacity(branches.len());
    for branch in branches.iter().rev() {
        let depth = branch.depth;
        let has_below = follows[depth + 1];
        follows[depth + 1] = false;
        let above: String =
            (1..depth).map(|at| if follows[at] { &bar[..] } else { &blank }).collect();
        let (turn, beside) = match (depth, follows[depth]) {
            (0, _) => ("", ""),
            (_, true) => (&fork[..], &bar[..]),
            (_, false) => (&last[..], &blank[..]),
        };
        let below = if has_below { &bar } else { &blank };
        rails.push(Rail {
            name: shortened(format!("{above}{turn}"), most, look),
            below: shortened(format!("{above}{beside}{below}"), most, look),
        });
        follows[depth] = true;
    }
    rails.reverse();
    rails
}

/// The end of lines that go too deep for the screen.
fn shortened(rail: String, room: usize, look: &Look) -> String {
    let count = rail.chars().count();
    if count <= room {
        return rail;
    }
    let kept: String = rail.chars().skip(count - room.saturating_sub(1)).collect();
    format!("{}{kept}", look.glyph("…", "~"))
}

/// Text in one line, without what a terminal would obey.
fn clean(text: &str) -> String {
    let line: String =
        text.chars().map(|c| if matches!(c, '\n' | '\t') { ' ' } else { c }).collect();
    String::from_utf8_lossy(&escaped(line.as_bytes(), Encoding::Utf8)).into_owned()
}

fn width(text: &str) -> usize {
    Encoding::Utf8.display_width(text.as_bytes())
}

/// As much of a text as there is room for; what is missing is marked.
fn cut(text: &str, room: usize, look: &Look) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let mark = look.glyph("…", "...");
    let (head, _) = split(text, room.saturating_sub(width(mark)));
    let whole = format!("{head}{mark}");
    if width(&whole) <= room { whole } else { String::new() }
}

/// A text cut after so many columns.
fn split(text: &str, room: usize) -> (&str, &str) {
    let mut taken = 0;
    for (at, c) in text.char_indices() {
        taken += width(c.encode_utf8(&mut [0; 4]));
        if taken > room {
            return text.split_at(at);
        }
    }
    (text, "")
}

/// A text in lines; a word that is too long is cut in two.
fn broken(text: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in fold_line(text, room).lines() {
        let mut rest = line;
        loop {
            let (head, behind) = split(rest, room);
            lines.push(head.to_owned());
            if behind.is_empty() || head.is_empty() {
                break;
            }
            rest = behind;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(columns: usize, charset: Charset) -> Look {
        Look { columns: Some(columns), charset, palette: None, whole: false }
    }

    fn branches() -> Vec<Branch> {
        let branch = |depth, name: &str, target: &str, figure: &str, detail: &str| Branch {
            depth,
            name: [Span::plain(name), Span::plain(target)],
            figures: vec![Span::plain(figure)],
            details: if detail.is_empty() { vec![] } else { vec![Span::plain(detail)] },
        };
        vec![
            branch(0, "Sort", "", "1 ms", "Sort Key: a"),
            branch(1, "Hash Join", "", "20 ms", "Hash Cond: (a.long_name = b.long_name)"),
            branch(2, "Seq Scan", "on a_table_of_some_length", "", "\x1b[2Jx"),
            branch(2, "Hash", "", "3 ms", ""),
            branch(1, "Result", "", "", ""),
        ]
    }

    #[test]
    fn trees() {
        let drawn = draw(&["self"], &branches(), &look(32, Charset::Unicode));
        let expected = "                            self\n\
                        Sort                        1 ms\n\
                        │  Sort Key: a\n\
                        ├─ Hash Join               20 ms\n\
                        │  │  Hash Cond: (a.long_name =…\n\
                        │  ├─ Seq Scan\n\
                        │  │     on a_table_of_some_len…\n\
                        │  │     \\x1B[2Jx\n\
                        │  └─ Hash                  3 ms\n\
                        └─ Result\n";
        assert_eq!(drawn, expected);
        let drawn = draw(&["self"], &branches(), &look(60, Charset::Ascii));
        let expected = "                                           self\n\
                        Sort                                       1 ms\n\
                        |  Sort Key: a\n\
                        |- Hash Join                              20 ms\n\
                        |  |  Hash Cond: (a.long_name = b.long_name)\n\
                        |  |- Seq Scan on a_table_of_some_length\n\
                        |  |     \\x1B[2Jx\n\
                        |  `- Hash                                 3 ms\n\
                        `- Result\n";
        assert_eq!(drawn, expected);
    }

    #[test]
    fn no_line_is_wider_than_the_screen() {
        let mut deep: Vec<Branch> = Vec::new();
        for depth in 0..300 {
            deep.push(Branch {
                depth,
                name: [Span::plain("日本語のノード"), Span::plain("on 表")],
                figures: vec![Span::plain("1.0 ms")],
                details: vec![Span::plain("日本語 ".repeat(40))],
            });
        }
        for columns in [40, 80, 121] {
            for whole in [false, true] {
                for charset in [Charset::Unicode, Charset::Ascii] {
                    let look = Look { whole, ..look(columns, charset) };
                    for line in draw(&["self"], &deep, &look).lines() {
                        assert!(width(line) <= columns, "{columns}: {line}");
                    }
                }
            }
        }
    }

    #[test]
    fn bars() {
        let unicode = look(80, Charset::Unicode);
        assert_eq!(
            [0.0, 0.1, 0.5, 1.0, 7.0].map(|part| unicode.bar(part, 4)),
            ["    ", "▍   ", "██  ", "████", "████"]
        );
        assert_eq!(look(80, Charset::Ascii).bar(0.5, 4), "##  ");
    }
}
