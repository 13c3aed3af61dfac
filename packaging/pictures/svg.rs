//! The screen of a terminal as a picture. Pure: a screen goes in, text comes out.

use std::collections::BTreeMap;

use super::shapes::{CellBox, Shape, number, shape};
use super::theme;

/// A cell's size, and that of the text in it.
const WIDTH: f32 = 8.4;
const HEIGHT: f32 = 18.0;
const FONT_SIZE: f32 = 14.0;
/// From a cell's upper side to the line its text stands on.
const BASELINE: f32 = 13.5;
/// Around the cells.
const MARGIN: f32 = 14.0;
/// The window's upper edge.
const BAR: f32 = 30.0;

/// How a text looks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Look {
    color: String,
    weight: Weight,
    slope: Slope,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Plain,
    Bold,
    Dim,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Slope {
    Upright,
    Italic,
}

/// Text in one row that looks alike, from a column on.
struct Run {
    row: u16,
    column: u16,
    columns: u16,
    look: Look,
    text: String,
}

/// Stretches of rows: each its place from above, where it begins and where it ends.
#[derive(Default)]
struct Stretches(Vec<(f32, f32, f32)>);

impl Stretches {
    /// Adds a stretch; one that begins where the last ends makes that longer.
    fn add(&mut self, y: f32, from: f32, to: f32) {
        match self.0.last_mut().filter(|last| last.0 == y && (last.2 - from).abs() < 0.01) {
            Some(last) => last.2 = to,
            None => self.0.push((y, from, to)),
        }
    }
}

/// What is on the page, by what it looks like: that keeps it small.
#[derive(Default)]
struct Page {
    /// By colour: what is behind cells.
    backgrounds: BTreeMap<String, Stretches>,
    /// By colour and hundredths of a weight.
    straight: BTreeMap<(String, u32), Stretches>,
    lines: BTreeMap<(String, u32), String>,
    /// By colour and hundredths of an opacity.
    fills: BTreeMap<(String, u32), String>,
    runs: Vec<Run>,
}

/// The first rows of a screen as SVG, in a window of this title.
pub fn draw(screen: &vt100::Screen, rows: u16, title: &str) -> String {
    let mut page = Page::default();
    let columns = screen.size().1;
    for row in 0..rows {
        for column in 0..columns {
            if let Some(cell) = screen.cell(row, column).filter(|c| !c.is_wide_continuation()) {
                page.add(cell, row, column);
            }
        }
    }
    let (width, height) =
        (f32::from(columns) * WIDTH + 2.0 * MARGIN, f32::from(rows) * HEIGHT + MARGIN + BAR + 10.0);
    let mut out = window(width, height, title);
    page.write(&mut out);
    if !screen.hide_cursor() {
        let (row, column) = screen.cursor_position();
        let CellBox { x, y, width, height } = cell_box(row, column, 1);
        let (x, y, width, height) = (number(x), number(y), number(width), number(height));
        out.push_str(&format!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{}\" opacity=\".55\"/>\n",
            theme::FOREGROUND
        ));
    }
    out.push_str("</svg>\n");
    out
}

/// The picture's beginning: its size, its frame, its title.
fn window(width: f32, height: f32, title: &str) -> String {
    let title = escaped(title);
    let [w, h] = [width, height].map(number);
    let [inner_w, inner_h] = [width - 1.0, height - 1.0].map(number);
    let (background, border, bar) = (theme::BACKGROUND, theme::BORDER, theme::BAR);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" \
         role=\"img\">\n<title>{title}</title>\n\
         <style>text{{font-size:{}px;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,\"DejaVu Sans Mono\",\
         \"Liberation Mono\",monospace;white-space:pre}}</style>\n\
         <rect x=\".5\" y=\".5\" width=\"{inner_w}\" height=\"{inner_h}\" rx=\"8\" fill=\"{background}\"/>\n\
         <path d=\"M.5 {BAR}V8.5a8 8 0 0 1 8 -8H{}a8 8 0 0 1 8 8V{BAR}z\" fill=\"{bar}\"/>\n\
         <rect x=\".5\" y=\".5\" width=\"{inner_w}\" height=\"{inner_h}\" rx=\"8\" fill=\"none\" \
         stroke=\"{border}\"/>\n",
        number(FONT_SIZE),
        number(width - 8.5),
    );
    for (at, color) in ["#e8737d", "#e2b86b", "#98c379"].into_iter().enumerate() {
        let x = number(20.0 + 18.0 * at as f32);
        out.push_str(&format!("<circle cx=\"{x}\" cy=\"15.5\" r=\"5\" fill=\"{color}\"/>\n"));
    }
    out.push_str(&format!(
        "<text x=\"{}\" y=\"20\" text-anchor=\"middle\" fill=\"{}\">{title}</text>\n",
        number(width / 2.0),
        theme::TITLE
    ));
    out
}

fn cell_box(row: u16, column: u16, columns: u16) -> CellBox {
    CellBox {
        x: MARGIN + f32::from(column) * WIDTH,
        y: BAR + 10.0 + f32::from(row) * HEIGHT,
        width: f32::from(columns) * WIDTH,
        height: HEIGHT,
    }
}

impl Page {
    fn add(&mut self, cell: &vt100::Cell, row: u16, column: u16) {
        let columns = if cell.is_wide() { 2 } else { 1 };
        let place = cell_box(row, column, columns);
        let (mut ink, mut behind) = (theme::color(cell.fgcolor()), theme::color(cell.bgcolor()));
        if cell.inverse() {
            let paper = behind.unwrap_or_else(|| theme::BACKGROUND.to_owned());
            behind = Some(ink.unwrap_or_else(|| theme::FOREGROUND.to_owned()));
            ink = Some(paper);
        }
        let color = ink.unwrap_or_else(|| theme::FOREGROUND.to_owned());
        let end = place.x + place.width;
        if let Some(behind) = behind {
            self.backgrounds.entry(behind).or_default().add(place.y, place.x, end);
        }
        let weight = match (cell.bold(), cell.dim()) {
            (true, _) => Weight::Bold,
            (false, true) => Weight::Dim,
            (false, false) => Weight::Plain,
        };
        if cell.underline() {
            let y = place.y + BASELINE + 2.0;
            self.straight.entry((color.clone(), 100)).or_default().add(y, place.x, end);
        }
        if !cell.has_contents() || cell.contents() == " " {
            return;
        }
        let opacity = if weight == Weight::Dim { 0.6 } else { 1.0 };
        let mut characters = cell.contents().chars();
        let drawn = characters.next().filter(|_| columns == 1);
        match drawn.and_then(|character| shape(character, place)) {
            Some(Shape::Across { weight }) => {
                let key = (color, (weight * opacity * 100.0) as u32);
                let y = place.y + place.height / 2.0;
                self.straight.entry(key).or_default().add(y, place.x, end);
            }
            Some(Shape::Lines { path, weight }) => {
                let key = (color, (weight * opacity * 100.0) as u32);
                self.lines.entry(key).or_default().push_str(&path);
            }
            Some(Shape::Filled { path, opacity: own }) => {
                let key = (color, (own * opacity * 100.0) as u32);
                self.fills.entry(key).or_default().push_str(&path);
            }
            None => {
                let slope = if cell.italic() { Slope::Italic } else { Slope::Upright };
                let look = Look { color, weight, slope };
                self.write_text(cell.contents(), row, column, columns, look);
            }
        }
    }

    /// Adds a character to the run before it, where it goes on: a blank between may belong to it.
    fn write_text(&mut self, text: &str, row: u16, column: u16, columns: u16, look: Look) {
        if let Some(run) = self.runs.last_mut()
            && run.row == row
            && run.look == look
            && columns == 1
            && !run.text.ends_with(is_wide)
            && column - (run.column + run.columns) <= 1
        {
            if column > run.column + run.columns {
                run.text.push(' ');
            }
            run.text.push_str(text);
            run.columns = column + columns - run.column;
            return;
        }
        self.runs.push(Run { row, column, columns, look, text: text.to_owned() });
    }

    fn write(&self, out: &mut String) {
        for (color, Stretches(rows)) in &self.backgrounds {
            let path = |(y, from, to): &(f32, f32, f32)| {
                let [x, y, to] = [*from, *y, *to].map(number);
                format!("M{x} {y}H{to}v{HEIGHT}H{x}z")
            };
            let path: String = rows.iter().map(path).collect();
            out.push_str(&format!("<path d=\"{path}\" fill=\"{color}\"/>\n"));
        }
        for ((color, opacity), path) in &self.fills {
            let opacity = opacity_attribute("fill-opacity", *opacity);
            out.push_str(&format!("<path d=\"{path}\" fill=\"{color}\"{opacity}/>\n"));
        }
        let across = |(y, from, to): &(f32, f32, f32)| {
            let [x, y, to] = [*from, *y, *to].map(number);
            format!("M{x} {y}H{to}")
        };
        let straight = self.straight.iter();
        let straight =
            straight.map(|(key, Stretches(rows))| (key, rows.iter().map(across).collect()));
        let lines = self.lines.iter().map(|(key, path)| (key, path.clone()));
        for ((color, weight), path) in straight.chain(lines) {
            let weight = number(*weight as f32 / 100.0);
            out.push_str(&format!(
                "<path d=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{weight}\"/>\n"
            ));
        }
        for run in &self.runs {
            run.write(out);
        }
    }
}

fn opacity_attribute(name: &str, hundredths: u32) -> String {
    match hundredths {
        100 => String::new(),
        part => format!(" {name}=\"{}\"", number(part as f32 / 100.0)),
    }
}

fn is_wide(character: char) -> bool {
    unicode_width::UnicodeWidthChar::width(character) == Some(2)
}

impl Run {
    fn write(&self, out: &mut String) {
        let place = cell_box(self.row, self.column, self.columns);
        let (x, y) = (number(place.x), number(place.y + BASELINE));
        let weight = match self.look.weight {
            Weight::Plain => "",
            Weight::Bold => " font-weight=\"700\"",
            Weight::Dim => " opacity=\".6\"",
        };
        let slope = match self.look.slope {
            Slope::Upright => "",
            Slope::Italic => " font-style=\"italic\"",
        };
        // However wide the reader's font is, the text takes its columns.
        let length = number(place.width);
        out.push_str(&format!(
            "<text x=\"{x}\" y=\"{y}\" textLength=\"{length}\" fill=\"{}\"{weight}{slope}>{}</text>\n",
            self.look.color,
            escaped(&self.text)
        ));
    }
}

/// Text as XML has it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
