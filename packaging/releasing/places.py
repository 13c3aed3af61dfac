"""Empty places to install in: a bare directory, or a Debian that debootstrap made."""

import contextlib
import functools
import os
import pathlib
import shutil
import subprocess
import tempfile

from .common import Broken, LeftOut, cache, needs, run, say

# What the Debians have besides what every Debian has.
PACKAGES = "postgresql-client"


class Place:
    """Somewhere that programs are run: `root` is where its files begin."""

    def __init__(self, name, root, inside):
        self.name = name
        self.root = pathlib.Path(root)
        # A directory to work in, as the place itself knows it.
        self.inside = inside

    def outside(self, path):
        """Where a file of the place is for us."""
        return self.root / path.lstrip("/")

    def has(self, path):
        return os.path.lexists(self.outside(path))

    def directory(self, name):
        self.outside(f"{self.inside}/{name}").mkdir()

    def run(self, words, status=0):
        """Runs a program with next to no environment: what it says."""
        before = []
        if str(self.root) != "/":
            before = ["unshare", "--mount", "--pid", "--fork", f"--mount-proc={self.root}/proc",
                      "chroot", str(self.root)]
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": self.inside,
                       "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run([*before, *words], env=environment, stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
        if done.returncode != status:
            raise Broken(f"{self.name}: {' '.join(words)}: exit status {done.returncode}\n{done.stdout}")
        return done.stdout


@contextlib.contextmanager
def bare():
    """A directory with nothing in it."""
    with tempfile.TemporaryDirectory(prefix="pgsh-release-") as directory:
        yield Place("an empty directory", "/", directory)


@contextlib.contextmanager
def debian(name, suite):
    """A fresh Debian, of which the cache keeps a pattern."""
    if os.geteuid() != 0:
        raise LeftOut(f"{name}: only root can make one")
    needs("unshare")
    pattern = cache() / "roots" / suite
    if not pattern.exists():
        make(name, suite, pattern)
    with tempfile.TemporaryDirectory(prefix="pgsh-release-") as directory:
        root = pathlib.Path(directory) / "root"
        run(["cp", "--archive", "--reflink=auto", pattern, root])
        yield Place(name, root, "/root")


def make(name, suite, pattern):
    """Makes the pattern of a Debian, which appears only when it is complete."""
    debootstrap = needs("debootstrap")
    say(f"making {name}")
    pattern.parent.mkdir(exist_ok=True)
    work = pattern.with_name(f"{suite}.tmp")
    shutil.rmtree(work, ignore_errors=True)
    done = subprocess.run([debootstrap, "--variant=minbase", f"--include={PACKAGES}", suite, work],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True)
    if done.returncode != 0:
        last = done.stdout.strip().splitlines()[-1:]
        raise LeftOut(f"{name}: debootstrap: {last[0] if last else 'no message'}")
    shutil.rmtree(work / "var/cache/apt/archives", ignore_errors=True)
    (work / "var/cache/apt/archives/partial").mkdir(parents=True)
    work.rename(pattern)


DEBIANS = {suite: functools.partial(debian, name, suite)
           for name, suite in [("Debian 12", "bookworm"), ("Debian 13", "trixie")]}
