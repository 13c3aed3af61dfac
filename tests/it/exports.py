"""Reads what pgsh exported, with pyarrow and openpyxl, and writes it as COPY reads text: the server
then says whether it is what it was.

    exports.py FILE.parquet|FILE.xlsx ... -- [TYPE ...]

What a FILE holds goes to FILE.copied, what was seen of its columns or cells to FILE.seen. Of an Excel sheet,
the names of the columns' types say what its numbers were.
"""

import sys
import xml.etree.ElementTree as ElementTree
import zipfile

DAY = 86_400_000_000
JULIAN_1970 = 2_440_588


def instant(micros):
    """Microseconds since 1970 as PostgreSQL reads any instant."""
    days, rest = divmod(micros, DAY)
    return f"J{days + JULIAN_1970} {clock(rest)}"


def clock(micros):
    seconds, micros = divmod(micros, 1_000_000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{micros:06}"


def copied(rows, file):
    escapes = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
    for row in rows:
        texts = ("\\N" if text is None else "".join(escapes.get(c, c) for c in text) for text in row)
        print("\t".join(texts), file=file)


def parquet(name, _, copy, seen):
    import pyarrow
    import pyarrow.parquet

    def texts(column):
        kind, values = column.type, column
        if isinstance(kind, pyarrow.BaseExtensionType):
            values = column.combine_chunks()
            values = values.storage if hasattr(values, "storage") else values
            if kind.extension_name == "arrow.uuid":
                return [value and value.hex() for value in values.to_pylist()]
            return values.to_pylist()
        if pyarrow.types.is_date(kind):
            days = column.cast(pyarrow.int32()).to_pylist()
            return [None if day is None else f"J{day + JULIAN_1970}" for day in days]
        if pyarrow.types.is_timestamp(kind):
            end = "+00" if kind.tz else ""
            micros = column.cast(pyarrow.int64()).to_pylist()
            return [None if value is None else instant(value) + end for value in micros]
        if pyarrow.types.is_time(kind):
            micros = column.cast(pyarrow.int64()).to_pylist()
            return [None if value is None else clock(value) for value in micros]
        if pyarrow.types.is_binary(kind):
            return [None if value is None else "\\x" + value.hex() for value in values.to_pylist()]
        if pyarrow.types.is_float32(kind):
            # Its own digits, not those of the double that Python has.
            return column.cast(pyarrow.string()).to_pylist()
        return [None if value is None else str(value) for value in values.to_pylist()]

    table = pyarrow.parquet.read_table(name)
    print(*(f"{field.name} {field.type}" for field in table.schema), sep="\n", file=seen)
    copied(zip(*(texts(column) for column in table.columns)), copy)


def xlsx(name, types, copy, seen):
    import openpyxl
    from openpyxl.utils.escape import unescape

    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    workbook = openpyxl.load_workbook(name)
    rows = []
    for number, sheet in enumerate(workbook, 1):
        assert sheet.freeze_panes == "A2", sheet.freeze_panes
        # openpyxl rounds times to milliseconds, so their numbers are read here.
        with zipfile.ZipFile(name) as archive:
            assert archive.testzip() is None
            tree = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))
        numbers = {cell.get("r"): cell for cell in tree.iter(main + "c")}
        for at, row in enumerate(sheet.iter_rows()):
            if at == 0:
                assert all(cell.font.b for cell in row)
                continue
            texts = []
            for cell, kind in zip(row, types):
                there = numbers.get(cell.coordinate)
                if there is None:
                    texts.append(None)
                    continue
                print(kind, cell.data_type, file=seen)
                if cell.data_type == "d":
                    serial = float(there.find(main + "v").text)
                    # From 2079 on a double has no room for microseconds.
                    unit = 1000 if serial >= 1 << 16 else 1
                    micros = round(serial % 1 * DAY / unit) * unit
                    days = int(serial) - 25569
                    texts.append(clock(micros) if kind == "time" else instant(days * DAY + micros))
                elif cell.data_type == "n" and cell.value is not None:
                    texts.append(repr(cell.value))
                elif cell.data_type == "b":
                    texts.append(str(cell.value).lower())
                else:
                    texts.append(unescape(cell.value or ""))
            rows.append(texts)
    copied(rows, copy)


end = sys.argv.index("--")
for name in sys.argv[1:end]:
    with open(name + ".copied", "w") as copy, open(name + ".seen", "w") as seen:
        read = parquet if name.endswith(".parquet") else xlsx
        read(name, sys.argv[end + 1 :], copy, seen)
