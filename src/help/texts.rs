//! The texts that several kinds of help are made of, and how the shell's state is filled in.

use crate::print::Expanded;

pub(super) const VARIABLES: &str = include_str!("../../grammar/variables.txt");
pub(super) const OWN_VARIABLES: &str = include_str!("../../grammar/own_variables.txt");

/// What `\?` shows of the shell's state.
#[derive(Clone, Copy, Debug, Default)]
pub struct State<'a> {
    /// The commands that psql doesn't have are shown too.
    pub has_own: bool,
    /// `\pset format html`
    pub html: bool,
    /// `\pset tuples_only`
    pub tuples_only: bool,
    /// `\pset expanded`
    pub expanded: Expanded,
    /// `\timing`
    pub timing: bool,
    /// The database connected to.
    pub database: Option<&'a [u8]>,
}

/// Writes a line, its placeholder filled in.
pub(super) fn fill(out: &mut Vec<u8>, line: &str, state: &State) {
    let on_off = |on| if on { "on" } else { "off" };
    let switches = [
        ("{html}", on_off(state.html)),
        ("{tuples_only}", on_off(state.tuples_only)),
        ("{timing}", on_off(state.timing)),
        (
            "{expanded}",
            match state.expanded {
                Expanded::Off => "off",
                Expanded::On => "on",
                Expanded::Auto => "auto",
            },
        ),
    ];
    if let Some((before, after)) = line.split_once("{connection}") {
        let connection = match state.database {
            Some(name) => [b"\"", name, b"\""].concat(),
            None => b"no connection".to_vec(),
        };
        out.extend_from_slice(&[before.as_bytes(), &connection, after.as_bytes()].concat());
    } else if let Some((mark, value)) = switches.into_iter().find(|(mark, _)| line.contains(mark)) {
        out.extend_from_slice(line.replace(mark, value).as_bytes());
    } else {
        out.extend_from_slice(line.as_bytes());
    }
}
