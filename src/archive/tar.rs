//! The members of a tar file: their names and sizes.

use std::io::{self, Read};

const BLOCK: usize = 512;
const NAME: std::ops::Range<usize> = 0..100;
const SIZE: std::ops::Range<usize> = 124..136;
const CHECKSUM: std::ops::Range<usize> = 148..156;
const MAGIC: std::ops::Range<usize> = 257..262;

/// A member of a tar file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    name: Vec<u8>,
    size: u64,
}

impl Member {
    /// Its name.
    pub fn name(&self) -> &[u8] {
        &self.name
    }

    /// The size of its data in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }
}

/// The member whose header these bytes begin with, if they are one.
pub fn header(head: &[u8]) -> Option<Member> {
    let block = head.get(..BLOCK)?;
    if &block[MAGIC] != b"ustar" || octal(&block[CHECKSUM]) != Some(checksum(block)) {
        return None;
    }
    let name = &block[NAME];
    let end = memchr::memchr(0, name).unwrap_or(name.len());
    Some(Member { name: name[..end].to_vec(), size: number(&block[SIZE])? })
}

fn checksum(block: &[u8]) -> u64 {
    let value =
        |(at, &byte): (usize, &u8)| u64::from(if CHECKSUM.contains(&at) { b' ' } else { byte });
    block.iter().enumerate().map(value).sum()
}

fn octal(field: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(field).ok()?;
    u64::from_str_radix(text.trim_matches(['\0', ' ']), 8).ok()
}

/// A size: in octal, or in base 256 where that is too small.
fn number(field: &[u8]) -> Option<u64> {
    if field[0] & 0x80 == 0 {
        return octal(field);
    }
    field[1..].iter().try_fold(u64::from(field[0] & 0x7f), |value, &byte| {
        Some(value.checked_mul(256)? + u64::from(byte))
    })
}

/// The members of a tar file up to its end.
///
/// # Errors
/// It can't be read, or is cut short.
pub fn members(file: &mut impl Read) -> io::Result<Vec<Member>> {
    let mut found = Vec::new();
    let mut block = [0; BLOCK];
    loop {
        // pg_dump ends its files with empty blocks.
        let read = file.read_exact(&mut block);
        if read.is_err() || block.iter().all(|&byte| byte == 0) {
            return read.map(|()| found);
        }
        let Some(member) = header(&block) else {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the tar file is damaged"));
        };
        let padded = member.size.next_multiple_of(BLOCK as u64);
        if io::copy(&mut file.by_ref().take(padded), &mut io::sink())? < padded {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        found.push(member);
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A member with its data.
    pub fn member(name: &str, data: &str) -> Vec<u8> {
        let mut block = vec![0; BLOCK];
        block[..name.len()].copy_from_slice(name.as_bytes());
        block[SIZE].copy_from_slice(format!("{:011o}\0", data.len()).as_bytes());
        block[MAGIC].copy_from_slice(b"ustar");
        let sum = format!("{:06o}\0 ", checksum(&block));
        block[CHECKSUM].copy_from_slice(sum.as_bytes());
        block.extend_from_slice(data.as_bytes());
        block.resize(block.len().next_multiple_of(BLOCK), 0);
        block
    }

    #[test]
    fn members_with_sizes() {
        let file = [member("toc.dat", "abc"), member("12.dat", ""), vec![0; 2 * BLOCK]].concat();
        let found = members(&mut &file[..]).expect("members");
        let found: Vec<_> = found.iter().map(|m| (m.name(), m.size())).collect();
        assert_eq!(found, [(&b"toc.dat"[..], 3), (b"12.dat", 0)]);
        for length in [0, 100, BLOCK + 3, 2 * BLOCK] {
            assert!(members(&mut &file[..length]).is_err(), "{length}");
        }
        let mut wrong = file;
        wrong[0] = b'T';
        assert!(members(&mut &wrong[..]).is_err());
    }
}
