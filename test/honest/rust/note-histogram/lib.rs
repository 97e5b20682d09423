// Counts notes in a HashMap and prints the commonest to the log. HashMap asks WASI for random bytes, println! for a stream,
// a panic for the environment (RUST_BACKTRACE): all of it runtime, none of it a capability.
use std::cell::RefCell;
use std::collections::HashMap;

thread_local! {
    static SEEN: RefCell<HashMap<u8, u32>> = RefCell::new(HashMap::new());
}

#[no_mangle]
pub extern "C" fn alloc(size: usize) -> *mut u8 {
    let mut block = Vec::<u64>::with_capacity(size / 8 + 1);
    let address = block.as_mut_ptr() as *mut u8;
    std::mem::forget(block);
    address
}

#[no_mangle]
pub extern "C" fn init() -> i32 {
    SEEN.with(|seen| seen.borrow_mut().clear());
    0
}

#[no_mangle]
pub unsafe extern "C" fn execute(address: *const u8, length: usize) -> i32 {
    let params = std::str::from_utf8(std::slice::from_raw_parts(address, length)).unwrap();
    let note = match params.split("\"note\":").nth(1).and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()) {
        Some(digits) => digits.parse::<u8>().expect("a note is a number from 0 to 127"),
        None => return 1,
    };
    SEEN.with(|seen| {
        let mut seen = seen.borrow_mut();
        *seen.entry(note).or_insert(0) += 1;
        if let Some((commonest, count)) = seen.iter().max_by_key(|(note, count)| (**count, **note)) {
            println!("note {} came {} times", commonest, count);
        }
    });
    0
}
