//! Questions whose answer must be typed when they are read: nothing that was typed or pasted before answers,
//! and nothing of it runs behind them unless the user says so.

use super::Interactive;
use super::answer::{Consent, is_yes};
use crate::console::Console;
use crate::number::counted;
use crate::terminal::ReadLine;

impl Interactive {
    /// Asks, on the terminal; all but an answer that says so is a no. Lines that were pasted behind the one
    /// that asks are asked about, too, or forgotten.
    pub fn consent(
        &mut self,
        console: &mut Console,
        question: &[u8],
        says_yes: impl Fn(&[u8]) -> bool,
    ) -> Consent {
        if let Some(editor) = &mut self.editor {
            editor.drop_keys();
        }
        let said = match console.ask_anew(question) {
            ReadLine::Line(answer) if says_yes(answer.trim_ascii()) => {
                self.ask_about_the_rest(console)
            }
            ReadLine::Line(_) => Consent::No,
            ReadLine::Interrupted | ReadLine::Eof => Consent::Interrupted,
        };
        if said != Consent::Yes {
            self.forget_typed_ahead();
        }
        said
    }

    /// Asks whether what was pasted behind is to run; Ctrl-C takes back the yes to what is before it.
    fn ask_about_the_rest(&mut self, console: &mut Console) -> Consent {
        let lines = self.editor.as_ref().map_or(0, |editor| editor.count_accepted_lines());
        if lines == 0 {
            return Consent::Yes;
        }
        let lines = counted(lines as u64, "more line");
        let question = format!("{lines} came with it. Go on with what is there? [y/N] ");
        match console.ask_anew(question.as_bytes()) {
            ReadLine::Line(answer) if is_yes(answer.trim_ascii()) => {}
            ReadLine::Line(_) => {
                self.forget_typed_ahead();
                console.tell("What came with it is not run.");
            }
            ReadLine::Interrupted | ReadLine::Eof => return Consent::Interrupted,
        }
        Consent::Yes
    }
}
