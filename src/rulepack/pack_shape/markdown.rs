//! The pack language as tables for `docs/rule-packs.md`.

use super::{
    super::shape::{Field, Shape},
    PACK,
};

/// The tables of `docs/rule-packs.md`: every key, what may stand there, and what it means.
pub fn markdown() -> String {
    let mut out = String::new();
    table("", "A pack", PACK, &mut out);
    out
}

fn table(path: &str, title: &str, fields: &[Field], out: &mut String) {
    let mut below: Vec<(String, Shape)> = Vec::new();
    out.push_str(&format!(
        "\n### {title}\n\n| key | | value | meaning |\n|---|---|---|---|\n"
    ));
    for field in fields {
        let needed = if field.required { "required" } else { "" };
        let (_, value) = field.shape.described();
        let value = match inner(&field.shape) {
            Some(Shape::Table(_) | Shape::Tagged { .. }) => {
                below.push((format!("{path}{}", field.key), field.shape));
                match field.shape {
                    Shape::List { .. } => format!("`[[{path}{}]]`, see below", field.key),
                    _ => format!("`[{path}{}]`, see below", field.key),
                }
            }
            _ => value,
        };
        out.push_str(&format!(
            "| `{}` | {needed} | {value} | {} |\n",
            field.key, field.doc
        ));
    }
    for (name, shape) in below {
        match inner(&shape) {
            Some(Shape::Table(fields)) if !is_bilingual(fields) => {
                table(&format!("{name}."), &format!("`{name}`"), fields, out);
            }
            Some(Shape::Tagged {
                tag,
                doc,
                common,
                variants,
            }) => {
                table(
                    &format!("{name}."),
                    &format!("`{name}`, with `{tag}`: {doc}"),
                    common,
                    out,
                );
                for variant in variants() {
                    if !variant.fields.is_empty() {
                        let title = format!("`{name}` with `{tag} = \"{}\"`", variant.name);
                        table(&format!("{name}."), &title, variant.fields, out);
                    }
                }
            }
            _ => {}
        }
    }
}

/// The table behind a shape, through lists; bilingual texts are values.
fn inner(shape: &Shape) -> Option<Shape> {
    match shape {
        Shape::List { of, .. } => inner(of),
        Shape::Table(fields) if is_bilingual(fields) => None,
        Shape::Table(_) | Shape::Tagged { .. } => Some(*shape),
        _ => None,
    }
}

fn is_bilingual(fields: &[Field]) -> bool {
    matches!(fields, [a, b] if a.key == "zh" && b.key == "en")
}
