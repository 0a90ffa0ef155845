//! Optional content: what is hidden by default stays hidden, what is shown stays shown, and nothing can be switched.

use std::{collections::HashSet, io};

use hayro_syntax::object::{Array, Dict, MaybeRef, Name, ObjRef, Object, ObjectIdentifier};

use super::{
    output::{Output, PdfOutput, Ref},
    source::{CopyError, Source},
    syntax,
};

/// More groups than this are not listed; they are shown then.
const MOST: usize = 10_000;

/// The layers of all sources of a volume.
#[derive(Default)]
pub(super) struct Layers {
    all: Vec<Ref>,
    hidden: Vec<Ref>,
}

impl Layers {
    /// Takes over the layers of a source; the objects of those hidden by default.
    pub(super) fn take<O: Output>(
        &mut self,
        file: &mut PdfOutput<O>,
        source: &mut Source<'_>,
    ) -> Result<HashSet<ObjectIdentifier>, CopyError> {
        let mut hidden = HashSet::new();
        let Some(properties) = source.catalog().get::<Dict<'_>>(b"OCProperties") else {
            return Ok(hidden);
        };
        let config = properties.get::<Dict<'_>>(b"D").unwrap_or_default();
        let base_off = config.get::<Name<'_>>(b"BaseState").as_deref() == Some(b"OFF");
        let listed = |key: &[u8]| -> HashSet<ObjectIdentifier> {
            references(config.get::<Array<'_>>(key))
                .into_iter()
                .map(Into::into)
                .collect()
        };
        let (on, off) = (listed(b"ON"), listed(b"OFF"));
        let groups = references(properties.get::<Array<'_>>(b"OCGs"));
        for id in groups.into_iter().take(MOST).map(ObjectIdentifier::from) {
            let at = source.indirect(file, id)?;
            self.all.push(at);
            if off.contains(&id) || base_off && !on.contains(&id) {
                self.hidden.push(at);
                hidden.insert(id);
            }
        }
        Ok(hidden)
    }

    /// Writes the `OCProperties` of the volume, if it has layers.
    pub(super) fn write<O: Output>(&self, file: &mut PdfOutput<O>) -> io::Result<Option<Ref>> {
        if self.all.is_empty() {
            return Ok(None);
        }
        let list = |refs: &[Ref]| {
            let mut body = vec![b'['];
            for &at in refs {
                syntax::reference(&mut body, at);
                body.push(b' ');
            }
            body.push(b']');
            body
        };
        let (all, hidden) = (list(&self.all), list(&self.hidden));
        let body = [
            b"<</OCGs".as_slice(),
            &all,
            b"/D<</BaseState/ON/OFF",
            &hidden,
            b"/Locked",
            &all,
            b"/Order[]>>>>",
        ];
        file.new_object(&body.concat()).map(Some)
    }
}

fn references(array: Option<Array<'_>>) -> Vec<ObjRef> {
    let items = array.into_iter().flat_map(|array| array.raw_iter());
    items
        .filter_map(|item: MaybeRef<Object<'_>>| item.as_obj_ref())
        .collect()
}
