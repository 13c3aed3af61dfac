//! The notation of the tables (`grammar/README.md`).

use super::command::{Argument, MetaCommand, Name, Origin, Section, SqlCommand};
use super::completion::Completion;
use crate::lexer::ArgumentKind;
use nom::branch::alt;
use nom::bytes::complete::{is_not, tag};
use nom::character::complete::{char, newline, not_line_ending};
use nom::combinator::{all_consuming, map, map_opt, opt, recognize, rest, value, verify};
use nom::multi::{many0, many1, separated_list1};
use nom::sequence::{delimited, preceded, terminated};
use nom::{IResult, Parser};

type Text = &'static str;

/// The sections of `metacommands.txt`, or the line that can't be understood.
pub(super) fn parse_sections(text: Text) -> Result<Vec<Section>, Text> {
    finish(terminated(many1(section), ignored), text)
}

/// An SQL command of `sql/`, or the line that can't be understood.
pub(super) fn parse_sql_command(text: Text) -> Result<SqlCommand, Text> {
    let synopsis = map_opt(preceded(newline, rest), |text: Text| text.strip_suffix('\n'));
    let command = map((line, line, line, synopsis), |(name, description, page, synopsis)| {
        SqlCommand { name, description, page, synopsis }
    });
    finish(command, text)
}

/// The headings of `prose.txt` and what stands below each.
pub(super) fn parse_prose(text: Text) -> Vec<(Text, Text)> {
    let mut parts: Vec<(Text, usize, usize)> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let heading = line.trim_end().strip_suffix(':').filter(|_| !line.starts_with([' ', '#']));
        at += line.len();
        match (heading, parts.last_mut()) {
            (Some(name), _) => parts.push((name, at, at)),
            (None, Some((_, _, end))) => *end = at,
            (None, None) => {}
        }
    }
    parts.into_iter().map(|(name, start, end)| (name, &text[start..end])).collect()
}

/// What `parser` makes of all of the text.
fn finish<T>(
    parser: impl Parser<Text, Output = T, Error = nom::error::Error<Text>>,
    text: Text,
) -> Result<T, Text> {
    match all_consuming(parser).parse(text) {
        Ok((_, parsed)) => Ok(parsed),
        Err(nom::Err::Error(error) | nom::Err::Failure(error)) => {
            let understood = &text[..text.len() - error.input.len()];
            let start = understood.rfind('\n').map_or(0, |end| end + 1);
            Err(text[start..].lines().next().unwrap_or_default())
        }
        Err(nom::Err::Incomplete(_)) => Err(text),
    }
}

/// `[Section]`, or `[+Section]` of our own, a note perhaps, and the rows.
fn section(input: Text) -> IResult<Text, Section> {
    let title = (opt(char('+')), is_not("]\n"));
    let heading = terminated(delimited(char('['), title, char(']')), newline);
    let parts = (preceded(ignored, heading), opt(indented), many1(command));
    map(parts, |((plus, title), note, mut commands)| {
        let origin = if plus.is_some() { Origin::Own } else { Origin::Psql };
        for command in &mut commands {
            command.origin = origin;
        }
        Section { title, origin, note, commands }
    })
    .parse(input)
}

/// A row, `NAME... : ARGUMENT...`, and its lines of help.
fn command(input: Text) -> IResult<Text, MetaCommand> {
    let names = separated_list1(char(' '), name);
    let arguments = many0(preceded(char(' '), argument));
    let parts = ((ignored, names), tag(" :"), terminated(arguments, newline), many0(indented));
    map(parts, |((_, names), _, arguments, help)| MetaCommand {
        names,
        origin: Origin::Psql,
        arguments,
        help,
    })
    .parse(input)
}

/// `list[x+]`, `dt*`
fn name(input: Text) -> IResult<Text, Name> {
    let modifiers = opt(delimited(char('['), is_not("] \n"), char(']')));
    let parts = (is_not("[*: \n"), modifiers, opt(char('*')));
    map(parts, |(text, modifiers, star)| Name {
        text,
        modifiers: modifiers.unwrap_or_default(),
        open: star.is_some(),
    })
    .parse(input)
}

/// `n;*:table`
fn argument(input: Text) -> IResult<Text, Argument> {
    let completion = preceded(char(':'), map_opt(is_not(" \n"), Completion::from_word));
    let parts = (kind, opt(char(';')), opt(char('*')), opt(completion));
    map(parts, |(kind, semicolon, star, completion)| Argument {
        kind,
        drops_semicolons: semicolon.is_some(),
        repeats: star.is_some(),
        completion: completion.unwrap_or(Completion::None),
    })
    .parse(input)
}

fn kind(input: Text) -> IResult<Text, ArgumentKind> {
    alt((
        value(ArgumentKind::Normal, char('n')),
        value(ArgumentKind::SqlId, char('i')),
        value(ArgumentKind::SqlIdKeepCase, char('k')),
        value(ArgumentKind::FileOrPipe, char('f')),
        value(ArgumentKind::WholeLine, char('w')),
    ))
    .parse(input)
}

/// A line that is not empty.
fn line(input: Text) -> IResult<Text, Text> {
    terminated(is_not("\n"), newline).parse(input)
}

/// A line that begins with a blank, with it.
fn indented(input: Text) -> IResult<Text, Text> {
    verify(line, |text: &str| text.starts_with(' ')).parse(input)
}

/// Empty lines and comments.
fn ignored(input: Text) -> IResult<Text, ()> {
    let comment = terminated(recognize((char('#'), not_line_ending)), newline);
    value((), many0(alt((value((), newline), value((), comment))))).parse(input)
}
