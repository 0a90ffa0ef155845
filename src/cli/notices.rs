//! `juanzong notices`: the packs, and what one asks.

use std::sync::Arc;

use super::{Exit, Format, Scene, Trouble, output};
use crate::{
    lang::Lang,
    rulepack::{self, Pack, Packs, Presence, Sides},
};

/// The notices known; with ID one notice with its slots and their clauses
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// One notice
    id: Option<String>,
    /// Print the JSON Schema of a pack file
    #[arg(long, exclusive = true)]
    schema: bool,
    /// Print a new pack that begins as a copy of a built-in one
    #[arg(long, num_args = 2, value_names = ["ID", "NEW"], conflicts_with = "id")]
    copy: Option<Vec<String>>,
    /// Say in words what differs between two packs
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"], conflicts_with = "id")]
    diff: Option<Vec<String>>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(scene: &Scene, arguments: &Arguments) -> Result<Exit, Trouble> {
    if arguments.schema {
        let schema = serde_json::to_string_pretty(&rulepack::json_schema());
        output::print(&schema.map_err(Trouble::new)?)?;
        return output::done();
    }
    let packs = scene.packs()?;
    if let Some([from, new]) = arguments.copy.as_deref() {
        let text = rulepack::copy(&packs, from, new).map_err(Trouble::new)?;
        output::print(text.trim_end())?;
        return output::done();
    }
    if let Some([old, new]) = arguments.diff.as_deref() {
        for line in rulepack::diff(&*find(&packs, old)?, &*find(&packs, new)?) {
            output::print(line.in_lang(scene.lang))?;
        }
        return output::done();
    }
    let chosen: Vec<Arc<Pack>> = match &arguments.id {
        Some(id) => vec![find(&packs, id)?],
        None => packs.iter().cloned().collect(),
    };
    for pack in &chosen {
        match arguments.format {
            Format::Json => output::print_json(pack.as_ref())?,
            Format::Text if arguments.id.is_none() => {
                output::print(&format!("{}  {}", pack.id, pack.title.in_lang(scene.lang)))?;
            }
            Format::Text => output::print(&describe(pack, scene.lang))?,
        }
    }
    output::done()
}

/// The pack with this id, or which ids there are.
pub(super) fn find(packs: &Packs, id: &str) -> Result<Arc<Pack>, Trouble> {
    packs.get(id).cloned().ok_or_else(|| {
        let known: Vec<_> = packs.iter().map(|pack| pack.id.as_str()).collect();
        Trouble::because(format!("no notice `{id}`; there are {}", known.join(", ")))
    })
}

fn describe(pack: &Pack, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let mut lines = vec![
        pack.title.in_lang(lang).to_owned(),
        format!(
            "{} · {}",
            pack.document_number.as_deref().unwrap_or("—"),
            pack.issuer
        ),
        String::new(),
    ];
    for slot in &pack.slots {
        let place = match (slot.volume, slot.item) {
            (Some(volume), Some(item)) if zh => format!("第{volume}分册（{item}）"),
            (Some(volume), Some(item)) => format!("vol. {volume} ({item})"),
            _ if zh => "不装订".to_owned(),
            _ => "unbound".to_owned(),
        };
        let presence = match (slot.presence, zh) {
            (Presence::Required, true) => "必交",
            (Presence::Required, false) => "required",
            (Presence::AbsentWithReason, true) => "缺项须说明",
            (Presence::AbsentWithReason, false) => "absent with reason",
            (Presence::Optional, true) => "可选",
            (Presence::Optional, false) => "optional",
        };
        let sides = match (slot.sides, zh) {
            (Sides::Single, true) => "单面",
            (Sides::Single, false) => "single-sided",
            (Sides::Duplex, true) => "双面",
            (Sides::Duplex, false) => "duplex",
        };
        let title = if zh { &slot.title } else { &slot.title_en };
        lines.push(format!("{:<22}{place}  {title}", slot.id));
        lines.push(format!(
            "{:<22}{presence} · {} × {} {sides} · {}",
            "",
            slot.copies,
            slot.paper.name(),
            slot.clause
        ));
    }
    lines.join("\n")
}
