// Finds samples far from the mean and shows them in a panel. std on wasm32-wasi, results by ddalab's own functions.
use std::collections::HashSet;
use std::fmt::Write;

#[link(wasm_import_module = "ddalab")]
extern "C" {
    fn channel_count() -> i32;
    fn channel_length(channel: i32) -> i32;
    fn channel_read(channel: i32, first: i32, count: i32, address: *mut f64) -> i32;
    fn panel_render(address: *const u8, length: usize) -> i32;
}

#[no_mangle]
pub extern "C" fn alloc(size: usize) -> *mut u8 {
    let mut block = Vec::<u64>::with_capacity(size / 8 + 1);
    let address = block.as_mut_ptr() as *mut u8;
    std::mem::forget(block);
    address
}

#[no_mangle]
pub unsafe extern "C" fn analyze(_address: *const u8, _length: usize) -> i32 {
    let mut rows = String::new();
    let mut channels = HashSet::new();
    for channel in 0..channel_count() {
        let mut samples = vec![0.0; channel_length(channel).max(0) as usize];
        channel_read(channel, 0, samples.len() as i32, samples.as_mut_ptr());
        let mean = samples.iter().sum::<f64>() / samples.len() as f64;
        let spread = (samples.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / samples.len() as f64).sqrt();
        for (at, sample) in samples.iter().enumerate().filter(|(_, x)| (*x - mean).abs() > 5.0 * spread) {
            channels.insert(channel);
            write!(rows, "[{},{},{:.3}],", channel, at, sample).unwrap();
        }
    }
    let panel = format!("{{\"channels\":{},\"rows\":[{}]}}", channels.len(), rows.trim_end_matches(','));
    panel_render(panel.as_ptr(), panel.len())
}
