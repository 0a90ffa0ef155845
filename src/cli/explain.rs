//! `juanzong explain`: what a check looks at, why it matters, what to do.

use super::{Exit, Scene, Trouble, output};
use crate::checks;

/// What a check looks at, why it matters, what to do
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A code, for example CH102; all codes are listed when it is left out
    code: Option<String>,
}

pub(super) fn run(scene: &Scene, arguments: &Arguments) -> Result<Exit, Trouble> {
    let _ = scene;
    let Some(code) = &arguments.code else {
        for rule in checks::rules() {
            output::print(&format!("{}  {}", rule.code, rule.name))?;
        }
        return output::done();
    };
    let rule = checks::rule_by_code(&code.to_ascii_uppercase()).ok_or_else(|| {
        Trouble::because(format!(
            "no check `{code}`; `juanzong explain` lists them all"
        ))
    })?;
    output::print(rule.doc.trim_end())?;
    output::done()
}
