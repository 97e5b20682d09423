//! Section 7: both marks, as bundles around statements. Keys by aws-lc-rs, certificates and logs by `sigstore-verify`.
use crate::choose::{read_document, read_target};
use crate::metadata::{Metadata, instant, sha256};
use crate::net::fetch;
use crate::refusal::{Refusal, Res, SHAPES, need, parse, refuse, text};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, ED25519, UnparsedPublicKey, VerificationAlgorithm};
use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp as Instant;
use serde_json::{Value, json};
use sigstore_verify::{CertificateError, Error, PublicKeyVerificationPolicy, TimestampError, TransparencyLogError, VerificationPolicy, VerificationResult, Verifier};
use sigstore_verify::{crypto::FulcioCiClaims, trust_root::TrustedRoot, types::{Bundle, DerPublicKey, Sha256Hash}};

const MISMATCH: &str = "STATEMENT_MISMATCH";
const PUBLISH: &str = "https://plugmark.github.io/attestation/publish/v1";
const SUMMARY: &str = "https://slsa.dev/verification_summary/v1";
const LEVELS: [&str; 5] = ["PUBLISHER_VERIFIED", "IMPORTS_DECLARED", "WITHIN_BOUNDS", "OBSERVED_DETERMINISTIC", "DETERMINISTIC_BY_CONSTRUCTION"];

pub struct Marks<'a> {
    pub base: &'a str,
    pub metadata: &'a Metadata,
    pub publishers: &'a Value,
    pub entry: &'a Value,
}

fn bytes(base64: &Value) -> Res<Vec<u8>> {
    STANDARD.decode(base64.as_str().unwrap_or_default()).map_err(refuse("BUNDLE_MALFORMED"))
}

fn canonical(value: &Value) -> Res<Vec<u8>> {
    serde_json_canonicalizer::to_vec(value).map_err(refuse("JSON_UNREPRESENTABLE"))
}

/// The library's reasons, by its types and never by its texts.
fn code_of(error: &Error) -> &'static str {
    match error {
        Error::Certificate(CertificateError::Malformed(_)) => "CERTIFICATE_MALFORMED",
        Error::Certificate(CertificateError::NotYetValid { .. } | CertificateError::Expired { .. }) => "CERTIFICATE_EXPIRED",
        Error::Certificate(CertificateError::Sct(_)) => "CERTIFICATE_UNLOGGED",
        Error::Certificate(_) => "CERTIFICATE_UNTRUSTED",
        Error::Timestamp(TimestampError::NoVerifiedTimestamp(_)) => "TIME_MISSING",
        Error::Timestamp(_) => "TIMESTAMP_INVALID",
        Error::TransparencyLog(TransparencyLogError::UnknownLog { .. }) => "LOG_UNKNOWN",
        Error::TransparencyLog(TransparencyLogError::InclusionPromise(_)) => "LOG_PROMISE_INVALID",
        Error::TransparencyLog(TransparencyLogError::EntryMismatch(_)) => "LOG_ENTRY_MISMATCH",
        Error::TransparencyLog(_) => "LOG_PROOF_INVALID",
        Error::SignatureInvalid(_) => "SIGNATURE_INVALID",
        Error::InvalidTrustRoot(_) | Error::TrustRoot(_) | Error::TrustedCertificate(_) => "TRUSTED_ROOT_MALFORMED",
        Error::ArtifactMismatch(_) => MISMATCH,
        _ => "BUNDLE_MALFORMED",
    }
}

/// KLS7 to KLS16: the codes of the rows in which an identity disagrees.
fn disagreements(identity: &Value, claims: &FulcioCiClaims, result: &VerificationResult, version: &str) -> Vec<&'static str> {
    let tag = format!("refs/tags/v{version}");
    let is = |claim: &Option<String>, wanted: &str| claim.as_deref() == Some(wanted);
    let (config, at) = (&claims.build_config_uri, claims.source_repository_ref.as_deref().unwrap_or_default());
    let trigger = claims.build_trigger.as_deref().unwrap_or_default();
    let signer = claims.build_signer_uri.as_deref().unwrap_or_default();
    let built = match identity["buildSigner"].as_str().map(|text| text.split_once('@').map_or((text, ""), |parts| parts)) {
        None => claims.build_signer_uri == *config,
        Some((file, commit)) if commit.len() == 40 && commit.bytes().all(|b| b"0123456789abcdef".contains(&b)) => {
            signer.starts_with(&format!("{file}@")) && is(&claims.build_signer_digest, commit)
        }
        Some((file, "")) => signer.starts_with(&format!("{file}@")),
        Some((file, at)) => signer == format!("{file}@{at}"),
    };
    let (from, to) = (instant(text(identity, "from")), instant(text(identity, "to")));
    let times = result.verified_timestamps();
    let within = |time: &Instant| from.is_some_and(|from| *time >= from) && to.is_none_or(|to| *time <= to);
    let rows = [
        ("issuer", "IDENTITY_ISSUER", result.issuer() == identity["issuer"].as_str()),
        ("repositoryId", "IDENTITY_REPOSITORY", is(&claims.source_repository_identifier, text(identity, "repositoryId"))),
        ("ownerId", "IDENTITY_OWNER", is(&claims.source_repository_owner_identifier, text(identity, "ownerId"))),
        ("buildConfig", "IDENTITY_WORKFLOW", is(config, &format!("{}@{at}", text(identity, "buildConfig")))),
        ("triggers", "IDENTITY_TRIGGER", trigger != "pull_request_target" && identity["triggers"].as_array().is_some_and(|all| all.iter().any(|one| one == trigger))),
        ("runner", "IDENTITY_RUNNER", is(&claims.runner_environment, text(identity, "runner"))),
        ("ref", "IDENTITY_REF", at == if identity["ref"] == "tag" { tag.as_str() } else { text(identity, "ref") }),
        ("buildConfig", "IDENTITY_BUILD_SIGNER", built),
        ("subject", "IDENTITY_SUBJECT", result.identity().map(|name| name.as_str()) == identity["subject"].as_str()),
        ("from", "IDENTITY_WINDOW", !times.is_empty() && times.iter().all(within)),
    ];
    rows.into_iter().filter(|(member, _, holds)| identity.get(*member).is_some() && !holds).map(|(_, code, _)| code).collect()
}

impl Marks<'_> {
    fn release(&self) -> &Value {
        &self.entry["release"]
    }

    fn name(&self) -> String {
        format!("{}@{}", text(self.release(), "plugin"), text(self.release(), "version"))
    }

    fn registry(&self) -> &str {
        text(self.publishers, "registry")
    }

    /// PUB1, PUB2, PUB17.
    fn bundle(&self, reference: &Value) -> Res<(Value, String)> {
        let digest = text(reference, "sha256");
        let limit = (reference["size"].as_f64().unwrap_or_default() as u64).min(1_000_000);
        let mut served = fetch(self.base, &["attestations", &format!("{digest}.json")], limit)?;
        if served.is_none() && reference["pack"].is_object() {
            let pack = fetch(self.base, &["attestations", "packs", text(&reference["pack"], "sha256")], 16_000_000)?;
            let offset = reference["pack"]["offset"].as_f64().unwrap_or_default() as usize;
            served = pack.map(|all| all.into_iter().skip(offset).take(limit as usize).collect());
        }
        let data = served.ok_or(Refusal("ATTESTATION_MISSING", digest.into()))?;
        need(sha256(&data) == digest, "ATTESTATION_DIGEST", digest)?;
        let value = parse(&data, "BUNDLE_MALFORMED")?;
        SHAPES.check("bundle", &value, "BUNDLE_MALFORMED")?;
        Ok((value, String::from_utf8_lossy(&data).into_owned()))
    }

    /// KLS1; the library takes entries without a beginning.
    fn verifier(&self) -> Res<Verifier> {
        let code = "TRUSTED_ROOT_MALFORMED";
        let data = read_target(self.metadata, "trusted_root.json")?;
        let value = parse(&data, code)?;
        let listed = |kind: &str| value[kind].as_array().cloned().unwrap_or_default();
        let begun = |window: &Value| window["start"].is_string();
        let authorities = ["certificateAuthorities", "timestampAuthorities"].map(listed).concat();
        let logs = ["tlogs", "ctlogs"].map(listed).concat();
        need(authorities.iter().all(|one| begun(&one["validFor"])) && logs.iter().all(|one| begun(&one["publicKey"]["validFor"])), code, "validFor")?;
        let media = ["+json;version=0.1", ".v0.1+json", ".v0.2+json"].map(|end| format!("application/vnd.dev.sigstore.trustedroot{end}"));
        need(media.iter().any(|one| value["mediaType"] == one.as_str()), code, "media type")?;
        let root = TrustedRoot::from_json(&String::from_utf8_lossy(&data)).map_err(refuse(code))?;
        Verifier::new(&root).map_err(refuse(code))
    }

    fn library(&self, source: &str, run: impl Fn(&Verifier, Sha256Hash, &Bundle) -> sigstore_verify::Result<VerificationResult>) -> Res<VerificationResult> {
        let digest = Sha256Hash::from_hex(text(&self.release()["artifact"], "sha256")).map_err(refuse(MISMATCH))?;
        let verifier = self.verifier()?;
        let bundle = Bundle::from_json(source).map_err(refuse("BUNDLE_MALFORMED"))?;
        run(&verifier, digest, &bundle).map_err(|error| Refusal(code_of(&error), error.to_string()))
    }

    /// PUB5 to PUB9.
    fn signed_by_key(&self, bundle: &Value, source: &str, identities: &[Value], encoded: &[u8]) -> Res<String> {
        let hint = text(&bundle["verificationMaterial"]["publicKey"], "hint");
        let listed = identities.iter().find(|one| one["kind"] == "key" && one["keyId"] == hint);
        let identity = listed.ok_or(Refusal("KEY_UNKNOWN", hint.into()))?;
        let der = bytes(&identity["publicKey"])?;
        let (prefix, length, algorithm): (&[u8], usize, &dyn VerificationAlgorithm) = match text(identity, "algorithm") {
            "ed25519" => (&[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00], 44, &ED25519),
            _ => (b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00\x04", 91, &ECDSA_P256_SHA256_ASN1),
        };
        need(sha256(&der) == hint && der.starts_with(prefix) && der.len() == length, "KEY_INVALID", hint)?;
        let key = DerPublicKey::new(der.clone());
        let on_curve = length == 44 || aws_lc_rs::signature::ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &der[26..]).is_ok();
        need(on_curve, "KEY_INVALID", "no point of the curve")?;
        let public = if length == 44 { &der[12..] } else { &der[26..] };
        let signature = bytes(&bundle["dsseEnvelope"]["signatures"][0]["sig"])?;
        UnparsedPublicKey::new(algorithm, public).verify(encoded, &signature).map_err(refuse("SIGNATURE_INVALID"))?;
        if let Some(to) = instant(text(identity, "to")) {
            let material = &bundle["verificationMaterial"];
            let stamps = [&material["tlogEntries"], &material["timestampVerificationData"]["rfc3161Timestamps"]];
            need(stamps.iter().any(|all| all.as_array().is_some_and(|all| !all.is_empty())), "KEY_WINDOW", "no trusted time")?;
            let policy = PublicKeyVerificationPolicy::new(key).skip_tlog_unsafe();
            let result = self.library(source, |verifier, digest, bundle| verifier.verify(digest, bundle, &policy))?;
            let from = instant(text(identity, "from"));
            let times = result.verified_timestamps();
            need(!times.is_empty() && times.iter().all(|time| from.is_some_and(|from| *time >= from) && *time <= to), "KEY_WINDOW", hint)?;
        }
        Ok(hint.into())
    }

    fn signed_by_certificate(&self, bundle: &Value, source: &str, identities: &[Value]) -> Res<String> {
        let entries = bundle["verificationMaterial"]["tlogEntries"].as_array().is_some_and(|all| !all.is_empty());
        // The library reads no entry of this kind, and what it cannot check is not installed (7.5).
        let kinds = bundle["verificationMaterial"]["tlogEntries"].as_array().into_iter().flatten();
        let mut unread = kinds.map(|one| &one["kindVersion"]).filter(|kind| kind["kind"] == "dsse" && kind["version"] == "0.0.2");
        need(unread.next().is_none(), "BUNDLE_KEYLESS", "sigstore-verify reads no log entry of the kind dsse 0.0.2")?;
        let policy = VerificationPolicy::any_identity();
        let result = self.library(source, |verifier, digest, bundle| verifier.verify(digest, bundle, &policy));
        need(entries || result.as_ref().is_err_and(|Refusal(code, _)| *code != "BUNDLE_MALFORMED"), "LOG_ENTRY_MISSING", "")?;
        let result = result?;
        let claims = result.certificate().map(|info| info.ci_claims.clone()).unwrap_or_default();
        let keyless = identities.iter().filter(|one| one["kind"] == "keyless");
        let found = keyless.map(|one| disagreements(one, &claims, &result, text(self.release(), "version")));
        let nearest = found.min_by_key(Vec::len).ok_or(Refusal("IDENTITY_UNLISTED", String::new()))?;
        need(nearest.is_empty(), nearest.first().copied().unwrap_or_default(), "")?;
        Ok(result.identity().map(|name| name.as_str().to_string()).unwrap_or_default())
    }

    /// PUB3, PUB10 to PUB13: the statement and who signed it.
    fn statement(&self, reference: &Value, identities: &Value, kind: &str) -> Res<(Value, String)> {
        let (bundle, source) = self.bundle(reference)?;
        let envelope = &bundle["dsseEnvelope"];
        let (payload, payload_type) = (bytes(&envelope["payload"])?, text(envelope, "payloadType"));
        let head = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
        let identities = identities.as_array().map_or(&[][..], Vec::as_slice);
        let signer = match bundle["verificationMaterial"].get("publicKey") {
            Some(_) => self.signed_by_key(&bundle, &source, identities, &[head.as_bytes(), &payload].concat())?,
            None => self.signed_by_certificate(&bundle, &source, identities)?,
        };
        need(payload_type == "application/vnd.in-toto+json", MISMATCH, "payload type")?;
        let statement = parse(&payload, "STATEMENT_MALFORMED")?;
        SHAPES.check("statement", &statement, "STATEMENT_MALFORMED")?;
        let subjects = statement["subject"].as_array().map_or(&[][..], Vec::as_slice);
        let same = |one: &Value| one["name"] == self.name().as_str() && one["digest"]["sha256"] == self.release()["artifact"]["sha256"];
        need(subjects.len() == 1 && subjects.iter().all(same) && statement["predicateType"] == kind, MISMATCH, "subject or type")?;
        Ok((statement, signer))
    }

    /// PUB4, PUB14 to PUB16.
    pub fn publisher(&self, document: &Value, upstreams: &Value) -> Res<Value> {
        let manifest = sha256(&canonical(self.release())?);
        need(self.entry["manifestSha256"] == manifest.as_str(), "MANIFEST_MISMATCH", &manifest)?;
        let publisher = text(self.release(), "plugin").split('/').next().unwrap_or_default();
        let mut registry = self.registry();
        if let Some(origin) = document.get("origin") {
            let allowed = |one: &&Value| {
                let spaces = one["namespaces"].as_array().map_or(&[][..], Vec::as_slice);
                one["id"] == origin["registryId"] && one["root"]["sha256"] == origin["rootSha256"] && (spaces.is_empty() || spaces.iter().any(|space| space == publisher))
            };
            let found = upstreams["upstreams"].as_array().into_iter().flatten().find(allowed);
            registry = text(found.ok_or(Refusal("ORIGIN_UNKNOWN", String::new()))?, "id");
        }
        let listed = self.publishers["publishers"].get(publisher).unwrap_or(&document["publisher"]);
        let (statement, signer) = self.statement(&self.entry["attestations"]["publisher"], &listed["identities"], PUBLISH)?;
        let wanted = json!({ "plugin": self.release()["plugin"], "version": self.release()["version"], "registry": registry, "manifest": { "digest": { "sha256": manifest } } });
        need(canonical(&statement["predicate"])? == canonical(&wanted)?, MISMATCH, "predicate")?;
        Ok(json!({ "state": "verified", "signer": signer }))
    }

    /// COS1 to COS9.
    pub fn cosignature(&self) -> Res<Value> {
        let attestations = &self.entry["attestations"];
        let Some(reference) = attestations.get("registry") else { return Ok(json!({ "state": "notSigned", "levels": [] })) };
        if self.release()["artifact"]["kind"] == "process" {
            return Ok(json!({ "state": "notChecked", "levels": [] }));
        }
        let cosign = read_document(self.metadata, "cosign-keys.json", Some(self.registry()))?;
        let (statement, _) = self.statement(reference, &cosign["identities"], SUMMARY)?;
        let predicate = &statement["predicate"];
        let inputs = predicate["inputAttestations"].as_array().map_or(&[][..], Vec::as_slice);
        let judged = |one: &Value| inputs.iter().any(|input| input["digest"]["sha256"] == one["sha256"]);
        let many = ["analyses", "runs"].map(|kind| attestations[kind].as_array().cloned().unwrap_or_default()).concat();
        let resource = format!("plugmark:{}/{}", self.registry(), self.name());
        let holds = predicate["verifier"]["id"] == cosign["verifier"]
            && predicate["resourceUri"] == resource.as_str()
            && predicate["verificationResult"] == "PASSED"
            && judged(&attestations["publisher"])
            && many.iter().all(judged);
        need(holds, "COSIGNATURE_INVALID", &resource)?;
        let known = |level: &&Value| LEVELS.iter().any(|name| **level == format!("PLUGMARK_{name}").as_str());
        let levels: Vec<&Value> = predicate["verifiedLevels"].as_array().into_iter().flatten().filter(known).collect();
        Ok(json!({ "state": "verified", "levels": levels }))
    }
}
