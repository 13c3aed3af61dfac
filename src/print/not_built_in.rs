//! In the place of a format that was left out when this shell was built.

use super::output::Output;
use super::row_format::Context;
use super::table::Rows;
use std::io;

/// Says so.
pub(super) fn print(context: &Context<'_>, _: &mut dyn Rows, _: &mut Output<'_>) -> io::Result<()> {
    let name = context.options.format.name();
    let text = format!("the format {name} is not built in: cargo build --features {name}");
    Err(io::Error::other(text))
}
