use super::*;

/// Operators as `{=}`, for short.
fn shortened(sql: &[u8], encoding: Encoding) -> String {
    let text = qualify::qualify(sql, encoding);
    let text = String::from_utf8_lossy(&text).into_owned();
    let mut parts = text.split("OPERATOR(pg_catalog.");
    let mut short = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (operator, rest) = part.split_once(')').unwrap();
        short.push_str(&format!("{{{operator}}}{rest}"));
    }
    short
}

#[test]
fn operators_get_their_schema() {
    for (sql, expected) in [
        ("SELECT a.b = c", "SELECT a.b {=} c"),
        ("SELECT  a\n  <>\tb ", "SELECT  a\n  {<>}\tb "),
        ("SELECT *, x.*, f(*), -1, a - 1, a - -1", "SELECT *, x.*, f(*), -1, a {-} 1, a {-} -1"),
        ("SELECT - a, @ b = c", "SELECT {-} a, {@} b {=} c"),
        ("CASE WHEN a THEN -1 ELSE -2 END = -1", "CASE WHEN a THEN -1 ELSE -2 END {=} -1"),
        // All bind alike now.
        ("a || b = c || d", "a {||} b {=} (c {||} d)"),
        ("a = b || c || d", "a {=} (b {||} c {||} d)"),
        ("a || b + 1 * 2 || c", "a {||} (b {+} (1 {*} 2)) {||} c"),
        ("(a || b) = c AND NOT d > e OR f", "(a {||} b) {=} c AND NOT d {>} e OR f"),
        ("a < b + 1 IS TRUE", "a {<} (b {+} 1) IS TRUE"),
        ("f(a || b)[c + 1] || d", "f(a {||} b)[c {+} 1] {||} d"),
        ("a::t[] || 'b'::x.y COLLATE z", "a::t[] {||} 'b'::x.y COLLATE z"),
        (
            "a = ANY (b) AND c <> ALL (ARRAY(SELECT d = e))",
            "a {=} ANY (b) AND c {<>} ALL (ARRAY(SELECT d {=} e))",
        ),
        // What doesn't show its operator.
        ("a || b IN ('x', 'y z', '') AND c", "a {||} b {=} ANY ('{x,\"y z\",\"\"}') AND c"),
        ("NOT a NOT IN ('it''s')", "NOT a {<>} ALL ('{it''s}')"),
        ("a IN (0, b + 1, (SELECT c = d))", "a {=} ANY (ARRAY[0, b {+} 1, (SELECT c {=} d)])"),
        ("a IN (E'x')", "a {=} ANY (ARRAY[E'x'])"),
        ("a IN (SELECT b FROM c WHERE d < e)", "a {=} ANY (SELECT b FROM c WHERE d {<} e)"),
        ("a NOT IN (SELECT b)", "a {<>} ALL (SELECT b)"),
        ("a LIKE b || 'c' AND d NOT LIKE 'e'", "a {~~} (b {||} 'c') AND d {!~~} 'e'"),
        (
            "CASE a.b WHEN 'x' THEN c = d WHEN e || f THEN g ELSE h = i END || j",
            "CASE WHEN a.b {=} 'x' THEN c {=} d WHEN a.b {=} (e {||} f) THEN g ELSE h {=} i END {||} j",
        ),
        (
            "CASE WHEN a = b THEN CASE c WHEN d THEN e END END",
            "CASE WHEN a {=} b THEN CASE WHEN c {=} d THEN e END END",
        ),
        ("f(NULLIF(a || b, ''), c)", "f(CASE WHEN a {||} b {=} '' THEN NULL ELSE a {||} b END, c)"),
        // Literals and names are left alone.
        (
            "'a = b' || \"c = d\" || 'it''s = ' || E'\\' = '",
            "'a = b' {||} \"c = d\" {||} 'it''s = ' {||} E'\\' = '",
        ),
        ("SET a TO 'x'; SELECT b = c", "SET a TO 'x'; SELECT b {=} c"),
        (
            "WITH RECURSIVE x AS (SELECT a, 1 AS b UNION ALL SELECT c.d, b + 1) SELECT * FROM x",
            "WITH RECURSIVE x AS (SELECT a, 1 AS b UNION ALL SELECT c.d, b {+} 1) SELECT * FROM x",
        ),
        (
            "f(a ORDER BY b = c DESC) OVER (ORDER BY d, e || f)",
            "f(a ORDER BY b {=} c DESC) OVER (ORDER BY d, e {||} f)",
        ),
    ] {
        assert_eq!(shortened(sql.as_bytes(), Encoding::Utf8), expected);
    }
    // In SJIS the second byte of a character may look like a backslash.
    assert_eq!(shortened(b"E'\x83\x5c' = a", Encoding::Sjis), "E'\u{fffd}\\' {=} a");
}

/// What is no SQL ends as well, and has no operator without a schema.
#[test]
fn nonsense() {
    for sql in [
        "",
        ")",
        "((",
        "a IN",
        "a IN (",
        "a NOT IN ('",
        "CASE",
        "CASE a",
        "CASE a WHEN",
        "NULLIF(",
        "= = =",
        "'",
        "E'\\",
        "\"",
        "]::",
        "a COLLATE",
        "END END",
    ] {
        let text = shortened(sql.as_bytes(), Encoding::Utf8);
        assert!(!text.replace("{=}", "").contains('='), "{sql}: {text}");
    }
}

#[cfg(debug_assertions)]
#[test]
fn what_bears_no_schema_is_found() {
    let good = "SELECT pg_catalog.count(*), -1, c.* FROM pg_catalog.pg_class c WHERE c.oid = 1 \
        AND c.relname IN ('a') AND c.relname LIKE 'b' AND CASE c.relkind WHEN 'r' THEN true END \
        AND EXISTS (SELECT 1 FROM pg_catalog.unnest(c.relacl) WITH ORDINALITY k(a, b))";
    CatalogQuery::new(good, Encoding::Utf8);
    for bad in [
        "SELECT count(*)",
        "SELECT 'x'::text",
        "SELECT 1 FROM pg_class",
        "SELECT a BETWEEN 1 AND 2",
        "SELECT a IS DISTINCT FROM b",
        "SELECT a COLLATE \"C\"",
        "SELECT 1 FROM a JOIN b USING (c)",
        "SELECT a ILIKE b",
        "SELECT evil.f(1)",
        "SELECT a OPERATOR(evil.=) b",
        "SELECT a FROM pg_catalog.b NATURAL JOIN pg_catalog.c",
    ] {
        let check = || CatalogQuery::new(bad, Encoding::Utf8);
        assert!(std::panic::catch_unwind(check).is_err(), "{bad}");
    }
}

#[test]
fn literals() {
    for (text, expected) in [
        (&b"a"[..], &b"'a'"[..]),
        (b"it's", b"'it''s'"),
        (b"a\\'", b"E'a\\\\'''"),
        (b"\xff'", b"'\xc0 '''"),
        (b"\xe6\xbc)", b"'\xc0 \xc0 )'"),
    ] {
        assert_eq!(literal(text, Encoding::Utf8), expected);
    }
    assert_eq!(literal(b"\x83\x5c", Encoding::Sjis), b"'\x83\x5c'");
    assert_eq!(literal(b"\x83'", Encoding::Sjis), b"'\x8d '''");
    for encoding in [Encoding::EucJp, Encoding::EucKr, Encoding::EucCn, Encoding::EucTw] {
        assert_eq!(literal(b"x\xd0", encoding), b"'x\x8d '", "{encoding:?}: truncated");
    }
}
