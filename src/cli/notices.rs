//! `juanzong notices`: the packs, and what one asks.

use std::sync::Arc;

use super::{Exit, Format, Scene, Trouble, output};
use crate::{
    dossier::Dossier,
    lang::Lang,
    rulepack::{self, Column, Committee, Pack, Packs, Presence, Sides},
};

/// The notices known; with ID one notice with its slots and their clauses
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// One notice; `ID@VERSION` for a version of it that is not the newest
    id: Option<String>,
    /// The committees of ID that answer for a specialty or an office
    #[arg(long, value_name = "WORDS", requires = "id")]
    committee: Option<String>,
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
    if let (Some(id), Some(words)) = (&arguments.id, &arguments.committee) {
        return committees(&*find(&packs, id)?, words, arguments.format, scene.lang);
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

/// Who answers for a specialty, where and when; exit 3 when nobody is found but some rows of the table are not known.
fn committees(pack: &Pack, words: &str, format: Format, lang: Lang) -> Result<Exit, Trouble> {
    let table = pack.committees.as_ref().ok_or_else(|| {
        Trouble::because(format!(
            "the notice `{}` has no table of committees",
            pack.id
        ))
    })?;
    let found = table.search(words);
    match format {
        Format::Json => output::print_json(&found)?,
        Format::Text => {
            for row in &found.rows {
                output::print(&describe_row(row, lang))?;
            }
            if found.rows.is_empty() {
                output::say(match lang {
                    Lang::Zh => "表中未找到",
                    Lang::En => "not found in the table",
                });
            }
            for missing in found.not_seen {
                output::say(missing.why.in_lang(lang));
            }
        }
    }
    Ok(match (found.rows.is_empty(), found.not_seen.is_empty()) {
        (false, _) => Exit::Good,
        (true, false) => Exit::CouldNotTell,
        (true, true) => Exit::Refused,
    })
}

fn describe_row(row: &Committee, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let unknown = if zh {
        "（所据文本未载）"
    } else {
        "(not in our copy)"
    };
    let value = |column: Column, text: Option<&str>| match text {
        Some(text) => text.to_owned(),
        None if row.lost.contains(&column) => unknown.to_owned(),
        None => "—".to_owned(),
    };
    let phones = (!row.phone.is_empty()).then(|| row.phone.join(" / "));
    let mut lines = vec![format!("{:>2}  {}", row.number, row.specialty)];
    let columns = [
        (
            "评委会办事机构",
            "office",
            value(Column::Office, row.office.as_deref()),
        ),
        (
            "联系电话",
            "telephone",
            value(Column::Phone, phones.as_deref()),
        ),
        (
            "材料报送地址",
            "address",
            value(Column::Address, row.address.as_deref()),
        ),
        (
            "受理时间",
            "papers accepted",
            value(Column::Accepts, row.accepts.as_deref()),
        ),
        (
            "计划评审时间",
            "review planned",
            value(Column::Reviews, row.reviews.as_deref()),
        ),
    ];
    for (name_zh, name_en, value) in columns {
        let name = if zh { name_zh } else { name_en };
        let colon = if zh { "：" } else { ": " };
        lines.push(format!("    {name}{colon}{value}"));
    }
    if let Some(note) = &row.note {
        lines.push(format!("    {}", note.in_lang(lang)));
    }
    lines.join("\n")
}

/// The pack with this id, or with `<id>@<version>` that version of it; or which there are.
pub(super) fn find(packs: &Packs, id: &str) -> Result<Arc<Pack>, Trouble> {
    let Some((name, version)) = id.split_once('@') else {
        return packs.get(id).cloned().ok_or_else(|| unknown(packs, id));
    };
    if packs.get(name).is_none() {
        return Err(unknown(packs, name));
    }
    let found = version.parse().ok();
    let found = found.and_then(|version| packs.version(name, version));
    found
        .cloned()
        .ok_or_else(|| no_version(packs, name, version))
}

fn unknown(packs: &Packs, id: &str) -> Trouble {
    let known: Vec<_> = packs.iter().map(|pack| pack.id.as_str()).collect();
    Trouble::because(format!("no notice `{id}`; there are {}", known.join(", ")))
}

/// There is no such version of a pack.
fn no_version(packs: &Packs, id: &str, wanted: impl std::fmt::Display) -> Trouble {
    let known: Vec<String> = packs
        .versions(id)
        .iter()
        .map(|pack| format!("{} ({})", pack.version, pack.sha256))
        .collect();
    Trouble::because(format!(
        "no version `{wanted}` of the notice `{id}`; there are {}",
        known.join(", ")
    ))
}

/// The pack a dossier is judged by: the version chosen now, the one it keeps, or the newest.
pub(super) fn for_dossier(
    packs: &Packs,
    dossier: &Dossier,
    chosen: Option<u32>,
) -> Result<Arc<Pack>, Trouble> {
    let id = dossier.notice.as_str();
    let newest = find(packs, id)?;
    match (chosen, &dossier.pack_sha256) {
        (Some(version), _) => {
            let found = packs.version(id, version).cloned();
            found.ok_or_else(|| no_version(packs, id, version))
        }
        (None, Some(sha256)) => {
            let found = packs.by_digest(sha256).filter(|pack| pack.id == id);
            found.cloned().ok_or_else(|| no_version(packs, id, sha256))
        }
        (None, None) => Ok(newest),
    }
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
