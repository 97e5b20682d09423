//! How a call of a vector becomes calls of exports, and what the host's functions do: the conventions of the host profiles.
use crate::guest::{Guest, World, number, read, write};
use crate::refusal::{Refusal, Res, refuse, text};
use serde_json::{Value, json};
use wasmtime::{Caller, Val};

const OUT_OF_RANGE: Option<Val> = Some(Val::I32(-2));

fn payload(given: &Value) -> Value {
    given.get("json").or(given.get("text")).cloned().unwrap_or_else(|| json!({}))
}

fn length(data: &[u8]) -> Option<Val> {
    Some(Val::I32(data.len() as i32))
}

fn taken(caller: &mut Caller<World>, values: &[Val]) -> Option<Value> {
    let data = read(caller, &values[0], &values[1])?;
    serde_json::from_slice(&data).ok()
}

/// The functions of Conductor and DDALAB; their requests are answered by the vector.
pub fn host_call(caller: &mut Caller<World>, name: &str, values: &[Val]) -> Option<Val> {
    let stored = |done: bool| Some(Val::I32(if done { 0 } else { -5 }));
    match name {
        "conductor.set_result" | "ddalab.result_write" => {
            let value = taken(caller, values);
            let done = value.is_some();
            caller.data_mut().result = value.unwrap_or_default();
            if name.starts_with("ddalab") { stored(done) } else { None }
        }
        "ddalab.panel_render" => {
            caller.data_mut().panel = taken(caller, values);
            stored(caller.data().panel.is_some())
        }
        "conductor.http_request" | "conductor.command_run" | "conductor.system_action" | "ddalab.http_request" | "ddalab.program_run" => {
            if taken(caller, values).is_none() {
                return OUT_OF_RANGE;
            }
            let mut waiting = caller.data_mut().responses.iter_mut().filter(|(of, _)| of == name);
            let Some(one) = waiting.next().and_then(|(_, all)| all.pop_front()) else { return stored(false) };
            caller.data_mut().answer = payload(&one).to_string().into_bytes();
            length(&caller.data().answer)
        }
        "conductor.http_response_read" | "conductor.command_output_read" | "ddalab.answer_read" => {
            let part: Vec<u8> = caller.data().answer.iter().take(number(&values[1])).copied().collect();
            if write(caller, &values[0], &part) { length(&part) } else { Some(Val::I32(-3)) }
        }
        "ddalab.channel_count" => Some(Val::I32(caller.data().channels.len() as i32)),
        _ if name.starts_with("ddalab.channel_") => channel_call(caller, name, values),
        _ => None,
    }
}

fn channel_call(caller: &mut Caller<World>, name: &str, values: &[Val]) -> Option<Val> {
    let channel = caller.data().channels.get(number(&values[0])).cloned();
    let samples = channel.as_ref().and_then(|one| one["samples"].as_array().cloned());
    match name {
        "ddalab.channel_sample_rate" => Some(Val::F64(channel.map_or(0.0, |one| one["sampleRate"].as_f64().unwrap_or_default()).to_bits())),
        "ddalab.channel_length" => samples.map_or(OUT_OF_RANGE, |all| Some(Val::I32(all.len() as i32))),
        "ddalab.channel_label" | "ddalab.channel_unit" => {
            let member = name.trim_start_matches("ddalab.channel_");
            let Some(data) = channel.as_ref().and_then(|one| one[member].as_str()).map(str::as_bytes) else { return OUT_OF_RANGE };
            let part = &data[..data.len().min(number(&values[2]))];
            if write(caller, &values[1], part) { length(data) } else { Some(Val::I32(-3)) }
        }
        _ => {
            let (start, count) = (number(&values[1]), number(&values[2]));
            let Some(part) = samples.as_ref().and_then(|all| all.get(start..start.checked_add(count)?)) else { return OUT_OF_RANGE };
            let data: Vec<u8> = part.iter().flat_map(|sample| sample.as_f64().unwrap_or_default().to_le_bytes()).collect();
            Some(Val::I32(if write(caller, &values[3], &data) { count as i32 } else { -3 }))
        }
    }
}

/// Conductor and DDALAB: a text in, a status and one JSON result out.
fn call_with_text(guest: &mut Guest, entry: &str, given: &Value) -> Res<Value> {
    guest.store.data_mut().result = Value::Null;
    guest.store.data_mut().panel = None;
    let status = if entry == "execute" || entry == "analyze" {
        let data = given["text"].as_str().map_or_else(|| payload(given).to_string(), Into::into);
        let block = guest.lend(data.as_bytes())?;
        let status = guest.call(entry, &block)?;
        guest.give_back(&block)?;
        status
    } else {
        guest.call(entry, &[])?
    };
    let world = guest.store.data();
    let mut said = json!({ "status": status as i32, "result": world.result });
    if let Some(panel) = &world.panel {
        said["panel"] = panel.clone();
    }
    Ok(said)
}

fn call_hielements(guest: &mut Guest, entry: &str, given: &Value) -> Res<Value> {
    if entry == "library_name" {
        let address = guest.call(entry, &[])?;
        return guest.text_to_zero(address);
    }
    let asked = payload(given);
    let values = [&asked["function"], &asked["args"], &json!("/workspace")];
    let mut blocks = Vec::new();
    for value in values {
        blocks.push(guest.lend(format!("{value}\0").as_bytes())?);
    }
    let address = guest.call(entry, &[blocks[0][0], blocks[1][0], blocks[2][0]])?;
    let said = guest.text_to_zero(address)?;
    for block in &blocks {
        guest.give_back(block)?;
    }
    Ok(said)
}

fn give(guest: &mut Guest, data: &str) -> Res<()> {
    let address = guest.call("clear_shared_bytes", &[data.len() as u32])?;
    guest.write(address, data.as_bytes())
}

fn take(guest: &mut Guest, entry: &str, values: &[u32]) -> Res<String> {
    let length = guest.call(entry, values)?;
    let address = guest.call("get_shared_bytes_ptr", &[])?;
    guest.text(address, length)
}

fn call_dprint(guest: &mut Guest, entry: &str, given: &Value) -> Res<Value> {
    let asked = payload(given);
    let of_config = entry == "format" || entry.starts_with("get_config") || entry.starts_with("get_resolved");
    if of_config {
        let or_empty = |member: &str| asked.get(member).cloned().unwrap_or_else(|| json!({}));
        give(guest, &json!({ "plugin": or_empty("config"), "global": or_empty("global") }).to_string())?;
        guest.call("register_config", &[1])?;
    }
    if entry != "format" {
        let said = take(guest, entry, if of_config { &[1] } else { &[] })?;
        return serde_json::from_str(&said).map_err(refuse("BAD_ANSWER"));
    }
    if let Some(changed) = asked.get("override") {
        give(guest, &changed.to_string())?;
        guest.call("set_override_config", &[])?;
    }
    give(guest, text(&asked, "path"))?;
    guest.call("set_file_path", &[])?;
    give(guest, text(&asked, "text"))?;
    match guest.call("format", &[1])? {
        1 => Ok(json!({ "status": 1, "text": take(guest, "get_formatted_text", &[])? })),
        2 => Ok(json!({ "status": 2, "error": take(guest, "get_error_text", &[])? })),
        status => Ok(json!({ "status": status })),
    }
}

pub fn call(abi: &str, guest: &mut Guest, entry: &str, given: &Value) -> Res<Value> {
    match abi {
        "conductor" | "ddalab" => call_with_text(guest, entry, given),
        "hielements" => call_hielements(guest, entry, given),
        "dprint" => call_dprint(guest, entry, given),
        other => Err(Refusal("ABI_UNKNOWN", other.into())),
    }
}
