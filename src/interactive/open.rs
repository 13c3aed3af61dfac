//! Opens the line editor.

use super::Interactive;
use super::history;
use super::usage::UsageStore;
use crate::console::Console;
use crate::palette::Palette;
use crate::terminal::editing::Inputrc;
use crate::terminal::editor::{Editor, Options};
use std::path::PathBuf;

impl Interactive {
    /// Opens the line editor with its history, if standard input is a terminal that it can use.
    pub fn open_editor(&mut self, console: &mut Console) {
        let term = std::env::var("TERM").ok();
        let history = history::open(console);
        self.completion.usage = UsageStore::open(history::file(console).as_deref());
        let variable = |name| std::env::var(name).ok();
        // What is called psql looks like psql.
        let is_psql = console.program() == b"psql";
        let palette = |no_color: Option<&str>| {
            let background = variable("COLORFGBG");
            Palette::from_environment(no_color, term.as_deref(), background.as_deref())
                .filter(|_| !is_psql)
        };
        self.palette = palette(variable("NO_COLOR").as_deref());
        self.refused_palette = palette(None);
        console.color_messages(self.palette);
        let options =
            Options { term: term.as_deref(), read_inputrc, palette: self.palette, ghost: !is_psql };
        self.editor = Editor::new(&options, history).ok();
    }
}

/// Reads the user's inputrc.
fn read_inputrc() -> Inputrc {
    let file = std::env::var_os("INPUTRC").map(PathBuf::from);
    let term = std::env::var("TERM").ok();
    Inputrc::load(file, dirs::home_dir().as_deref(), term.as_deref())
}
