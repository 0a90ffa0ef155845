//! What a person may choose when binding; the defaults are what the notice asks.

use serde::{Deserialize, Serialize};

use super::{manifest::Manifest, number_style::NumberStyle};

/// What a person may choose; the defaults are what the notice asks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BindOptions {
    /// How numbers are printed, in place of what the notice asks.
    pub numbers: Option<NumberStyle>,
    /// How the volumes will be printed.
    pub leaves: Leaves,
    /// What happens to pages whose ink stands where the volume is glued.
    pub gutter: Gutter,
    /// What happens to pages of another size.
    pub fit: Fit,
    /// Where papers go that were handed in after the first binding.
    pub supplements: Supplements,
    /// What was bound before; only known to whoever keeps it.
    #[serde(skip)]
    pub previous: Option<std::sync::Arc<Manifest>>,
}

/// What happens to pages whose ink stands where the volume is glued.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Gutter {
    /// They stay as they are; the manifest says how little is free.
    #[default]
    Leave,
    /// They move away from the binding edge by what is free on the other side.
    Shift,
}

/// What happens to pages that are not A4.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// They stay as they are.
    #[default]
    AsTheyAre,
    /// They are enlarged or reduced to A4, upright or lying as they are; the manifest says by how much.
    A4,
}

/// Where papers go that were handed in after the first binding (补正).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Supplements {
    /// The volumes are bound anew, every paper in its slot.
    #[default]
    BoundAnew,
    /// At the end of their volume, numbers running on, after a contents sheet of their own; what was printed stays.
    AtTheEnd,
}

/// How volumes are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Leaves {
    /// On one side.
    #[default]
    RunOn,
    /// On both sides: numbers stand on the outer side, and the body begins on a front page.
    Duplex,
    /// On both sides, each item beginning on a front page; blank pages fill up and count.
    ItemsOnFront,
}
