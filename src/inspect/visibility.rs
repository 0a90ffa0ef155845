//! Whether a reader can see a run of text: where it stands, what lies under it, what lies over it.

use hayro_font::kurbo::Point;

use super::{content::Cover, facts::Visibility, ink, text_runs::Run};

/// How a run is seen among the opaque areas of its page.
pub(crate) fn of(run: &Run, covers: &[Cover]) -> Visibility {
    if run.look.invisible {
        return Visibility::Invisible;
    }
    if run.look.clipped {
        return Visibility::OutsidePage;
    }
    let points = sample(run);
    let later = |cover: &&Cover| cover.order > run.order;
    let over = |point: Point| {
        covers
            .iter()
            .rev()
            .take_while(later)
            .any(|c| c.rect.contains(point))
    };
    if points.iter().all(|point| over(*point)) {
        return Visibility::Covered;
    }
    if let Some(colour) = run.look.colour {
        let same = points.iter().all(|point| {
            let under = covers
                .iter()
                .rev()
                .find(|cover| cover.order <= run.order && cover.rect.contains(*point));
            // Paper is white; what a picture shows there cannot be told from here.
            match under {
                None => ink::alike(colour, [1.0; 3]),
                Some(cover) => cover.colour.is_some_and(|under| ink::alike(colour, under)),
            }
        });
        if same {
            return Visibility::SameAsBackground;
        }
    }
    Visibility::Visible
}

/// Five points along the middle of the run.
fn sample(run: &Run) -> [Point; 5] {
    let rect = run.rect;
    [0.1, 0.3, 0.5, 0.7, 0.9].map(|t| {
        if rect.width() >= rect.height() {
            Point::new(rect.x0 + rect.width() * t, rect.center().y)
        } else {
            Point::new(rect.center().x, rect.y0 + rect.height() * t)
        }
    })
}
