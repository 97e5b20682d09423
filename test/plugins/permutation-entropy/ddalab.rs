// The host functions of DDALAB that the plugin uses, with texts and numbers in Rust's own types.

#[link(wasm_import_module = "ddalab")]
extern "C" {
    fn channel_count() -> i32;
    fn channel_length(channel: i32) -> i32;
    fn channel_sample_rate(channel: i32) -> f64;
    fn channel_label(channel: i32, address: *mut u8, capacity: i32) -> i32;
    fn channel_read(channel: i32, start: i32, count: i32, address: *mut f64) -> i32;
    fn result_write(address: *const u8, length: i32) -> i32;
}

/// Negative without the capability.
pub fn channels() -> i32 {
    unsafe { channel_count() }
}

pub fn length(channel: i32) -> i32 {
    unsafe { channel_length(channel) }
}

pub fn sample_rate(channel: i32) -> f64 {
    unsafe { channel_sample_rate(channel) }
}

/// The label, cut at 256 bytes.
pub fn label(channel: i32) -> String {
    let mut bytes = [0; 256];
    let length = unsafe { channel_label(channel, bytes.as_mut_ptr(), bytes.len() as i32) };
    String::from_utf8_lossy(&bytes[..length.clamp(0, bytes.len() as i32) as usize]).into_owned()
}

/// True when all of `samples` were filled.
pub fn read(channel: i32, start: i32, samples: &mut [f64]) -> bool {
    unsafe { channel_read(channel, start, samples.len() as i32, samples.as_mut_ptr()) == samples.len() as i32 }
}

/// True when the host took the document.
pub fn write_result(json: &str) -> bool {
    unsafe { result_write(json.as_ptr(), json.len() as i32) == 0 }
}
