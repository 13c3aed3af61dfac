//! What the server is asked, on 10 and newer.

use super::column::Column;
use super::name::Request;
use crate::catalog_query::{CatalogQuery, identifier, literal};
use crate::encoding::Encoding;

/// A relation as it is written in a query.
fn written(schema: &[u8], name: &[u8]) -> Vec<u8> {
    [&identifier(schema)[..], b".", &identifier(name)].concat()
}

fn query(parts: &[&[u8]], encoding: Encoding) -> CatalogQuery {
    CatalogQuery::new(parts.concat(), encoding)
}

/// Asks for the relation that is meant, the likeliest first.
pub fn relation(request: &Request, version: i32, encoding: Encoding) -> CatalogQuery {
    let literal = |name: &[u8]| literal(name, encoding);
    let visible = |name: &[u8]| {
        [b"c.relname = ", &literal(name)[..], b" AND pg_catalog.pg_table_is_visible(c.oid)"]
            .concat()
    };
    let of_schema = |schema: &[u8], name: &[u8]| {
        [b"n.nspname = ", &literal(schema)[..], b" AND c.relname = ", &literal(name)].concat()
    };
    let (first, second) = match request {
        Request::One(name) => (visible(name), b"false".to_vec()),
        Request::Two(first, last) => (of_schema(first, last), visible(first)),
        Request::Three(schema, name, _) => (of_schema(schema, name), b"false".to_vec()),
    };
    let size: &[u8] = match version {
        120_000.. => {
            b"CASE WHEN c.relkind = 'p' THEN (SELECT pg_catalog.sum(\
            pg_catalog.pg_table_size(p.relid)) FROM pg_catalog.pg_partition_tree(c.oid) AS p) \
            WHEN c.relkind IN ('r', 'm', 't', 'i') THEN pg_catalog.pg_table_size(c.oid) END"
        }
        _ => {
            b"CASE WHEN c.relkind IN ('r', 'm', 't', 'i') THEN pg_catalog.pg_table_size(c.oid) END"
        }
    };
    query(
        &[
            b"SELECT c.oid, n.nspname, c.relname, c.relkind, c.reltuples::pg_catalog.int8, \
              c.relpages, ",
            size,
            b", c.relhassubclass, pg_catalog.row_security_active(c.oid), \
              (SELECT pg_catalog.date_trunc('second', pg_catalog.max(a.at)) \
              FROM (VALUES (s.last_analyze), (s.last_autoanalyze)) AS a(at)), \
              s.n_mod_since_analyze, CASE WHEN ",
            &first,
            b" THEN 1 ELSE 2 END AS place \
              FROM pg_catalog.pg_class AS c \
              JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
              LEFT JOIN pg_catalog.pg_stat_all_tables AS s ON s.relid = c.oid \
              WHERE (",
            &first,
            b") OR (",
            &second,
            b") ORDER BY place LIMIT 1",
        ],
        encoding,
    )
}

/// Asks for a relation's columns and what pg_stats says of them.
pub fn columns(oid: &[u8], schema: &[u8], name: &[u8], encoding: Encoding) -> CatalogQuery {
    query(
        &[
            b"SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), \
              CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END, t.typtype, \
              pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'SELECT'), \
              s.null_frac, s.avg_width, s.n_distinct, s.correlation, \
              (s.most_common_vals::pg_catalog.text::pg_catalog.text[])[1], \
              s.most_common_freqs[1], s.bounds[1], \
              s.bounds[pg_catalog.array_upper(s.bounds, 1)], s.inherited \
              FROM pg_catalog.pg_attribute AS a \
              JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid \
              LEFT JOIN LATERAL (SELECT s.null_frac, s.avg_width, s.n_distinct, s.correlation, \
              s.most_common_vals, s.most_common_freqs, s.inherited, \
              s.histogram_bounds::pg_catalog.text::pg_catalog.text[] AS bounds \
              FROM pg_catalog.pg_stats AS s WHERE s.schemaname = ",
            &literal(schema, encoding),
            b" AND s.tablename = ",
            &literal(name, encoding),
            b" AND s.attname = a.attname ORDER BY s.inherited DESC LIMIT 1) AS s ON true \
              WHERE a.attrelid = ",
            oid,
            b" AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
        ],
        encoding,
    )
}

/// Asks for the most common values of a column with their shares, and then for the bounds of its
/// histogram.
pub fn values(schema: &[u8], name: &[u8], column: &[u8], encoding: Encoding) -> CatalogQuery {
    let literal = |name: &[u8]| literal(name, encoding);
    let from = [
        b" FROM (SELECT * FROM pg_catalog.pg_stats AS p WHERE p.schemaname = ",
        &literal(schema)[..],
        b" AND p.tablename = ",
        &literal(name),
        b" AND p.attname = ",
        &literal(column),
        b" ORDER BY p.inherited DESC LIMIT 1) AS s CROSS JOIN LATERAL ",
    ]
    .concat();
    query(
        &[
            b"SELECT v.value, v.share, v.place",
            &from,
            b"ROWS FROM (pg_catalog.unnest(s.most_common_vals::pg_catalog.text::pg_catalog.text[]), \
              pg_catalog.unnest(s.most_common_freqs)) WITH ORDINALITY AS v(value, share, place) \
              UNION ALL SELECT v.value, NULL, v.place",
            &from,
            b"pg_catalog.unnest(s.histogram_bounds::pg_catalog.text::pg_catalog.text[]) \
              WITH ORDINALITY AS v(value, place) ORDER BY 3",
        ],
        encoding,
    )
}

/// Asks for the extended statistics of a relation: their definitions, and whether there is anything
/// in them as far as that can be told.
pub fn extended(oid: &[u8], version: i32, encoding: Encoding) -> CatalogQuery {
    let gathered: &[u8] = match version {
        120_000.. => {
            b"EXISTS (SELECT FROM pg_catalog.pg_stats_ext AS x \
              WHERE x.statistics_schemaname = n.nspname AND x.statistics_name = s.stxname)"
        }
        _ => b"true",
    };
    query(
        &[
            b"SELECT pg_catalog.pg_get_statisticsobjdef(s.oid), ",
            gathered,
            b" FROM pg_catalog.pg_statistic_ext AS s \
              JOIN pg_catalog.pg_namespace AS n ON n.oid = s.stxnamespace \
              WHERE s.stxrelid = ",
            oid,
            b" ORDER BY n.nspname, s.stxname",
        ],
        encoding,
    )
}

/// Counts a relation's rows, and of each column what is in it: values, distinct ones, the least and
/// the greatest.
pub fn count(schema: &[u8], name: &[u8], columns: &[Column], encoding: Encoding) -> CatalogQuery {
    let mut sql = b"SELECT pg_catalog.count(*)".to_vec();
    for column in columns {
        let name = identifier(&column.name);
        sql.extend_from_slice(&[b", pg_catalog.count(", &name[..], b")"].concat());
        sql.extend_from_slice(&match column.has_equality() {
            true => [b", pg_catalog.count(DISTINCT ", &name[..], b")"].concat(),
            false => b", NULL".to_vec(),
        });
        for function in ["min", "max"] {
            sql.extend_from_slice(&match column.has_order() {
                true => [b", pg_catalog.", function.as_bytes(), b"(", &name[..], b")"].concat(),
                false => b", NULL".to_vec(),
            });
        }
    }
    query(&[&sql, b" FROM ", &written(schema, name)], encoding)
}

/// Counts a column's values: all, NULL, distinct ones, the least, the greatest; then the most common
/// ones with how often they are there.
pub fn count_values(
    schema: &[u8],
    name: &[u8],
    column: &Column,
    encoding: Encoding,
) -> CatalogQuery {
    let value = identifier(&column.name);
    let end = |function: &str| match column.has_order() {
        true => format!("pg_catalog.{function}(v.value)::pg_catalog.text"),
        false => "NULL::pg_catalog.text".to_owned(),
    };
    query(
        &[
            b"WITH grouped AS (SELECT r.",
            &value,
            b" AS value, pg_catalog.count(*) AS n FROM ",
            &written(schema, name),
            b" AS r GROUP BY r.",
            &value,
            b") SELECT pg_catalog.sum(v.n)::pg_catalog.int8, \
              pg_catalog.sum(CASE WHEN v.value IS NULL THEN v.n END)::pg_catalog.int8, \
              pg_catalog.count(v.value), ",
            end("min").as_bytes(),
            b", ",
            end("max").as_bytes(),
            b" FROM grouped AS v UNION ALL (SELECT NULL, NULL, v.n, v.value::pg_catalog.text, NULL \
              FROM grouped AS v \
              WHERE v.value IS NOT NULL ORDER BY v.n DESC, v.value LIMIT 12)",
        ],
        encoding,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names are quoted, and nothing is left to the search_path, which debug builds check.
    #[test]
    fn every_query() {
        let request = Request::Two(b"a'b".to_vec(), b"c\\d".to_vec());
        let column = Column { name: b"x\"y".to_vec(), type_oid: 23, ..Column::default() };
        let doc = Column { name: b"doc".to_vec(), type_oid: 114, ..Column::default() };
        let encoding = Encoding::Utf8;
        let (schema, name) = (&b"a\"b"[..], &b"c"[..]);
        let columns = [column, doc];
        for (query, expected) in [
            (relation(&request, 100_000, encoding), "'a''b'"),
            (relation(&request, 180_000, encoding), "E'c\\\\d'"),
            (super::columns(b"1", schema, name, encoding), "'a\"b'"),
            (values(schema, name, b"x'y", encoding), "'x''y'"),
            (extended(b"1", 110_000, encoding), ", true FROM"),
            (extended(b"1", 120_000, encoding), "pg_stats_ext"),
            (
                count(schema, name, &columns, encoding),
                "pg_catalog.max(\"x\"\"y\"), pg_catalog.count(\"doc\"), NULL",
            ),
            (count(schema, name, &columns, encoding), "FROM \"a\"\"b\".\"c\""),
            (count_values(schema, name, &columns[0], encoding), "GROUP BY r.\"x\"\"y\""),
            (count_values(schema, name, &columns[1], encoding), "NULL::pg_catalog.text"),
        ] {
            let query = String::from_utf8_lossy(query.as_bytes()).into_owned();
            assert!(query.contains(expected), "{expected}: {query}");
        }
    }
}
