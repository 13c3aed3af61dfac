"""The program itself, for the systems that this machine can build for."""

import contextlib
import dataclasses
import functools
import os
import pathlib
import platform
import re
import shutil

from . import parts, source, tools
from .common import GENERATED, ROOT, SHARED, TARGET, Broken, LeftOut, needs, run, say

# The oldest glibc that the program runs with: that of RHEL 7 and of manylinux2014.
GLIBC = (2, 17)
# What the program may weigh, in bytes.
HEAVIEST = 8_000_000
# What maturin makes: it builds the program, with zig as cargo-zigbuild does it, and packs it for Python.
WHEELS = TARGET / "wheels"
# The libraries that it may want: glibc's own.
LIBRARIES = re.compile(r"(libc|libm|libdl|libpthread|librt|ld-linux-[\w-]+)\.so\.\d+")


@dataclasses.dataclass(frozen=True)
class System:
    """A system that the program is built for."""

    triple: str
    # What Debian calls its processor, if there are Linux packages for it.
    debian: str = ""


LINUX = [
    System("x86_64-unknown-linux-gnu", debian="amd64"),
    System("aarch64-unknown-linux-gnu", debian="arm64"),
]


@functools.cache
def systems():
    """What to build for: each Linux that there is a standard library for, or this very system."""
    if platform.system() != "Linux":
        [host] = re.findall(r"^host: (.*)$", run(["rustc", "-vV"], capture=True), re.M)
        return [System(host)]
    found = []
    for system in LINUX:
        library = run(["rustc", "--print", "target-libdir", "--target", system.triple], capture=True)
        if pathlib.Path(library.strip()).is_dir():
            found.append(system)
        else:
            say(f"{system.triple}: LEFT OUT: this Rust has no standard library for it "
                f"(`rustup target add {system.triple}` fetches one)")
    return found


def linux():
    """The systems that Linux packages are built for."""
    found = [system for system in systems() if system.debian]
    if not found:
        raise LeftOut("it is built on Linux only")
    return found


def environment():
    """What builds run in. No path of this machine gets into the program."""
    home = os.environ.get("CARGO_HOME") or pathlib.Path.home() / ".cargo"
    flags = [f"--remap-path-prefix={home}=/cargo", f"--remap-path-prefix={ROOT}=/pgsh"]
    path = os.pathsep.join([str(tools.python("")), os.environ["PATH"]])
    return {**os.environ, "PATH": path, "CARGO_TARGET_DIR": str(TARGET),
            "CARGO_ENCODED_RUSTFLAGS": "\x1f".join(flags), "SOURCE_DATE_EPOCH": str(source.date())}


@functools.cache
def built(system):
    """The program for a system, which is looked at before it is given out."""
    say(f"building pgsh for {system.triple}")
    with wheel_data(system):
        words = [tools.python("maturin"), "build", "--release", "--locked", "--target", system.triple,
                 "--out", WHEELS / system.triple]
        if system.debian:
            words += ["--zig", "--compatibility", "manylinux_{}_{}".format(*GLIBC)]
        shutil.rmtree(WHEELS / system.triple, ignore_errors=True)
        run(words, env=environment())
    program = TARGET / system.triple / "release" / "pgsh"
    inspect(program)
    return program


@functools.cache
def wheel(system):
    """The Python package that the program was built into."""
    built(system)
    [wheel] = (WHEELS / system.triple).glob("*.whl")
    return wheel


@contextlib.contextmanager
def wheel_data(system):
    """The directory from which maturin takes what is installed beside the program."""
    files = {name: generated() / file for name, file in SHARED.items()}
    files["share/doc/pgsh/THIRD-PARTY-LICENSES"] = parts.licences(system.triple)
    place = ROOT / "pgsh.data"
    shutil.rmtree(place, ignore_errors=True)
    try:
        for name, file in files.items():
            (place / "data" / name).parent.mkdir(parents=True)
            shutil.copy(file, place / "data" / name)
        yield
    finally:
        shutil.rmtree(place, ignore_errors=True)


def inspect(program):
    """Refuses a program that is too heavy, or wants what old systems don't have."""
    if (size := program.stat().st_size) > HEAVIEST:
        raise Broken(f"{program} has {size} bytes; {HEAVIEST} are allowed")
    if platform.system() != "Linux":
        return
    told = run([needs("readelf"), "-W", "--version-info", "--dynamic", program], capture=True)
    versions = {tuple(map(int, found.split("."))) for found in
                re.findall(r"Name: GLIBC_([\d.]+)", told)}
    if not versions or max(versions) > GLIBC:
        raise Broken(f"{program} wants a glibc of {max(versions, default='no version')}")
    for library in re.findall(r"\(NEEDED\).*\[(.*)\]", told):
        if not LIBRARIES.fullmatch(library):
            raise Broken(f"{program} wants {library}")
    newest = ".".join(map(str, max(versions)))
    say(f"{program.relative_to(ROOT)}: {size} bytes, glibc {newest} or newer")


@functools.cache
def generated():
    """The man page and the completions."""
    run(["cargo", "run", "--quiet", "--locked", "--example", "packaging", "--", GENERATED],
        env={**environment(), "CARGO_ENCODED_RUSTFLAGS": ""})
    return GENERATED
