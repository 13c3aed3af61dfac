#!/usr/bin/env python3
"""Asks psql how many columns every code point fills, and writes the answer as Rust tables.

    PSQL=/path/to/psql tests/tools/record_widths.py > src/encoding/width_table.rs
"""

from fake_server import Table, psql

FILL = 12  # wider than any single character prints


def widths():
    """(code point, columns) for every code point that psql prints as itself."""
    points = [p for p in range(0xA0, 0x110000) if not 0xD800 <= p < 0xE000]
    rows = [[b"x" * FILL]] + [[chr(p).encode()] for p in points]
    script = b"\\pset pager off\n\\pset border 2\n\\t\nselect all_points;\n"
    lines = psql({"all_points": Table([(b"c", False)], rows)}, script).split(b"\n")
    for point, line in zip(points, lines[1:]):
        text = chr(point).encode()
        assert line.startswith(b"| ") and line.endswith(b" |"), (point, line)
        if line.startswith(b"| " + text):
            yield point, FILL - (len(line) - len(b"|  |") - len(text))
        else:
            assert line.strip(b"| ") == b"", (point, line)
            yield point, None


def ranges(points):
    merged = []
    for point in points:
        if merged and merged[-1][1] == point - 1:
            merged[-1][1] = point
        else:
            merged.append([point, point])
    return merged


def table(name, meaning, points):
    print(f"\n/// {meaning}: first and last of each range.")
    print("#[rustfmt::skip]")
    print(f"pub(super) const {name}: &[(u32, u32)] = &[")
    cells = [f"({a:#x}, {b:#x})," for a, b in ranges(points)]
    for at in range(0, len(cells), 4):
        print("    " + " ".join(cells[at : at + 4]))
    print("];")


def main():
    measured = list(widths())
    assert {w for _, w in measured} == {None, 0, 1, 2}
    print("//! Code points that fill no column or two; recorded from psql 18 by `tests/tools/record_widths.py`.")
    table("ZERO", "Code points that fill no column", [p for p, w in measured if w == 0])
    assert [p for p, w in measured if w is None] == [p for p in range(0x10000, 0x110000) if p & 0xFFFE == 0xFFFE]
    table("TWO", "Code points that fill two columns", [p for p, w in measured if w == 2])


if __name__ == "__main__":
    main()
