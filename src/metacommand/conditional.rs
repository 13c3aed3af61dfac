//! `\if`, `\elif`, `\else`, `\endif`.

use super::call::{Call, Outcome};
use crate::conditional::Branch;
use crate::console::Reported;
use crate::lexer::ArgumentKind;

/// `\if EXPR`: opens a block.
pub fn begin(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    if !call.scope.conditionals.active() {
        skip_expression(call);
        call.scope.conditionals.push(Branch::Ignored);
        return Ok(Outcome::Done);
    }
    let value = expression(call, "\\if expression");
    call.scope.conditionals.push(if value { Branch::Active } else { Branch::Pending });
    save(call);
    Ok(Outcome::Done)
}

/// `\elif EXPR`: the next branch.
pub fn elif(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    match call.scope.conditionals.branch() {
        Some(Branch::Active) => {
            save(call);
            skip_expression(call);
            call.scope.conditionals.set(Branch::Ignored);
            Ok(Outcome::Done)
        }
        Some(Branch::Pending) => {
            discard(call);
            if expression(call, "\\elif expression") {
                call.scope.conditionals.set(Branch::Active);
            }
            Ok(Outcome::Done)
        }
        Some(Branch::Ignored) => {
            discard(call);
            skip_expression(call);
            Ok(Outcome::Done)
        }
        Some(Branch::ElseActive | Branch::ElseInactive) => call.fail("cannot occur after \\else"),
        None => call.fail("no matching \\if"),
    }
}

/// `\else`: the last branch.
pub fn otherwise(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    match call.scope.conditionals.branch() {
        Some(Branch::Active) => {
            save(call);
            call.scope.conditionals.set(Branch::ElseInactive);
            Ok(Outcome::Done)
        }
        Some(Branch::Pending) => {
            discard(call);
            call.scope.conditionals.set(Branch::ElseActive);
            Ok(Outcome::Done)
        }
        Some(Branch::Ignored) => {
            discard(call);
            call.scope.conditionals.set(Branch::ElseInactive);
            Ok(Outcome::Done)
        }
        Some(Branch::ElseActive | Branch::ElseInactive) => call.fail("cannot occur after \\else"),
        None => call.fail("no matching \\if"),
    }
}

/// `\endif`: closes the block.
pub fn end(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    match call.scope.conditionals.branch() {
        Some(Branch::Active | Branch::ElseActive) => {
            call.scope.conditionals.pop();
            Ok(Outcome::Done)
        }
        Some(Branch::Pending | Branch::Ignored | Branch::ElseInactive) => {
            discard(call);
            call.scope.conditionals.pop();
            Ok(Outcome::Done)
        }
        None => call.fail("no matching \\if"),
    }
}

/// Reads the expression and what it says. One that is no Boolean is reported and false, but the
/// command has not failed.
fn expression(call: &mut Call<'_>, what: &str) -> bool {
    let text = call.values().join(&b' ');
    crate::variables::parse_bool(&text).unwrap_or_else(|| {
        call.shell.console.error(crate::variables::not_boolean(what, &text).0);
        false
    })
}

fn skip_expression(call: &mut Call<'_>) {
    while call.scope.lexer.skip_argument(call.shell, ArgumentKind::Normal).is_some() {}
}

/// Remembers the query buffer as it is before a branch that may be inactive.
fn save(call: &mut Call<'_>) {
    let scope = &mut *call.scope;
    scope.conditionals.save(scope.query.len(), scope.lexer.progress());
}

/// Throws away what an inactive branch added to the query buffer.
fn discard(call: &mut Call<'_>) {
    let scope = &mut *call.scope;
    let (length, progress) = scope.conditionals.saved();
    scope.query.truncate(length);
    scope.lexer.set_progress(progress);
}
