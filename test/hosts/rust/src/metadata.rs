//! Section 5: TUF with the types, signatures and delegations of `tough`. Its own client asks the clock of the machine and fetches every
//! delegated role, so the order of section 5 is here.
use crate::net::fetch;
use crate::refusal::{Refusal, Res, SHAPES, need, parse, refuse};
use aws_lc_rs::digest;
use jiff::{Span, Timestamp as Instant};
use serde::{Serialize, de::DeserializeOwned};
use std::collections::{HashMap, HashSet};
use std::{fs, path::Path, path::PathBuf};
use tough::TargetName;
use tough::schema::{DelegatedRole, Delegations, Hashes, Metafile, PathSet, Role, RoleType, Root, Signed, Snapshot, Target, Targets, Timestamp, decoded, key::Key};

const MALFORMED: &str = "METADATA_MALFORMED";
const SIGNATURE: &str = "METADATA_SIGNATURE";
type Id = decoded::Decoded<decoded::Hex>;

pub fn hex(data: &[u8]) -> String {
    data.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn sha256(data: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, data).as_ref())
}

fn numbers(key: &Key) -> &[u8] {
    match key {
        Key::Rsa { keyval, .. } => &keyval.public,
        Key::Ed25519 { keyval, .. } => &keyval.public,
        Key::Ecdsa { keyval, .. } | Key::EcdsaOld { keyval, .. } => &keyval.public,
    }
}

/// TUF8: the library counts key ids, so one key under two ids is taken out before it counts.
fn distinct(ids: &mut Vec<Id>, keys: &HashMap<Id, Key>) {
    let mut seen = HashSet::new();
    ids.retain(|id| keys.get(id).is_none_or(|key| seen.insert(numbers(key).to_vec())));
}

fn signed_by_root<T: Role + Serialize>(root: &Root, file: &Signed<T>) -> Res<()> {
    let mut root = root.clone();
    if let Some(role) = root.roles.get_mut(&T::TYPE) {
        distinct(&mut role.keyids, &root.keys);
    }
    root.verify_role(file).map_err(refuse(SIGNATURE))
}

fn signed_by_delegation(delegations: &Delegations, name: &str, file: &Signed<Targets>) -> Res<()> {
    let mut delegations = delegations.clone();
    if let Some(role) = delegations.roles.iter_mut().find(|role| role.name == name) {
        distinct(&mut role.keyids, &delegations.keys);
    }
    delegations.verify_role(file, name).map_err(refuse(SIGNATURE))
}

pub fn instant(text: &str) -> Option<Instant> {
    let form: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    (form == "0000-00-00T00:00:00Z").then(|| text.parse().ok()).flatten()
}

/// TUF2, TUF10, TUF26; the library needs the whole value before it can check a signature, so shapes are looked at after it.
fn open<T: DeserializeOwned + Role>(data: &[u8], verify: impl Fn(&Signed<T>) -> Res<()>) -> Res<T> {
    let value = parse(data, MALFORMED)?;
    SHAPES.check("envelope", &value, MALFORMED)?;
    let mut ids = HashSet::new();
    let once = value["signatures"].as_array().is_some_and(|all| all.iter().all(|one| ids.insert(one["keyid"].clone())));
    need(once, MALFORMED, "two signatures of one key id")?;
    let kind = T::TYPE.to_string();
    let shape = SHAPES.check(&kind, &value["signed"], MALFORMED);
    let mut names = HashSet::new();
    let mut roles = value["signed"]["delegations"]["roles"].as_array().into_iter().flatten();
    let named_once = roles.all(|role| names.insert(role["name"].clone()));
    let expires = instant(value["signed"]["expires"].as_str().unwrap_or_default());
    let file: Signed<T> = serde_json::from_value(value).map_err(refuse(MALFORMED))?;
    verify(&file)?;
    shape?;
    need(expires.is_some() && named_once, MALFORMED, "expires, or two delegations of one name")?;
    Ok(file.signed)
}

/// TUF1, TUF3, TUF4.
pub fn open_root(before: Option<&Root>, data: &[u8]) -> Res<Root> {
    let checked = open::<Root>(data, |file| {
        before.map_or(Ok(()), |root| signed_by_root(root, file))?;
        signed_by_root(&file.signed, file)
    });
    let root = checked.map_err(|Refusal(code, detail)| Refusal(if before.is_some() { code } else { "ROOT_INVALID" }, detail))?;
    need(before.is_none_or(|old| root.version.get() == old.version.get() + 1), "METADATA_VERSION", "root")?;
    Ok(root)
}

/// TUF23.
fn fits(data: &[u8], length: Option<u64>, hashes: Option<&Hashes>, code: &'static str) -> Res<()> {
    need(length.is_none_or(|length| length == data.len() as u64), code, "length")?;
    let Some(Hashes { sha256: listed, _extra, .. }) = hashes else { return Ok(()) };
    need(digest::digest(&digest::SHA256, data).as_ref() == listed.as_ref(), code, "sha256")?;
    let longer = _extra.get("sha512").and_then(|v| v.as_str());
    need(longer.is_none_or(|text| text == hex(digest::digest(&digest::SHA512, data).as_ref())), code, "sha512")
}

/// Hash prefixes as the library reads them; of its patterns `*` and `?` reach across `/`, so these are read here.
fn covers(role: &DelegatedRole, name: &TargetName) -> bool {
    fn fits(pattern: &[u8], path: &[u8]) -> bool {
        match (pattern, path) {
            ([], []) => true,
            ([b'*', rest @ ..], _) if fits(rest, path) => true,
            ([b'*', ..], [next, left @ ..]) => *next != b'/' && fits(pattern, left),
            ([b'?', rest @ ..], [next, left @ ..]) => *next != b'/' && fits(rest, left),
            ([same, rest @ ..], [next, left @ ..]) => same == next && fits(rest, left),
            _ => false,
        }
    }
    match &role.paths {
        PathSet::Paths(patterns) => patterns.iter().any(|one| fits(one.value().as_bytes(), name.raw().as_bytes())),
        PathSet::PathHashPrefixes(_) => Delegations { keys: HashMap::new(), roles: vec![role.clone()] }.target_is_delegated(name),
    }
}

pub struct Metadata {
    base: String,
    folder: PathBuf,
    now: Instant,
    pub root: Root,
    pub timestamp: Timestamp,
    pub snapshot: Snapshot,
    pub targets: Targets,
}

struct Kept<'a>(&'a Path);

impl Kept<'_> {
    fn get(&self, name: &str) -> Option<Vec<u8>> {
        fs::read(self.0.join(name)).ok()
    }

    fn put(&self, name: &str, data: &[u8]) -> Res<()> {
        let part = self.0.join("part");
        fs::write(&part, data).and_then(|()| fs::rename(&part, self.0.join(name))).map_err(refuse("STORE"))
    }
}

fn fresh(expires: Instant, now: Instant) -> Res<()> {
    need(now < expires, "METADATA_EXPIRED", "")
}

/// TUF3 to TUF6, TUF27.
fn newest_root(base: &str, kept: &Kept, mut root: Root) -> Res<Root> {
    for local in [true, false] {
        for _ in 0..256 {
            let name = format!("{}.root.json", root.version.get() + 1);
            let data = if local { kept.get(&name) } else { fetch(base, &["metadata", &name], 512_000)? };
            let Some(data) = data else { break };
            let next = match open_root(Some(&root), &data) {
                Err(_) if local => break,
                next => next?,
            };
            let holders = |root: &Root, role| {
                let keys: HashMap<_, _> = root.roles[&role].keyids.iter().map(|id| (id.clone(), root.keys.get(id).cloned())).collect();
                (root.roles[&role].threshold, keys)
            };
            let rotated = [RoleType::Timestamp, RoleType::Snapshot].into_iter().any(|role| holders(&root, role) != holders(&next, role));
            if !local && rotated {
                let _ = fs::remove_file(kept.0.join("timestamp.json"));
                let _ = fs::remove_file(kept.0.join("snapshot.json"));
            }
            kept.put(&name, &data)?;
            root = next;
        }
    }
    Ok(root)
}

/// TUF11 to TUF15.
fn next_timestamp(base: &str, kept: &Kept, root: &Root, now: Instant) -> Res<Timestamp> {
    let verify = |file: &Signed<Timestamp>| signed_by_root(root, file);
    let old = kept.get("timestamp.json").and_then(|data| open(&data, verify).ok());
    let data = fetch(base, &["metadata", "timestamp.json"], 16_384)?.ok_or(Refusal("FILE_MISSING", "timestamp.json".into()))?;
    let new = open(&data, verify)?;
    let named = |file: &Timestamp| file.meta["snapshot.json"].version;
    let back = old.as_ref().is_some_and(|old| new.version < old.version || named(&new) < named(old));
    need(!back, "METADATA_ROLLBACK", "timestamp")?;
    let (used, is_new) = match old {
        Some(old) if old.version == new.version => (old, false),
        _ => (new, true),
    };
    fresh(used.expires, now)?;
    let latest = now.checked_add(Span::new().hours(96)).map_err(refuse("METADATA_LIFETIME"))?;
    need(used.expires <= latest, "METADATA_LIFETIME", "")?;
    if is_new {
        kept.put("timestamp.json", &data)?;
    }
    Ok(used)
}

struct File<'a> {
    role: &'a str,
    listed: &'a Metafile,
    limit: u64,
}

/// TUF16 to TUF19: the kept copy where it still verifies, else the served one.
fn obtain<T: DeserializeOwned + Role>(base: &str, kept: &Kept, File { role, listed, limit }: File, verify: impl Fn(&Signed<T>) -> Res<()>, check: impl Fn(&T) -> Res<()>) -> Res<T> {
    let opened = |data: &[u8]| {
        fits(data, listed.length, listed.hashes.as_ref(), "METADATA_DIGEST")?;
        let file = open(data, &verify)?;
        need(file.version() == listed.version, "METADATA_VERSION", role)?;
        check(&file)?;
        Ok(file)
    };
    let name = format!("{}.json", role.replace('/', "%2F"));
    if let Some(Ok(file)) = kept.get(&name).map(|data| opened(&data)) {
        return Ok(file);
    }
    let limit = listed.length.unwrap_or(limit).min(limit);
    let served = fetch(base, &["metadata", &format!("{}.{role}.json", listed.version)], limit)?;
    let data = served.ok_or(Refusal("FILE_MISSING", role.into()))?;
    let file = opened(&data)?;
    kept.put(&name, &data)?;
    Ok(file)
}

fn listed<'a>(snapshot: &'a Snapshot, role: &str) -> Res<&'a Metafile> {
    snapshot.meta.get(&format!("{role}.json")).ok_or(Refusal("FILE_MISSING", role.into()))
}

impl Metadata {
    pub fn refresh(base: &str, state: &Path, now: Instant) -> Res<Self> {
        let folder = state.join("metadata");
        fs::create_dir_all(&folder).map_err(refuse("STORE"))?;
        let kept = Kept(&folder);
        let shipped = fs::read(state.join("root.json")).map_err(refuse("ROOT_INVALID"))?;
        let root = newest_root(base, &kept, open_root(None, &shipped)?)?;
        fresh(root.expires, now)?;
        let timestamp = next_timestamp(base, &kept, &root, now)?;
        let verify = |file: &Signed<Snapshot>| signed_by_root(&root, file);
        let old = kept.get("snapshot.json").and_then(|data| open(&data, verify).ok());
        let file = File { role: "snapshot", listed: &timestamp.meta["snapshot.json"], limit: 2_000_000 };
        let snapshot = obtain(base, &kept, file, verify, |new| {
            let lower = |(name, before): (&String, &Metafile)| new.meta.get(name).is_none_or(|after| after.version < before.version);
            need(!old.iter().flat_map(|old| &old.meta).any(lower), "METADATA_ROLLBACK", "snapshot")?;
            fresh(new.expires, now)
        })?;
        let file = File { role: "targets", listed: listed(&snapshot, "targets")?, limit: 5_000_000 };
        let targets = obtain(base, &kept, file, |file| signed_by_root(&root, file), |file: &Targets| fresh(file.expires, now))?;
        Ok(Self { base: base.into(), folder, now, root, timestamp, snapshot, targets })
    }

    /// TUF21: the role that lists the path, and what it says.
    pub fn find(&self, path: &str) -> Res<Option<(String, Target)>> {
        let name = TargetName::new(path).map_err(refuse("TARGET_UNKNOWN"))?;
        let (mut stack, mut visited) = (vec![("targets".to_string(), None::<Delegations>)], HashSet::new());
        while let Some((role, parent)) = stack.pop() {
            if visited.contains(&role) {
                continue;
            }
            if visited.len() == 32 {
                return Ok(None);
            }
            visited.insert(role.clone());
            let file = match parent {
                None => self.targets.clone(),
                Some(delegations) => {
                    let file = File { role: &role, listed: listed(&self.snapshot, &role)?, limit: 5_000_000 };
                    let verify = |file: &Signed<Targets>| signed_by_delegation(&delegations, &role, file);
                    obtain(&self.base, &Kept(&self.folder), file, verify, |file| fresh(file.expires, self.now))?
                }
            };
            if let Some(target) = file.targets.get(&name) {
                return Ok(Some((role, target.clone())));
            }
            let mut children = Vec::new();
            for child in file.delegations.iter().flat_map(|delegations| &delegations.roles) {
                if covers(child, &name) {
                    children.push((child.name.clone(), file.delegations.clone()));
                    if child.terminating {
                        stack.clear();
                        break;
                    }
                }
            }
            stack.extend(children.into_iter().rev());
        }
        Ok(None)
    }

    /// TUF23 to TUF25.
    pub fn read(&self, path: &str, target: &Target) -> Res<Vec<u8>> {
        let mut segments: Vec<&str> = path.split('/').collect();
        need(!segments.iter().any(|one| ["", ".", ".."].contains(one)), "TARGET_UNKNOWN", path)?;
        let name = format!("{}.{}", hex(&target.hashes.sha256), segments.pop().unwrap_or_default());
        let served = fetch(&self.base, &[&["targets"], segments.as_slice(), &[name.as_str()]].concat(), target.length)?;
        let data = served.ok_or(Refusal("FILE_MISSING", path.into()))?;
        fits(&data, Some(target.length), Some(&target.hashes), "TARGET_DIGEST")?;
        Ok(data)
    }
}
