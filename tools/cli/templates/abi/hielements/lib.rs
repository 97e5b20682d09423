// A library with one function, count, and one check, all_different, over a list of texts. Arguments and answers are JSON.

use std::alloc::{alloc as allocate, dealloc as release, Layout};
use std::cell::RefCell;
use std::collections::HashSet;
use std::ffi::{CStr, CString};
use std::os::raw::c_char;

thread_local! {
    /// The text lent to the host until the next call.
    static ANSWER: RefCell<CString> = RefCell::default();
}

#[no_mangle]
pub extern "C" fn library_name() -> *const c_char {
    lend(String::from("\"__IDENTIFIER__\""))
}

/// # Safety
/// The addresses are those of texts that end with a zero byte, as the host writes them.
#[no_mangle]
pub unsafe extern "C" fn library_call(name: *const c_char, args: *const c_char, _workspace: *const c_char) -> *const c_char {
    lend(match read(name).as_str() {
        "\"count\"" => format!("{{\"ok\":{}}}", texts(&read(args)).len()),
        _ => String::from("{\"error\":\"there is no such function\"}"),
    })
}

/// # Safety
/// As for `library_call`.
#[no_mangle]
pub unsafe extern "C" fn library_check(name: *const c_char, args: *const c_char, _workspace: *const c_char) -> *const c_char {
    lend(match read(name).as_str() {
        "\"all_different\"" => all_different(&read(args)),
        _ => String::from("{\"status\":\"error\",\"message\":\"there is no such check\"}"),
    })
}

fn all_different(args: &str) -> String {
    let mut seen = HashSet::new();
    match texts(args).into_iter().find(|text| !seen.insert(*text)) {
        Some(text) => format!("{{\"status\":\"fail\",\"message\":\"{text} occurs twice\"}}"),
        None => String::from("{\"status\":\"pass\"}"),
    }
}

/// The texts of a JSON value, without their quotes and with their escapes: fit to be put into another JSON text.
fn texts(json: &str) -> Vec<&str> {
    let (mut found, mut start, mut escaped) = (Vec::new(), None, false);
    for (at, byte) in json.bytes().enumerate() {
        match (start, byte) {
            (_, _) if escaped => escaped = false,
            (Some(_), b'\\') => escaped = true,
            (Some(from), b'"') => {
                found.push(&json[from..at]);
                start = None;
            }
            (None, b'"') => start = Some(at + 1),
            _ => {}
        }
    }
    found
}

unsafe fn read(address: *const c_char) -> String {
    CStr::from_ptr(address).to_string_lossy().into_owned()
}

fn lend(text: String) -> *const c_char {
    let text = CString::new(text).unwrap_or_default();
    ANSWER.with(|answer| {
        *answer.borrow_mut() = text;
        answer.borrow().as_ptr()
    })
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
