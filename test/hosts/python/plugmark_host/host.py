"""A host: verifies a plugin of a registry and runs the vectors its publisher signed, under the limits of the signed host profile.

plugmark-client run --registry URL --root root.json --state FOLDER --plugin ID[@RANGE] --host HOST
"""
import argparse
import hashlib
import importlib.metadata
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import wasmtime

from .abis import ABIS
from .client import Client
from .documents import read_target
from .fetch import fetch
from .guest import Clock, Guest, engine_for
from .plain import parse
from .refusal import Refusal, require


def run_vector(engine, data, profile, vector):
    abi = ABIS[profile["abi"]](vector)
    calls = []
    with tempfile.TemporaryDirectory() as folder:
        reads = "read:workspace" in vector["grants"]
        for file in vector.get("files", []) if reads else []:
            path = Path(folder, file["path"])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file["content"]["text"], "utf-8", newline="")
        guest = Guest(engine, data, profile, set(vector["grants"]), abi, Path(folder) if reads else None)
        abi.guest = guest
        for one in vector["calls"]:
            guest.refill()
            try:
                output, ending = abi.call(one["entry"], one.get("input")), "ok"
            except (wasmtime.Trap, wasmtime.WasmtimeError, Refusal, ValueError) as error:
                output, ending = None, type(error).__name__
            calls.append({"entry": one["entry"], "fuel": guest.used(), "ending": ending, "output": output})
    return calls


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("registry", "root", "state", "plugin", "host"):
        parser.add_argument(f"--{name}", required=True)
    asked = parser.parse_args()
    state = Path(asked.state)
    state.mkdir(parents=True, exist_ok=True)
    client = Client(state, asked.registry, datetime.now(UTC).replace(microsecond=0))
    client.init(Path(asked.root).read_bytes())
    installed = client.verify(asked.plugin, host={"id": asked.host}, age=0)
    said = {"engine": f"wasmtime-py {importlib.metadata.version('wasmtime')}", "installed": installed, "runs": []}
    if installed["kind"] == "core":
        run_all(client, asked, said)
    else:
        said["notRun"] = f"this host runs core modules, and this is a {installed['kind']}"
    print(json.dumps(said))


def run_all(client, asked, said):
    """Every vector of the release, in a fresh instance each."""
    profile = parse(read_target(client.metadata, f"hosts/{asked.host}.json"), "DOCUMENT_MALFORMED")
    data = client.load(said["installed"]["sha256"])
    engine = engine_for(profile)
    with Clock(engine):
        for listed in client.entry["release"]["vectors"]:
            text = fetch(asked.registry, ["vectors", f"{listed['sha256']}.json"], 10_000_000)
            require(text is not None and hashlib.sha256(text).hexdigest() == listed["sha256"], "ARTIFACT_DIGEST", listed["name"])
            said["runs"].append({"vector": listed["name"], "calls": run_vector(engine, data, profile, json.loads(text))})


if __name__ == "__main__":
    main()
