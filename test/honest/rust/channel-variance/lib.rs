// The variance of every channel, by Welford's method. No allocator of its own: one static block is enough.
#![no_std]

use core::panic::PanicInfo;

#[link(wasm_import_module = "ddalab")]
extern "C" {
    fn channel_count() -> i32;
    fn channel_length(channel: i32) -> i32;
    fn channel_read(channel: i32, first: i32, count: i32, address: *mut f64) -> i32;
    fn result_write(address: *const u8, length: usize) -> i32;
    fn progress(share: f64);
}

static mut BLOCK: [u64; 512] = [0; 512];
static mut SAMPLES: [f64; 256] = [0.0; 256];
static mut TEXT: [u8; 4096] = [0; 4096];

#[panic_handler]
fn stop(_: &PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}

#[no_mangle]
pub extern "C" fn alloc(size: usize) -> *mut u8 {
    if size > 4096 {
        return core::ptr::null_mut();
    }
    unsafe { BLOCK.as_mut_ptr() as *mut u8 }
}

#[no_mangle]
pub unsafe extern "C" fn analyze(_address: *const u8, _length: usize) -> i32 {
    let channels = channel_count();
    let mut end = 0;
    put(&mut end, b"{\"variances\":[");
    for channel in 0..channels {
        if channel > 0 {
            put(&mut end, b",");
        }
        put_number(&mut end, variance(channel));
        progress((channel + 1) as f64 / channels as f64);
    }
    put(&mut end, b"]}");
    result_write(TEXT.as_ptr(), end)
}

unsafe fn variance(channel: i32) -> f64 {
    let (mut mean, mut squares, mut seen) = (0.0, 0.0, 0.0);
    let length = channel_length(channel);
    let mut first = 0;
    while first < length {
        let count = channel_read(channel, first, 256.min(length - first), SAMPLES.as_mut_ptr());
        if count <= 0 {
            break;
        }
        for &sample in &SAMPLES[..count as usize] {
            seen += 1.0;
            let step = sample - mean;
            mean += step / seen;
            squares += step * (sample - mean);
        }
        first += count;
    }
    if seen > 1.0 { squares / (seen - 1.0) } else { 0.0 }
}

unsafe fn put(end: &mut usize, text: &[u8]) {
    for &byte in text {
        TEXT[*end] = byte;
        *end += 1;
    }
}

/// Whole micro-units: enough for a variance, and no formatting code.
unsafe fn put_number(end: &mut usize, value: f64) {
    let mut rest = (value * 1e6) as u64;
    let mut digits = [0u8; 20];
    let mut at = 20;
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    put(end, &digits[at..]);
}
