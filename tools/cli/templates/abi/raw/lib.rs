// Keeps a number within two bounds, given in either order. Numbers in, a number out: no memory is shared with the host.

#[no_mangle]
pub extern "C" fn clamp(value: i32, one: i32, other: i32) -> i32 {
    value.clamp(one.min(other), one.max(other))
}
