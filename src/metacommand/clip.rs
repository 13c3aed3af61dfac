//! `\clip`: the last result, or the query, in the clipboard.

use super::call::{Call, Outcome};
use super::results::{count, options};
use crate::console::Reported;
use crate::number::counted;
use crate::print::{self, PASTED, Pasted};
use crate::progress;
use crate::query::{KeptText, Selection, TextRequest};
use crate::terminal::clipboard::Clipboard;

/// What is to be copied.
enum Request {
    /// The query buffer, or the query before.
    Query,
    /// A result.
    Result {
        /// Counted from the last, 1.
        number: usize,
        selection: Selection,
        /// As what; nothing lets the result decide.
        form: Option<Pasted>,
        /// The printing options, where some are changed.
        print: Box<print::Options>,
    },
}

/// `\clip [FORMAT] [N] [(OPTIONS)]`, `\clip query`
pub fn clip(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let request = read(call)?;
    if !call.shell.console.is_on_terminals() {
        return call.fail("there is nobody at a terminal to paste anything");
    }
    let clipboard = match Clipboard::find(call.shell.interactive.has_screen()) {
        Ok(clipboard) => clipboard,
        Err(error) => return call.fail(error.to_string()),
    };
    let (text, what) = match request {
        Request::Query => (query(call)?, "the query".to_owned()),
        Request::Result { number, selection, form, print } => {
            let request = TextRequest { number, selection: &selection, most: clipboard.most() };
            result(call, &request, form, &print)?
        }
    };
    // What was said before goes first.
    call.shell.console.output.flush();
    match clipboard.put(&text) {
        Ok(way) => {
            let size = progress::size(text.len() as u64);
            call.shell.console.println_unless_quiet(format!("Copied {what}, {size}, {way}."));
            Ok(Outcome::Done)
        }
        Err(error) => call.fail(error.to_string()),
    }
}

fn read(call: &mut Call<'_>) -> Result<Request, Reported> {
    let (mut number, mut form, mut selection) = (None, None, Selection::default());
    let mut print = Box::new(call.shell.console.print.clone());
    while let Some(word) = call.next_as_first().map(|argument| argument.value) {
        if let Some(counted) = count(&word).filter(|_| number.is_none()) {
            number = Some(counted);
        } else if let Some(first) = word.strip_prefix(b"(") {
            *print = options(call, first.to_vec(), &mut selection)?;
        } else if word.eq_ignore_ascii_case(b"query") && (number, form) == (None, None) {
            return Ok(Request::Query);
        } else if let Some(named) = Pasted::by_word(&word).filter(|_| form.is_none()) {
            form = Some(named);
        } else if form.is_some() {
            return call.fail([b"extra argument \"", &word[..], b"\""].concat());
        } else {
            let words: Vec<&str> = PASTED.iter().map(|(word, _)| *word).collect();
            let known = format!("\"; there are {} and query", words.join(", "));
            return call.fail([b"unknown format \"", &word[..], known.as_bytes()].concat());
        }
    }
    Ok(Request::Result { number: number.unwrap_or(1), selection, form, print })
}

/// The query buffer, or the query before.
fn query(call: &mut Call<'_>) -> Result<String, Reported> {
    let scope = &call.scope;
    let query = if scope.query.is_empty() { &scope.previous } else { &scope.query };
    match String::from_utf8(query.clone()) {
        Ok(text) if text.is_empty() => call.fail("there is no query yet"),
        Ok(text) => Ok(text),
        Err(_) => call.fail("the query is not in UTF-8, which a clipboard takes"),
    }
}

/// What is wanted of a result as text, and what that is in words.
fn result(
    call: &mut Call<'_>,
    request: &TextRequest<'_>,
    form: Option<Pasted>,
    print: &print::Options,
) -> Result<(String, String), Reported> {
    let (mut rows, mut form) = (0, form);
    let text = call.shell.queries().kept_text(request, &mut |count, columns| {
        rows = count;
        let single = if (count, columns) == (1, 1) { Pasted::Value } else { Pasted::Tsv };
        form.get_or_insert(single).options(print)
    })?;
    let form = form.unwrap_or(Pasted::Tsv);
    match text {
        KeptText::Whole(text) => {
            let what = match form {
                Pasted::Value => form.word().to_owned(),
                _ => format!("{} as {}", counted(rows, "row"), form.word()),
            };
            Ok((trimmed(text, form), what))
        }
        KeptText::TooLong => {
            let most = progress::size(request.most as u64);
            call.fail(format!(
                "nothing was copied: the clipboard takes {most} here, and this is more; \
                 \\last FILE writes it to a file"
            ))
        }
        KeptText::Other(encoding) => call.fail(format!(
            "the result came in {encoding}, and a clipboard takes UTF-8: \\encoding UTF8, and ask \
             again"
        )),
    }
}

/// Without the empty lines at the end; a value without any.
fn trimmed(mut text: String, form: Pasted) -> String {
    match form {
        Pasted::Value => drop(text.pop()),
        _ => {
            text.truncate(text.trim_end_matches('\n').len());
            text.push('\n');
        }
    }
    text
}
