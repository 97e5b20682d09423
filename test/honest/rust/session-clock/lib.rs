// Tells how long a session lasts. Asks for the clock, the arguments and the environment, sleeps, and panics on a bad number:
// everything std offers under WASI that opens no file.
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

static mut STARTED: Option<Instant> = None;

#[no_mangle]
pub extern "C" fn alloc(size: usize) -> *mut u8 {
    let mut block = Vec::<u64>::with_capacity(size / 8 + 1);
    let address = block.as_mut_ptr() as *mut u8;
    std::mem::forget(block);
    address
}

#[no_mangle]
pub unsafe extern "C" fn init() {
    STARTED = Some(Instant::now());
    eprintln!("{} arguments, home {:?}", std::env::args().count(), std::env::var_os("HOME"));
}

#[no_mangle]
pub unsafe extern "C" fn execute(address: *const u8, length: usize) -> i32 {
    let params = String::from_utf8_lossy(std::slice::from_raw_parts(address, length));
    let pause: u64 = params.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(0);
    std::thread::sleep(Duration::from_millis(pause));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is past 1970");
    let lasted = STARTED.map(|started| started.elapsed()).unwrap_or_default();
    println!("{} s since 1970, {} ms in this session", now.as_secs(), lasted.as_millis());
    0
}
