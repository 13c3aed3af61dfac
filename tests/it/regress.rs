//! PostgreSQL's own regression scripts through both shells, when PGSH_REGRESS_DIR names a copy of
//! its `src/test/regress`. `tests/tools/regress` does the work and says more.

use std::path::Path;
use std::process::Command;

use crate::harness;
use crate::trial::{Missing, Ran, tests};

fn regression_scripts() -> Ran {
    let scripts = std::env::var_os("PGSH_REGRESS_DIR")
        .ok_or_else(|| Missing("PGSH_REGRESS_DIR is not set".to_owned()))?;
    let status = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/regress"))
        .arg(harness::server().bin.join("psql"))
        .arg(env!("CARGO_BIN_EXE_pgsh"))
        .arg(scripts)
        .status()
        .expect("tests/tools/regress runs");
    assert!(status.success(), "some scripts differ");
    Ok(())
}

tests! {
    regression_scripts,
}
