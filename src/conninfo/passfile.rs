//! The password file: `hostname:port:database:username:password` a line.

/// The password of the first line that fits, if it is not empty.
pub fn find(text: &[u8], wanted: [&[u8]; 4]) -> Option<Vec<u8>> {
    text.split(|b| *b == b'\n')
        .find_map(|line| {
            // As psql sees it, a line ends at a NUL.
            let line = line.split(|b| *b == 0).next().unwrap_or_default();
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.starts_with(b"#") {
                return None;
            }
            let mut rest = line;
            for value in wanted {
                rest = field(rest, value)?;
            }
            Some(unescape(rest))
        })
        .filter(|password| !password.is_empty())
}

/// What follows a field that fits `value`: its text, or a lone `*`.
fn field<'a>(line: &'a [u8], value: &[u8]) -> Option<&'a [u8]> {
    let mut end = 0;
    while *line.get(end)? != b':' {
        end += if line[end] == b'\\' { 2 } else { 1 };
    }
    let text = &line[..end];
    (text == b"*" || unescape(text) == value).then(|| &line[end + 1..])
}

/// Without the backslashes that quote the bytes behind them. The password ends at a colon.
fn unescape(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut bytes = text.iter();
    while let Some(&byte) = bytes.next() {
        match byte {
            b':' => break,
            b'\\' => plain.push(bytes.next().copied().unwrap_or(byte)),
            _ => plain.push(byte),
        }
    }
    plain
}
