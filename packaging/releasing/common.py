"""What every part needs: where things are, how a program is run, what is said."""

import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
DIST = ROOT / "dist"
TARGET = ROOT / "target"
# The man page and the completions, as the example `packaging` writes them.
GENERATED = TARGET / "packaging"
# Where the man page and the completions belong, below a prefix as /usr/local or ~/.local.
SHARED = {
    "share/man/man1/pgsh.1": "pgsh.1",
    "share/bash-completion/completions/pgsh": "pgsh.bash",
    "share/zsh/site-functions/_pgsh": "_pgsh",
    "share/fish/vendor_completions.d/pgsh.fish": "pgsh.fish",
}


class LeftOut(Exception):
    """Why something can't be built or checked on this machine."""


class Broken(Exception):
    """What is wrong with something that was built or installed."""


def say(text):
    print(f"release: {text}", file=sys.stderr, flush=True)


def run(words, **more):
    """Runs a program whose failure ends the work; its standard output if `capture` is set."""
    words = [str(word) for word in words]
    capture = more.pop("capture", False)
    more.setdefault("cwd", ROOT)
    more.setdefault("stdin", subprocess.DEVNULL)
    more.setdefault("stdout", subprocess.PIPE if capture else sys.stderr)
    try:
        done = subprocess.run(words, text=True, **more)
    except OSError as error:
        raise Broken(f"{words[0]}: {error.strerror}") from error
    if done.returncode != 0:
        raise Broken(f"{' '.join(words)}: exit status {done.returncode}")
    return done.stdout


def needs(program):
    """The program, or a reason to leave something out."""
    found = shutil.which(program)
    if not found:
        raise LeftOut(f"no {program} here")
    return found


def cache():
    """Where tools and Debian's files are kept from one release to the next."""
    if named := os.environ.get("PGSH_RELEASE_CACHE"):
        place = pathlib.Path(named)
    elif os.geteuid() == 0:
        place = pathlib.Path("/var/cache/pgsh/release")
    else:
        kept = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
        place = pathlib.Path(kept) / "pgsh" / "release"
    place.mkdir(parents=True, exist_ok=True)
    return place.resolve()
