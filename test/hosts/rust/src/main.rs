//! The runner protocol of appendix A over the client: JSON lines in, JSON lines out; or, with `run`, a host that verifies and runs a plugin.
mod abis;
mod choose;
mod client;
mod guest;
mod host;
mod marks;
mod metadata;
mod net;
mod ranges;
mod refusal;

use base64::{Engine, engine::general_purpose::STANDARD};
use client::Client;
use refusal::{Refusal, Res, refuse, text};
use serde_json::{Value, json};
use std::env::args;
use std::io::{BufRead, Write, stdin, stdout};
use std::process::ExitCode;

fn act(request: &Value) -> Res<Value> {
    let now = request["now"].as_str().and_then(metadata::instant).unwrap_or_default();
    let client = Client { state: text(request, "state").into(), url: text(request, "url").into(), now };
    match text(request, "action") {
        "init" => client.init(&STANDARD.decode(text(request, "root")).map_err(refuse("ROOT_INVALID"))?),
        "refresh" => client.versions(),
        "resolve" => client.resolve(request),
        "verify" => client.verify(request).map(|(answer, _, _)| answer),
        "load" => client.load(text(request, "sha256")).map(|data| json!({ "sha256": request["sha256"], "size": data.len() })),
        other => Err(Refusal("UNSUPPORTED", other.into())),
    }
}

fn main() -> ExitCode {
    let words: Vec<String> = args().skip(1).collect();
    if words.first().is_some_and(|word| word == "run") {
        return match host::run(&words) {
            Ok(said) => writeln!(stdout(), "{said}").map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS),
            Err(Refusal(code, message)) => {
                eprintln!("{code} {message}");
                ExitCode::FAILURE
            }
        };
    }
    for line in stdin().lock().lines().map_while(Result::ok) {
        let Ok(request) = serde_json::from_str::<Value>(&line) else { continue };
        let answer = match act(&request) {
            Ok(result) => json!({ "id": request["id"], "result": result }),
            Err(Refusal("UNSUPPORTED" | "BUNDLE_KEYLESS", what)) => json!({ "id": request["id"], "unsupported": what }),
            Err(Refusal(code, message)) => json!({ "id": request["id"], "error": { "code": code, "message": message } }),
        };
        let _ = writeln!(stdout(), "{answer}").and_then(|()| stdout().flush());
    }
    ExitCode::SUCCESS
}
