//! Results whose timestamps are shown in other zones (`\pset display_timezone`).

use super::request::{QueryRequest, ResultAction};
use super::runner::QueryRunner;
use crate::print::{Column, Part, Table, Zoned};
use crate::time_zone::{Shape, Unshown};
use crate::type_parts::TypeParts;

impl QueryRunner<'_> {
    /// Before a query: makes sure that its timestamps can be shown in the zones that are asked for.
    pub(super) fn prepare_time_zones(&mut self, request: &QueryRequest<'_>) {
        let options = request.plan.print.as_deref().unwrap_or(&self.console.print);
        let is_shown = match request.plan.action {
            ResultAction::Print
            | ResultAction::Watch
            | ResultAction::Gather
            | ResultAction::Crosstab(_) => true,
            ResultAction::SetVariables(_)
            | ResultAction::Execute
            | ResultAction::Describe
            | ResultAction::Copy(_) => false,
        };
        if is_shown && !options.display_time_zones.is_empty() {
            let zones = options.display_time_zones.clone();
            self.connection.prepare_time_zones(self.console, &zones, request.text);
        }
    }

    /// Has `show` show a table, or a part of it, its timestamps in these zones.
    pub(super) fn in_time_zones<T>(
        &mut self,
        table: &mut Table<'_>,
        zones: &[String],
        part: Part,
        show: impl FnOnce(&mut Self, &mut Table<'_>) -> T,
    ) -> T {
        if zones.is_empty() {
            return show(self, table);
        }
        let shapes = self.shapes(table.columns, part);
        let display = self.connection.display_in_zones(zones);
        let Some(zoned) = Zoned::new(&display, table.columns, shapes) else {
            return show(self, table);
        };
        let mut rows = zoned.rows(table.rows);
        let (title, footers) = (table.title, table.footers);
        let mut shown = Table { title, columns: zoned.columns(), rows: &mut rows, footers };
        let done = show(self, &mut shown);
        if let Some(reason) = display.take_unshown() {
            self.report_unshown(reason);
        }
        done
    }

    /// What the columns are made of. While more of the result is to come nobody can be asked, nor
    /// could the answer change what was printed before.
    fn shapes(&mut self, columns: &[Column], part: Part) -> Vec<Shape> {
        let mut types = TypeParts::default();
        let mut unknown: Vec<u32> = columns.iter().map(|column| column.type_oid).collect();
        unknown.retain(|oid| Shape::of(*oid, &types).is_none());
        if !unknown.is_empty() && part.start && part.stop {
            types = self.connection.type_parts(self.console, &unknown);
        }
        let shape = |column: &Column| Shape::of(column.type_oid, &types).unwrap_or(Shape::Unknown);
        columns.iter().map(shape).collect()
    }

    fn report_unshown(&mut self, reason: Unshown) {
        if self.connection.note_unshown() {
            let why = match reason {
                Unshown::Type => "what their type is made of is not known",
                Unshown::Instant => "which instants they are can't be told for certain",
            };
            let text =
                format!("\\pset display_timezone: some values are shown as they came: {why}");
            self.console.info(text);
        }
    }
}
