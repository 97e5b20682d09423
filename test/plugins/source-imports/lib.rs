// source-imports: which file of the workspace imports which (JavaScript and TypeScript, relative imports). A Hielements library
// that reads the folder it is asked about, through WASI, and nothing else.

#[path = "../guest/blocks.rs"]
mod blocks;
#[path = "../guest/json.rs"]
mod json;
mod resolve;
mod scan;
mod workspace;

use json::{quote, Value};
use resolve::{dependencies, Dependencies};
use std::cell::RefCell;
use std::ffi::{CStr, CString};
use std::os::raw::c_char;

thread_local! {
    /// The text lent to the host until the next call.
    static ANSWER: RefCell<CString> = RefCell::default();
}

extern "C" {
    fn __wasm_call_ctors();
}

/// A reactor's start-up: the C library inside Rust's looks up the folders that are open.
#[no_mangle]
pub unsafe extern "C" fn _initialize() {
    __wasm_call_ctors();
}

#[no_mangle]
pub extern "C" fn library_name() -> *const c_char {
    lend(String::from("\"source_imports\""))
}

/// `dependencies [folder]`: pairs of paths, from the file that imports to the file that is imported.
///
/// # Safety
/// The addresses are those of texts that end with a zero byte, as the host writes them.
#[no_mangle]
pub unsafe extern "C" fn library_call(function: *const c_char, args: *const c_char, workspace: *const c_char) -> *const c_char {
    lend(match answer(function, "dependencies", args, workspace) {
        Ok(found) => format!("{{\"ok\":{}}}", list(found.pairs.iter().map(|(from, to)| format!("[{},{}]", quote(from), quote(to))))),
        Err(reason) => format!("{{\"error\":{}}}", quote(&reason)),
    })
}

/// `imports_resolve [folder]`: passes when each relative import leads to a file of the workspace.
///
/// # Safety
/// As for `library_call`.
#[no_mangle]
pub unsafe extern "C" fn library_check(function: *const c_char, args: *const c_char, workspace: *const c_char) -> *const c_char {
    lend(match answer(function, "imports_resolve", args, workspace) {
        Ok(found) => verdict(&found),
        Err(reason) => format!("{{\"status\":\"error\",\"message\":{}}}", quote(&reason)),
    })
}

fn verdict(found: &Dependencies) -> String {
    if found.missing.is_empty() {
        return format!("{{\"status\":\"pass\",\"files\":{},\"imports\":{}}}", found.files, found.pairs.len());
    }
    let noun = if found.missing.len() == 1 { "import leads" } else { "imports lead" };
    format!(
        "{{\"status\":\"fail\",\"message\":\"{} {} to no file\",\"violations\":{}}}",
        found.missing.len(),
        noun,
        list(found.missing.iter().map(|(from, import)| quote(&format!("{from} imports {import}"))))
    )
}

unsafe fn answer(function: *const c_char, wanted: &str, args: *const c_char, workspace: *const c_char) -> Result<Dependencies, String> {
    if !matches!(value_at(function), Some(Value::Text(name)) if name == wanted) {
        return Err(format!("the library has one function, dependencies, and one check, imports_resolve"));
    }
    let root = match value_at(workspace) {
        Some(Value::Text(root)) => root,
        _ => return Err(String::from("the workspace is not a path")),
    };
    match value_at(args) {
        Some(Value::List(items)) => match items.as_slice() {
            [Value::Text(folder)] => dependencies(&root, folder),
            _ => Err(format!("{wanted} takes [folder]")),
        },
        _ => Err(format!("{wanted} takes [folder]")),
    }
}

unsafe fn value_at(address: *const c_char) -> Option<Value> {
    json::parse(CStr::from_ptr(address).to_str().ok()?)
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

fn lend(text: String) -> *const c_char {
    // `quote` escapes control characters, so no text has a zero byte.
    let text = CString::new(text).unwrap_or_default();
    ANSWER.with(|answer| {
        *answer.borrow_mut() = text;
        answer.borrow().as_ptr()
    })
}
