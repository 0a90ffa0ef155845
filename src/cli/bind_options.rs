//! The options of `juanzong bind` that decide how volumes come out.

use std::{path::Path, sync::Arc};

use super::Trouble;
use crate::bind::{BindError, BindOptions, Fit, Gutter, Leaves, Manifest, Supplements};

/// How volumes come out.
#[derive(Clone, Copy, Debug, clap::Args)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(super) struct BindArguments {
    /// Print on both sides: numbers on the outer side, the body begins on a front page
    #[arg(long)]
    duplex: bool,
    /// Print on both sides, each item beginning on a front page
    #[arg(long)]
    items_on_front: bool,
    /// Move pages with ink where the volume is glued away from it, by what is free on the other side
    #[arg(long)]
    shift_for_gutter: bool,
    /// Enlarge or reduce pages of another size to A4
    #[arg(long)]
    fit_to_a4: bool,
    /// Papers were added since DIR was bound: where they go
    #[arg(long, value_enum, value_name = "WHERE")]
    supplement: Option<Supplement>,
}

/// Where papers go that were added later (补正)
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Supplement {
    /// At the end of their volume, after a contents sheet of their own; what was printed stays
    AtTheEnd,
    /// Into their slots; the volumes are bound anew
    BoundAnew,
}

impl BindArguments {
    /// The same for the binder; `out` is the folder that was bound before.
    pub(super) fn options(self, out: &Path) -> Result<BindOptions, Trouble> {
        let leaves = match (self.items_on_front, self.duplex) {
            (true, _) => Leaves::ItemsOnFront,
            (false, true) => Leaves::Duplex,
            (false, false) => Leaves::RunOn,
        };
        Ok(BindOptions {
            leaves,
            gutter: if self.shift_for_gutter {
                Gutter::Shift
            } else {
                Gutter::Leave
            },
            fit: if self.fit_to_a4 {
                Fit::A4
            } else {
                Fit::AsTheyAre
            },
            supplements: match self.supplement {
                Some(Supplement::AtTheEnd) => Supplements::AtTheEnd,
                Some(Supplement::BoundAnew) | None => Supplements::BoundAnew,
            },
            previous: self.supplement.map(|_| previous(out)).transpose()?,
            ..BindOptions::default()
        })
    }
}

/// What was bound into the folder before.
fn previous(out: &Path) -> Result<Arc<Manifest>, Trouble> {
    let bytes = std::fs::read(out.join("manifest.json")).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Trouble::new(BindError::NotBoundBefore),
        _ => Trouble::new(error),
    })?;
    let manifest: Manifest = serde_json::from_slice(&bytes).map_err(Trouble::new)?;
    Ok(Arc::new(manifest))
}
