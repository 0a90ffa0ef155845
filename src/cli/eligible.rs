//! `juanzong eligible`: may this person apply, clause by clause.

use std::path::PathBuf;

use super::{Exit, Format, OnDay, Scene, Trouble, notices, output};
use crate::{
    eligibility::{self, Answer, Eligible, LineOutcome},
    lang::Lang,
};

/// May this person apply under a notice, and for which title: clause by clause
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The notice, an id of `juanzong notices`
    notice: String,
    /// What is known of the person, as TOML; keys in docs/rule-packs.md
    #[arg(long, value_name = "PROFILE.toml")]
    profile: PathBuf,
    #[command(flatten)]
    day: OnDay,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(scene: &Scene, arguments: &Arguments) -> Result<Exit, Trouble> {
    let packs = scene.packs()?;
    let pack = notices::find(&packs, &arguments.notice)?;
    let profile = eligibility::read(&arguments.profile).map_err(Trouble::new)?;
    let answer = eligibility::judge(&pack, &profile, arguments.day.date());
    match arguments.format {
        Format::Json => output::print_json(&answer)?,
        Format::Text => output::print(&describe(&answer, scene.lang))?,
    }
    Ok(match answer.verdict {
        Eligible::Decided => Exit::Good,
        Eligible::NeedsPerson => Exit::CouldNotTell,
        Eligible::NotEligible => Exit::Refused,
    })
}

fn describe(answer: &Answer, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let title = answer
        .title
        .map(|title| title.name().in_lang(lang).to_owned());
    let mut lines = vec![match (answer.verdict, zh) {
        (Eligible::Decided, true) => format!("✓ 可以申报{}", title.unwrap_or_default()),
        (Eligible::Decided, false) => format!("✓ may apply: {}", title.unwrap_or_default()),
        (Eligible::NeedsPerson, true) => "? 须由人工判断".to_owned(),
        (Eligible::NeedsPerson, false) => "? needs a person".to_owned(),
        (Eligible::NotEligible, true) => "✗ 不符合申报条件".to_owned(),
        (Eligible::NotEligible, false) => "✗ not eligible".to_owned(),
    }];
    for line in &answer.lines {
        let sign = match line.outcome {
            LineOutcome::Met => "✓",
            LineOutcome::NotMet => "✗",
            LineOutcome::Missing => "?",
            LineOutcome::Person => "☞",
        };
        lines.push(format!("  {sign} {}", line.message.in_lang(lang)));
        if let Some(source) = &line.source {
            lines.push(format!(
                "      {} {source}",
                if zh { "依据" } else { "source" }
            ));
        }
    }
    if !answer.missing.is_empty() {
        let word = if zh { "缺少" } else { "missing" };
        lines.push(format!("  {word}: {}", answer.missing.join(", ")));
    }
    lines.join("\n")
}
