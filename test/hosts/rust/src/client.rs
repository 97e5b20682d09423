//! The five things a client does: init, refresh, resolve, verify, load. Nothing is kept but in the state's folder.
use crate::choose::{Asked, Chosen, choose, parse_request, read_document};
use crate::marks::Marks;
use crate::metadata::{Metadata, open_root, sha256};
use crate::net::fetch;
use crate::refusal::{Refusal, Res, need, refuse, text};
use jiff::Timestamp as Instant;
use serde_json::{Map, Value, json};
use std::collections::HashSet;
use std::{fs, path::PathBuf};

pub struct Client {
    pub state: PathBuf,
    pub url: String,
    pub now: Instant,
}

/// What the application asks for beside the plugin: `host`, `locked`, `minimumReleaseAgeMinutes`.
pub struct Refreshed {
    pub metadata: Metadata,
    pub publishers: Value,
    revoked: HashSet<String>,
}

impl Client {
    pub fn init(&self, root: &[u8]) -> Res<Value> {
        open_root(None, root)?;
        fs::write(self.state.join("root.json"), root).map_err(refuse("STORE"))?;
        Ok(json!({}))
    }

    pub fn refresh(&self) -> Res<Refreshed> {
        let metadata = Metadata::refresh(&self.url, &self.state, self.now)?;
        let publishers = read_document(&metadata, "publishers.json", None)?;
        let listed = read_document(&metadata, "revocations.json", publishers["registry"].as_str())?;
        let revoked = self.remember(&listed["revocations"])?;
        Ok(Refreshed { metadata, publishers, revoked })
    }

    pub fn versions(&self) -> Res<Value> {
        let Refreshed { metadata, publishers, .. } = self.refresh()?;
        let (root, timestamp) = (metadata.root.version, metadata.timestamp.version);
        let (snapshot, targets) = (metadata.snapshot.version, metadata.targets.version);
        Ok(json!({ "registry": publishers["registry"], "rootVersion": root, "timestampVersion": timestamp, "snapshotVersion": snapshot, "targetsVersion": targets }))
    }

    fn memory(&self) -> Map<String, Value> {
        let kept = fs::read(self.state.join("revoked.json")).ok();
        kept.and_then(|data| serde_json::from_slice(&data).ok()).unwrap_or_default()
    }

    fn revoked_of(memory: &Map<String, Value>) -> HashSet<String> {
        let holding = memory.iter().filter(|(_, holds)| **holds == true);
        holding.filter_map(|(key, _)| key.split(' ').next().map(Into::into)).collect()
    }

    /// STA2, STA3: the signed list decides about entries that it has, and what was seen stays.
    fn remember(&self, entries: &Value) -> Res<HashSet<String>> {
        let (mut memory, mut listed) = (self.memory(), Map::new());
        for one in entries.as_array().into_iter().flatten() {
            let key = format!("{} {} {}", text(one, "sha256"), text(one, "plugin"), text(one, "version"));
            let before = listed.get(&key).is_some_and(|holds: &Value| *holds == true);
            listed.insert(key, (before || one.get("lifted").is_none()).into());
        }
        memory.extend(listed);
        let part = self.state.join("revoked.part");
        let data = Value::from(memory.clone()).to_string();
        fs::write(&part, data).and_then(|()| fs::rename(&part, self.state.join("revoked.json"))).map_err(refuse("STORE"))?;
        Ok(Self::revoked_of(&memory))
    }

    pub fn select(&self, asked: &Value) -> Res<(Refreshed, Value, Chosen, Value)> {
        let (plugin, range) = parse_request(text(asked, "request"))?;
        let fresh = self.refresh()?;
        let document = read_document(&fresh.metadata, &format!("plugins/{plugin}.json"), fresh.publishers["registry"].as_str())?;
        let age = match asked["minimumReleaseAgeMinutes"].as_f64() {
            Some(own) => Some(own),
            None => read_document(&fresh.metadata, "policy.json", None)?["client"]["minimumReleaseAgeMinutes"].as_f64(),
        };
        let age = age.filter(|age| age.fract() == 0.0 && (0.0..9007199254740992.0).contains(age));
        let age_minutes = age.ok_or(Refusal("DOCUMENT_MALFORMED", "policy.json".into()))? as i64;
        let locked = asked["locked"].as_array().into_iter().flatten().filter_map(|one| one.as_str().map(Into::into)).collect();
        let chosen = choose(&document, &Asked { range, host: &asked["host"], locked, now: self.now, age_minutes }, &fresh.revoked)?;
        let listed = fresh.publishers["publishers"].get(plugin.split('/').next().unwrap_or_default());
        let artifact = &chosen.entry["release"]["artifact"];
        let tier = match listed {
            Some(listed) if artifact["kind"] != "process" => if listed.get("builtIn").is_some() { "built-in" } else { "verified" },
            _ => "community",
        };
        let answer = json!({ "plugin": plugin, "version": chosen.entry["release"]["version"], "sha256": artifact["sha256"], "size": artifact["size"], "kind": artifact["kind"], "tier": tier, "state": chosen.state });
        Ok((fresh, document, chosen, answer))
    }

    pub fn resolve(&self, asked: &Value) -> Res<Value> {
        let (_, _, chosen, mut answer) = self.select(asked)?;
        answer["excluded"] = chosen.excluded.into();
        Ok(answer)
    }

    pub fn verify(&self, asked: &Value) -> Res<(Value, Refreshed, Value)> {
        let (fresh, document, chosen, mut answer) = self.select(asked)?;
        let upstreams = read_document(&fresh.metadata, "upstreams.json", fresh.publishers["registry"].as_str())?;
        let marks = Marks { base: &self.url, metadata: &fresh.metadata, publishers: &fresh.publishers, entry: &chosen.entry };
        answer["publisher"] = marks.publisher(&document, &upstreams)?;
        answer["registry"] = marks.cosignature()?;
        let digest = text(&answer, "sha256");
        let name = format!("{digest}.{}", if answer["kind"] == "process" { "zip" } else { "wasm" });
        let size = answer["size"].as_f64().unwrap_or_default() as u64;
        let served = fetch(&self.url, &["blobs", "sha256", &name], size)?;
        let data = served.ok_or(Refusal("ARTIFACT_MISSING", name))?;
        need(data.len() as u64 == size && sha256(&data) == digest, "ARTIFACT_DIGEST", digest)?;
        let part = self.state.join("artifact.part");
        fs::write(&part, &data).and_then(|()| fs::rename(&part, self.state.join(digest))).map_err(refuse("STORE"))?;
        Ok((answer, fresh, chosen.entry))
    }

    /// ART4 to ART6.
    pub fn load(&self, digest: &str) -> Res<Vec<u8>> {
        let form = digest.len() == 64 && digest.bytes().all(|b| b"0123456789abcdef".contains(&b));
        need(form, "NOT_INSTALLED", digest)?;
        need(!Self::revoked_of(&self.memory()).contains(digest), "REVOKED", digest)?;
        let data = fs::read(self.state.join(digest)).map_err(refuse("NOT_INSTALLED"))?;
        need(sha256(&data) == digest, "ARTIFACT_DIGEST", digest)?;
        Ok(data)
    }
}
