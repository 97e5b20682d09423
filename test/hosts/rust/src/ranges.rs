//! RES3 and RES4: versions and ranges. `nodejs-semver` reads them nearly so, and takes ranges that are half understood.
use regex::{Captures, Regex};
use std::cmp::Ordering;
use std::sync::LazyLock;

const N: &str = r"(?:0|[1-9][0-9]{0,8}|[xX*])";
const PRE: &str = r"(?:0|[1-9][0-9]{0,14}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)";

fn pattern(make: impl Fn(&str) -> String) -> Regex {
    let partial = format!(r"v?({N})(?:\.({N})(?:\.({N})(?:-({PRE}(?:\.{PRE})*))?)?)?");
    Regex::new(&make(&partial)).expect("a pattern")
}

static COMPARATOR: LazyLock<Regex> = LazyLock::new(|| pattern(|partial| format!(r"^(\^|~>|~|<=|>=|<|>|=|) *{partial}(?: +|$)")));
static HYPHEN: LazyLock<Regex> = LazyLock::new(|| pattern(|partial| format!(r"^{partial} +- +{partial}$")));
static VERSION: LazyLock<Regex> = LazyLock::new(|| {
    let number = r"(0|[1-9][0-9]{0,8})";
    Regex::new(&format!(r"^{number}\.{number}\.{number}(?:-({PRE}(?:\.{PRE})*))?$")).expect("a pattern")
});

#[derive(Clone, PartialEq, Eq)]
pub struct Version {
    numbers: [u64; 3],
    pre: Vec<String>,
}

fn pre_of(text: Option<&str>) -> Vec<String> {
    text.map(|text| text.split('.').map(Into::into).collect()).unwrap_or_default()
}

impl Version {
    pub fn parse(text: &str) -> Option<Self> {
        let found = VERSION.captures(text)?;
        let number = |at: usize| found[at].parse().ok();
        Some(Self { numbers: [number(1)?, number(2)?, number(3)?], pre: pre_of(found.get(4).map(|m| m.as_str())) })
    }

    fn key(&self) -> ([u64; 3], bool, Vec<(bool, u64, &str)>) {
        let part = |text: &'_ String| text.parse::<u64>().map_or((true, 0), |number| (false, number));
        let pre = self.pre.iter().map(|text| (part(text).0, part(text).1, text.as_str())).collect();
        (self.numbers, self.pre.is_empty(), pre)
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

type Bound = (&'static str, Version);
/// Any alternative must hold, in it every bound; one without bounds admits every release.
pub struct Range(Vec<Vec<Bound>>);

/// Below the next value of the number at this place.
fn after(numbers: [u64; 3], at: usize) -> Version {
    let mut next = [0; 3];
    next[..at].copy_from_slice(&numbers[..at]);
    next[at] = numbers[at] + 1;
    Version { numbers: next, pre: vec!["0".into()] }
}

/// One written comparator as plain bounds; None is malformed.
fn bounds(operator: &str, found: &Captures, first: usize) -> Option<Vec<Bound>> {
    let written = |at: usize| found.get(first + at).map(|m| m.as_str());
    let given: Vec<u64> = (0..3).map_while(|at| written(at)?.parse().ok()).collect();
    let numbers_after_x = (given.len()..3).any(|at| written(at).is_some_and(|text| text.parse::<u64>().is_ok()));
    if numbers_after_x || (written(3).is_some() && given.len() < 3) {
        return None;
    }
    let mut numbers = [0; 3];
    numbers[..given.len()].copy_from_slice(&given);
    let version = Version { numbers, pre: pre_of(written(3)) };
    let lowest = Version { numbers, pre: vec!["0".into()] };
    let Some(last) = given.len().checked_sub(1) else {
        return Some(if ["<", ">"].contains(&operator) { vec![("<", lowest)] } else { vec![] });
    };
    let end = after(numbers, last);
    Some(match operator {
        "^" => vec![(">=", version), ("<", after(numbers, given.iter().position(|n| *n > 0).unwrap_or(last)))],
        "~" | "~>" => vec![(">=", version), ("<", after(numbers, last.min(1)))],
        ">=" => vec![(">=", version)],
        ">" if last == 2 => vec![(">", version)],
        ">" => vec![(">=", Version { numbers: end.numbers, pre: vec![] })],
        "<" if last == 2 => vec![("<", version)],
        "<" => vec![("<", lowest)],
        "<=" if last == 2 => vec![("<=", version)],
        "<=" => vec![("<", end)],
        _ if last == 2 => vec![("=", version)],
        _ => vec![(">=", version), ("<", end)],
    })
}

fn alternative(text: &str) -> Option<Vec<Bound>> {
    let mut all = Vec::new();
    if let Some(found) = HYPHEN.captures(text) {
        all.extend(bounds(">=", &found, 1)?);
        all.extend(bounds("<=", &found, 5)?);
    } else {
        let mut rest = text;
        while !rest.is_empty() {
            let found = COMPARATOR.captures(rest)?;
            all.extend(bounds(&found[1], &found, 2)?);
            rest = &rest[found[0].len()..];
        }
    }
    all.retain(|(operator, version)| *operator != ">=" || version.numbers != [0; 3] || !version.pre.is_empty());
    Some(all)
}

impl Range {
    /// None where any part is malformed; an alternative that admits every release stands for all.
    pub fn parse(text: &str) -> Option<Self> {
        let all: Vec<_> = text.split("||").map(|part| alternative(part.trim_matches(' '))).collect::<Option<_>>()?;
        Some(Self(if all.iter().any(Vec::is_empty) { vec![vec![]] } else { all }))
    }

    pub fn admits(&self, version: &Version) -> bool {
        let named = |bounds: &Vec<Bound>| version.pre.is_empty() || bounds.iter().any(|(_, one)| !one.pre.is_empty() && one.numbers == version.numbers);
        let holds = |(operator, bound): &Bound| match *operator {
            ">=" => version >= bound,
            "<=" => version <= bound,
            ">" => version > bound,
            "<" => version < bound,
            _ => version == bound,
        };
        self.0.iter().any(|bounds| named(bounds) && bounds.iter().all(holds))
    }
}
