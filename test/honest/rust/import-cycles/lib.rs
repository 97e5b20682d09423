// Reads the files of the workspace and looks for two that name each other. Uses std::fs, so it declares read:workspace.
use std::collections::BTreeMap;
use std::ffi::{CStr, CString};
use std::fs;
use std::os::raw::c_char;

#[no_mangle]
pub extern "C" fn alloc(size: usize) -> *mut u8 {
    let mut block = Vec::<u64>::with_capacity(size / 8 + 1);
    let address = block.as_mut_ptr() as *mut u8;
    std::mem::forget(block);
    address
}

fn answer(json: String) -> *const c_char {
    CString::new(json).unwrap().into_raw()
}

#[no_mangle]
pub extern "C" fn library_name() -> *const c_char {
    answer("\"import_cycles\"".to_string())
}

#[no_mangle]
pub extern "C" fn library_call(_name: *const c_char, _args: *const c_char, _workspace: *const c_char) -> *const c_char {
    answer("{\"error\":\"this library has checks only\"}".to_string())
}

#[no_mangle]
pub unsafe extern "C" fn library_check(_name: *const c_char, _args: *const c_char, workspace: *const c_char) -> *const c_char {
    let folder = CStr::from_ptr(workspace).to_str().unwrap().trim_matches('"');
    let mut files = BTreeMap::new();
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(problem) => return answer(format!("{{\"status\":\"error\",\"message\":\"{}\"}}", problem.kind() as u8)),
    };
    for entry in entries.flatten() {
        if let Ok(text) = fs::read_to_string(entry.path()) {
            files.insert(entry.file_name().to_string_lossy().into_owned(), text);
        }
    }
    for (a, text) in &files {
        for (b, other) in files.range(a.clone()..).skip(1) {
            if text.contains(b.as_str()) && other.contains(a.as_str()) {
                return answer(format!("{{\"status\":\"fail\",\"message\":\"{} and {} name each other\"}}", a, b));
            }
        }
    }
    answer("{\"status\":\"pass\"}".to_string())
}
