//! What a client refuses, with one of the codes of section 12 of the client specification; JSON and shapes as it reads them.
use jsonschema::Validator;
use serde_json::Value;
use std::sync::LazyLock;

#[derive(Debug)]
pub struct Refusal(pub &'static str, pub String);
pub type Res<T> = Result<T, Refusal>;

pub fn refuse<E: std::fmt::Display>(code: &'static str) -> impl Fn(E) -> Refusal {
    move |error| Refusal(code, error.to_string())
}

pub fn need(holds: bool, code: &'static str, detail: &str) -> Res<()> {
    if holds { Ok(()) } else { Err(Refusal(code, detail.into())) }
}

/// JSON1, JSON5.
pub fn parse(data: &[u8], code: &'static str) -> Res<Value> {
    fn levels(value: &Value) -> usize {
        match value {
            Value::Array(list) => 1 + list.iter().map(levels).max().unwrap_or(0),
            Value::Object(map) => 1 + map.values().map(levels).max().unwrap_or(0),
            _ => 0,
        }
    }
    let value: Value = serde_json::from_slice(data).map_err(refuse(code))?;
    need(levels(&value) <= 101, code, "nesting")?;
    Ok(value)
}

/// Schemas with a name each. The class of line() names surrogates, which no string here can hold and no pattern here can name.
pub struct Shapes(Vec<(&'static str, Validator)>);

impl Shapes {
    pub fn of(sources: &[(&'static str, &str, Option<&str>)]) -> Self {
        let made = sources.iter().map(|(name, text, part)| {
            let mut schema: Value = serde_json::from_str(&text.replace(r"\\ud800-\\udfff", "")).expect("a schema");
            if let Some(part) = part {
                schema["$ref"] = format!("#/$defs/{part}").into();
            }
            (*name, jsonschema::validator_for(&schema).expect("a schema"))
        });
        Self(made.collect())
    }

    pub fn check(&self, name: &str, value: &Value, code: &'static str) -> Res<()> {
        let (_, validator) = self.0.iter().find(|(known, _)| *known == name).expect("a known shape");
        validator.validate(value).map_err(|error| Refusal(code, error.to_string()))
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| *known == name)
    }
}

const OURS: &str = include_str!("../../shapes.schema.json");
pub static SHAPES: LazyLock<Shapes> = LazyLock::new(|| {
    let parts = ["envelope", "root", "timestamp", "snapshot", "targets", "bundle", "statement"];
    Shapes::of(&parts.map(|part| (part, OURS, Some(part))))
});

pub fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_default()
}
