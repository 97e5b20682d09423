// The mean of every channel. Samples are read in blocks, so memory does not grow with the recording.

use std::alloc::{alloc as allocate, dealloc as release, Layout};

#[link(wasm_import_module = "ddalab")]
extern "C" {
    fn channel_count() -> i32;
    fn channel_length(channel: i32) -> i32;
    fn channel_read(channel: i32, start: i32, count: i32, address: *mut f64) -> i32;
    fn result_write(address: *const u8, length: usize) -> i32;
}

const BLOCK: usize = 1024;
const UNREADABLE: &str = "the channels cannot be read";

#[no_mangle]
pub extern "C" fn analyze(_options: *const u8, _length: usize) -> i32 {
    let (status, answer) = match means() {
        Ok(means) => (0, format!("{{\"means\":[{}]}}", means.join(","))),
        Err(reason) => (1, format!("{{\"error\":\"{reason}\"}}")),
    };
    let written = unsafe { result_write(answer.as_ptr(), answer.len()) };
    if written < 0 { 2 } else { status }
}

fn means() -> Result<Vec<String>, &'static str> {
    // A negative number says that the capability was not granted.
    match unsafe { channel_count() } {
        count if count < 0 => Err(UNREADABLE),
        count => (0..count).map(mean).collect(),
    }
}

fn mean(channel: i32) -> Result<String, &'static str> {
    let mut samples = [0.0; BLOCK];
    let (mut sum, mut seen) = (0.0, 0.0);
    let length = unsafe { channel_length(channel) };
    for start in (0..length).step_by(BLOCK) {
        let count = (length - start).min(BLOCK as i32);
        if unsafe { channel_read(channel, start, count, samples.as_mut_ptr()) } != count {
            return Err(UNREADABLE);
        }
        // A missing sample is a NaN.
        for sample in samples[..count as usize].iter().filter(|sample| !sample.is_nan()) {
            sum += sample;
            seen += 1.0;
        }
    }
    let mean = sum / seen;
    Ok(if mean.is_finite() { mean.to_string() } else { String::from("null") })
}

/// # Safety
/// Any size may be asked for; 0 is answered when there is no memory.
#[no_mangle]
pub unsafe extern "C" fn alloc(size: usize) -> *mut u8 {
    match Layout::from_size_align(size.max(1), 8) {
        Ok(layout) => allocate(layout),
        Err(_) => std::ptr::null_mut(),
    }
}

/// # Safety
/// The host gives back what `alloc` lent, with the same size.
#[no_mangle]
pub unsafe extern "C" fn dealloc(address: *mut u8, size: usize) {
    release(address, Layout::from_size_align_unchecked(size.max(1), 8));
}
