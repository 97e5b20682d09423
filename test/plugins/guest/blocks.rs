// The blocks a host borrows to hand a text over: `alloc` and `dealloc` as the host profiles describe them.

use std::alloc::{alloc as allocate, dealloc as release, Layout};

const ALIGNMENT: usize = 8;

fn layout(size: usize) -> Option<Layout> {
    // A block of no bytes still has an address of its own.
    Layout::from_size_align(size.max(1), ALIGNMENT).ok()
}

#[no_mangle]
pub extern "C" fn alloc(size: usize) -> *mut u8 {
    match layout(size) {
        Some(layout) => unsafe { allocate(layout) },
        None => std::ptr::null_mut(),
    }
}

/// # Safety
/// `block` and `size` are those of one call of `alloc`.
#[no_mangle]
pub unsafe extern "C" fn dealloc(block: *mut u8, size: usize) {
    if let (false, Some(layout)) = (block.is_null(), layout(size)) {
        release(block, layout);
    }
}
