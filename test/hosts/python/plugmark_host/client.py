"""The five things a client does: init, refresh, resolve, verify, load. Nothing is kept but in the state's folder."""
import hashlib
import json
import re
from functools import cache

from .choose import choose, parse_request
from .documents import read_document, read_target
from .fetch import fetch
from .keyless import Authorities
from .marks import check_cosignature, check_publisher
from .metadata import Metadata, open_root
from .plain import LARGEST, parse
from .refusal import require


class Client:
    def __init__(self, state, url=None, now=None):
        self.state, self.url, self.now = state, url, now

    def init(self, root):
        open_root(None, root)
        (self.state / "root.json").write_bytes(root)
        return {}

    def refresh(self):
        self.metadata = Metadata(self.url, self.state, self.now)
        self.metadata.refresh()
        self.publishers = read_document(self.metadata, "publishers.json")
        self.registry = self.publishers["registry"]
        self.revoked = self.remember(read_document(self.metadata, "revocations.json", self.registry)["revocations"])
        files = {name: getattr(self.metadata, name) for name in ("root", "timestamp", "snapshot", "targets")}
        return {"registry": self.registry, **{f"{name}Version": file.version for name, file in files.items()}}

    def remember(self, entries):
        """STA2, STA3: the signed list decides about entries that it has, and what was seen stays."""
        memory = self.remembered()
        listed = {}
        for one in entries:
            key = f"{one['sha256']} {one['plugin']} {one['version']}"
            listed[key] = listed.get(key, False) or "lifted" not in one
        memory.update(listed)
        part = self.state / "revoked.part"
        part.write_text(json.dumps(memory), "utf-8")
        part.replace(self.state / "revoked.json")
        return {key.split(" ")[0] for key, holds in memory.items() if holds}

    def remembered(self):
        path = self.state / "revoked.json"
        return json.loads(path.read_text("utf-8")) if path.is_file() else {}

    def minimum_age(self, own):
        if own is not None:
            return own
        client = read_document(self.metadata, "policy.json").get("client")
        age = client.get("minimumReleaseAgeMinutes") if isinstance(client, dict) else None
        require(isinstance(age, (int, float)) and age is not True and age == int(age) and 0 <= age <= LARGEST, "DOCUMENT_MALFORMED", "policy")
        return age

    def select(self, request, host=None, locked=None, age=None):
        plugin, wanted = parse_request(request)
        self.refresh()
        document = read_document(self.metadata, f"plugins/{plugin}.json", self.registry)
        asked = {"range": wanted, "host": host, "locked": locked, "now": self.now, "age": self.minimum_age(age)}
        entry, state, excluded = choose(document, asked, self.revoked)
        listed = self.publishers["publishers"].get(plugin.split("/")[0])
        process = entry["release"]["artifact"]["kind"] == "process"
        tier = "community" if process or listed is None else "built-in" if "builtIn" in listed else "verified"
        artifact = {name: entry["release"]["artifact"][name] for name in ("sha256", "size", "kind")}
        answer = {"plugin": plugin, "version": entry["release"]["version"], **artifact, "tier": tier, "state": state}
        self.entry = entry
        return document, entry, answer, excluded

    def resolve(self, request, **asked):
        _, _, answer, excluded = self.select(request, **asked)
        return {**answer, "excluded": excluded}

    def verify(self, request, **asked):
        document, entry, answer, _ = self.select(request, **asked)
        trust = {
            "registry": self.registry,
            "publishers": self.publishers["publishers"],
            "upstreams": read_document(self.metadata, "upstreams.json", self.registry)["upstreams"],
            "cosign": lambda: read_document(self.metadata, "cosign-keys.json", self.registry),
            "authorities": cache(lambda: Authorities(parse(read_target(self.metadata, "trusted_root.json"), "TRUSTED_ROOT_MALFORMED"))),
        }
        publisher = check_publisher(self.url, document, entry, trust)
        registry = check_cosignature(self.url, entry, trust)
        self.keep(self.artifact(answer), answer["sha256"])
        return {**answer, "publisher": publisher, "registry": registry}

    def artifact(self, release):
        """ART1, ART2."""
        name = f"{release['sha256']}.{'zip' if release['kind'] == 'process' else 'wasm'}"
        data = fetch(self.url, ["blobs", "sha256", name], release["size"])
        require(data is not None, "ARTIFACT_MISSING")
        right = len(data) == release["size"] and hashlib.sha256(data).hexdigest() == release["sha256"]
        require(right, "ARTIFACT_DIGEST")
        return data

    def keep(self, data, sha256):
        folder = self.state / "blobs"
        folder.mkdir(exist_ok=True)
        part = folder / f"{sha256}.part"
        part.write_bytes(data)
        part.replace(folder / sha256)

    def load(self, sha256):
        """ART4 to ART6."""
        require(re.fullmatch("[0-9a-f]{64}", sha256), "NOT_INSTALLED")
        revoked = {key.split(" ")[0] for key, holds in self.remembered().items() if holds}
        require(sha256 not in revoked, "REVOKED")
        path = self.state / "blobs" / sha256
        require(path.is_file(), "NOT_INSTALLED")
        data = path.read_bytes()
        require(hashlib.sha256(data).hexdigest() == sha256, "ARTIFACT_DIGEST")
        return data
