"""A server that answers `select NAME` with a table of our choice, byte for byte; `encoding NAME`
changes the client's encoding.

Recording scripts put it in front of the real psql, so that psql prints what no real server would
send: invalid bytes, any client encoding, headings with control characters.
"""

import contextlib
import os
import socket
import struct
import subprocess
import tempfile
import threading


class Table:
    """Columns as (name, right aligned), rows as lists of bytes or None, and an encoding name."""

    def __init__(self, columns, rows, encoding=b"UTF8"):
        self.columns, self.rows, self.encoding = columns, rows, encoding


def message(kind, body):
    return kind + struct.pack("!i", len(body) + 4) + body


def description(table):
    out = struct.pack("!h", len(table.columns))
    for name, right in table.columns:
        out += name + b"\0" + struct.pack("!ihihih", 0, 0, 23 if right else 25, -1, -1, 0)
    return message(b"T", out)


def data_row(row):
    out = struct.pack("!h", len(row))
    for cell in row:
        out += struct.pack("!i", -1) if cell is None else struct.pack("!i", len(cell)) + cell
    return message(b"D", out)


class Connection:
    def __init__(self, sock, tables):
        self.sock, self.tables = sock, tables

    def read(self, count):
        data = b""
        while len(data) < count:
            more = self.sock.recv(count - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    def run(self):
        (length,) = struct.unpack("!i", self.read(4))
        self.read(length - 4)
        status = b""
        for name, value in [
            (b"server_version", b"18.6"),
            (b"client_encoding", b"UTF8"),
            (b"server_encoding", b"UTF8"),
            (b"standard_conforming_strings", b"on"),
        ]:
            status += message(b"S", name + b"\0" + value + b"\0")
        self.sock.sendall(message(b"R", struct.pack("!i", 0)) + status + message(b"Z", b"I"))
        while True:
            kind = self.read(1)
            (length,) = struct.unpack("!i", self.read(4))
            body = self.read(length - 4)
            if kind == b"X":
                return
            self.sock.sendall(self.answer(body.rstrip(b"\0").strip(b"; \n")))

    def answer(self, query):
        words = query.split()
        ready = message(b"Z", b"I")
        if words[0] == b"select":
            return self.select(self.tables[words[1].decode()]) + ready
        if words[0] == b"encoding":
            return message(b"S", b"client_encoding\0" + words[1] + b"\0") + message(b"C", b"SET\0") + ready
        return message(b"C", words[0].upper() + b"\0") + ready

    def select(self, table):
        out = description(table) + b"".join(map(data_row, table.rows))
        return out + message(b"C", b"SELECT %d\0" % len(table.rows))


@contextlib.contextmanager
def serving(tables):
    """Serves the tables (name -> Table) and yields the environment for psql."""
    with tempfile.TemporaryDirectory() as folder:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(folder + "/.s.PGSQL.5432")
        listener.listen(8)

        def accept():
            while True:
                try:
                    sock, _ = listener.accept()
                except OSError:
                    return
                with sock, contextlib.suppress(EOFError, OSError):
                    Connection(sock, tables).run()

        threading.Thread(target=accept, daemon=True).start()
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        environment = {"PGHOST": folder, "PGPORT": "5432", "PGUSER": "u", "PGDATABASE": "d"}
        yield {**kept, **environment, "LC_ALL": "C", "PAGER": "", "PGSSLMODE": "disable", "PGGSSENCMODE": "disable"}
        listener.close()


def psql(tables, script, extra_environment=None):
    """What psql writes to standard output for the script."""
    with serving(tables) as environment:
        environment.update(extra_environment or {})
        done = subprocess.run(
            [os.environ["PSQL"], "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-"],
            input=script,
            stdout=subprocess.PIPE,
            env=environment,
            check=True,
        )
    return done.stdout
