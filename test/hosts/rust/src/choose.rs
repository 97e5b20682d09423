//! Sections 6, 8 and 9: documents, standing, and the release that is chosen with a reason for every other one.
use crate::metadata::{Metadata, instant};
use crate::ranges::{Range, Version};
use crate::refusal::{Refusal, Res, Shapes, need, parse, text};
use jiff::{Span, Timestamp as Instant};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::LazyLock;

const MALFORMED: &str = "DOCUMENT_MALFORMED";
static DOCUMENTS: LazyLock<Shapes> = LazyLock::new(|| {
    Shapes::of(&[
        ("publishers.json", include_str!("../../../../schemas/json/verified-publishers.schema.json"), None),
        ("cosign-keys.json", include_str!("../../../../schemas/json/cosign-keys.schema.json"), None),
        ("upstreams.json", include_str!("../../../../schemas/json/upstreams.schema.json"), None),
        ("revocations.json", include_str!("../../../../schemas/json/revocations.schema.json"), None),
        ("plugins", include_str!("../../../../schemas/json/package-document.schema.json"), None),
    ])
});

/// DOC1, DOC2, DOC8.
pub fn read_target(metadata: &Metadata, path: &str) -> Res<Vec<u8>> {
    let package = path.starts_with("plugins/");
    let absent = if package { "PLUGIN_UNKNOWN" } else { "DOCUMENT_MISSING" };
    let (role, target) = metadata.find(path)?.ok_or(Refusal(absent, path.into()))?;
    let right = match path {
        "revocations.json" => role == "revocations",
        _ if package => role == "documents" || role.starts_with("documents-"),
        _ => role == "targets",
    };
    let code = if path == "trusted_root.json" { "DOCUMENT_MISSING" } else { "DOCUMENT_MISMATCH" };
    need(right, code, &format!("{path} from {role}"))?;
    need(target.length <= 10_000_000, "TOO_LARGE", path)?;
    metadata.read(path, &target)
}

/// DOC3 to DOC7.
pub fn read_document(metadata: &Metadata, path: &str, registry: Option<&str>) -> Res<Value> {
    let value = parse(&read_target(metadata, path)?, MALFORMED)?;
    need(value.is_object(), MALFORMED, path)?;
    need(value["schemaVersion"].as_f64() == Some(1.0), "DOCUMENT_VERSION", path)?;
    let plugin = path.strip_prefix("plugins/").and_then(|rest| rest.strip_suffix(".json"));
    let kind = if plugin.is_some() { "plugins" } else { path };
    if DOCUMENTS.has(kind) {
        DOCUMENTS.check(kind, &value, MALFORMED)?;
        need(registry.is_none_or(|registry| value["registry"] == registry), "DOCUMENT_MISMATCH", path)?;
    }
    if let Some(plugin) = plugin {
        let mut versions = HashSet::new();
        let of_it = |entry: &Value| entry["release"]["plugin"] == plugin;
        let once = entries(&value).iter().all(|entry| of_it(entry) && versions.insert(text(&entry["release"], "version")));
        need(value["plugin"] == plugin && once, "DOCUMENT_MISMATCH", path)?;
    }
    Ok(value)
}

fn entries(document: &Value) -> &[Value] {
    document["releases"].as_array().map_or(&[], Vec::as_slice)
}

pub struct Asked<'a> {
    pub range: Range,
    pub host: &'a Value,
    pub locked: HashSet<String>,
    pub now: Instant,
    pub age_minutes: i64,
}

/// RES1.
pub fn parse_request(request: &str) -> Res<(&str, Range)> {
    let code = "REQUEST_MALFORMED";
    let (plugin, range) = request.split_once('@').unwrap_or((request, "*"));
    let slug = |part: &str, most| {
        let group = |group: &str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        part.len() <= most && part.split('-').all(group)
    };
    let named = plugin.split_once('/').is_some_and(|(publisher, name)| slug(publisher, 39) && slug(name, 64));
    let form = !range.is_empty() && range.len() <= 100 && range.bytes().all(|b| b.is_ascii_alphanumeric() || b".*^~<>=| -".contains(&b));
    need(named && form, code, request)?;
    Ok((plugin, Range::parse(range).ok_or(Refusal(code, request.into()))?))
}

fn version_of(entry: &Value) -> Res<Version> {
    let written = text(&entry["release"], "version");
    Version::parse(written).ok_or(Refusal(MALFORMED, written.into()))
}

fn admits(range: &str, version: &Version) -> bool {
    Range::parse(range).is_some_and(|range| range.admits(version))
}

fn time(value: &Value, member: &str) -> Res<Instant> {
    instant(text(value, member)).ok_or(Refusal(MALFORMED, member.into()))
}

/// STA5.
fn standing(status: &Value, now: Instant) -> Res<&str> {
    let state = text(status, "state");
    if state != "quarantined" {
        return Ok(state);
    }
    let since = time(status, "since")?;
    let end = time(status, "until")?.min(since + Span::new().hours(7 * 24));
    Ok(if since <= now && now < end { "quarantined" } else { "active" })
}

/// RES8: the first reason that holds.
fn reason<'a>(entry: &'a Value, asked: &Asked, state: &'a str, revoked: bool, locked: bool) -> Res<Option<&'a str>> {
    let release = &entry["release"];
    let version = version_of(entry)?;
    if !asked.range.admits(&version) {
        return Ok(Some("range"));
    }
    if asked.host.is_object() {
        let mut fitting = release["targets"].as_array().into_iter().flatten().filter(|one| one["host"] == asked.host["id"]).peekable();
        if fitting.peek().is_none() {
            return Ok(Some("host"));
        }
        if let Some(api) = asked.host["api"].as_str() {
            if !Version::parse(api).is_some_and(|api| fitting.any(|one| admits(text(one, "api"), &api))) {
                return Ok(Some("hostApi"));
            }
        }
    }
    if revoked {
        return Ok(Some("revoked"));
    }
    if locked {
        return Ok(None);
    }
    if ["yanked", "quarantined", "revoked"].contains(&state) {
        return Ok(Some(state));
    }
    let old_enough = time(entry, "publishedAt")?.checked_add(Span::new().minutes(asked.age_minutes)).is_ok_and(|end| asked.now >= end);
    Ok(if old_enough { None } else { Some("age") })
}

pub struct Chosen {
    pub entry: Value,
    pub state: String,
    pub excluded: Vec<Value>,
}

pub fn choose(document: &Value, asked: &Asked, revoked: &HashSet<String>) -> Res<Chosen> {
    let mut sorted = Vec::new();
    for entry in entries(document) {
        sorted.push((version_of(entry)?, entry));
    }
    sorted.sort_by(|(a, _), (b, _)| b.cmp(a));
    let (mut best, mut excluded, mut gone) = (None, Vec::new(), false);
    for (_, entry) in sorted {
        let sha256 = text(&entry["release"]["artifact"], "sha256");
        let state = standing(&entry["status"], asked.now)?;
        let (is_revoked, is_locked) = (revoked.contains(sha256), asked.locked.contains(sha256));
        gone |= is_revoked && is_locked;
        match reason(entry, asked, state, is_revoked, is_locked)? {
            None if best.is_none() => best = Some((entry.clone(), state.to_string())),
            why => excluded.push(json!({ "version": entry["release"]["version"], "code": why.unwrap_or("lower") })),
        }
    }
    need(!gone, "REVOKED", "a locked release")?;
    let (entry, state) = best.ok_or(Refusal("NO_RELEASE", Value::from(excluded.clone()).to_string()))?;
    Ok(Chosen { entry, state, excluded })
}
