//! `--complete`: candidates for a text, for editors and for measuring.

use crate::completion::Candidate;
use crate::console::os_error_text;
use crate::exit_status::ExitStatus;
use crate::shell::Shell;
use std::io::Read;

/// Prints what may follow the text on standard input, a candidate a line. Nothing is run, no
/// start-up file is read.
pub(super) fn run(shell: &mut Shell) -> Result<ExitStatus, ExitStatus> {
    let mut text = Vec::new();
    if let Err(error) = std::io::stdin().lock().read_to_end(&mut text) {
        let reason = os_error_text(&error);
        shell.console.error(format!("could not read standard input: {reason}"));
        return Err(ExitStatus::Failure);
    }
    // A second connection is not worth its while for one question.
    let _ = shell.console.variables.set(b"HELPER", b"off");
    let Shell { console, connection, interactive, .. } = shell;
    let candidates = interactive.candidates(console, connection, &text);
    let lines: Vec<u8> = candidates.iter().filter(|c| c.is_harmless()).flat_map(line).collect();
    let _ = shell.console.output.stdout().write_all(&lines);
    Ok(ExitStatus::Success)
}

/// Word, kind and note.
fn line(candidate: &Candidate) -> Vec<u8> {
    let kind = candidate.kind.word().as_bytes();
    let fields = [candidate.word(), kind, candidate.note.as_bytes()];
    [&fields.join(&b'\t')[..], b"\n"].concat()
}
