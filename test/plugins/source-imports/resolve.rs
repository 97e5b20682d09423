// From a module name to a file, as bundlers and TypeScript look for it: the name itself, with an ending, as a folder's index.

use crate::scan::relative_imports;
use crate::workspace::{files_below, text_of};
use std::collections::BTreeSet;

const ENDINGS: [&str; 8] = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"];
/// TypeScript sources name the file that will be built.
const BUILT_FROM: [(&str, &[&str]); 4] = [(".js", &[".ts", ".tsx"]), (".jsx", &[".tsx"]), (".mjs", &[".mts"]), (".cjs", &[".cts"])];

pub struct Dependencies {
    /// Source files that were read.
    pub files: usize,
    /// From and to, relative to the workspace; each pair once.
    pub pairs: Vec<(String, String)>,
    /// A file, and an import of it that leads to no file.
    pub missing: Vec<(String, String)>,
}

pub fn dependencies(root: &str, folder: &str) -> Result<Dependencies, String> {
    let folder = normalise(folder).ok_or("the folder must lie in the workspace")?;
    let files = files_below(root, &folder)?;
    let known: BTreeSet<&str> = files.iter().map(String::as_str).collect();
    let mut found = Dependencies { files: 0, pairs: Vec::new(), missing: Vec::new() };
    for file in files.iter().filter(|file| is_source(file)) {
        found.files += 1;
        // Two names may lead to one file, and one name may stand twice.
        let mut seen = BTreeSet::new();
        for import in relative_imports(&text_of(root, file)?) {
            let path = normalise(&format!("{}/{}", parent(file), import));
            // What lies outside the folder that was read is not judged.
            if matches!(&path, Some(path) if !is_below(path, &folder)) {
                continue;
            }
            match path.and_then(|path| resolve(&path, &known)) {
                Some(to) if seen.insert(to.clone()) => found.pairs.push((file.clone(), to)),
                None if seen.insert(import.clone()) => found.missing.push((file.clone(), import)),
                _ => {}
            }
        }
    }
    Ok(found)
}

fn is_source(path: &str) -> bool {
    ENDINGS.iter().any(|ending| path.ends_with(ending))
}

fn parent(path: &str) -> &str {
    path.rfind('/').map_or("", |slash| &path[..slash])
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).map_or(false, |rest| rest.is_empty() || rest.starts_with('/'))
}

/// Without `.`, `..` and empty segments; None for a path that leaves the workspace.
fn normalise(path: &str) -> Option<String> {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop()?;
            }
            name => segments.push(name),
        }
    }
    Some(segments.join("/"))
}

fn resolve(path: &str, known: &BTreeSet<&str>) -> Option<String> {
    candidates(path).into_iter().find(|candidate| known.contains(candidate.as_str()))
}

fn candidates(path: &str) -> Vec<String> {
    let mut names = vec![String::from(path)];
    names.extend(ENDINGS.iter().map(|ending| format!("{path}{ending}")));
    for (built, sources) in BUILT_FROM {
        if let Some(stem) = path.strip_suffix(built) {
            names.extend(sources.iter().map(|source| format!("{stem}{source}")));
        }
    }
    let index = if path.is_empty() { String::from("index") } else { format!("{path}/index") };
    names.extend(ENDINGS.iter().map(|ending| format!("{index}{ending}")));
    names
}
