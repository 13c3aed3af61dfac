//! Tests as values: made from a table where there is one, and told apart by name.
//!
//! `tests! { name, other, }` at the end of a file lists its test functions; the compiler names one
//! that was forgotten. A test that can't run here returns what is [`Missing`] and is reported as
//! ignored, with that reason, never as passed. What is usually left out for its time runs with
//! `--include-ignored`: whole tests, and in others the rest of their cases. PGSH_TIMES=1 tells how
//! long each test takes.

use std::time::Instant;

use libtest_mimic::{Completion, Trial};

/// What this machine lacks for a test.
#[derive(Clone, Debug)]
pub struct Missing(pub String);

/// The outcome of a test that did not fail: it ran, or it could not.
pub type Ran = Result<(), Missing>;

/// What a test function returns: nothing, or [`Ran`].
pub trait Outcome {
    fn completion(self) -> Completion;
}

impl Outcome for () {
    fn completion(self) -> Completion {
        Completion::Completed
    }
}

impl Outcome for Ran {
    fn completion(self) -> Completion {
        self.map_or_else(|missing| Completion::ignored_with(missing.0), Outcome::completion)
    }
}

/// Who is not root can't be somebody else.
pub fn as_root() -> Ran {
    match rustix::process::geteuid().is_root() {
        true => Ok(()),
        false => Err(Missing("not run by root".to_owned())),
    }
}

/// A test of this name, `FILE::NAME`, that fails by panicking.
pub fn trial<T: Outcome>(
    name: impl Into<String>,
    run: impl FnOnce() -> T + Send + 'static,
) -> Trial {
    let name = name.into();
    Trial::ignorable_test(name.clone(), move || {
        let begun = Instant::now();
        let completion = run().completion();
        if std::env::var_os("PGSH_TIMES").is_some() {
            eprintln!("{:8.3} s  {name}", begun.elapsed().as_secs_f64());
        }
        Ok(completion)
    })
}

/// The test, usually left out.
pub fn only_if_asked_for(test: Trial) -> Trial {
    test.with_kind("only with --include-ignored").with_ignored_flag(true)
}

/// Whether what is usually left out is asked for.
pub fn is_all_asked_for() -> bool {
    std::env::args().any(|argument| argument == "--include-ignored")
}

/// Lists the test functions of a file in its `tests()`; `; more()` at the end adds tests made from
/// data.
macro_rules! tests {
    ($($name:ident),* $(,)? $(; $more:expr)?) => {
        /// The tests of this file.
        pub fn tests() -> Vec<libtest_mimic::Trial> {
            let tests = vec![$($crate::trial::trial(
                concat!(module_path!(), "::", stringify!($name)).trim_start_matches("it::"),
                $name,
            )),*];
            $(let tests = tests.into_iter().chain($more).collect();)?
            tests
        }
    };
}
pub(crate) use tests;
