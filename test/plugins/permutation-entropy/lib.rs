// permutation-entropy: the ordinal patterns of a signal and how evenly they occur (Bandt and Pompe 2002). A DDALAB plugin.

#[path = "../guest/blocks.rs"]
mod blocks;
mod ddalab;
#[path = "../guest/json.rs"]
mod json;
mod patterns;

use json::{quote, Value};
use patterns::{Counts, Shape};

const OK: i32 = 0;
const BAD_OPTIONS: i32 = 1;
const NO_DATA: i32 = 2;
const NO_RESULT: i32 = 3;

/// # Safety
/// `address` and `length` are those of a text the host wrote into a block of `alloc`.
#[no_mangle]
pub unsafe extern "C" fn analyze(address: *const u8, length: usize) -> i32 {
    let options = std::slice::from_raw_parts(address, length);
    match std::str::from_utf8(options).ok().and_then(json::parse).ok_or("the options are not a JSON object").and_then(shape_of) {
        Ok(shape) => analyze_channels(shape),
        Err(reason) => refuse(BAD_OPTIONS, reason),
    }
}

fn shape_of(options: Value) -> Result<Shape, &'static str> {
    let members = match options {
        Value::Object(members) => members,
        _ => return Err("the options are not a JSON object"),
    };
    let member = |name: &str| members.iter().find(|(key, _)| key == name).map(|(_, value)| value);
    let order = whole(member("order"), 3, 3, 7).ok_or("order must be a whole number from 3 to 7")?;
    let delay = whole(member("delay"), 1, 1, 4096).ok_or("delay must be a whole number of samples from 1 to 4096")?;
    Ok(Shape { order, delay })
}

fn whole(value: Option<&Value>, otherwise: usize, least: usize, most: usize) -> Option<usize> {
    match value {
        None => Some(otherwise),
        Some(&Value::Number(number)) if number >= least as f64 && number <= most as f64 && number % 1.0 == 0.0 => Some(number as usize),
        Some(_) => None,
    }
}

fn analyze_channels(shape: Shape) -> i32 {
    let count = ddalab::channels();
    if count < 0 {
        return refuse(NO_DATA, "the channels cannot be read");
    }
    let mut rows = Vec::new();
    for channel in 0..count {
        match count_patterns(channel, shape) {
            Some(counts) => rows.push(row(&ddalab::label(channel), ddalab::sample_rate(channel), shape, &counts)),
            None => return refuse(NO_DATA, "a channel gave fewer samples than it has"),
        }
    }
    let written = ddalab::write_result(&format!(
        "{{\"measure\":\"permutation-entropy\",\"order\":{},\"delay\":{},\"channels\":[{}]}}",
        shape.order,
        shape.delay,
        rows.join(",")
    ));
    if written { OK } else { NO_RESULT }
}

/// Reads a channel in parts, so that memory does not grow with the length of a recording. None when samples were refused.
fn count_patterns(channel: i32, shape: Shape) -> Option<Counts> {
    let length = ddalab::length(channel);
    let mut counts = Counts::new(shape);
    let mut part = [0f64; 1024];
    let mut start = 0;
    while start < length {
        let count = (length - start).min(part.len() as i32);
        if !ddalab::read(channel, start, &mut part[..count as usize]) {
            return None;
        }
        part[..count as usize].iter().for_each(|&sample| counts.push(sample));
        start += count;
    }
    Some(counts)
}

fn row(label: &str, sample_rate: f64, shape: Shape, counts: &Counts) -> String {
    // The time one pattern spans; a channel without a sampling rate has none.
    let span = ((shape.order - 1) * shape.delay) as f64 / sample_rate;
    format!(
        "{{\"label\":{},\"entropy\":{},\"bits\":{},\"patterns\":{},\"missingPatterns\":{},\"vectors\":{},\"skipped\":{},\"spanSeconds\":{}}}",
        quote(label),
        number(counts.normalised()),
        number(counts.bits()),
        counts.distinct(),
        counts.possible() - counts.distinct(),
        counts.vectors(),
        counts.skipped(),
        number(if span.is_finite() { Some(span) } else { None }),
    )
}

fn number(value: Option<f64>) -> String {
    value.map_or(String::from("null"), |value| format!("{value}"))
}

fn refuse(status: i32, reason: &str) -> i32 {
    ddalab::write_result(&format!("{{\"error\":{}}}", quote(reason)));
    status
}
