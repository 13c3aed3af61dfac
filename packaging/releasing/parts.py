"""What the program is made of: the list of its parts (SBOM), and their licences."""

import datetime
import hashlib
import json
import pathlib
import re
import uuid

from . import source
from .common import GENERATED, run

# What files that hold a licence are called.
LICENCES = re.compile(r"(licen[cs]e|copying|copyright|notice)", re.I)


def bill(triple):
    """The list of parts, as CycloneDX has it."""
    itself, *others = source.linked(triple)
    sums = source.checksums()
    rust = run(["rustc", "--version"], capture=True).split()[1]
    library = {"type": "library", "bom-ref": "rust-std", "name": "rust-std", "version": rust,
               "description": "Rust's standard library",
               "licenses": [{"expression": "MIT OR Apache-2.0"}]}
    references = {crate["id"]: reference(crate) for crate in [itself, *others]}
    when = datetime.datetime.fromtimestamp(source.date(), datetime.timezone.utc)
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "timestamp": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {**component(itself, sums), "type": "application"},
            "properties": [{"name": "pgsh:target", "value": triple}],
        },
        "components": sorted([*(component(crate, sums) for crate in others), library],
                             key=lambda part: part["bom-ref"]),
        "dependencies": dependencies(references),
    }
    text = json.dumps(document, sort_keys=True)
    number = uuid.UUID(bytes=hashlib.sha256(text.encode()).digest()[:16], version=4)
    return json.dumps({**document, "serialNumber": f"urn:uuid:{number}"}, indent=2) + "\n"


def reference(crate):
    return f"pkg:cargo/{crate['name']}@{crate['version']}"


def component(crate, sums):
    part = {"type": "library", "bom-ref": reference(crate), "purl": reference(crate),
            "name": crate["name"], "version": crate["version"]}
    if crate["description"]:
        part["description"] = " ".join(crate["description"].split())
    if crate["license"]:
        part["licenses"] = [{"expression": crate["license"].replace("/", " OR ")}]
    if digest := sums.get((crate["name"], crate["version"])):
        part["hashes"] = [{"alg": "SHA-256", "content": digest}]
    return part


def dependencies(references):
    """Who needs whom, among the parts."""
    nodes = {node["id"]: node for node in source.metadata()["resolve"]["nodes"]}
    found = []
    for crate, name in references.items():
        needed = [dependency["pkg"] for dependency in nodes[crate]["deps"]
                  if any(kind["kind"] is None for kind in dependency["dep_kinds"])]
        found.append({"ref": name, "dependsOn": sorted(
            references[other] for other in needed if other in references)})
    return sorted(found, key=lambda entry: entry["ref"])


def licences(triple):
    """A file of the licences of all parts, which ask to be passed on."""
    texts = {}
    for crate in source.linked(triple)[1:]:
        name = f"{crate['name']} {crate['version']} ({crate['license']})"
        folder = pathlib.Path(crate["manifest_path"]).parent
        files = sorted(path for path in folder.iterdir()
                       if path.is_file() and LICENCES.match(path.name))
        if not files:
            texts.setdefault("It comes without a text of its licence.", []).append(name)
        for path in files:
            text = path.read_text(errors="replace").strip()
            texts.setdefault(text, []).append(name)
    parts = ["pgsh is made with the works below. Each text stands behind the names of those that it is of."]
    for text, names in texts.items():
        parts.append("\n".join(dict.fromkeys(names)) + "\n\n" + text)
    GENERATED.mkdir(parents=True, exist_ok=True)
    place = GENERATED / "THIRD-PARTY-LICENSES"
    place.write_text(f"\n\n{'-' * 78}\n\n".join(parts) + "\n")
    return place
