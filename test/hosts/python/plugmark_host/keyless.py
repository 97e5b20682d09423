"""Section 7.5: what a certificate, a log and a timestamp prove, with the parts of sigstore-python.

Its public verifier raises one exception for every reason, takes no `dsse` entry of version 0.0.2 and passes over timestamps that do not
verify (KLS2), so its steps are called one by one here.
"""
import hashlib
import json
import re
from base64 import b64decode, b64encode
from datetime import UTC, datetime

import rfc8785
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from cryptography.x509 import verification
from rfc3161_client import VerifierBuilder, decode_timestamp_response
from rfc3161_client.errors import VerificationError as StampError
from sigstore._internal.sct import verify_sct
from sigstore._internal.trust import KeyringPurpose
from sigstore.errors import Error as SigstoreError
from sigstore.models import TransparencyLogEntry, TrustedRoot
from sigstore_models.rekor import v1 as rekor_v1
from sigstore_models.trustroot import v1 as trustroot_v1

from .refusal import Refusal, require

MEDIA = "application/vnd.dev.sigstore.trustedroot+json;version=0.1"
MEDIA_TYPES = {MEDIA, *(f"application/vnd.dev.sigstore.trustedroot.v0.{n}+json" for n in (1, 2))}
KINDS = ("certificateAuthorities", "timestampAuthorities", "tlogs", "ctlogs")
CLAIMS = "1.3.6.1.4.1.57264.1."


def time_of(text):
    return datetime.fromisoformat(text).astimezone(UTC)


def window(entry):
    valid = entry.get("validFor") or entry.get("publicKey", {}).get("validFor") or {}
    return time_of(valid["start"]), time_of(valid["end"]) if valid.get("end") else datetime.max.replace(tzinfo=UTC)


class Authorities:
    """KLS1."""

    def __init__(self, value):
        try:
            require(value["mediaType"] in MEDIA_TYPES, "TRUSTED_ROOT_MALFORMED", "media type")
            self.value = {"mediaType": MEDIA, **{kind: value.get(kind) or [] for kind in KINDS}}
            for kind in KINDS:
                any(window(entry) is None for entry in self.value[kind])
            self.at([])
        except (KeyError, TypeError, ValueError, AttributeError, SigstoreError) as error:
            raise Refusal("TRUSTED_ROOT_MALFORMED", str(error)) from error

    def listed(self, kind, times):
        entries = ((entry, *window(entry)) for entry in self.value[kind])
        return [entry for entry, start, end in entries if all(start <= time <= end for time in times)]

    def at(self, times, log=None):
        """What is listed for all of these times, as the library reads it; of the logs only the named one."""
        value = {"mediaType": MEDIA, **{kind: self.listed(kind, times) for kind in KINDS}}
        value["tlogs"] = [one for one in value["tlogs"] if log is None or one["logId"]["keyId"] == log]
        return TrustedRoot(trustroot_v1.TrustedRoot.from_json(json.dumps(value)))


def certificates(authority):
    return [x509.load_der_x509_certificate(b64decode(one["rawBytes"])) for one in authority["certChain"]["certificates"]]


def stamped(authorities, stamp, signature):
    try:
        response = decode_timestamp_response(b64decode(stamp["signedTimestamp"]))
    except ValueError as error:
        raise Refusal("TIMESTAMP_INVALID", str(error)) from error
    time = response.tst_info.gen_time
    for authority in authorities.listed("timestampAuthorities", [time]):
        leaf, *others = certificates(authority)
        builder = VerifierBuilder().tsa_certificate(leaf)
        for certificate in others[:-1]:
            builder = builder.add_intermediate_certificate(certificate)
        try:
            builder.add_root_certificate((others or [leaf])[-1]).build().verify_message(response, signature)
            return time
        except (StampError, ValueError):
            continue
    raise Refusal("TIMESTAMP_INVALID")


def promised(authorities, entry):
    try:
        seconds, log = int(entry["integratedTime"]), entry["logId"]["keyId"]
        time = datetime.fromtimestamp(seconds, UTC)
        payload = {"body": entry["canonicalizedBody"], "integratedTime": seconds, "logID": b64decode(log).hex()}
        data = rfc8785.dumps({**payload, "logIndex": int(entry.get("logIndex", 0))})
        signature = b64decode(entry["inclusionPromise"]["signedEntryTimestamp"])
    except (KeyError, TypeError, ValueError) as error:
        raise Refusal("LOG_PROMISE_INVALID", str(error)) from error
    listed = [one for one in authorities.listed("tlogs", [time]) if one["logId"]["keyId"] == log]
    require(listed, "LOG_UNKNOWN", "promise")
    require(any(signed_by(load_der_public_key(b64decode(one["publicKey"]["rawBytes"])), signature, data) for one in listed), "LOG_PROMISE_INVALID")
    return time


def signed_by(key, signature, data):
    try:
        key.verify(signature, data, ECDSA(SHA256())) if isinstance(key, EllipticCurvePublicKey) else key.verify(signature, data)
        return True
    except InvalidSignature:
        return False


def trusted_times(authorities, material, signature):
    """KLS2."""
    stamps = (material.get("timestampVerificationData") or {}).get("rfc3161Timestamps") or []
    promises = [entry for entry in material.get("tlogEntries") or [] if entry.get("inclusionPromise")]
    return [*(stamped(authorities, one, signature) for one in stamps), *(promised(authorities, one) for one in promises)]


def check_certificate(authorities, certificate, times):
    """KLS3, KLS4."""
    for time in times:
        valid = certificate.not_valid_before_utc <= time <= certificate.not_valid_after_utc
        require(valid, "CERTIFICATE_EXPIRED")
        check_uses(certificate)
        chain = chained(authorities, certificate, time)
        try:
            verify_sct(certificate, chain, authorities.at([time]).ct_keyring(KeyringPurpose.VERIFY))
        except (SigstoreError, ValueError, x509.ExtensionNotFound) as error:
            raise Refusal("CERTIFICATE_UNLOGGED", str(error)) from error


def check_uses(certificate):
    try:
        uses = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError) as error:
        raise Refusal("CERTIFICATE_UNTRUSTED", str(error)) from error
    good = uses.digital_signature and x509.ExtendedKeyUsageOID.CODE_SIGNING in purposes
    require(good, "CERTIFICATE_UNTRUSTED", "not for signing code")


def chained(authorities, certificate, time):
    """The chain above the certificate, up to the last one of one listed authority."""
    policies = verification.ExtensionPolicy.webpki_defaults_ca(), verification.ExtensionPolicy.webpki_defaults_ee()
    optional = x509.ExtendedKeyUsage, verification.Criticality.NON_CRITICAL, None
    ca, leaf = (policy.may_be_present(*optional) for policy in policies)
    for authority in authorities.listed("certificateAuthorities", [time]):
        *intermediates, anchor = certificates(authority)
        builder = verification.PolicyBuilder().store(verification.Store([anchor])).time(time)
        try:
            verifier = builder.extension_policies(ca_policy=ca, ee_policy=leaf).build_client_verifier()
            return verifier.verify(certificate, intermediates).chain[1:]
        except (verification.VerificationError, x509.UnsupportedGeneralNameType, ValueError):
            continue
    raise Refusal("CERTIFICATE_UNTRUSTED")


def logged(kind, version, spec, wanted):
    """KLS6: the hash, the signature and the certificate that the entry is about."""
    if (kind, version) == ("dsse", "0.0.1"):
        (one,) = spec["signatures"]
        found = bytes.fromhex(spec["payloadHash"]["value"]), b64decode(one["signature"]), pem(b64decode(one["verifier"]))
    elif (kind, version) == ("intoto", "0.0.2"):
        (one,) = spec["content"]["envelope"]["signatures"]
        signature = b64decode(b64decode(one["sig"]))
        found = bytes.fromhex(spec["content"]["payloadHash"]["value"]), signature, pem(b64decode(one["publicKey"]))
    else:
        one, data = {
            ("dsse", "0.0.2"): lambda: (spec["dsseV002"]["signatures"], spec["dsseV002"]["payloadHash"]),
            ("hashedrekord", "0.0.2"): lambda: ([spec["hashedRekordV002"]["signature"]], spec["hashedRekordV002"]["data"]),
        }[kind, version]()
        (one,) = one
        certificate = b64decode(one["verifier"]["x509Certificate"]["rawBytes"])
        found = b64decode(data["digest"]), b64decode(one["content"]), certificate
    return found == wanted(kind)


def pem(data):
    return x509.load_pem_x509_certificate(data).public_bytes(Encoding.DER)


def check_entry(authorities, entry, times, wanted):
    """KLS5, KLS6."""
    try:
        log = entry["logId"]["keyId"]
        proof = {"logIndex": "0", "hashes": [], **entry["inclusionProof"]}
        entry = {"logIndex": "0", **entry, "inclusionProof": proof}
        root = authorities.at(times, log)
        require(root._inner.tlogs, "LOG_UNKNOWN")
        parsed = TransparencyLogEntry(rekor_v1.TransparencyLogEntry.from_json(json.dumps(entry)))
        parsed._verify(root.rekor_keyring(KeyringPurpose.VERIFY))
    except (SigstoreError, KeyError, TypeError, ValueError) as error:
        raise Refusal("LOG_PROOF_INVALID", str(error)) from error
    try:
        body = json.loads(b64decode(entry["canonicalizedBody"]))
        named = entry["kindVersion"]["kind"], entry["kindVersion"]["version"]
        same = named == (body["kind"], body["apiVersion"]) and logged(*named, body["spec"], wanted)
    except (KeyError, TypeError, ValueError) as error:
        raise Refusal("LOG_ENTRY_MISMATCH", str(error)) from error
    require(same, "LOG_ENTRY_MISMATCH")


def verify_certificate(authorities, material, signature, payload, encoded):
    """KLS2 to KLS6 and KLS17; the certificate and the trusted times."""
    raw = b64decode(material["certificate"]["rawBytes"])
    times = trusted_times(authorities, material, signature)
    require(times, "TIME_MISSING")
    try:
        certificate = x509.load_der_x509_certificate(raw)
        key = certificate.public_key()
        require(certificate.version is x509.Version.v3 and list(certificate.extensions), "CERTIFICATE_MALFORMED")
    except ValueError as error:
        raise Refusal("CERTIFICATE_MALFORMED", str(error)) from error
    check_certificate(authorities, certificate, times)
    entries = material.get("tlogEntries") or []
    require(entries, "LOG_ENTRY_MISSING")
    for entry in entries:
        check_entry(authorities, entry, times, lambda kind: (digest(encoded if kind == "hashedrekord" else payload), signature, raw))
    require(isinstance(key, EllipticCurvePublicKey) and signed_by(key, signature, encoded), "SIGNATURE_INVALID")
    return certificate, times


def digest(data):
    return hashlib.sha256(data).digest()


def text_of(der):
    """A UTF8String in DER."""
    if len(der) < 2 or der[0] != 0x0C:
        return None
    length, at = der[1], 2
    if length >= 0x80:
        at += length & 0x7F
        length = int.from_bytes(der[2:at], "big")
    return der[at:].decode("utf-8", "replace") if len(der) == at + length else None


def claims_of(certificate):
    values = {e.oid.dotted_string: e.value.value for e in certificate.extensions if e.oid.dotted_string.startswith(CLAIMS)}
    claims = {int(oid.removeprefix(CLAIMS)): text_of(der) for oid, der in values.items() if oid != f"{CLAIMS}1"}
    claims.setdefault(8, values.get(f"{CLAIMS}1", b"").decode("utf-8", "replace"))
    return claims


def alternative_name(certificate):
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    one = [name.value for name in names if isinstance(name, (x509.RFC822Name, x509.UniformResourceIdentifier))]
    return one[0] if len(names) == 1 and one else None


def disagreements(identity, claims, name, times, version):
    """KLS7 to KLS16: the codes of the rows in which an identity disagrees."""
    ref = f"refs/tags/v{version}" if identity.get("ref") == "tag" else identity.get("ref")
    start, end = time_of(identity["from"]), time_of(identity.get("to", "2100-01-01T00:00:00Z"))
    builder = identity.get("buildSigner")
    rows = [
        ("issuer", "ISSUER", lambda want: claims.get(8) == want),
        ("repositoryId", "REPOSITORY", lambda want: claims.get(15) == want),
        ("ownerId", "OWNER", lambda want: claims.get(17) == want),
        ("buildConfig", "WORKFLOW", lambda want: claims.get(18) == f"{want}@{claims.get(14)}"),
        ("triggers", "TRIGGER", lambda want: claims.get(20) in want and claims.get(20) != "pull_request_target"),
        ("runner", "RUNNER", lambda want: claims.get(11) == want),
        ("ref", "REF", lambda want: claims.get(14) == ref),
        ("buildConfig", "BUILD_SIGNER", lambda want: built(builder, claims)),
        ("subject", "SUBJECT", lambda want: name == want),
        ("from", "WINDOW", lambda want: times and all(start <= time <= end for time in times)),
    ]
    return [f"IDENTITY_{code}" for member, code, holds in rows if member in identity and not holds(identity[member])]


def built(builder, claims):
    """KLS14."""
    signer = claims.get(9) or ""
    if builder is None:
        return signer == claims.get(18)
    file, _, at = builder.partition("@")
    if re.fullmatch("[0-9a-f]{40}", at):
        return signer.startswith(f"{file}@") and claims.get(10) == at
    return signer == builder if at else signer.startswith(f"{file}@")


def match_identity(identities, certificate, times, version):
    keyless = [one for one in identities if one["kind"] == "keyless"]
    require(keyless, "IDENTITY_UNLISTED")
    claims, name = claims_of(certificate), alternative_name(certificate)
    found = min((disagreements(one, claims, name, times, version) for one in keyless), key=len)
    require(not found, found[0] if found else "")
    return name
