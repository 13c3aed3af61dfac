//! A table whose timestamps are shown in other zones: one zone takes the place of the value, several
//! have a column each.

use super::table::{Column, Row, Rows};
use crate::time_zone::{Display, Shape};
use std::io;

/// How the columns of a table are shown in other zones.
pub struct Zoned<'d> {
    display: &'d Display,
    /// What each column of the table is made of.
    shapes: Vec<Shape>,
    columns: Vec<Column>,
}

impl<'d> Zoned<'d> {
    /// For a table of these columns, whose types have these shapes; `None` if no timestamp can be in
    /// it.
    pub fn new(display: &'d Display, columns: &[Column], shapes: Vec<Shape>) -> Option<Zoned<'d>> {
        if display.zone_count() == 0 || shapes.iter().all(|shape| *shape == Shape::Other) {
            return None;
        }
        let mut shown = Vec::new();
        for (column, shape) in columns.iter().zip(&shapes) {
            if !shape.is_shown_in_zones() || display.zone_count() == 1 {
                shown.push(column.clone());
                continue;
            }
            shown.extend(display.zone_names().map(|zone| {
                let name = [&column.name[..], b" (", zone.as_bytes(), b")"].concat();
                Column { name, ..column.clone() }
            }));
        }
        Some(Zoned { display, shapes, columns: shown })
    }

    /// The columns as they are shown.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The rows as they are shown.
    pub fn rows<'a>(&'a self, rows: &'a mut dyn Rows) -> ZonedRows<'a> {
        ZonedRows { zoned: self, rows, row: Vec::new() }
    }
}

/// Rows shown in other zones, one at a time.
pub struct ZonedRows<'a> {
    zoned: &'a Zoned<'a>,
    rows: &'a mut dyn Rows,
    row: Vec<u8>,
}

impl Rows for ZonedRows<'_> {
    fn count(&self) -> u64 {
        self.rows.count()
    }

    fn rewind(&mut self) -> io::Result<()> {
        self.rows.rewind()
    }

    fn next(&mut self) -> io::Result<Option<Row<'_>>> {
        let Some(row) = self.rows.next()? else { return Ok(None) };
        let (out, display) = (&mut self.row, self.zoned.display);
        out.clear();
        // No result has so many columns that this overflows: 1,664 of them, in 8 zones.
        out.extend_from_slice(&(self.zoned.columns.len() as u16).to_be_bytes());
        for (cell, shape) in row.cells().zip(&self.zoned.shapes) {
            let times = if shape.is_shown_in_zones() { display.zone_count() } else { 1 };
            for zone in 0..times {
                push_cell(out, cell, |cell, out| match shape {
                    Shape::Other => out.extend_from_slice(cell),
                    shape => display.write(shape, cell, zone, out),
                });
            }
        }
        Ok(Some(Row::trusted(&self.row)))
    }
}

/// Appends a value in the wire's form.
fn push_cell(out: &mut Vec<u8>, cell: Option<&[u8]>, write: impl FnOnce(&[u8], &mut Vec<u8>)) {
    let at = out.len();
    out.extend_from_slice(&(-1_i32).to_be_bytes());
    if let Some(cell) = cell {
        write(cell, out);
        let length = (out.len() - at - 4) as i32;
        out[at..at + 4].copy_from_slice(&length.to_be_bytes());
    }
}
