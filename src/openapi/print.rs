//! The document as it is checked in: one line for what fits in one, so that it can be read and compared.

use serde_json::Value;

const WIDTH: usize = 120;

/// Writes a value as JSON that people read.
pub fn readable(value: &Value) -> String {
    let mut text = String::new();
    write(value, 0, 0, &mut text);
    text
}

/// `before` is what stands on the line already, `after` follows it: a comma, or nothing.
fn write(value: &Value, depth: usize, before: usize, text: &mut String) {
    let line = spaced(value);
    let is_whole = depth == 0;
    if !is_whole && before + line.chars().count() < WIDTH {
        text.push_str(&line);
        return;
    }
    let indent = "  ".repeat(depth + 1);
    let (open, close) = match value {
        Value::Object(_) => ('{', '}'),
        Value::Array(_) => ('[', ']'),
        _ => return text.push_str(&line),
    };
    text.push(open);
    let mut separator = "\n";
    let mut part = |key: Option<&String>, value: &Value| {
        text.push_str(separator);
        separator = ",\n";
        text.push_str(&indent);
        let key = key.map(|key| format!("{}: ", Value::String(key.clone()))).unwrap_or_default();
        text.push_str(&key);
        write(value, depth + 1, indent.len() + key.chars().count(), text);
    };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| part(Some(key), value)),
        Value::Array(items) => items.iter().for_each(|value| part(None, value)),
        _ => {}
    }
    text.push('\n');
    text.push_str(&"  ".repeat(depth));
    text.push(close);
}

/// A value on one line.
fn spaced(value: &Value) -> String {
    match value {
        Value::Object(fields) if fields.is_empty() => "{}".to_owned(),
        Value::Object(fields) => {
            let parts = fields.iter().map(|(key, value)| format!("{}: {}", Value::String(key.clone()), spaced(value)));
            format!("{{ {} }}", parts.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(spaced).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_fits_in_a_line_stands_in_one_and_nothing_is_lost() {
        let value = json!({
            "short": { "type": "string", "enum": ["a", "b"] }, "empty": {}, "none": [],
            "long": { "description": "x".repeat(100), "type": "string" }
        });
        let text = readable(&value);
        assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), value);
        assert!(text.contains("\n  \"short\": { \"enum\": [\"a\", \"b\"], \"type\": \"string\" }"), "{text}");
        assert!(text.contains("\n    \"type\": \"string\"\n  }"), "{text}");
    }
}
