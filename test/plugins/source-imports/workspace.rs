// The folder under the workspace, listed and read. Bounded: a check must not read a disk for minutes.

use std::fs;
use std::io;

const MAX_FILES: usize = 20_000;
const MAX_FILE_BYTES: u64 = 4 << 20;
const MAX_DEPTH: usize = 40;

/// Folders that hold other people's code or no code.
const SKIPPED: [&str; 3] = ["node_modules", ".git", "target"];

/// Every file below `folder`, as paths relative to the workspace, sorted, so that the order of the disk does not show.
pub fn files_below(root: &str, folder: &str) -> Result<Vec<String>, String> {
    let mut files = Vec::new();
    walk(root, folder, 0, &mut files)?;
    files.sort();
    Ok(files)
}

fn walk(root: &str, folder: &str, depth: usize, files: &mut Vec<String>) -> Result<(), String> {
    if depth > MAX_DEPTH {
        return Err(format!("{folder} is nested too deeply"));
    }
    let here = if folder.is_empty() { String::from(root) } else { format!("{root}/{folder}") };
    let entries = fs::read_dir(here).map_err(|error| said(folder, &error))?;
    for entry in entries {
        let entry = entry.map_err(|error| said(folder, &error))?;
        let name = match entry.file_name().into_string() {
            Ok(name) => name,
            // No import can name a file whose name is not text.
            Err(_) => continue,
        };
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        // The type of the entry itself: a link is neither, so nothing is followed out of the folder or in a circle.
        let kind = entry.file_type().map_err(|error| said(&path, &error))?;
        if kind.is_file() {
            files.push(path);
        } else if kind.is_dir() && !SKIPPED.contains(&name.as_str()) {
            walk(root, &path, depth + 1, files)?;
        }
        if files.len() > MAX_FILES {
            return Err(format!("more than {MAX_FILES} files"));
        }
    }
    Ok(())
}

/// The text of a file; bytes that are no text become U+FFFD, which no import holds.
pub fn text_of(root: &str, path: &str) -> Result<String, String> {
    let full = format!("{root}/{path}");
    let size = fs::metadata(&full).map_err(|error| said(path, &error))?.len();
    if size > MAX_FILE_BYTES {
        return Err(format!("{path} is larger than {MAX_FILE_BYTES} bytes"));
    }
    let bytes = fs::read(&full).map_err(|error| said(path, &error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn said(path: &str, error: &io::Error) -> String {
    let place = if path.is_empty() { "the workspace" } else { path };
    match error.kind() {
        io::ErrorKind::NotFound => format!("{place} is not there"),
        io::ErrorKind::PermissionDenied => format!("{place} may not be read"),
        _ => format!("{place} cannot be read"),
    }
}
