//! A column's values of one group of rows: gathered, cut into pages, compressed.

use super::kind::{Kind, Physical};
use super::thrift::{Element, Struct, put_binary, put_signed, put_unsigned, structure};

/// Numbers of the format's enumerations.
const DATA_PAGE: i32 = 0;
const PLAIN: i32 = 0;
const RLE: i32 = 3;
const SNAPPY: i32 = 1;

/// A column's values that belong to the group of rows at hand.
#[derive(Debug)]
pub struct Chunk {
    kind: Kind,
    /// The pages that are done, each behind its header.
    pages: Vec<u8>,
    /// As if pages were not compressed.
    plain_size: usize,
    /// Whether each value of the page at hand is there: runs of equal ones.
    levels: Runs,
    /// Those that are.
    values: Vec<u8>,
    count: u64,
    nulls: u64,
    bounds: Option<(i64, i64)>,
}

/// Runs of yes or no.
#[derive(Debug, Default)]
struct Runs {
    bytes: Vec<u8>,
    value: bool,
    length: u64,
    /// Of all runs.
    count: u32,
}

impl Runs {
    fn push(&mut self, value: bool) {
        if value != self.value {
            self.end_run();
            self.value = value;
        }
        self.length += 1;
        self.count += 1;
    }

    fn end_run(&mut self) {
        if self.length > 0 {
            put_unsigned(self.length << 1, &mut self.bytes);
            self.bytes.push(u8::from(self.value));
        }
        self.length = 0;
    }
}

impl Chunk {
    pub fn new(kind: Kind) -> Chunk {
        Chunk {
            kind,
            pages: Vec::new(),
            plain_size: 0,
            levels: Runs::default(),
            values: Vec::new(),
            count: 0,
            nulls: 0,
            bounds: None,
        }
    }

    /// Adds a value; `None` if its type doesn't hold it.
    pub fn push(&mut self, value: Option<&[u8]>) -> Option<()> {
        if let Some(text) = value {
            let start = self.values.len();
            self.kind.encode(text, &mut self.values)?;
            if self.kind.has_bounds() {
                self.note_bounds(start);
            }
        }
        self.levels.push(value.is_some());
        self.count += 1;
        self.nulls += u64::from(value.is_none());
        Some(())
    }

    /// Takes note of the number that stands at the end of the values.
    fn note_bounds(&mut self, start: usize) {
        let bytes = &self.values[start..];
        let number = match (bytes.first_chunk::<8>(), bytes.first_chunk::<4>()) {
            (Some(bytes), _) => i64::from_le_bytes(*bytes),
            (None, Some(bytes)) => i32::from_le_bytes(*bytes).into(),
            (None, None) => return,
        };
        let (least, greatest) = self.bounds.unwrap_or((number, number));
        self.bounds = Some((least.min(number), greatest.max(number)));
    }

    /// Bytes of the page at hand.
    pub fn page_size(&self) -> usize {
        self.values.len() + self.levels.bytes.len()
    }

    /// Bytes that are held.
    pub fn size(&self) -> usize {
        self.page_size() + self.pages.len()
    }

    /// Ends the page at hand.
    pub fn end_page(&mut self, compressor: &mut snap::raw::Encoder) {
        if self.levels.count == 0 {
            return;
        }
        let mut levels = std::mem::take(&mut self.levels);
        levels.end_run();
        let mut page = Vec::with_capacity(4 + levels.bytes.len() + self.values.len());
        page.extend_from_slice(&(levels.bytes.len() as u32).to_le_bytes());
        page.extend_from_slice(&levels.bytes);
        match self.kind.physical() {
            Physical::Boolean => page.extend(self.values.chunks(8).map(packed)),
            _ => page.extend_from_slice(&self.values),
        }
        self.values.clear();
        // Only a page of more than 4 GiB can't be compressed.
        let compressed = compressor.compress_vec(&page).unwrap_or_default();
        let header = structure(|header| {
            header.i32(1, DATA_PAGE).i32(2, page.len() as i32).i32(3, compressed.len() as i32);
            header.nested(5, |data| {
                data.i32(1, levels.count as i32).i32(2, PLAIN).i32(3, RLE).i32(4, RLE);
            });
        });
        self.plain_size += header.len() + page.len();
        self.pages.extend_from_slice(&header);
        self.pages.extend_from_slice(&compressed);
    }

    /// The pages, all ended.
    pub fn pages(&self) -> &[u8] {
        &self.pages
    }

    /// As if pages were not compressed.
    pub fn plain_size(&self) -> usize {
        self.plain_size
    }

    /// Writes what the end of the file says of the chunk, which begins at `position` there.
    pub fn describe(&self, name: &[u8], position: u64, column: &mut Struct) {
        let position = position as i64;
        let mut encodings = Vec::new();
        put_signed(PLAIN.into(), &mut encodings);
        put_signed(RLE.into(), &mut encodings);
        let mut path = Vec::new();
        put_binary(name, &mut path);
        column.i64(2, position).nested(3, |data| {
            data.i32(1, self.kind.physical() as i32)
                .list(2, Element::I32, 2, &encodings)
                .list(3, Element::Binary, 1, &path)
                .i32(4, SNAPPY)
                .i64(5, self.count as i64)
                .i64(6, self.plain_size as i64)
                .i64(7, self.pages.len() as i64)
                .i64(9, position)
                .nested(12, |statistics| self.describe_values(statistics));
        });
    }

    fn describe_values(&self, statistics: &mut Struct) {
        statistics.i64(3, self.nulls as i64);
        let width = if self.kind.physical() == Physical::Int32 { 4 } else { 8 };
        if let Some((least, greatest)) = self.bounds {
            statistics.binary(5, &greatest.to_le_bytes()[..width]);
            statistics.binary(6, &least.to_le_bytes()[..width]);
        }
    }
}

/// Eight times yes or no in a byte, the first the lowest.
fn packed(values: &[u8]) -> u8 {
    values.iter().enumerate().fold(0, |byte, (at, value)| byte | value << at)
}
