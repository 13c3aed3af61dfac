//! Which programs and processes of other accounts may be run and signalled.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;

use rustix::process::{Pid, getegid, geteuid};

use super::server_account::Account;

/// Why nothing in the directory `bin` may be run, if so: the directory or one of the `programs`
/// belongs to, or can be written by, somebody who is neither root, ourselves nor the server's
/// account.
pub(super) fn objection(
    bin: &Path,
    programs: &[&str],
    account: Option<&Account>,
) -> Option<String> {
    let paths = programs.iter().map(|program| bin.join(program));
    std::iter::once(bin.to_owned()).chain(paths).find_map(|path| {
        let found = fs::metadata(&path).ok()?;
        let known = [0, geteuid().as_raw()].contains(&found.uid())
            || account.is_some_and(|account| account.uid == found.uid());
        let group = [0, getegid().as_raw()].contains(&found.gid());
        let written = found.mode() & 0o002 != 0 || found.mode() & 0o020 != 0 && !group;
        let wrong = match (known, written) {
            (false, _) => format!("belongs to user {}", found.uid()),
            (true, true) => "can be written by others".to_owned(),
            (true, false) => return None,
        };
        Some(format!("\"{}\" {wrong}", path.display()))
    })
}

/// Whether the process belongs to `uid` and works in the directory `data`, as a server does on its
/// own.
pub(super) fn runs_in(pid: Pid, uid: u32, data: &Path) -> bool {
    let process = Path::new("/proc").join(pid.as_raw_nonzero().to_string());
    if Path::new("/proc/self/cwd").exists() {
        let owned = fs::metadata(&process).is_ok_and(|found| found.uid() == uid);
        let same = |a: fs::Metadata, b: fs::Metadata| (a.dev(), a.ino()) == (b.dev(), b.ino());
        let place = fs::metadata(process.join("cwd"));
        return owned && place.is_ok_and(|a| fs::metadata(data).is_ok_and(|b| same(a, b)));
    }
    // Where the system has no such files: the owner, and the command line with its "-D DATA".
    let pid = pid.as_raw_nonzero().to_string();
    let said = Command::new("/bin/ps").args(["-ww", "-o", "uid=,command=", "-p", &pid]).output();
    said.is_ok_and(|said| {
        let line = String::from_utf8_lossy(&said.stdout).into_owned();
        line.trim_start().starts_with(&format!("{uid} "))
            && line.contains(&format!("-D {}", data.display()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn programs_of_others_are_not_run() {
        let place = tempfile::tempdir().expect("a directory");
        let bin = place.path().join("bin");
        fs::create_dir(&bin).expect("a directory");
        fs::write(bin.join("postgres"), "").expect("a file");
        let mode = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permissions");
        };
        for (directory, file, good) in [
            (0o755, 0o755, true),
            (0o700, 0o700, true),
            (0o777, 0o755, false),
            (0o1777, 0o755, false),
            (0o755, 0o757, false),
        ] {
            mode(&bin, directory);
            mode(&bin.join("postgres"), file);
            let objection = objection(&bin, &["postgres", "missing"], None);
            assert_eq!(objection.is_none(), good, "{directory:o} {file:o}: {objection:?}");
        }
        mode(&bin, 0o755);
        mode(&bin.join("postgres"), 0o755);
        let give = |uid| std::os::unix::fs::chown(bin.join("postgres"), Some(uid), None);
        if geteuid().is_root() && give(4711).is_ok() {
            let account = |uid| Account { name: "x".to_owned(), uid, gid: 1 };
            let objection = |account: Option<&Account>| objection(&bin, &["postgres"], account);
            assert!(objection(None).is_some_and(|text| text.ends_with("belongs to user 4711")));
            assert!(objection(Some(&account(4712))).is_some());
            assert!(objection(Some(&account(4711))).is_none());
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_process_is_known_by_owner_and_place() {
        let place = tempfile::tempdir().expect("a directory");
        let mut child = Command::new("sleep").arg("60").current_dir(&place).spawn().expect("sleep");
        let pid = Pid::from_raw(child.id() as i32).expect("a process ID");
        let uid = geteuid().as_raw();
        assert!(runs_in(pid, uid, place.path()));
        assert!(!runs_in(pid, uid + 1, place.path()));
        assert!(!runs_in(pid, uid, Path::new("/")));
        assert!(!runs_in(pid, uid, Path::new("/missing")));
        child.kill().and_then(|()| child.wait()).expect("killed");
        assert!(!runs_in(pid, uid, place.path()));
    }
}
