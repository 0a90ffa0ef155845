//! What a shape cannot say of a pack: names that agree, references that lead somewhere, nothing twice.

use super::{
    Committees, Presence, WindowShape,
    eligibility::{Eligibility, SeriesRuleKind},
    load::{Written, WrittenCheck},
    read::{
        Source,
        Step::{At, Key},
    },
};

/// What a shape cannot say: names that agree, references that lead somewhere, nothing twice.
pub(super) fn cross_check(written: &Written, stem: &str, source: &mut Source<'_>) {
    let with_version = format!("{}@{}", written.id, written.version);
    if stem != written.id && stem != with_version {
        source.wrong(
            &[Key("id")],
            format!(
                "文件名为 `{stem}`，应与 id `{}` 相同（或为 `{with_version}`）",
                written.id
            ),
            format!(
                "the file is named `{stem}`, wants the id `{}` (or `{with_version}`)",
                written.id
            ),
        );
    }
    volumes(written, source);
    if let Some(table) = &written.committees {
        committees(table, source);
    }
    if let Some(rules) = &written.eligibility {
        eligibility(rules, source);
    }
    slots(written, source);
    windows(written, source);
    entries(written, source);
    if let Some(mail) = &written.mail {
        let rest = mail
            .subject
            .replace("{specialty_short}", "")
            .replace("{name}", "");
        if rest.contains(['{', '}']) {
            source.wrong_with(
                &[Key("mail"), Key("subject")],
                format!("`{}` 含有未知的占位符", mail.subject),
                format!("`{}` has an unknown placeholder", mail.subject),
                vec!["{specialty_short}".into(), "{name}".into()],
            );
        }
        if !written.slot.iter().any(|slot| slot.id == mail.slot) {
            no_such_slot(&[Key("mail"), Key("slot")], &mail.slot, written, source);
        }
    }
    twice(
        written.specialty.iter().map(|s| s.name.clone()),
        "specialty",
        "name",
        source,
    );
    twice(
        written.fee.iter().map(|f| f.grade.name().zh),
        "fee",
        "grade",
        source,
    );
    for (index, penalty) in written.penalty.iter().enumerate() {
        if penalty.counted_from.is_some() && penalty.years.is_none() {
            source.wrong(
                &[Key("penalty"), At(index), Key("counted_from")],
                "写了起算点却没有 `years`",
                "says when years begin, but `years` is missing",
            );
        }
    }
}

/// Every row of the printed table is there once, or named as missing; nothing is merged and lost at once.
fn committees(table: &Committees, source: &mut Source<'_>) {
    let mut accounted = std::collections::BTreeSet::new();
    for (index, gap) in table.missing.iter().enumerate() {
        if gap.to < gap.from {
            source.wrong(
                &[Key("committees"), Key("missing"), At(index), Key("to")],
                format!("{} 小于 `from`（{}）", gap.to, gap.from),
                format!("{} is less than `from` ({})", gap.to, gap.from),
            );
        }
        accounted.extend(gap.from..=gap.to);
    }
    for (index, row) in table.known.iter().enumerate() {
        let way = |key| [Key("committees"), Key("row"), At(index), Key(key)];
        if row.number > table.rows {
            source.wrong(
                &way("number"),
                format!("{} 大于总行数 {}", row.number, table.rows),
                format!(
                    "{} is more than the table's {} rows",
                    row.number, table.rows
                ),
            );
        }
        if !accounted.insert(row.number) {
            source.wrong(
                &way("number"),
                format!("第 {} 行出现两次，或已列为缺行", row.number),
                format!("row {} stands twice, or is named as missing", row.number),
            );
        }
        for column in row.merged.iter().filter(|column| row.lost.contains(column)) {
            source.wrong(
                &way("lost"),
                format!("{column:?} 同时写在 `merged` 中"),
                format!("{column:?} stands in `merged` too"),
            );
        }
    }
    let lacking: Vec<String> = (1..=table.rows)
        .filter(|number| !accounted.contains(number))
        .map(|number| number.to_string())
        .collect();
    if !lacking.is_empty() {
        source.wrong(
            &[Key("committees"), Key("rows")],
            format!(
                "共 {} 行，缺第 {} 行且未说明",
                table.rows,
                lacking.join("、")
            ),
            format!(
                "of {} rows, {} are neither there nor named as missing",
                table.rows,
                lacking.join(", ")
            ),
        );
    }
}

/// A title for each level of education at most once.
fn eligibility(rules: &Eligibility, source: &mut Source<'_>) {
    let mut seen = std::collections::BTreeSet::new();
    for (index, rule) in rules.title.iter().enumerate() {
        for (n, level) in rule.education.iter().enumerate() {
            if !seen.insert(*level) {
                source.wrong(
                    &[
                        Key("eligibility"),
                        Key("title"),
                        At(index),
                        Key("education"),
                        At(n),
                    ],
                    format!("“{}”出现两次", level.name().zh),
                    format!("`{}` stands twice", level.name().en),
                );
            }
        }
    }
    for (index, rule) in rules.series.iter().enumerate() {
        let any = rule.rule == SeriesRuleKind::LicenceIfAny;
        if rule.names.is_empty() != any {
            source.wrong(
                &[Key("eligibility"), Key("series"), At(index), Key("names")],
                "只有 `licence_if_any` 的名单为空，且必须为空",
                "the list is empty for `licence_if_any`, and for that rule only",
            );
        }
    }
}

fn volumes(written: &Written, source: &mut Source<'_>) {
    twice(
        written.volume.iter().map(|v| v.number.to_string()),
        "volume",
        "number",
        source,
    );
    for (index, volume) in written.volume.iter().enumerate() {
        let used = written.slot.iter().any(|s| s.volume == Some(volume.number));
        if !used {
            source.wrong(
                &[Key("volume"), At(index), Key("number")],
                format!("第 {} 分册没有任何材料", volume.number),
                format!("volume {} has no slot", volume.number),
            );
        }
    }
}

fn slots(written: &Written, source: &mut Source<'_>) {
    twice(
        written.slot.iter().map(|slot| slot.id.clone()),
        "slot",
        "id",
        source,
    );
    let numbers: Vec<String> = written
        .volume
        .iter()
        .map(|volume| volume.number.to_string())
        .collect();
    let mut last_item: std::collections::BTreeMap<u8, u8> = std::collections::BTreeMap::new();
    for (index, slot) in written.slot.iter().enumerate() {
        let way = |key| [Key("slot"), At(index), Key(key)];
        if let Some(volume) = slot.volume {
            if !written.volume.iter().any(|v| v.number == volume) {
                source.wrong_with(
                    &way("volume"),
                    format!("没有第 {volume} 分册"),
                    format!("there is no volume {volume}"),
                    numbers.clone(),
                );
            }
            match slot.item {
                None => source.wrong(
                    &way("item"),
                    "装订的材料须有项号 `item`",
                    "a bound paper needs its `item` number",
                ),
                Some(item) => {
                    let least = last_item.get(&volume).map_or(2, |last| last + 1);
                    if item < least {
                        source.wrong(
                            &way("item"),
                            format!(
                                "第 {volume} 分册的项号为 {item}，应不小于 {least}（第 1 项为目录）"
                            ),
                            format!(
                                "is item {item} of volume {volume}, wants {least} or more (item 1 is the contents page)"
                            ),
                        );
                    }
                    last_item.insert(volume, item);
                }
            }
            if !slot.uploaded {
                source.wrong(
                    &way("uploaded"),
                    "装订的材料必须上传",
                    "a bound paper must be uploaded",
                );
            }
        }
        if slot.files_max.is_some_and(|max| max < slot.files_min) {
            source.wrong(
                &way("files_max"),
                format!("小于 `files_min`（{}）", slot.files_min),
                format!("is less than `files_min` ({})", slot.files_min),
            );
        }
        for circumstance in slot.when.iter().filter(|one| slot.unless.contains(one)) {
            source.wrong(
                &way("unless"),
                format!("`{}` 同时写在 `when` 中", circumstance.word()),
                format!("`{}` stands in `when` too", circumstance.word()),
            );
        }
        if slot.presence == Presence::Optional && !slot.when.is_empty() {
            source.wrong(
                &way("when"),
                "可有可无的材料不需要条件",
                "a paper that may be absent needs no condition",
            );
        }
    }
}

fn windows(written: &Written, source: &mut Source<'_>) {
    twice(
        written.window.iter().map(|window| window.id.clone()),
        "window",
        "id",
        source,
    );
    for (index, window) in written.window.iter().enumerate() {
        if let WindowShape::Fixed { from, to } = &window.shape
            && to < from
        {
            source.wrong(
                &[Key("window"), At(index), Key("to")],
                format!("{to} 早于 `from`（{from}）"),
                format!("{to} is before `from` ({from})"),
            );
        }
        let mut last = "";
        for (n, hours) in window.hours.iter().enumerate() {
            if hours.to <= hours.from || hours.from.as_str() < last {
                source.wrong(
                    &[Key("window"), At(index), Key("hours"), At(n)],
                    format!("{}–{} 不是递增的时段", hours.from, hours.to),
                    format!(
                        "{}–{} does not follow in the day's order",
                        hours.from, hours.to
                    ),
                );
            }
            last = &hours.to;
        }
    }
}

/// Entries of checks: slots that exist, and one entry at most for a code and slot.
fn entries(written: &Written, source: &mut Source<'_>) {
    let mut seen: Vec<(String, Option<String>)> = Vec::new();
    for (index, value) in written.check.iter().enumerate() {
        let Ok(entry) = serde_json::from_value::<WrittenCheck>(value.clone()) else {
            continue;
        };
        let mut keys: Vec<Option<String>> = entry.slots.iter().cloned().map(Some).collect();
        if keys.is_empty() {
            keys.push(None);
        }
        for (n, slot) in keys.into_iter().enumerate() {
            if let Some(slot) = &slot
                && !written.slot.iter().any(|s| s.id == *slot)
            {
                let way = [Key("check"), At(index), Key("slots"), At(n)];
                no_such_slot(&way, slot, written, source);
            }
            let key = (entry.code.clone(), slot);
            if seen.contains(&key) {
                let place = key.1.clone().unwrap_or_else(|| "*".into());
                source.wrong(
                    &[Key("check"), At(index), Key("code")],
                    format!("`{}` 对 `{place}` 已有一条", entry.code),
                    format!("`{}` has an entry for `{place}` already", entry.code),
                );
            }
            seen.push(key);
        }
    }
}

fn no_such_slot(
    way: &[super::read::Step<'_>],
    slot: &str,
    written: &Written,
    source: &mut Source<'_>,
) {
    let allowed: Vec<String> = written.slot.iter().map(|slot| slot.id.clone()).collect();
    source.wrong_with(
        way,
        format!("本通知没有 `{slot}`，可用：{}", allowed.join("、")),
        format!(
            "this notice has no `{slot}`, allowed: {}",
            allowed.join(", ")
        ),
        allowed,
    );
}

fn twice(names: impl Iterator<Item = String>, list: &str, key: &str, source: &mut Source<'_>) {
    let mut seen = std::collections::BTreeSet::new();
    for (index, name) in names.enumerate() {
        if !seen.insert(name.clone()) {
            source.wrong(
                &[Key(list), At(index), Key(key)],
                format!("`{name}` 出现两次"),
                format!("`{name}` stands twice"),
            );
        }
    }
}
