"""Section 5: TUF, with keys, signatures and metadata classes of python-tuf, and the order of refusals of the specification."""
import copy
import hashlib
import re
from datetime import timedelta

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from securesystemslib.exceptions import FormatError, UnverifiedSignatureError
from securesystemslib.formats import encode_canonical
from securesystemslib.signer import Signature
from tuf.api.metadata import Root, Snapshot, Targets, Timestamp

from .fetch import fetch
from .plain import bounded, instant, parse, schema, shaped
from .refusal import Refusal, require

MALFORMED = "METADATA_MALFORMED"
CLASSES = {"root": Root, "timestamp": Timestamp, "snapshot": Snapshot, "targets": Targets}
SHAPES = {kind: schema("test/hosts/shapes.schema.json", kind) for kind in [*CLASSES, "envelope"]}
SCHEMES = {("ed25519", "ed25519"), ("ecdsa", "ecdsa-sha2-nistp256"), ("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256")}
LIMITS = {"root": 512_000, "timestamp": 16_384, "snapshot": 2_000_000, "targets": 5_000_000}


def numbers_of(key):
    if key.keytype == "ed25519":
        return bytes.fromhex(key.keyval["public"])
    return load_pem_public_key(key.keyval["public"].encode()).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def envelope(data):
    """What is signed, its canonical bytes (JSON4) and the signatures; nothing of `signed` is interpreted yet."""
    value = shaped(SHAPES["envelope"], parse(data, MALFORMED), MALFORMED)
    bounded(value["signed"], MALFORMED)
    signatures = {one["keyid"]: one["sig"] for one in value["signatures"]}
    require(len(signatures) == len(value["signatures"]), MALFORMED, "two signatures of one key id")
    try:
        return value["signed"], encode_canonical(value["signed"]).encode(), signatures
    except (FormatError, ValueError) as error:
        raise Refusal(MALFORMED, str(error)) from error


def check_signatures(delegator, role, payload, signatures):
    """TUF8: the threshold is counted in distinct keys, by their numbers."""
    delegated, signers = delegator.get_delegated_role(role), set()
    for keyid in delegated.keyids:
        key, sig = delegator_keys(delegator).get(keyid), signatures.get(keyid, "-")
        if key is not None and re.fullmatch("(?:[0-9a-fA-F]{2})*", sig):
            try:
                key.verify_signature(Signature(keyid, sig), payload)
                signers.add(numbers_of(key))
            except (UnverifiedSignatureError, ValueError):
                pass
    require(len(signers) >= delegated.threshold, "METADATA_SIGNATURE", role)


def delegator_keys(delegator):
    return delegator.keys if isinstance(delegator, Root) else delegator.delegations.keys


def interpret(kind, signed):
    """TUF2. Keys of types that the specification does not name count as not having signed (TUF9), so they are left out."""
    value = shaped(SHAPES[kind], copy.deepcopy(signed), MALFORMED)
    instant(value["expires"], MALFORMED)
    holder = value if kind == "root" else value.get("delegations", {})
    known = {i: key for i, key in holder.get("keys", {}).items() if (key["keytype"], key["scheme"]) in SCHEMES}
    holder.update({"keys": known} if holder else {})
    for file in value.get("meta", {}).values():
        file.setdefault("hashes", {}) or file.pop("hashes")
    try:
        return CLASSES[kind].from_dict(value)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refusal(MALFORMED, f"{kind}: {error}") from error


def fits(data, listed, missing, wrong, exact=True):
    """TUF23: every listed hash that is known, and at least one known where any is listed."""
    hashes = listed.hashes or {}
    known = {name: digest for name, digest in hashes.items() if name in ("sha256", "sha512")}
    require(known or not hashes, missing, "no known hash")
    require(not exact or listed.length is None or len(data) == listed.length, wrong, "length")
    require(all(hashlib.new(name, data).hexdigest() == digest for name, digest in known.items()), wrong, "hash")


def covers(role, path):
    if role.paths is not None:
        wild = {"*": "[^/]*", "?": "[^/]"}
        return any(re.fullmatch("".join(wild.get(c, re.escape(c)) for c in p), path, re.DOTALL) for p in role.paths)
    return any(hashlib.sha256(path.encode()).hexdigest().startswith(prefix) for prefix in role.path_hash_prefixes)


class Metadata:
    """The verified metadata of one run; everything kept is verified again from the shipped root (TUF27)."""

    def __init__(self, base, state, now):
        self.base, self.folder, self.now = base, state / "metadata", now
        self.folder.mkdir(parents=True, exist_ok=True)
        self.root = open_root(None, (state / "root.json").read_bytes())

    def kept(self, name):
        path = self.folder / name
        return path.read_bytes() if path.is_file() else None

    def keep(self, name, data):
        part = self.folder / "part"
        part.write_bytes(data)
        part.replace(self.folder / name)

    def fresh(self, file):
        require(self.now < file.expires, "METADATA_EXPIRED", file.type)

    def refresh(self):
        for local in (True, False):
            for _ in range(256):
                name = f"{self.root.version + 1}.root.json"
                data = self.kept(name) if local else fetch(self.base, ["metadata", name], LIMITS["root"])
                try:
                    root = None if data is None else open_root(self.root, data)
                except Refusal:
                    if not local:
                        raise
                    root = None
                if root is None:
                    break
                if not local and rotated(self.root, root):
                    for gone in ("timestamp.json", "snapshot.json"):
                        (self.folder / gone).unlink(missing_ok=True)
                self.keep(name, data)
                self.root = root
        self.fresh(self.root)
        self.timestamp = self.next_timestamp()
        listed = self.timestamp.snapshot_meta
        self.snapshot = self.file("snapshot", "snapshot", self.root, listed, self.check_snapshot)
        self.targets = self.file("targets", "targets", self.root, self.listed("targets"), self.fresh)

    def open(self, kind, role, delegator, data):
        signed, payload, signatures = envelope(data)
        check_signatures(delegator, role, payload, signatures)
        return interpret(kind, signed)

    def tried(self, kind, name):
        """What was kept, whatever its age, or None."""
        data = self.kept(name)
        try:
            return None if data is None else self.open(kind, kind, self.root, data)
        except Refusal:
            return None

    def next_timestamp(self):
        old = self.tried("timestamp", "timestamp.json")
        data = fetch(self.base, ["metadata", "timestamp.json"], LIMITS["timestamp"])
        require(data is not None, "FILE_MISSING", "timestamp.json")
        new = self.open("timestamp", "timestamp", self.root, data)
        if old is not None:
            back = new.version < old.version or new.snapshot_meta.version < old.snapshot_meta.version
            require(not back, "METADATA_ROLLBACK", "timestamp")
        used = old if old is not None and old.version == new.version else new
        self.fresh(used)
        require(used.expires - self.now <= timedelta(hours=96), "METADATA_LIFETIME")
        if used is new:
            self.keep("timestamp.json", data)
        return used

    def check_snapshot(self, new):
        old = self.tried("snapshot", "snapshot.json")
        for name, file in old.meta.items() if old else ():
            require(name in new.meta and new.meta[name].version >= file.version, "METADATA_ROLLBACK", name)
        self.fresh(new)

    def listed(self, role):
        require(f"{role}.json" in self.snapshot.meta, "FILE_MISSING", role)
        return self.snapshot.meta[f"{role}.json"]

    def file(self, kind, role, delegator, listed, check):
        """TUF16, TUF19: the kept copy where it still verifies, else the served one."""
        def verified(data):
            fits(data, listed, "METADATA_DIGEST", "METADATA_DIGEST")
            file = self.open(kind, role, delegator, data)
            require(file.version == listed.version, "METADATA_VERSION", role)
            check(file)
            return file

        name = f"{role.replace('/', '%2F')}.json"
        data = self.kept(name)
        try:
            require(data is not None, "FILE_MISSING")
            return verified(data)
        except Refusal:
            limit = LIMITS[kind] if listed.length is None else min(LIMITS[kind], listed.length)
            data = fetch(self.base, ["metadata", f"{listed.version}.{role}.json"], limit)
        require(data is not None, "FILE_MISSING", role)
        file = verified(data)
        self.keep(name, data)
        return file

    def find(self, path):
        """TUF21: the role that lists the path, and what it says, or None."""
        stack, visited = [("targets", None)], set()
        while stack:
            role, parent = stack.pop()
            if role in visited:
                continue
            if len(visited) == 32:
                return None
            visited.add(role)
            file = self.targets if parent is None else self.file("targets", role, parent, self.listed(role), self.fresh)
            if path in file.targets:
                return role, file.targets[path]
            children = []
            for child in file.delegations.roles.values() if file.delegations else ():
                if covers(child, path):
                    children.append((child.name, file))
                    if child.terminating:
                        stack = []
                        break
            stack += reversed(children)
        return None

    def read(self, path, target):
        """TUF23 to TUF25."""
        segments = path.split("/")
        require(not {"", ".", ".."} & set(segments), "TARGET_UNKNOWN", path)
        digest = target.hashes.get("sha256") or target.hashes.get("sha512")
        require(digest is not None, "TARGET_UNKNOWN", "no known hash")
        data = fetch(self.base, ["targets", *segments[:-1], f"{digest}.{segments[-1]}"], target.length)
        require(data is not None, "FILE_MISSING", path)
        fits(data, target, "TARGET_UNKNOWN", "TARGET_DIGEST")
        return data


def open_root(before, data):
    """TUF1, TUF3, TUF4: signed by the one before it, where there is one, and by itself."""
    try:
        signed, payload, signatures = envelope(data)
        if before is not None:
            check_signatures(before, "root", payload, signatures)
        root = interpret("root", signed)
        check_signatures(root, "root", payload, signatures)
    except Refusal as refusal:
        raise refusal if before is not None else Refusal("ROOT_INVALID", str(refusal)) from refusal
    require(before is None or root.version == before.version + 1, "METADATA_VERSION", "root")
    return root


def rotated(before, after):
    """TUF6."""
    def holders(root, role):
        return root.roles[role].threshold, {i: root.keys[i] for i in root.roles[role].keyids if i in root.keys}

    return any(holders(before, role) != holders(after, role) for role in ("timestamp", "snapshot"))
