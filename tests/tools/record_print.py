#!/usr/bin/env python3
"""Records what psql prints: every table of src/print/testdata/tables.txt under many options.

    PSQL=/path/to/psql tests/tools/record_print.py > src/print/testdata/matrix.txt

With `--all N` instead of the chosen cases, N random ones (for hunting differences).
A case is a line `case TAB table TAB bytes TAB option=value ...`, then that many bytes and a newline.
"""

import itertools
import random
import sys
from pathlib import Path

from fake_server import Table, psql

TABLES = Path(__file__).parents[2] / "src/print/testdata/tables.txt"
MARK = b"@@@ case @@@\n"
DEFAULTS = {
    "border": "1", "columns": "0", "csv_fieldsep": ",", "expanded": "off", "fieldsep": "|",
    "footer": "on", "format": "aligned", "linestyle": "ascii", "null": "", "numericlocale": "off",
    "recordsep": "\n", "tableattr": None, "title": None, "tuples_only": "off",
    "unicode_border_linestyle": "single", "unicode_column_linestyle": "single",
    "unicode_header_linestyle": "single", "xheader_width": "full", "fetch": "0",
}  # fmt: skip
FORMATS = ["aligned", "wrapped", "unaligned", "csv", "html", "asciidoc", "latex", "latex-longtable", "troff-ms"]
CHOICES = {
    "format": FORMATS + ["aligned", "wrapped"],
    "border": ["0", "1", "2", "3"],
    "expanded": ["off", "on", "auto"],
    "tuples_only": ["off", "on"],
    "linestyle": ["ascii", "old-ascii", "unicode"],
    "columns": ["0", "10", "16", "20", "25", "30", "40", "60"],
    "null": ["", "NULL", "<\u00f8>&", "a\tb"],
    "footer": ["on", "on", "off"],
    "title": [None, None, "Title", "a <&> title longer than most tables are, \u6f22\u5b57 too"],
    "tableattr": [None, None, "class=\"x\"", "0.2 0.3"],
    "numericlocale": ["off", "off", "on"],
    "fieldsep": ["|", "::", "", "\0"],
    "recordsep": ["\n", "--", "\0"],
    "csv_fieldsep": [",", ";", "\t"],
    "xheader_width": ["full", "column", "page", "12", "30"],
    "unicode_border_linestyle": ["single", "double"],
    "unicode_column_linestyle": ["single", "double"],
    "unicode_header_linestyle": ["single", "double"],
    "fetch": ["0", "0", "1", "2", "3", "10", "11"],
}  # fmt: skip


def unescape(text):
    return text.encode("latin1").decode("unicode_escape").encode("latin1")


def read_tables():
    tables = {}
    for line in TABLES.read_text("latin1").split("\n"):
        kind, *fields = line.split("\t")
        if kind == "table":
            table = tables[fields[0]] = Table([], [], fields[1].encode())
        elif kind == "head":
            table.columns = [(unescape(f.removeprefix(">")), f.startswith(">")) for f in fields]
        elif kind == "row":
            table.rows.append([None if f == "NULL" else unescape(f) for f in fields])
    return tables


def quote(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\t", "\\t") + "'"


def commands(name, options):
    lines = []
    for key, value in {**DEFAULTS, **options}.items():
        if key == "fetch":
            lines.append(f"\\set FETCH_COUNT {value}")
        elif value is None:
            lines.append(f"\\pset {key}")
        elif value == "\0":
            lines.append(f"\\pset {key}_zero")
        else:
            lines.append(f"\\pset {key} {quote(value)}")
    return lines + [f"select {name};", "\\echo " + MARK.decode().strip()]


def relevant(options):
    """Leaves out options the format doesn't look at, and defaults, so that cases stay short."""
    form = options.get("format", "aligned")
    screen = form in ("aligned", "wrapped")
    unused = set()
    if not screen:
        unused |= {"linestyle", "columns", "xheader_width"}
        if options.get("expanded") == "auto":
            unused |= {"expanded"}
    elif form == "aligned" and options.get("expanded", "off") != "auto" and options.get("xheader_width") != "page":
        unused |= {"columns"}
    if options.get("expanded", "off") == "off":
        unused |= {"xheader_width"}
    if form != "unaligned":
        unused |= {"fieldsep", "recordsep"}
    if form != "csv":
        unused |= {"csv_fieldsep"}
    if form in ("unaligned", "csv"):
        unused |= {"border"}
    if form not in ("html", "latex-longtable"):
        unused |= {"tableattr"}
    if not screen or options.get("linestyle") != "unicode":
        unused |= {key for key in CHOICES if key.startswith("unicode_")}
    return {k: v for k, v in options.items() if k not in unused and v != DEFAULTS[k]}


def product(**choices):
    for values in itertools.product(*choices.values()):
        yield dict(zip(choices, values))


def chosen_cases(tables):
    """Each format, border, expanded and tuples_only with each table; random ones for the rest."""
    for name in tables:
        yield from ((name, o) for o in product(format=FORMATS, expanded=["off", "on"]))
    for name in ["plain", "odd", "empty"]:
        both = product(format=FORMATS, border=CHOICES["border"], expanded=["off", "on"], tuples_only=["off", "on"])
        yield from ((name, o) for o in both)
        styles = product(linestyle=CHOICES["linestyle"], border=["0", "1", "2"], expanded=["off", "on"])
        yield from ((name, o) for o in styles)
    yield from random_cases(tables, 900)


def random_cases(tables, count):
    pick = random.Random(count)
    for _ in range(count):
        keys = pick.sample(list(CHOICES), pick.randint(2, 9)) + ["format", "expanded"]
        yield pick.choice(list(tables)), {key: pick.choice(CHOICES[key]) for key in keys}


def escape(text):
    return text.encode().decode("latin1").encode("unicode_escape").decode()


def main():
    tables = read_tables()
    count = int(sys.argv[2]) if sys.argv[1:2] == ["--all"] else None
    cases = random_cases(tables, count) if count else chosen_cases(tables)
    unique = {(n, tuple(sorted(relevant(o).items(), key=lambda i: i[0]))): None for n, o in cases}
    lines, encoding = [], None
    for name, options in unique:
        if tables[name].encoding != encoding:
            encoding = tables[name].encoding
            lines.append(f"encoding {encoding.decode()};")
        lines += commands(name, dict(options))
    outputs = psql(tables, "\n".join(["\\pset pager off"] + lines).encode() + b"\n").split(MARK)
    assert len(outputs) == len(unique) + 1, (len(outputs), len(unique))
    write = sys.stdout.buffer.write
    for (name, options), output in zip(unique, outputs):
        told = "".join("\t" + k + "=" + escape(v or "") for k, v in options)
        write(f"case\t{name}\t{len(output)}{told}\n".encode() + output + b"\n")


if __name__ == "__main__":
    main()
