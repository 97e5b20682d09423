//! Section 3: one request, one answer with a file, none, or NETWORK.
use crate::refusal::{Res, need, refuse};
use std::io::Read;
use std::sync::LazyLock;
use std::time::Duration;

static AGENT: LazyLock<ureq::Agent> = LazyLock::new(|| {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let config = ureq::Agent::config_builder().max_redirects(0).max_redirects_will_error(false);
    config.http_status_as_error(false).timeout_global(Some(Duration::from_secs(30))).build().into()
});

fn encoded(segment: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    segment.bytes().map(|b| if plain(b) { (b as char).to_string() } else { format!("%{b:02X}") }).collect()
}

/// The bytes, or None where there is no such file.
pub fn fetch(base: &str, segments: &[&str], limit: u64) -> Res<Option<Vec<u8>>> {
    let rest = base.strip_prefix("http://").or(base.strip_prefix("https://")).unwrap_or_default();
    let host = rest.split('/').next().unwrap_or_default();
    need(!host.is_empty() && !rest.contains(['?', '#', '@', ' ']), "REGISTRY_URL", base)?;
    let path: Vec<String> = segments.iter().map(|segment| encoded(segment)).collect();
    let url = format!("{}/{}", base.strip_suffix('/').unwrap_or(base), path.join("/"));
    let mut answer = AGENT.get(&url).header("Cache-Control", "no-cache").call().map_err(refuse("NETWORK"))?;
    let status = answer.status().as_u16();
    if status == 404 || status == 403 {
        return Ok(None);
    }
    let kind = answer.headers().get("content-type").and_then(|v| v.to_str().ok()).unwrap_or_default();
    let html = kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("text/html"));
    need(status == 200 && !html, "NETWORK", &url)?;
    let mut data = Vec::new();
    answer.body_mut().as_reader().take(limit + 1).read_to_end(&mut data).map_err(refuse("NETWORK"))?;
    need(data.len() as u64 <= limit, "TOO_LARGE", &url)?;
    Ok(Some(data))
}
