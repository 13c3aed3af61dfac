//! PEM: base64 between lines of dashes, as OpenSSL reads it. Text around it is ignored.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

/// One block.
pub struct Block {
    /// `CERTIFICATE`, `PRIVATE KEY`, ...
    pub label: String,
    /// Old private keys have headers: `DEK-Info`.
    pub headers: Vec<(String, String)>,
    /// The decoded base64.
    pub content: Vec<u8>,
}

/// The blocks of a file, up to one that is broken.
pub fn blocks(text: &[u8]) -> Vec<Block> {
    read(text).0
}

/// The blocks of a file; `None` if one is broken.
pub fn all_blocks(text: &[u8]) -> Option<Vec<Block>> {
    let (blocks, is_whole) = read(text);
    is_whole.then_some(blocks)
}

/// The blocks of a file up to a broken one, and whether there is none.
fn read(text: &[u8]) -> (Vec<Block>, bool) {
    let text = String::from_utf8_lossy(text);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut lines = text.lines().map(str::trim_end);
    let mut blocks = Vec::new();
    while let Some(label) = lines.find_map(label) {
        match block(label, &mut lines) {
            Some(block) => blocks.push(block),
            None => return (blocks, false),
        }
    }
    (blocks, true)
}

fn label(line: &str) -> Option<&str> {
    line.strip_prefix("-----BEGIN ")?.strip_suffix("-----")
}

/// Reads a block behind its first line. A blank line may only stand before the base64, where it ends
/// the headers.
fn block<'a>(label: &str, lines: &mut impl Iterator<Item = &'a str>) -> Option<Block> {
    let end = format!("-----END {label}-----");
    let mut headers = Vec::new();
    let mut base64 = String::new();
    let mut may_be_blank = true;
    for line in lines {
        if line == end {
            let content = BASE64.decode(base64).ok()?;
            return Some(Block { label: label.to_owned(), headers, content });
        }
        match line.split_once(':') {
            _ if line.is_empty() && !may_be_blank => return None,
            _ if line.is_empty() => may_be_blank = false,
            Some((name, value)) => headers.push((name.to_owned(), value.trim_start().to_owned())),
            None => {
                may_be_blank = false;
                base64.extend(line.split_ascii_whitespace());
            }
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

    #[test]
    fn broken_blocks() {
        let good = "-----BEGIN A-----\naGVs\nbG8=\n-----END A-----\n";
        let bad = |file: &str| assert!(all_blocks(file.as_bytes()).is_none(), "{file:?}");
        let fine = |file: &str| {
            let blocks = all_blocks(file.as_bytes()).unwrap_or_else(|| panic!("{file:?}"));
            assert!(blocks.iter().any(|block| block.content == b"hello"), "{file:?}");
        };
        fine(good);
        fine(&format!("\u{feff}{good}"));
        fine(&format!("\u{feff}\ntext\n{good}-----END A-----\nmore"));
        fine(&good.replace('\n', " \r\n"));
        fine(&good.replacen("A-----\n", "A-----\n\n", 1));
        fine(&good.replace("aGVs", " aG\tVs"));
        bad(&good.replacen("A-----\n", "A-----\n\n\n", 1));
        bad(&good.replace("aGVs\n", "aGVs\n\n"));
        bad(&good.replace("bG8=\n", "bG8=\n \n"));
        bad(&good.replace("bG8", "b*8"));
        bad(&good.replace("aGVs", "aGV="));
        bad(&good.replace("END A", "END B"));
        bad(&format!("{good}-----BEGIN B-----\n"));
        bad(&format!("{good}-----BEGIN B-----\nQQ=\n-----END B-----\n"));
        bad(&format!("-----BEGIN B-----\nQQ==\n{good}"));
        assert!(all_blocks(format!(" {good}").as_bytes()).is_some_and(|found| found.is_empty()));
    }
}
