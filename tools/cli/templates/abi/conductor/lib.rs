// Moves a note by a number of semitones. `execute` gets the mapping's parameters as JSON and hands JSON back.

use std::alloc::{alloc as allocate, dealloc as release, Layout};

#[link(wasm_import_module = "conductor")]
extern "C" {
    fn set_result(address: *const u8, length: usize);
}

#[no_mangle]
pub extern "C" fn init() {}

/// # Safety
/// The host passes the address and length of the parameters it wrote.
#[no_mangle]
pub unsafe extern "C" fn execute(address: *const u8, length: usize) -> i32 {
    let params = String::from_utf8_lossy(std::slice::from_raw_parts(address, length));
    let (status, answer) = match transpose(&params) {
        Ok(note) => (0, format!("{{\"note\":{note}}}")),
        Err(reason) => (1, format!("{{\"error\":\"{reason}\"}}")),
    };
    set_result(answer.as_ptr(), answer.len());
    status
}

fn transpose(params: &str) -> Result<i64, &'static str> {
    let note = number_after(params, "\"note\"").ok_or("there is no note")?;
    let moved = note.saturating_add(number_after(params, "\"semitones\"").unwrap_or(0));
    if (0..=127).contains(&moved) { Ok(moved) } else { Err("the note would leave 0 to 127") }
}

/// The whole number behind a key. Enough for flat parameters; take a JSON library for more.
fn number_after(text: &str, key: &str) -> Option<i64> {
    let rest = text[text.find(key)? + key.len()..].trim_start().strip_prefix(':')?.trim_start();
    let end = rest.find(|letter: char| letter != '-' && !letter.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().ok()
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
