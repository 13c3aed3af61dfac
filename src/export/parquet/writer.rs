//! A file: its columns, its groups of rows, and its end.

use super::chunk::Chunk;
use super::kind::Kind;
use super::thrift::{Element, structure};

const MAGIC: &[u8] = b"PAR1";

/// What is held of a group of rows before it is written.
const GROUP_BYTES: usize = 16 << 20;
const GROUP_ROWS: u64 = 1 << 20;
/// Bytes of a page before they are compressed; less where there are many columns.
const PAGE_BYTES: usize = 1 << 20;
const LEAST_PAGE_BYTES: usize = 8 << 10;

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name, in UTF-8.
    pub name: Vec<u8>,
    /// Its type.
    pub kind: Kind,
}

/// A file being written: bytes go to a `put` given with each call, from first to last.
pub struct Writer {
    columns: Vec<Column>,
    chunks: Vec<Chunk>,
    compressor: snap::raw::Encoder,
    page_bytes: usize,
    /// Bytes that were put.
    position: u64,
    rows: u64,
    /// Of the group at hand.
    group_rows: u64,
    /// What the end says of each group that was written.
    groups: Vec<u8>,
    group_count: usize,
}

impl Writer {
    /// Begins a file.
    pub fn new(columns: Vec<Column>, put: &mut dyn FnMut(&[u8])) -> Writer {
        put(MAGIC);
        let share = GROUP_BYTES / columns.len().max(1);
        Writer {
            chunks: chunks(&columns),
            columns,
            compressor: snap::raw::Encoder::new(),
            page_bytes: share.clamp(LEAST_PAGE_BYTES, PAGE_BYTES),
            position: MAGIC.len() as u64,
            rows: 0,
            group_rows: 0,
            groups: Vec::new(),
            group_count: 0,
        }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// The column of this number doesn't hold its value: the file can't be written on.
    pub fn push<'v>(
        &mut self,
        values: impl Iterator<Item = Option<&'v [u8]>>,
        put: &mut dyn FnMut(&[u8]),
    ) -> Result<(), usize> {
        let mut held = 0;
        for (at, (chunk, value)) in self.chunks.iter_mut().zip(values).enumerate() {
            chunk.push(value).ok_or(at)?;
            if chunk.page_size() >= self.page_bytes {
                chunk.end_page(&mut self.compressor);
            }
            held += chunk.size();
        }
        self.group_rows += 1;
        if held >= GROUP_BYTES || self.group_rows >= GROUP_ROWS {
            self.end_group(put);
        }
        Ok(())
    }

    /// Ends the file.
    pub fn finish(mut self, put: &mut dyn FnMut(&[u8])) {
        if self.group_rows > 0 {
            self.end_group(put);
        }
        let end = self.end();
        put(&end);
        put(&(end.len() as u32).to_le_bytes());
        put(MAGIC);
    }

    fn end_group(&mut self, put: &mut dyn FnMut(&[u8])) {
        let start = self.position;
        let (mut described, mut plain_size) = (Vec::new(), 0);
        for (column, chunk) in self.columns.iter().zip(&mut self.chunks) {
            chunk.end_page(&mut self.compressor);
            described.extend(structure(|described| {
                chunk.describe(&column.name, self.position, described);
            }));
            put(chunk.pages());
            self.position += chunk.pages().len() as u64;
            plain_size += chunk.plain_size();
        }
        let size = self.position - start;
        self.groups.extend(structure(|group| {
            group
                .list(1, Element::Struct, self.columns.len(), &described)
                .i64(2, plain_size as i64)
                .i64(3, self.group_rows as i64)
                .i64(5, start as i64)
                .i64(6, size as i64);
        }));
        self.group_count += 1;
        self.rows += self.group_rows;
        self.group_rows = 0;
        self.chunks = chunks(&self.columns);
    }

    /// What the end of the file says.
    fn end(&self) -> Vec<u8> {
        let mut schema = structure(|root| {
            root.binary(4, b"schema").i32(5, self.columns.len() as i32);
        });
        let mut orders = Vec::new();
        for column in &self.columns {
            schema.extend(structure(|element| column.kind.describe(&column.name, element)));
            // Values are ordered as their type says.
            orders.extend(structure(|order| {
                order.nested(1, |_| {});
            }));
        }
        let count = self.columns.len();
        structure(|end| {
            end.i32(1, 2)
                .list(2, Element::Struct, count + 1, &schema)
                .i64(3, self.rows as i64)
                .list(4, Element::Struct, self.group_count, &self.groups)
                .binary(6, concat!("pgsh version ", env!("CARGO_PKG_VERSION")).as_bytes())
                .list(7, Element::Struct, count, &orders);
        })
    }
}

fn chunks(columns: &[Column]) -> Vec<Chunk> {
    columns.iter().map(|column| Chunk::new(column.kind)).collect()
}
