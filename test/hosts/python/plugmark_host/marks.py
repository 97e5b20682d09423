"""Section 7: the publisher's mark and the registry's, as bundles around statements."""
import hashlib
from base64 import b64decode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from . import keyless
from .fetch import fetch
from .plain import bounded, canonical, instant, parse, schema, shaped
from .refusal import Refusal, require

SHAPES = {part: schema("test/hosts/shapes.schema.json", part) for part in ("bundle", "statement")}
SPELLINGS = {
    "ed25519": ("302a300506032b6570032100", 44),
    "ecdsa-p256": ("3059301306072a8648ce3d020106082a8648ce3d03010703420004", 91),
}
PUBLISH = "https://plugmark.github.io/attestation/publish/v1"
SUMMARY = "https://slsa.dev/verification_summary/v1"
LEVELS = {"PUBLISHER_VERIFIED", "IMPORTS_DECLARED", "WITHIN_BOUNDS", "OBSERVED_DETERMINISTIC", "DETERMINISTIC_BY_CONSTRUCTION"}


def fetch_bundle(base, ref):
    """PUB1, PUB2, PUB17."""
    size = min(ref["size"], 1_000_000)
    data = fetch(base, ["attestations", f"{ref['sha256']}.json"], size)
    if data is None and "pack" in ref:
        pack = fetch(base, ["attestations", "packs", ref["pack"]["sha256"]], 16_000_000)
        data = None if pack is None else pack[int(ref["pack"]["offset"]) :][: int(size)]
    require(data is not None, "ATTESTATION_MISSING")
    require(hashlib.sha256(data).hexdigest() == ref["sha256"], "ATTESTATION_DIGEST")
    return shaped(SHAPES["bundle"], parse(data, "BUNDLE_MALFORMED"), "BUNDLE_MALFORMED")


def open_bundle(bundle, identities, version, authorities):
    """PUB3 to PUB11, KLS: the statement and who signed it."""
    envelope, material = bundle["dsseEnvelope"], bundle["verificationMaterial"]
    payload, kind = b64decode(envelope["payload"]), envelope["payloadType"].encode("utf-8", "surrogatepass")
    signature = b64decode(envelope["signatures"][0]["sig"])
    encoded = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
    if "publicKey" in material:
        signer = material["publicKey"]["hint"]
        identity = next((one for one in identities if one["kind"] == "key" and one["keyId"] == signer), None)
        require(identity is not None, "KEY_UNKNOWN", signer)
        check_key(identity, signature, encoded)
        if "to" in identity:
            start, end = (instant(identity[name], "DOCUMENT_MALFORMED") for name in ("from", "to"))
            times = keyless.trusted_times(authorities(), material, signature)
            require(times and all(start <= time <= end for time in times), "KEY_WINDOW")
    else:
        certificate, times = keyless.verify_certificate(authorities(), material, signature, payload, encoded)
        signer = keyless.match_identity(identities, certificate, times, version)
    require(envelope["payloadType"] == "application/vnd.in-toto+json", "STATEMENT_MISMATCH", "payload type")
    statement = parse(payload, "STATEMENT_MALFORMED")
    if isinstance(statement, dict):
        bounded(statement.get("predicate"), "JSON_UNREPRESENTABLE")
    return shaped(SHAPES["statement"], statement, "STATEMENT_MALFORMED"), signer


def check_key(identity, signature, encoded):
    """PUB6 to PUB8; the library takes no other spelling of a DER signature."""
    der = b64decode(identity["publicKey"])
    prefix, length = SPELLINGS[identity["algorithm"]]
    right = hashlib.sha256(der).hexdigest() == identity["keyId"] and der.hex().startswith(prefix) and len(der) == length
    require(right, "KEY_INVALID")
    try:
        key = load_der_public_key(der)
        key.verify(signature, encoded) if length == 44 else key.verify(signature, encoded, ECDSA(SHA256()))
    except ValueError as error:
        raise Refusal("KEY_INVALID", str(error)) from error
    except InvalidSignature as error:
        raise Refusal("SIGNATURE_INVALID") from error


def check_subject(statement, name, sha256, predicate_type):
    """PUB12, PUB13, COS3."""
    subjects = [(one["name"], one["digest"].get("sha256")) for one in statement["subject"]]
    require(subjects == [(name, sha256)], "STATEMENT_MISMATCH", "subject")
    require(statement["predicateType"] == predicate_type, "STATEMENT_MISMATCH", "predicate type")


def check_publisher(base, document, entry, trust):
    """PUB4, PUB12 to PUB16."""
    release, registry = entry["release"], trust["registry"]
    plugin, version = release["plugin"], release["version"]
    manifest = hashlib.sha256(canonical(release, "DOCUMENT_MALFORMED")).hexdigest()
    require(manifest == entry["manifestSha256"], "MANIFEST_MISMATCH")
    if "origin" in document:
        registry = check_origin(document["origin"], plugin.split("/")[0], trust["upstreams"])
    identities = trust["publishers"].get(plugin.split("/")[0], document["publisher"])["identities"]
    bundle = fetch_bundle(base, entry["attestations"]["publisher"])
    statement, signer = open_bundle(bundle, identities, version, trust["authorities"])
    check_subject(statement, f"{plugin}@{version}", release["artifact"]["sha256"], PUBLISH)
    wanted = {"plugin": plugin, "version": version, "registry": registry, "manifest": {"digest": {"sha256": manifest}}}
    said = canonical(statement["predicate"], "JSON_UNREPRESENTABLE")
    require(said == canonical(wanted, "JSON_UNREPRESENTABLE"), "STATEMENT_MISMATCH", "predicate")
    return {"state": "verified", "signer": signer}


def check_origin(origin, publisher, upstreams):
    for one in upstreams:
        named = one["id"] == origin["registryId"] and one["root"]["sha256"] == origin["rootSha256"]
        if named and (not one["namespaces"] or publisher in one["namespaces"]):
            return one["id"]
    raise Refusal("ORIGIN_UNKNOWN", origin["registryId"])


def digest_of(one):
    digest = one.get("digest") if isinstance(one, dict) else None
    return digest.get("sha256") if isinstance(digest, dict) else None


def check_cosignature(base, entry, trust):
    """COS1 to COS9."""
    release, attestations = entry["release"], entry["attestations"]
    if release["artifact"]["kind"] == "process":
        return {"state": "notChecked" if "registry" in attestations else "notSigned", "levels": []}
    if "registry" not in attestations:
        return {"state": "notSigned", "levels": []}
    cosign = trust["cosign"]()
    bundle = fetch_bundle(base, attestations["registry"])
    statement, _ = open_bundle(bundle, cosign["identities"], release["version"], trust["authorities"])
    name = f"{release['plugin']}@{release['version']}"
    check_subject(statement, name, release["artifact"]["sha256"], SUMMARY)
    predicate = statement["predicate"]
    inputs = predicate.get("inputAttestations")
    inputs = [digest_of(one) for one in inputs] if isinstance(inputs, list) else []
    wanted = [attestations["publisher"], *attestations["analyses"], *attestations["runs"]]
    verifier, levels = predicate.get("verifier"), predicate.get("verifiedLevels")
    require(isinstance(verifier, dict) and verifier.get("id") == cosign["verifier"], "COSIGNATURE_INVALID", "verifier")
    require(predicate.get("resourceUri") == f"plugmark:{trust['registry']}/{name}", "COSIGNATURE_INVALID", "resource")
    require(predicate.get("verificationResult") == "PASSED", "COSIGNATURE_INVALID", "result")
    require(all(one["sha256"] in inputs for one in wanted), "COSIGNATURE_INVALID", "inputs")
    known = {f"PLUGMARK_{level}" for level in LEVELS}
    return {"state": "verified", "levels": [one for one in levels if one in known] if isinstance(levels, list) else []}
