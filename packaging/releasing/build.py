"""The artefacts: each is built into dist/ from the program and what is installed beside it."""

import gzip
import hashlib
import os
import shutil
import tarfile

from . import parts, program, source, tools
from .common import DIST, ROOT, SHARED, TARGET, Broken, run, say

# What is there to be read, in the documentation's directory.
DOCUMENTS = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "psqlrc.example"]
# The end of a file's name that is not whole yet.
PART = ".part"


def begin(everything):
    """Makes room for what is built."""
    if everything:
        shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir(exist_ok=True)
    try:
        if run(["git", "status", "--porcelain"], capture=True).strip():
            say("the work tree has changes that no commit has")
    except Broken:
        say("which commit this is can't be told")


def replace(pattern):
    """Removes what an earlier build left of an artefact."""
    for path in DIST.glob(pattern):
        path.unlink()


def built(pattern):
    """Says what was built."""
    for path in sorted(DIST.glob(pattern)):
        say(f"dist/{path.name}: {path.stat().st_size} bytes")


def tarball():
    replace("pgsh-*.tar.gz")
    for system in program.systems():
        name = f"pgsh-{source.version()}-{system.triple}"
        files = {"bin/pgsh": program.built(system)}
        files |= {place: program.generated() / file for place, file in SHARED.items()}
        files |= {f"share/doc/pgsh/{path}": ROOT / path for path in documents()}
        files["share/doc/pgsh/THIRD-PARTY-LICENSES"] = parts.licences(system.triple)
        pack(DIST / f"{name}.tar.gz", name, files)
    built("pgsh-*.tar.gz")


def documents():
    """What is there to be read, README's links and pictures with it."""
    kept = [path for pattern in ["docs/*.md", "docs/pictures/*.svg"] for path in ROOT.glob(pattern)]
    names = [str(path.relative_to(ROOT)) for path in kept if path.name != "architecture.md"]
    return DOCUMENTS + sorted(names)


def pack(archive, folder, files):
    """Writes files, by their places in a folder, so that the same files make the same archive."""
    # Renamed once it is whole: what is in dist/ gets a sum.
    unfinished = archive.with_name(archive.name + PART)
    with unfinished.open("wb") as out, \
            gzip.GzipFile("", "wb", 9, out, mtime=source.date()) as packed, \
            tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for place in sorted(files):
            entry = tarfile.TarInfo(f"{folder}/{place}")
            entry.size = files[place].stat().st_size
            entry.mtime = source.date()
            entry.mode = 0o755 if place.startswith("bin/") else 0o644
            with files[place].open("rb") as content:
                tar.addfile(entry, content)
    unfinished.rename(archive)


def deb():
    for system in packaged("*.deb"):
        run([tools.crate("cargo-deb"), "deb", "--no-build", "--no-strip", "--locked",
             "--target", system.triple, "--output", DIST], env=program.environment())
    built("*.deb")


def rpm():
    for system in packaged("*.rpm"):
        run([tools.crate("cargo-generate-rpm"), "generate-rpm", "--target", system.triple,
             "--auto-req", "builtin", "--payload-compress", "xz", "--output", DIST], env=program.environment())
    built("*.rpm")


def packaged(pattern):
    """The systems to make packages for, one after the other, when all that goes into one is there."""
    systems = program.linux()
    replace(pattern)
    for system in systems:
        program.built(system)
        program.generated()
        parts.licences(system.triple)
        yield system


def wheel():
    systems = program.systems()
    replace("*.whl")
    for system in systems:
        shutil.copy(program.wheel(system), DIST)
    built("*.whl")


def crate():
    replace("*.crate")
    run(["cargo", "package", "--locked", "--no-verify", "--allow-dirty"],
        env={**os.environ, "CARGO_TARGET_DIR": str(TARGET)})
    shutil.copy(TARGET / "package" / f"pgsh-{source.version()}.crate", DIST)
    built("*.crate")


def sbom():
    replace("*.cdx.json")
    for system in program.systems():
        name = f"pgsh-{source.version()}-{system.triple}.cdx.json"
        (DIST / name).write_text(parts.bill(system.triple))
    built("*.cdx.json")


def sums():
    """SHA256SUMS, as sha256sum -c reads it."""
    files = sorted(path for path in DIST.iterdir()
                   if path.is_file() and path.name != "SHA256SUMS" and path.suffix != PART)
    lines = [f"{digest(path)}  {path.name}\n" for path in files]
    (DIST / "SHA256SUMS").write_text("".join(lines))


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


ARTEFACTS = {"tarball": tarball, "deb": deb, "rpm": rpm, "wheel": wheel, "crate": crate, "sbom": sbom,
             "sums": sums}
