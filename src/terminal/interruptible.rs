//! Reads that Ctrl-C ends: of a pipe, a FIFO or a terminal, which may take for ever.
//!
//! Owns the wait for the next bytes of a script or of COPY data. Never knows what they are.

use std::error::Error;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::rc::Rc;

use rustix::fs::OFlags;

use super::signal::Interrupts;

/// A file whose reads Ctrl-C ends, with an error of which [`is_interrupt`] is true.
#[derive(Debug)]
pub struct Interruptible<F> {
    file: F,
    interrupts: Option<Rc<Interrupts>>,
}

impl Interruptible<File> {
    /// Opens a file to be read; a FIFO that nobody writes to is waited for when it is read.
    ///
    /// # Errors
    /// It can't be opened.
    pub fn open(
        path: impl AsRef<Path>,
        interrupts: Option<Rc<Interrupts>>,
    ) -> io::Result<Interruptible<File>> {
        let flags = OFlags::NONBLOCK.bits().cast_signed();
        let file = File::options().read(true).custom_flags(flags).open(path)?;
        Ok(Interruptible::new(file, interrupts))
    }
}

impl<F: Read + AsFd> Interruptible<F> {
    /// Reads `file`; without `interrupts` like any other.
    pub fn new(file: F, interrupts: Option<Rc<Interrupts>>) -> Interruptible<F> {
        Interruptible { file, interrupts }
    }

    /// The file itself.
    pub fn get_mut(&mut self) -> &mut F {
        &mut self.file
    }
}

impl<F: Read + AsFd> Read for Interruptible<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(interrupts) = &self.interrupts
            && !interrupts.wait_readable(self.file.as_fd())?
        {
            // Not ErrorKind::Interrupted, which means "try again".
            return Err(io::Error::other(Interrupt));
        }
        self.file.read(buffer)
    }
}

/// Ctrl-C came instead of bytes.
#[derive(Debug)]
struct Interrupt;

impl fmt::Display for Interrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("interrupted")
    }
}

impl Error for Interrupt {}

/// Whether a read failed because of Ctrl-C.
pub fn is_interrupt(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<Interrupt>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::fd::OwnedFd;
    use std::os::unix::net::UnixStream;

    #[test]
    fn an_interrupt_comes_before_what_can_be_read() {
        let interrupts = Rc::new(Interrupts::install().unwrap());
        let (reader, mut writer) = UnixStream::pair().unwrap();
        let file = File::from(OwnedFd::from(reader));
        let mut reader = Interruptible::new(file, Some(Rc::clone(&interrupts)));
        io::Write::write_all(&mut writer, b"ab").unwrap();
        let mut byte = [0];
        assert_eq!(reader.read(&mut byte).unwrap(), 1);
        signal_hook::low_level::raise(signal_hook::consts::SIGINT).unwrap();
        assert!(is_interrupt(&reader.read(&mut byte).unwrap_err()));
        assert!(interrupts.take());
        assert_eq!(reader.read(&mut byte).unwrap(), 1);
        assert_eq!(&byte, b"b");
    }
}
