"""The tools that build releases, in pinned versions, installed where the cache is."""

import os
import subprocess
import sys

from .common import LeftOut, cache, say

# From the index of Python's packages.
PYTHON = {"maturin": "1.16.0", "ziglang": "0.15.2"}
# From crates.io.
CRATES = {"cargo-deb": "3.8.0", "cargo-generate-rpm": "0.21.1"}


def python(program):
    """A program of one of Python's packages; its directory is to stand in PATH."""
    place = cache() / "python"
    wanted = "".join(f"{name}=={version}\n" for name, version in PYTHON.items())
    receipt = place / "release.txt"
    if not receipt.exists() or receipt.read_text() != wanted:
        say(f"installing {', '.join(PYTHON)}")
        install([sys.executable, "-m", "venv", "--clear", place])
        install([place / "bin" / "pip", "install", "-q", *wanted.split()])
        receipt.write_text(wanted)
    return place / "bin" / program


def crate(program):
    """A program that cargo installs."""
    version = CRATES[program]
    place = cache() / f"{program}-{version}"
    if not (place / "bin" / program).exists():
        say(f"installing {program} {version}")
        install(["cargo", "install", "--quiet", "--locked", "--root", place,
                 "--target-dir", cache() / "build", f"{program}@{version}"])
    return place / "bin" / program


def install(words):
    try:
        done = subprocess.run([str(word) for word in words], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                              env={**os.environ, "RUSTFLAGS": ""})
    except OSError as error:
        raise LeftOut(f"{words[0]}: {error.strerror}") from error
    if done.returncode != 0:
        last = [line for line in done.stderr.splitlines() if line.strip()][-1:]
        raise LeftOut(f"{words[0]}: {last[0].strip() if last else 'no message'}")
