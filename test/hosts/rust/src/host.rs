//! A host: verifies a plugin of a registry and runs the vectors its publisher signed, under the limits of the signed host profile.
use crate::abis::{call, host_call};
use crate::choose::read_target;
use crate::client::Client;
use crate::guest::{Guest, TICK_MILLISECONDS, engine};
use crate::metadata::sha256;
use crate::net::fetch;
use crate::refusal::{Refusal, Res, need, parse, refuse, text};
use jiff::Timestamp as Instant;
use serde_json::{Value, json};
use std::{fs, thread, time::Duration};

fn run_vector(engine: &wasmtime::Engine, data: &[u8], profile: &Value, vector: &Value) -> Res<Value> {
    let mut guest = Guest::new(engine, data, profile, vector, host_call)?;
    let mut calls = Vec::new();
    for one in vector["calls"].as_array().into_iter().flatten() {
        guest.refill()?;
        let (output, ending) = match call(text(profile, "abi"), &mut guest, text(one, "entry"), &one["input"]) {
            Ok(output) => (output, "ok"),
            Err(Refusal(code, _)) => (Value::Null, code),
        };
        calls.push(json!({ "entry": one["entry"], "fuel": guest.used(), "ending": ending, "output": output }));
    }
    Ok(calls.into())
}

/// `run --registry URL --root root.json --state FOLDER --plugin ID[@RANGE] --host HOST`
pub fn run(words: &[String]) -> Res<Value> {
    let option = |name: &str| {
        let at = words.iter().position(|word| *word == format!("--{name}"));
        at.and_then(|at| words.get(at + 1)).cloned().ok_or(Refusal("USAGE", format!("--{name}")))
    };
    let (url, host) = (option("registry")?, option("host")?);
    let client = Client { state: option("state")?.into(), url, now: Instant::now() };
    fs::create_dir_all(&client.state).map_err(refuse("STORE"))?;
    client.init(&fs::read(option("root")?).map_err(refuse("ROOT_INVALID"))?)?;
    let asked = json!({ "request": option("plugin")?, "host": { "id": host }, "minimumReleaseAgeMinutes": 0 });
    let (installed, fresh, entry) = match client.verify(&asked) {
        Err(Refusal("BUNDLE_KEYLESS", why)) => return not_checked(&client, &asked, &why),
        verified => verified?,
    };
    let mut said = json!({ "engine": "wasmtime 45.0.3", "installed": installed, "runs": [] });
    if said["installed"]["kind"] != "core" {
        said["notRun"] = format!("this host runs core modules, and this is a {}", text(&said["installed"], "kind")).into();
        return Ok(said);
    }
    let profile = parse(&read_target(&fresh.metadata, &format!("hosts/{host}.json"))?, "DOCUMENT_MALFORMED")?;
    match run_all(&client, &entry, &profile) {
        Ok(runs) => said["runs"] = runs,
        Err(Refusal("IMPORT_REFUSED", what)) => said["notRun"] = format!("this host does not offer {what}").into(),
        Err(refusal) => return Err(refusal),
    }
    Ok(said)
}

/// What a library cannot check is not installed; it can be said what would have been chosen.
fn not_checked(client: &Client, asked: &Value, why: &str) -> Res<Value> {
    let mut chosen = client.resolve(asked)?;
    chosen["publisher"] = json!({ "state": "notChecked" });
    chosen["registry"] = json!({ "state": "notChecked" });
    Ok(json!({ "installed": chosen, "runs": [], "notRun": format!("not verified, so not installed: {why}") }))
}

/// Every vector of the release, in a fresh instance each.
fn run_all(client: &Client, entry: &Value, profile: &Value) -> Res<Value> {
    let data = client.load(text(&entry["release"]["artifact"], "sha256"))?;
    let engine = engine()?;
    let clock = engine.clone();
    // Ends with the process: it only moves the epoch, which ends a call whose time is over.
    thread::spawn(move || loop {
        thread::sleep(Duration::from_millis(TICK_MILLISECONDS));
        clock.increment_epoch();
    });
    let mut runs = Vec::new();
    for listed in entry["release"]["vectors"].as_array().into_iter().flatten() {
        let digest = text(listed, "sha256");
        let served = fetch(&client.url, &["vectors", &format!("{digest}.json")], 10_000_000)?;
        let vector = served.ok_or(Refusal("FILE_MISSING", digest.into()))?;
        need(sha256(&vector) == digest, "ARTIFACT_DIGEST", digest)?;
        let vector = parse(&vector, "DOCUMENT_MALFORMED")?;
        runs.push(json!({ "vector": listed["name"], "calls": run_vector(&engine, &data, profile, &vector)? }));
    }
    Ok(runs.into())
}
