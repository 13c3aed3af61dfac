//! PEM: base64 between lines of dashes, as OpenSSL reads it. Text around it is ignored.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

/// One block.
pub struct Block {
    /// `CERTIFICATE`, `PRIVATE KEY`, ...
    pub label: String,
    /// Old private keys have headers: `DEK-Info`.
    pub headers: Vec<(String, String)>,
    /// What the base64 stands for.
    pub content: Vec<u8>,
}

/// The blocks of a file, up to one that is broken.
pub fn blocks(text: &[u8]) -> Vec<Block> {
    let text = String::from_utf8_lossy(text);
    let mut lines = text.lines().map(str::trim_end);
    std::iter::from_fn(move || block(&mut lines)).collect()
}

fn block<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Option<Block> {
    let label = lines.find_map(|line| line.strip_prefix("-----BEGIN ")?.strip_suffix("-----"))?;
    let end = format!("-----END {label}-----");
    let mut block = Block { label: label.to_owned(), headers: Vec::new(), content: Vec::new() };
    let mut base64 = String::new();
    for line in lines {
        if line == end {
            block.content = BASE64.decode(base64).ok()?;
            return Some(block);
        }
        match line.split_once(':') {
            Some((name, value)) => {
                block.headers.push((name.to_owned(), value.trim_start().to_owned()));
            }
            None => base64.push_str(line.trim()),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_found() {
        let text =
            b"text\n-----BEGIN A B-----\r\nName: x: y\r\n\r\naGVs\r\nbG8=\r\n-----END A B-----\n\
                     more\n-----BEGIN C-----\nQQ==\n-----END C-----\n-----BEGIN D-----\nQQ==\n";
        let all = blocks(text);
        let labels: Vec<_> = all.iter().map(|b| b.label.as_str()).collect();
        assert_eq!(labels, ["A B", "C"]);
        assert_eq!(all[0].content, b"hello");
        assert_eq!(all[0].headers, [("Name".to_owned(), "x: y".to_owned())]);
        assert!(blocks(b"-----BEGIN A-----\n*\n-----END A-----\n").is_empty());
    }
}
