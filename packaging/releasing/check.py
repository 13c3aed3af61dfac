"""Each artefact of dist/ installed in an empty place and run there, and removed again."""

import json
import os
import platform
import re
import shutil
import sys
import tarfile

from . import build, program, source
from .common import DIST, SHARED, TARGET, Broken, LeftOut, needs, run, say
from .places import DEBIANS, bare


def own(pattern):
    """The artefacts for this machine's processor that fit; one at least."""
    machine = platform.machine().replace("arm64", "aarch64")
    names = {machine, {"x86_64": "amd64", "aarch64": "arm64"}.get(machine, machine)}
    if platform.system() == "Darwin":
        names.add("darwin")
    found = [path for path in sorted(DIST.glob(pattern)) if any(name in path.name for name in names)]
    if not found:
        raise LeftOut(f"dist/ has no {pattern} for this machine")
    return found


def expect(condition, text):
    if not condition:
        raise Broken(text)


def try_out(place, pgsh):
    """Runs an installed program as far as it goes without a server."""
    version = place.run([pgsh, "--version"])
    expect(version.startswith(f"pgsh {source.version()} "), f"{place.name}: --version says {version!r}")
    expect(place.run([pgsh, "--help"]).startswith("pgsh is"), f"{place.name}: --help")
    # It looks for a server, and says that there is none.
    said = place.run([pgsh, "-X", "-h", "127.0.0.1", "-p", "1", "-c", "select 1"], status=2)
    expect("refused" in said, f"{place.name}: without a server it says {said!r}")
    place.directory("links")
    link = f"{place.inside}/links/psql"
    place.run([pgsh, "--install-as-psql", f"{place.inside}/links"])
    said = place.run([link, "--no-such-option"], status=1)
    expect(said.startswith(f"{link}: unrecognized"), f"{place.name}: the link says {said!r}")
    place.run([pgsh, "--uninstall-as-psql", f"{place.inside}/links"])
    expect(not place.has(link), f"{place.name}: {link} is still there")


def tarball():
    for archive in own("pgsh-*.tar.gz"):
        for make in [bare, *DEBIANS.values()] if platform.system() == "Linux" else [bare]:
            with left_out_aloud(make) as place:
                if place is None:
                    continue
                prefix = f"{place.inside}/prefix"
                with tarfile.open(archive) as tar:
                    for entry in tar.getmembers():
                        entry.name = entry.name.partition("/")[2]
                        tar.extract(entry, place.outside(prefix))
                try_out(place, f"{prefix}/bin/pgsh")
                expect_files(place, prefix, [*SHARED, "share/doc/pgsh/THIRD-PARTY-LICENSES"])
                say(f"{archive.name}: runs in {place.name}")


def expect_files(place, prefix, names):
    for name in names:
        expect(place.has(f"{prefix}/{name}") or place.has(f"{prefix}/{name}.gz"),
               f"{place.name}: {prefix}/{name} is not there")


class left_out_aloud:
    """An empty place, or None where it can't be had, which is said."""

    def __init__(self, make):
        self.made = make()

    def __enter__(self):
        try:
            return self.made.__enter__()
        except LeftOut as reason:
            say(f"LEFT OUT: {reason}")
            self.made = None
            return None

    def __exit__(self, *error):
        return self.made and self.made.__exit__(*error)


def deb():
    done = 0
    for package in own("*.deb"):
        for make in DEBIANS.values():
            with left_out_aloud(make) as place:
                if place is None:
                    continue
                psql = place.run(["psql", "--version"])
                shutil.copy(package, place.outside(f"{place.inside}/{package.name}"))
                place.run(["dpkg", "--install", f"{place.inside}/{package.name}"])
                try_out(place, "pgsh")
                names = [name.replace("zsh/site-functions", "zsh/vendor-completions") for name in SHARED]
                expect_files(place, "/usr", [*names, "share/doc/pgsh/copyright"])
                expect(place.run(["psql", "--version"]) == psql, f"{place.name}: psql is another")
                place.run(["dpkg", "--purge", "pgsh"])
                expect(not place.has("/usr/bin/pgsh"), f"{place.name}: pgsh is still there")
                expect(place.run(["psql", "--version"]) == psql, f"{place.name}: psql is gone")
                say(f"{package.name}: comes and goes beside postgresql-client in {place.name}")
                done += 1
    if not done:
        raise LeftOut("no Debian to install it in")


def rpm():
    needs("rpm")
    for package in own("*.rpm"):
        query = ["rpm", "--query", "--package", package]
        for relation in ["--conflicts", "--obsoletes"]:
            found = run([*query, relation], capture=True)
            expect(not found.strip(), f"{package.name} {relation[2:]} {found}")
        listed = run([*query, "--list"], capture=True).split()
        expect("/usr/bin/pgsh" in listed and "/usr/bin/psql" not in listed, f"{package.name}: {listed}")
        wanted = run([*query, "--requires"], capture=True)
        for found in re.findall(r"GLIBC_([\d.]+)", wanted):
            expect(tuple(map(int, found.split("."))) <= program.GLIBC, f"{package.name} wants {found}")
        with DEBIANS["bookworm"]() as place:
            # As rpm does it on its own systems; Debian's packages are none to it.
            do = ["rpm", "--root", place.root, "--nodeps"]
            run([*do, "--install", package])
            try_out(place, "pgsh")
            expect_files(place, "/usr", SHARED)
            run([*do, "--erase", "pgsh"])
            expect(not place.has("/usr/bin/pgsh"), f"{place.name}: pgsh is still there")
            say(f"{package.name}: comes and goes in {place.name}")


def wheel():
    for package in own("*.whl"):
        if platform.system() == "Linux":
            expect("manylinux2014" in package.name, f"{package.name} is not for manylinux2014")
        with bare() as place:
            environment = f"{place.inside}/venv"
            run([sys.executable, "-m", "venv", environment])
            pip = [f"{environment}/bin/pip", "--disable-pip-version-check", "--quiet"]
            run([*pip, "install", "--no-index", package])
            try_out(place, f"{environment}/bin/pgsh")
            expect_files(place, environment, [*SHARED, "share/doc/pgsh/THIRD-PARTY-LICENSES"])
            metadata = place.run([f"{environment}/bin/pip", "show", "--verbose", "pgsh"])
            for told in ["Summary: A PostgreSQL shell", "MIT OR Apache-2.0", "Source Code, "]:
                expect(told in metadata, f"{package.name} doesn't tell {told}: {metadata}")
            run([*pip, "uninstall", "--yes", "pgsh"])
            expect(not place.has(f"{environment}/bin/pgsh"), "pip left pgsh there")
            say(f"{package.name}: comes and goes in a virtual environment")


def crate():
    packages = list(DIST.glob("*.crate"))
    if not packages:
        raise LeftOut("dist/ has no *.crate")
    with bare() as place, tarfile.open(packages[0]) as tar:
        tar.extractall(place.outside(place.inside))
        run(["cargo", "install", "--quiet", "--locked", "--debug", "--root", f"{place.inside}/installed",
             "--path", f"{place.inside}/{packages[0].stem}"],
            env={**os.environ, "CARGO_TARGET_DIR": str(TARGET)})
        try_out(place, f"{place.inside}/installed/bin/pgsh")
    say(f"{packages[0].name}: builds and runs")


def sbom():
    bills = list(DIST.glob("*.cdx.json"))
    if not bills:
        raise LeftOut("dist/ has no *.cdx.json")
    known = source.checksums()
    for path in bills:
        bill = json.loads(path.read_text())
        found = {(part["name"], part["version"]): part for part in bill["components"]}
        strange = [crate for crate in found if crate not in known and crate[0] != "rust-std"]
        expect(not strange, f"{path.name}: {strange} are not in Cargo.lock")
        names = {name for name, _ in found}
        expect({"rustls", "clap"} <= names and not {"criterion", "vt100", "chrono-tz"} & names,
               f"{path.name}: not the parts that are linked")
        for crate, part in found.items():
            expect(part.get("licenses"), f"{path.name}: no licence of {crate}")
        say(f"{path.name}: {len(found)} parts")


def sums():
    listed = {}
    path = DIST / "SHA256SUMS"
    expect(path.exists(), "dist/ has no SHA256SUMS")
    for line in path.read_text().splitlines():
        digest, name = line.split("  ")
        listed[name] = digest
    there = {path.name: build.digest(path) for path in DIST.iterdir()
             if path.is_file() and path.name != "SHA256SUMS"}
    expect(listed == there, "SHA256SUMS and dist/ differ")


CHECKS = {"sums": sums, "sbom": sbom, "tarball": tarball, "deb": deb, "rpm": rpm, "wheel": wheel,
          "crate": crate}
