#!/usr/bin/env python3
"""Records what readline makes of keys: fills the last column of the editor's table of keys.

The table is src/terminal/editing/testdata/readline.txt. Its lines are a mode, keys in inputrc's notation,
and, recorded here from libreadline, the text (in that notation too) and the cursor, or how it ended.
"""

import ctypes
import os
import re
import sys
from pathlib import Path

TABLE = Path(__file__).parents[2] / "src/terminal/editing/testdata/readline.txt"

# As in src/terminal/editing/tests.rs.
HISTORY = [
    "select one",
    "insert into two",
    "select three words",
    "update four set a",
    "delete five",
]

ESCAPE = re.compile(r"\\C-(.)|\\(e)|\\(.)|(.)", re.DOTALL)


def keys(notation):
    """The bytes of keys in inputrc's notation."""
    out = bytearray()
    for control, escape, quoted, plain in ESCAPE.findall(notation):
        if control:
            out.append(0x7F if control == "?" else ord(control.upper()) & 0x1F)
        elif escape:
            out.append(0x1B)
        else:
            out += (quoted or plain).encode()
    return bytes(out)


def notation(text):
    """Text in inputrc's notation."""
    out = ""
    for c in text:
        if c == "\x1b":
            out += "\\e"
        elif c == "\x7f":
            out += "\\C-?"
        elif c < " ":
            out += "\\C-" + chr(ord(c) | 0x40).lower()
        else:
            out += "\\\\" if c == "\\" else c
    return out


def readline(mode, typed):
    """Runs readline in this process on what is typed; returns text and cursor, or the end."""
    library = ctypes.CDLL("libreadline.so.8")
    libc = ctypes.CDLL(None)
    libc.fopen.restype = ctypes.c_void_p
    getter = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)
    hook = ctypes.CFUNCTYPE(ctypes.c_int)
    rest = list(typed)

    def value(kind, name):
        return kind.in_dll(library, name)

    def get(_):
        if rest:
            return rest.pop(0)
        text = value(ctypes.c_char_p, "rl_line_buffer").value.decode()
        answer(f"{notation(text)}\t{value(ctypes.c_int, 'rl_point').value}")

    keep = getter(get), hook(lambda: int(bool(rest)))
    ctypes.c_void_p.in_dll(library, "rl_getc_function").value = ctypes.cast(keep[0], ctypes.c_void_p).value
    ctypes.c_void_p.in_dll(library, "rl_input_available_hook").value = ctypes.cast(keep[1], ctypes.c_void_p).value
    ctypes.c_void_p.in_dll(library, "rl_instream").value = libc.fopen(b"/dev/null", b"r")
    ctypes.c_void_p.in_dll(library, "rl_outstream").value = libc.fopen(b"/dev/null", b"w")
    library.using_history()
    for entry in HISTORY:
        library.add_history(entry.encode())
    library.rl_initialize()
    library.rl_set_screen_size(50, 500)
    library.rl_variable_bind(b"comment-begin", b"-- ")
    library.rl_variable_bind(b"editing-mode", mode.encode())
    library.readline.restype = ctypes.c_char_p
    line = library.readline(b"> ")
    answer("eof\t" if line is None else f"{notation(line.decode())}\taccept")


def answer(text):
    """Ends this process, whose parent reads its standard output."""
    os.write(1, text.encode())
    os._exit(0)


def record(mode, typed):
    """What readline makes of it, by a process of its own."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(write, 1)
        readline(mode, typed)
        os._exit(1)
    os.close(write)
    with os.fdopen(read) as output:
        result = output.read()
    os.waitpid(child, 0)
    return result


def main():
    os.environ.update(TERM="xterm", INPUTRC="/dev/null", LC_ALL="C.UTF-8")
    ctypes.CDLL(None).setlocale(6, b"")
    lines = []
    for line in TABLE.read_text().splitlines():
        if line and not line.startswith("#"):
            mode, typed = line.split("\t")[:2]
            line = f"{mode}\t{typed}\t{record(mode, keys(typed))}"
        lines.append(line + "\n")
    TABLE.write_text("".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
