//! What compressed a file, by its first bytes, and how to read it.
//!
//! The three methods that PostgreSQL's programs know are read here, to their last frame and with their
//! checksums, so that a file cut short is an error and no program need be installed.

use flate2::bufread::MultiGzDecoder;
use lz4_flex::frame::FrameDecoder as Lz4Decoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use std::io::{self, BufRead, Read};

/// A method of compression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// gzip
    Gzip,
    /// Zstandard
    Zstd,
    /// LZ4
    Lz4,
    /// xz, which is only told.
    Xz,
    /// bzip2, which is only told.
    Bzip2,
}

/// Each with its name, its first bytes, and the command that undoes it.
const METHODS: [(Compression, &str, &[u8], &str); 5] = [
    (Compression::Gzip, "gzip", b"\x1f\x8b", "gunzip"),
    (Compression::Zstd, "zstd", b"\x28\xb5\x2f\xfd", "unzstd"),
    (Compression::Lz4, "lz4", b"\x04\x22\x4d\x18", "unlz4"),
    (Compression::Xz, "xz", b"\xfd7zXZ\0", "unxz"),
    (Compression::Bzip2, "bzip2", b"BZh", "bunzip2"),
];

impl Compression {
    /// What a file was compressed with that begins so.
    pub fn of(head: &[u8]) -> Option<Compression> {
        METHODS.iter().find(|(_, _, magic, _)| head.starts_with(magic)).map(|(found, ..)| *found)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// The command that undoes it.
    pub fn undone_by(self) -> &'static str {
        self.row().3
    }

    fn row(self) -> (Compression, &'static str, &'static [u8], &'static str) {
        METHODS.into_iter().find(|(found, ..)| *found == self).unwrap_or(METHODS[0])
    }

    /// A reader of what is in a compressed file; nothing for what is only told.
    pub fn reader<'a>(
        self,
        file: Box<dyn BufRead + Send + 'a>,
    ) -> Option<Box<dyn Read + Send + 'a>> {
        Some(match self {
            Compression::Gzip => Box::new(MultiGzDecoder::new(file)),
            Compression::Zstd => {
                Box::new(ZstdFrames { file, decoder: FrameDecoder::new(), is_in_frame: false })
            }
            Compression::Lz4 => {
                let file = Watched { file, is_at_end: false };
                Box::new(Lz4Frames { decoder: Lz4Decoder::new(file) })
            }
            Compression::Xz | Compression::Bzip2 => return None,
        })
    }
}

type File<'a> = Box<dyn BufRead + Send + 'a>;

/// All frames of a Zstandard file, one after the other.
struct ZstdFrames<'a> {
    file: File<'a>,
    decoder: FrameDecoder,
    is_in_frame: bool,
}

impl ZstdFrames<'_> {
    /// Begins the next frame; whether there is one.
    fn begin(&mut self) -> io::Result<bool> {
        while !self.file.fill_buf()?.is_empty() {
            match self.decoder.init(&mut self.file) {
                Ok(()) => {
                    self.is_in_frame = true;
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let mut skipped = (&mut self.file).take(length.into());
                    if io::copy(&mut skipped, &mut io::sink())? < length.into() {
                        return Err(cut_short());
                    }
                }
                Err(error) => return Err(damaged(&error)),
            }
        }
        Ok(false)
    }

    /// Ends a frame whose bytes were all handed out.
    fn end(&mut self) -> io::Result<()> {
        self.is_in_frame = false;
        let told = self.decoder.get_checksum_from_data();
        if told.is_some() && told != self.decoder.get_calculated_checksum() {
            return Err(damaged(&"the checksum differs"));
        }
        Ok(())
    }
}

impl Read for ZstdFrames<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if !self.is_in_frame && !self.begin()? {
                return Ok(0);
            }
            if !self.decoder.is_finished() {
                let wanted = BlockDecodingStrategy::UptoBytes(buffer.len());
                self.decoder
                    .decode_blocks(&mut self.file, wanted)
                    .map_err(|error| damaged(&error))?;
            }
            let count = self.decoder.read(buffer)?;
            if count > 0 {
                return Ok(count);
            }
            if self.decoder.is_finished() {
                self.end()?;
            }
        }
    }
}

/// A file that knows whether somebody read at its end.
struct Watched<'a> {
    file: File<'a>,
    is_at_end: bool,
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.is_at_end |= count == 0 && !buffer.is_empty();
        Ok(count)
    }
}

/// All frames of an LZ4 file. Its decoder takes the end of the file for the end of a frame; where it had to
/// look for more, the file is cut short.
struct Lz4Frames<'a> {
    decoder: Lz4Decoder<Watched<'a>>,
}

impl Read for Lz4Frames<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let count = self.decoder.read(buffer).map_err(|error| damaged(&error))?;
            if count > 0 {
                return Ok(count);
            }
            let watched = self.decoder.get_mut();
            if watched.is_at_end {
                return Err(cut_short());
            }
            if watched.file.fill_buf()?.is_empty() {
                return Ok(0);
            }
        }
    }
}

fn cut_short() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the compressed file is cut short")
}

fn damaged(reason: &dyn std::fmt::Display) -> io::Error {
    let text = format!("the compressed file is damaged or cut short: {reason}");
    io::Error::new(io::ErrorKind::InvalidData, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a b c\n";
    /// TEXT, compressed by the programs of that name.
    const FILES: [(Compression, &[u8]); 3] = [
        (Compression::Gzip, b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x4b\x54\x48\x52\x48\xe6\x02\x00\x4a\xfa\xcc\xb4\x06\x00\x00\x00"),
        (Compression::Zstd, b"\x28\xb5\x2f\xfd\x04\x58\x31\x00\x00\x61\x20\x62\x20\x63\x0a\x58\x5a\xc6\x94"),
        (Compression::Lz4, b"\x04\x22\x4d\x18\x64\x40\xa7\x06\x00\x00\x80\x61\x20\x62\x20\x63\x0a\x00\x00\x00\x00\xa7\x21\x37\x79"),
    ];

    fn read(method: Compression, file: &[u8]) -> io::Result<String> {
        let mut text = String::new();
        let mut reader = method.reader(Box::new(file)).expect("a method read here");
        reader.read_to_string(&mut text).map(|_| text)
    }

    #[test]
    fn all_frames_are_read_and_none_is_cut_short() {
        for (method, file) in FILES {
            assert_eq!(Compression::of(file), Some(method));
            assert_eq!(read(method, file).expect("text"), TEXT, "{method:?}");
            assert_eq!(read(method, &file.repeat(2)).expect("text"), TEXT.repeat(2), "{method:?}");
            for length in 1..file.len() {
                assert!(read(method, &file[..length]).is_err(), "{method:?} {length}");
                let more = [file, &file[..length]].concat();
                assert!(read(method, &more).is_err(), "{method:?} again {length}");
            }
        }
    }

    #[test]
    fn a_wrong_checksum_is_told() {
        for (method, file) in FILES {
            let mut file = file.to_vec();
            let at = if method == Compression::Gzip { file.len() - 8 } else { file.len() - 1 };
            file[at] ^= 1;
            assert!(read(method, &file).is_err(), "{method:?}");
        }
    }

    #[test]
    fn what_is_only_told() {
        assert_eq!(Compression::of(b"\xfd7zXZ\0\0"), Some(Compression::Xz));
        assert_eq!(Compression::of(b"BZh91AY"), Some(Compression::Bzip2));
        assert_eq!(Compression::of(b"--\n-- Post"), None);
        assert!(Compression::Xz.reader(Box::new(&b""[..])).is_none());
    }
}
