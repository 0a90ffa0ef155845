//! Optional content (ISO 32000-2, 8.11): which layers are off as the file opens.

use std::collections::HashSet;

use hayro_syntax::object::{Array, Dict, MaybeRef, Name, ObjRef, Object, ObjectIdentifier};

/// Most layers that are looked at.
const MOST: usize = 10_000;

/// Whether the usage of a layer (table 100) says one thing for the screen and another for paper.
fn prints_differently(group: &Dict<'_>) -> bool {
    let Some(usage) = group.get::<Dict<'_>>("Usage") else {
        return false;
    };
    let state = |of: &str, key: &str| {
        let state = usage.get::<Dict<'_>>(of)?.get::<Name<'_>>(key)?;
        Some(state.as_ref() == b"ON")
    };
    let view = state("View", "ViewState");
    state("Print", "PrintState").is_some_and(|print| view.unwrap_or(true) != print)
}

/// The layers that are off.
#[derive(Debug, Default)]
pub(crate) struct Layers {
    off: HashSet<ObjectIdentifier>,
    /// How many layers there are.
    pub(crate) count: u32,
    /// Some layer is shown and not printed, or printed and not shown.
    pub(crate) print_differently: bool,
}

impl Layers {
    /// The default configuration of the catalog.
    pub(crate) fn of(catalog: &Dict<'_>) -> Layers {
        let Some(properties) = catalog.get::<Dict<'_>>("OCProperties") else {
            return Layers::default();
        };
        let list = |dict: &Dict<'_>, key: &str| -> Vec<ObjectIdentifier> {
            dict.get::<Array<'_>>(key)
                .map(|array| {
                    array
                        .raw_iter()
                        .take(MOST)
                        .filter_map(|item| item.as_obj_ref().map(Into::into))
                        .collect()
                })
                .unwrap_or_default()
        };
        let all = list(&properties, "OCGs");
        let configuration = properties.get::<Dict<'_>>("D").unwrap_or_default();
        let base_off = configuration
            .get::<Name<'_>>("BaseState")
            .is_some_and(|state| state.as_ref() == b"OFF");
        let mut off: HashSet<ObjectIdentifier> = HashSet::new();
        if base_off {
            off.extend(all.iter().copied());
        }
        for on in list(&configuration, "ON") {
            off.remove(&on);
        }
        off.extend(list(&configuration, "OFF"));
        let print_differently = properties
            .get::<Array<'_>>("OCGs")
            .into_iter()
            .flat_map(|groups| {
                super::items(&groups)
                    .flatten()
                    .filter_map(Object::into_dict)
                    .take(MOST)
            })
            .any(|group| prints_differently(&group));
        Layers {
            off,
            count: all.len() as u32,
            print_differently,
        }
    }

    /// Whether what `holder` marks under `key` is hidden.
    pub(crate) fn hides(&self, holder: &Dict<'_>, key: &[u8]) -> bool {
        if self.off.is_empty() {
            return false;
        }
        if let Some(id) = holder.get_ref(key)
            && self.off.contains(&id.into())
        {
            return true;
        }
        let Some(dict) = holder.get::<Dict<'_>>(key) else {
            return false;
        };
        let is_off = |id: ObjRef| self.off.contains(&id.into());
        let members: Vec<bool> = match dict.get_raw::<Object<'_>>("OCGs") {
            Some(MaybeRef::Ref(id)) if is_off(id) => vec![true],
            Some(_) => match dict.get::<Object<'_>>("OCGs") {
                Some(Object::Array(array)) => array
                    .raw_iter()
                    .take(1000)
                    .filter_map(|item| item.as_obj_ref())
                    .map(is_off)
                    .collect(),
                _ => Vec::new(),
            },
            None => Vec::new(),
        };
        if members.is_empty() {
            return false;
        }
        let policy = dict.get::<Name<'_>>("P");
        match policy.as_ref().map(AsRef::as_ref) {
            Some(b"AllOn") => members.iter().any(|off| *off),
            Some(b"AnyOff") => !members.iter().any(|off| *off),
            Some(b"AllOff") => !members.iter().all(|off| *off),
            _ => members.iter().all(|off| *off),
        }
    }
}
