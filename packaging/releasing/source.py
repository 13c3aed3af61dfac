"""What git and cargo tell of the source, and of the crates that the program is made of."""

import functools
import json
import os
import re
import subprocess

from .common import ROOT, Broken, run


@functools.cache
def date():
    """What the build is dated, in seconds since 1970: the same source gives the same files."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        if not given.isdecimal():
            raise Broken(f"SOURCE_DATE_EPOCH is {given!r}, no number of seconds")
        return int(given)
    try:
        return int(run(["git", "log", "-1", "--format=%ct"], capture=True))
    except Broken as broken:
        raise Broken("no commit tells the date: set SOURCE_DATE_EPOCH") from broken


@functools.cache
def version():
    return re.search(r'^version = "(.*)"$', (ROOT / "Cargo.toml").read_text(), re.M)[1]


@functools.cache
def metadata():
    """What cargo knows of every crate in Cargo.lock."""
    words = ["cargo", "metadata", "--locked", "--format-version", "1"]
    return json.loads(run(words, capture=True))


@functools.cache
def linked(triple):
    """The crates that are linked into the program for a system, itself first: cargo's description of each."""
    words = ["cargo", "tree", "--locked", "--edges", "normal,no-proc-macro", "--prefix", "none",
             "--target", triple, "--format", "{p}"]
    lines = run(words, capture=True, stderr=subprocess.DEVNULL).splitlines()
    known = {(crate["name"], crate["version"]): crate for crate in metadata()["packages"]}
    names = dict.fromkeys(tuple(line.split()[:2]) for line in lines if line.strip())
    return [known[name, number.lstrip("v")] for name, number in names]


def checksums():
    """What Cargo.lock says of the crates' archives."""
    pattern = r'name = "(.*)"\nversion = "(.*)"\nsource = ".*"\nchecksum = "(.*)"'
    lock = (ROOT / "Cargo.lock").read_text()
    return {(name, number): digest for name, number, digest in re.findall(pattern, lock)}
