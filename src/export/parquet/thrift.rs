//! Thrift's compact protocol, as far as Parquet's metadata need it.

/// Types of fields and elements.
const TRUE: u8 = 1;
const FALSE: u8 = 2;
const BYTE: u8 = 3;
const I32: u8 = 5;
const I64: u8 = 6;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const STRUCT: u8 = 12;

/// What the elements of a list are.
#[derive(Clone, Copy, Debug)]
pub enum Element {
    /// 32-bit integers.
    I32,
    /// Bytes.
    Binary,
    /// Structures.
    Struct,
}

/// A structure being written. Fields come in the order of their numbers.
#[derive(Debug, Default)]
pub struct Struct {
    bytes: Vec<u8>,
    last_field: u8,
}

impl Struct {
    /// A 32-bit integer.
    pub fn i32(&mut self, field: u8, value: i32) -> &mut Struct {
        self.field(field, I32);
        put_signed(value.into(), &mut self.bytes);
        self
    }

    /// A 64-bit integer.
    pub fn i64(&mut self, field: u8, value: i64) -> &mut Struct {
        self.field(field, I64);
        put_signed(value, &mut self.bytes);
        self
    }

    /// An 8-bit integer.
    pub fn byte(&mut self, field: u8, value: u8) -> &mut Struct {
        self.field(field, BYTE);
        self.bytes.push(value);
        self
    }

    /// A yes or no.
    pub fn flag(&mut self, field: u8, value: bool) -> &mut Struct {
        self.field(field, if value { TRUE } else { FALSE });
        self
    }

    /// Bytes.
    pub fn binary(&mut self, field: u8, value: &[u8]) -> &mut Struct {
        self.field(field, BINARY);
        put_binary(value, &mut self.bytes);
        self
    }

    /// A structure in this one.
    pub fn nested(&mut self, field: u8, write: impl FnOnce(&mut Struct)) -> &mut Struct {
        self.field(field, STRUCT);
        let mut inner = Struct::default();
        write(&mut inner);
        self.bytes.extend(inner.end());
        self
    }

    /// A list of `count` elements, written one after the other already ([`put_signed`],
    /// [`put_binary`], [`Struct::end`]).
    pub fn list(&mut self, field: u8, of: Element, count: usize, written: &[u8]) -> &mut Struct {
        self.field(field, LIST);
        let kind = match of {
            Element::I32 => I32,
            Element::Binary => BINARY,
            Element::Struct => STRUCT,
        };
        match u8::try_from(count) {
            Ok(count @ 0..15) => self.bytes.push(count << 4 | kind),
            _ => {
                self.bytes.push(0xf0 | kind);
                put_unsigned(count as u64, &mut self.bytes);
            }
        }
        self.bytes.extend_from_slice(written);
        self
    }

    /// The structure's bytes.
    pub fn end(mut self) -> Vec<u8> {
        self.bytes.push(0);
        self.bytes
    }

    fn field(&mut self, number: u8, kind: u8) {
        debug_assert!(number > self.last_field && number - self.last_field < 16);
        self.bytes.push((number - self.last_field) << 4 | kind);
        self.last_field = number;
    }
}

/// What `write` writes.
pub fn structure(write: impl FnOnce(&mut Struct)) -> Vec<u8> {
    let mut structure = Struct::default();
    write(&mut structure);
    structure.end()
}

/// Seven bits at a time, the lowest first.
pub fn put_unsigned(mut value: u64, to: &mut Vec<u8>) {
    while value >= 0x80 {
        to.push(value as u8 | 0x80);
        value >>= 7;
    }
    to.push(value as u8);
}

/// So that small numbers on both sides of 0 are short.
pub fn put_signed(value: i64, to: &mut Vec<u8>) {
    put_unsigned((value << 1 ^ value >> 63).cast_unsigned(), to);
}

/// Bytes behind their number.
pub fn put_binary(value: &[u8], to: &mut Vec<u8>) {
    put_unsigned(value.len() as u64, to);
    to.extend_from_slice(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structures() {
        let found = structure(|outer| {
            outer.i32(1, 1).i64(4, -1).nested(5, |inner| {
                inner.flag(1, true).flag(2, false).byte(3, 8);
            });
            outer.binary(6, b"ab").list(7, Element::Struct, 1, &[0]);
        });
        assert_eq!(
            found,
            [0x15, 2, 0x36, 1, 0x1c, 0x11, 0x12, 0x13, 8, 0, 0x18, 2, b'a', b'b', 0x19, 0x1c, 0, 0]
        );
        let mut number = Vec::new();
        put_unsigned(300, &mut number);
        assert_eq!(number, [0xac, 2]);
    }
}
