//! The text being typed, and drawing it.
//!
//! Owns what is on the screen between the prompt and the text's end. Knows no key.

use std::io;
use std::time::{Duration, Instant};

use super::colours::Colours;
use super::menu::MenuStyle;
use super::open_menu::OpenMenu;
use super::parts::Parts;
use super::search::Search;
use super::view::{Below, View};
use crate::completion::Signature;
use crate::highlight;
use crate::prompt;
use crate::terminal::drawing::{Frame, Row, RowBuilder, Size, Style};
use crate::terminal::editor_host::{EditorHost, TypedLine};
use crate::terminal::screen;
use crate::terminal::signal::{Interrupts, bracketed_paste};
use crate::terminal::stdout::write;

/// How long no key must come before colours, ghost text and the menu are shown.
const PAUSE: Duration = Duration::from_millis(80);
/// The screen's size where nobody knows it.
const USUAL_SIZE: Size = Size { columns: 80, rows: 24 };
/// How ghost text looks.
const GHOST: &str = "\x1b[2m";
/// A row without end, for a terminal that can't move its cursor.
const ENDLESS: usize = usize::MAX / 4;

/// A text being typed, with all that is drawn around it: a key may change any of it, and what lasts longer is in
/// [`Parts`].
pub(super) struct Line<'a> {
    pub parts: &'a mut Parts,
    pub host: &'a mut dyn EditorHost,
    pub interrupts: Option<&'a Interrupts>,
    /// The prompt as it is written, and as text.
    prompt: (Vec<u8>, String),
    /// What was read of the statement before, each line with its end.
    pub earlier: String,
    pub kind: TypedLine,
    colours: Colours,
    /// What the history suggests behind the text.
    pub ghost: String,
    pub menu: Option<OpenMenu>,
    /// What the call takes that the cursor is in.
    pub signature: Option<Signature>,
    /// Whether the menu stays closed until more is typed.
    pub menu_is_hidden: bool,
    pub search: Option<Search>,
    /// Tab was pressed and could not decide: another one lists the candidates.
    pub lists_next: bool,
    /// The first row of a tall text that is seen.
    top: usize,
    /// The prompts of further lines, and the text that they are for.
    continuations: (String, Vec<String>),
    /// When the pause after the last key is over, if that matters.
    pub settles: Option<Instant>,
    /// Whether there was such a pause: until then nothing but the text itself is written.
    pub has_paused: bool,
    /// When it was drawn last.
    pub drawn: Instant,
}

impl<'a> Line<'a> {
    pub fn new(
        parts: &'a mut Parts,
        host: &'a mut dyn EditorHost,
        interrupts: Option<&'a Interrupts>,
        prompt: &[u8],
        earlier: &[u8],
    ) -> Line<'a> {
        let mut earlier = String::from_utf8_lossy(earlier).into_owned();
        if !earlier.is_empty() && !earlier.ends_with('\n') {
            earlier.push('\n');
        }
        let kind = host.line();
        let prompt = prompt::without_marks(prompt);
        let text = String::from_utf8_lossy(&prompt).into_owned();
        Line {
            parts,
            host,
            interrupts,
            prompt: (prompt, text),
            earlier,
            kind,
            colours: Colours::default(),
            ghost: String::new(),
            menu: None,
            signature: None,
            menu_is_hidden: false,
            search: None,
            lists_next: false,
            top: 0,
            continuations: Default::default(),
            settles: None,
            has_paused: false,
            drawn: Instant::now(),
        }
    }

    /// Begins anew below what is on the screen, with the prompt.
    pub fn begin(&mut self) -> io::Result<()> {
        let out = self.beginning();
        write(&out)
    }

    /// The bytes that do so.
    pub fn beginning(&mut self) -> Vec<u8> {
        let columns = self.columns();
        let frame = View::new(&self.prompt.1, "").whole(columns);
        let mut out = match self.parts.marks_pastes() {
            true => bracketed_paste::ON.to_vec(),
            false => Vec::new(),
        };
        out.extend(self.parts.canvas.begin(columns, &self.prompt.0, frame));
        out
    }

    /// Draws everything anew where it stands.
    pub fn redraw(&mut self) -> io::Result<()> {
        let mut out = self.parts.canvas.clear();
        out.extend(self.beginning());
        write(&out)
    }

    /// Shows what the shell has to say, above the line.
    pub fn show_output(&mut self) -> io::Result<()> {
        let output = self.host.take_output();
        if output.is_empty() { Ok(()) } else { self.show_above(&output) }
    }

    /// Shows a text above the line.
    pub fn show_above(&mut self, text: &[u8]) -> io::Result<()> {
        let mut out = self.parts.canvas.clear();
        out.extend_from_slice(text);
        if !text.ends_with(b"\n") {
            out.push(b'\n');
        }
        out.extend(self.beginning());
        write(&out)
    }

    /// Clears the screen by these sequences, and begins anew at its top.
    pub fn clear_screen(&mut self, sequences: &[u8]) -> io::Result<()> {
        let mut out = match self.parts.canvas.is_plain() {
            true => self.parts.canvas.leave(),
            false => sequences.to_vec(),
        };
        out.extend(self.beginning());
        write(&out)
    }

    /// The cursor may have moved: away from the menu's word, or from the end.
    pub fn moved(&mut self) {
        self.menu = None;
        self.changed();
    }

    /// The text or the cursor changed: what is shown beside it is found anew after a pause.
    pub fn changed(&mut self) {
        self.ghost.clear();
        self.settles = Some(Instant::now() + PAUSE);
    }

    /// Draws the text for the last time, with the cursor behind it and nothing below.
    pub fn finish(&mut self) -> io::Result<()> {
        self.menu = None;
        self.signature = None;
        self.search = None;
        self.ghost.clear();
        if self.has_paused {
            self.find_colours(None);
        }
        let mut out = Vec::new();
        let size = self.size();
        let frame = self.last_frame();
        if frame.rows.len() > size.rows && !self.parts.canvas.is_plain() {
            // All of it is to stay, above the screen's edge too.
            out.extend(self.parts.canvas.clear());
            out.extend(self.beginning());
        }
        out.extend(self.parts.canvas.draw(frame));
        write(&out)
    }

    /// Leaves the line for what comes below it, with `behind` shown at its end.
    pub fn close(&mut self, behind: &[u8]) -> io::Result<()> {
        self.finish()?;
        let mut out = behind.to_vec();
        out.extend(self.parts.canvas.leave());
        if self.parts.marks_pastes() {
            // In this order by readline.
            out.extend_from_slice(bracketed_paste::OFF);
            out.push(b'\r');
        }
        write(&out)
    }

    /// Finds the colours of what is typed; brackets at the cursor are marked.
    pub fn find_colours(&mut self, cursor: Option<usize>) {
        if self.kind != TypedLine::Data {
            let text = self.parts.editing.text();
            self.colours
                .set(text, highlight::spans(&self.earlier, text, cursor, self.parts.palette));
        }
    }

    /// Makes the screen show what there is.
    pub fn draw(&mut self) -> io::Result<()> {
        self.drawn = Instant::now();
        let size = self.size();
        self.follow_text();
        let below = self.below(size);
        let prompt = self.shown_prompt();
        let view = View { below, ..self.view(&prompt) };
        let frame = match self.parts.canvas.is_plain() {
            true => view.whole(ENDLESS),
            false => {
                let mut top = self.top;
                let frame = view.frame(size, &mut top);
                self.top = top;
                frame
            }
        };
        let out = self.parts.canvas.draw(frame);
        write(&out)
    }

    /// What stays on the screen.
    fn last_frame(&mut self) -> Frame {
        self.follow_text();
        let prompt = self.shown_prompt();
        let view = self.view(&prompt);
        let cursor = view.text.len();
        View { cursor, ..view }.whole(self.columns())
    }

    /// The prompt, with what says which keys are in force; a number typed before a key stands in its
    /// place, as in readline.
    fn shown_prompt(&self) -> String {
        let editing = &self.parts.editing;
        let mut text = self.prompt.1.clone();
        let line = text.rfind('\n').map_or(0, |at| at + 1);
        if let Some(argument) = editing.argument() {
            text.truncate(line);
            text.push_str(&format!("(arg: {argument}) "));
            return text;
        }
        if editing.is_modified_entry(self.parts.history.entries()) {
            text.insert(line, '*');
        }
        let mode = prompt::without_marks(editing.mode_string().as_bytes());
        text.insert_str(line, &String::from_utf8_lossy(&mode));
        text
    }

    fn view<'v>(&'v self, prompt: &'v str) -> View<'v> {
        let editing = &self.parts.editing;
        let (text, spans, cursor) = match &self.search {
            Some(search) => (search.text(self.parts.history.entries()), search.spans(), 0),
            None => (editing.text(), self.colours.spans(), editing.cursor()),
        };
        View {
            continuations: &self.continuations.1,
            spans,
            cursor,
            ghost: &self.ghost,
            ghost_style: Style::new(GHOST),
            ..View::new(prompt, text)
        }
    }

    /// Has colours and the prompts of further lines follow the text.
    fn follow_text(&mut self) {
        let text = match &self.search {
            Some(search) => search.text(self.parts.history.entries()),
            None => {
                let text = self.parts.editing.text();
                self.colours.follow(text);
                text
            }
        };
        if self.continuations.0 == text {
            return;
        }
        let prompts = match text.contains('\n') && self.kind != TypedLine::Data {
            true => self.host.continuation_prompts(text),
            false => Vec::new(),
        };
        let shown =
            |prompt: Vec<u8>| String::from_utf8_lossy(&prompt::without_marks(&prompt)).into_owned();
        self.continuations = (text.to_owned(), prompts.into_iter().map(shown).collect());
    }

    /// The rows below the text.
    fn below(&mut self, size: Size) -> Below {
        if self.parts.canvas.is_plain() {
            return Below::default();
        }
        let room = (size.rows / 2).min(size.rows.saturating_sub(1));
        let style = self.parts.menu_style();
        if let Some((before, query, cursor)) = self.parts.editing.query() {
            return super::search::query_row(before, query, cursor, size);
        }
        if let Some(search) = &self.search {
            return search.below(self.parts.history.entries(), size, room, &style);
        }
        let column = self.menu.as_ref().map_or(0, |menu| self.column_of(menu.start(), size));
        let mut rows: Vec<Row> =
            self.signature.iter().map(|signature| signature_row(signature, size, &style)).collect();
        if let Some(menu) = &mut self.menu {
            rows.extend(menu.rows(size, column, room.saturating_sub(rows.len()), &style));
        }
        Below { rows, cursor: None }
    }

    /// The column in which a byte of the text stands.
    fn column_of(&self, at: usize, size: Size) -> usize {
        let text = self.parts.editing.text();
        let end = at.min(text.len());
        let line = text[..end].rfind('\n').map_or(0, |at| at + 1);
        let prompt = match text[..line].matches('\n').count() {
            0 => &self.prompt.1,
            lines => self.continuations.1.get(lines - 1).unwrap_or(&self.prompt.1),
        };
        View::new(prompt, &text[line..end]).whole(size.columns).cursor.column
    }

    /// Rings behind what is drawn, unless the user wants no bell.
    pub fn ring(&mut self) -> io::Result<()> {
        if !self.parts.rings() {
            return Ok(());
        }
        self.draw()?;
        write(b"\x07")
    }

    /// The screen's size.
    pub fn size(&self) -> Size {
        match screen::size() {
            Some((columns, rows)) => Size { columns: columns.max(2), rows },
            None => USUAL_SIZE,
        }
    }

    /// The columns of a row.
    fn columns(&self) -> usize {
        if self.parts.canvas.is_plain() { ENDLESS } else { self.size().columns }
    }
}

/// The row that shows what a call takes, the argument at the cursor marked.
fn signature_row(signature: &Signature, size: Size, style: &MenuStyle) -> Row {
    let text = &signature.text;
    let marked = signature.argument.clone().unwrap_or(text.len()..text.len());
    let mut row = RowBuilder::new(size.columns.saturating_sub(1));
    row.add(&text[..marked.start], &style.faint);
    row.add(&text[marked.clone()], &style.mark);
    row.add(&text[marked.end..], &style.faint);
    row.into_row()
}
