//! What is done before a signal ends the process: children are stopped, what is half done and what is
//! private is removed.

use super::stop;
use crate::terminal::signal::before_killed;
use rustix::process::Pid;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, Once, PoisonError};

/// What is to be done, each under a number of its own.
static TASKS: Mutex<Vec<(u64, Task)>> = Mutex::new(Vec::new());

enum Task {
    Remove(PathBuf),
    Stop(Pid),
}

/// Does it when it is dropped, or when SIGTERM, SIGHUP or SIGQUIT ends the process.
#[derive(Debug)]
pub struct Removal {
    task: Registered,
    path: PathBuf,
}

impl Removal {
    /// Removes the file or the directory, with all that is in it, in the end. It need not be there.
    pub fn of(path: &Path) -> Removal {
        Removal { task: Registered::new(Task::Remove(path.to_owned())), path: path.to_owned() }
    }

    /// What is removed.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// It stays.
    pub fn keep(self) {
        self.task.forget();
        std::mem::forget(self);
    }
}

impl Drop for Removal {
    fn drop(&mut self) {
        remove(&self.path);
    }
}

/// A child's process group, stopped if a signal ends the process before this is dropped.
#[derive(Debug)]
pub(super) struct StopAtEnd {
    _task: Registered,
}

impl StopAtEnd {
    pub fn new(group: Pid) -> StopAtEnd {
        StopAtEnd { _task: Registered::new(Task::Stop(group)) }
    }
}

/// A task of the list, taken from it when this is dropped.
#[derive(Debug)]
struct Registered {
    number: u64,
}

impl Registered {
    fn new(task: Task) -> Registered {
        static WATCH: Once = Once::new();
        // Without a handler what is private stays until the system clears its place.
        WATCH.call_once(|| drop(before_killed(do_all)));
        let mut tasks = TASKS.lock().unwrap_or_else(PoisonError::into_inner);
        let number = tasks.last().map_or(0, |(number, _)| number + 1);
        tasks.push((number, task));
        Registered { number }
    }

    fn forget(&self) {
        let mut tasks = TASKS.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.retain(|(number, _)| *number != self.number);
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        self.forget();
    }
}

/// Does everything, the latest first: a child is stopped before what it writes is removed. The list stays
/// locked, so that nothing begins any more.
fn do_all() {
    let mut tasks = TASKS.lock().unwrap_or_else(PoisonError::into_inner);
    while let Some((_, task)) = tasks.pop() {
        match task {
            Task::Remove(path) => remove(&path),
            Task::Stop(group) => stop::at_once(group),
        }
    }
    std::mem::forget(tasks);
}

fn remove(path: &Path) {
    // What is not there need not be removed.
    let Ok(found) = fs::symlink_metadata(path) else { return };
    let _ = if found.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removed_or_kept() {
        let place = tempfile::tempdir().expect("a directory");
        let [file, directory, kept] =
            ["file", "directory", "kept"].map(|name| place.path().join(name));
        fs::write(&file, "x").expect("a file");
        fs::write(&kept, "x").expect("a file");
        fs::create_dir(&directory)
            .and_then(|()| fs::write(directory.join("x"), "x"))
            .expect("a file");
        drop([&file, &directory, &place.path().join("none")].map(|path| Removal::of(path)));
        Removal::of(&kept).keep();
        assert_eq!([file, directory, kept].map(|path| path.exists()), [false, false, true]);
    }
}
