//! Papers handed in after a dossier was bound (补正): which they are, told from what the earlier manifest lists.

use jiff::civil::Date;

use super::manifest::{Manifest, ManifestItem};
use crate::dossier::{CheckedDossier, CheckedItem};

/// What the earlier binding says of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct History {
    /// The day it was added to a bound dossier; `None` when it was there from the first.
    pub(super) added_on: Option<Date>,
    /// Its place in the earlier manifest; papers that were not there come last.
    pub(super) rank: usize,
}

/// The history of each paper of `dossier`, in its order.
pub(super) fn histories(dossier: &CheckedDossier, previous: Option<&Manifest>) -> Vec<History> {
    let Some(previous) = previous else {
        let first = |(rank, _)| History {
            added_on: None,
            rank,
        };
        return dossier.items().iter().enumerate().map(first).collect();
    };
    let mut taken = vec![false; previous.items.len()];
    let histories = dossier.items().iter().map(|item| {
        let mut known = previous.items.iter().zip(&mut taken).enumerate();
        let found = known.find(|(_, (before, taken))| !**taken && is_same(item, before));
        match found {
            Some((rank, (before, taken))) => {
                *taken = true;
                History {
                    added_on: before.added_on,
                    rank,
                }
            }
            None => History {
                added_on: Some(dossier.on()),
                rank: usize::MAX,
            },
        }
    });
    histories.collect()
}

/// The first paper of the earlier binding that is bound in a volume and is no longer there as it was: without it, its
/// pages and numbers would change, and the volume has to be bound anew.
pub(super) fn gone<'m>(
    dossier: &CheckedDossier,
    previous: &'m Manifest,
) -> Option<&'m ManifestItem> {
    let histories = histories(dossier, Some(previous));
    let bound = previous.items.iter().enumerate();
    let mut bound = bound.filter(|(_, item)| item.volume.is_some());
    let gone = bound.find(|(rank, _)| histories.iter().all(|history| history.rank != *rank));
    gone.map(|(_, item)| item)
}

/// Whether any paper came, went or was changed since the earlier binding.
pub(super) fn changed(dossier: &CheckedDossier, previous: &Manifest) -> bool {
    let histories = histories(dossier, Some(previous));
    let new = histories.iter().any(|history| history.rank == usize::MAX);
    new || histories.len() != previous.items.len()
}

fn is_same(item: &CheckedItem, before: &ManifestItem) -> bool {
    (&item.slot, item.sha256, &item.title) == (&before.slot, before.sha256, &before.title)
}
