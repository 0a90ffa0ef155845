//! Colours, as far as they must be known to tell visible from invisible: red, green, blue, or "cannot tell".

use hayro_syntax::object::{Array, Dict, Name, Object, Stream};

/// A colour as seen, 0–1 a channel; `None` for patterns and what cannot be told.
pub(crate) type Seen = Option<[f32; 3]>;

/// A colour space, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Space {
    Gray,
    Rgb,
    Cmyk,
    /// Spot colours: no tint is white, anything else cannot be told.
    Tint,
    /// Indexed, Lab, Pattern.
    Other,
}

impl Space {
    /// The space that `name` stands for, device name or resource.
    pub(crate) fn named(name: &Name<'_>, resources: &Dict<'_>) -> Space {
        match name.as_ref() {
            b"DeviceGray" | b"G" | b"CalGray" => Space::Gray,
            b"DeviceRGB" | b"RGB" | b"CalRGB" => Space::Rgb,
            b"DeviceCMYK" | b"CMYK" => Space::Cmyk,
            b"Pattern" => Space::Other,
            other => match resources.get::<Object<'_>>(other) {
                Some(Object::Array(array)) => Space::of_array(&array),
                Some(Object::Name(inner)) => match inner.as_ref() {
                    b"DeviceGray" => Space::Gray,
                    b"DeviceRGB" => Space::Rgb,
                    b"DeviceCMYK" => Space::Cmyk,
                    _ => Space::Other,
                },
                _ => Space::Other,
            },
        }
    }

    fn of_array(array: &Array<'_>) -> Space {
        let mut items = array.flex_iter();
        let Some(family) = items.next::<Name<'_>>() else {
            return Space::Other;
        };
        match family.as_ref() {
            b"DeviceGray" | b"CalGray" | b"G" => Space::Gray,
            b"DeviceRGB" | b"CalRGB" | b"RGB" => Space::Rgb,
            b"DeviceCMYK" | b"CMYK" => Space::Cmyk,
            b"ICCBased" => match items
                .next::<Stream<'_>>()
                .and_then(|profile| profile.dict().get::<u32>("N"))
            {
                Some(1) => Space::Gray,
                Some(3) => Space::Rgb,
                Some(4) => Space::Cmyk,
                _ => Space::Other,
            },
            b"Separation" | b"DeviceN" => Space::Tint,
            _ => Space::Other,
        }
    }

    /// The first colour of the space: black, or full tint.
    pub(crate) fn initial(self) -> Seen {
        match self {
            Space::Gray | Space::Rgb | Space::Cmyk => Some([0.0; 3]),
            Space::Tint | Space::Other => None,
        }
    }

    /// The colour these components give.
    pub(crate) fn colour(self, components: &[f32]) -> Seen {
        let clamp = |v: f32| v.clamp(0.0, 1.0);
        match (self, components) {
            (Space::Gray, [g, ..]) => Some([clamp(*g); 3]),
            (Space::Rgb, [r, g, b, ..]) => Some([clamp(*r), clamp(*g), clamp(*b)]),
            (Space::Cmyk, [c, m, y, k, ..]) => {
                Some([*c, *m, *y].map(|ink| (1.0 - clamp(ink)) * (1.0 - clamp(*k))))
            }
            (Space::Tint, tints) if !tints.is_empty() && tints.iter().all(|t| *t <= 0.001) => {
                Some([1.0; 3])
            }
            _ => None,
        }
    }

    /// Number of components, where it is certain.
    pub(crate) fn components(self) -> u8 {
        match self {
            Space::Gray | Space::Tint | Space::Other => 1,
            Space::Rgb => 3,
            Space::Cmyk => 4,
        }
    }
}

/// The space of an image's `ColorSpace` entry.
pub(crate) fn of_image(object: Option<Object<'_>>, resources: &Dict<'_>) -> Space {
    match object {
        Some(Object::Name(name)) => Space::named(&name, resources),
        Some(Object::Array(array)) => Space::of_array(&array),
        _ => Space::Gray,
    }
}

/// Whether no eye can tell `a` from `b`.
pub(crate) fn alike(a: [f32; 3], b: [f32; 3]) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() < 0.03)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_what_the_eye_sees() {
        assert_eq!(Space::Gray.colour(&[1.0]), Some([1.0; 3]));
        assert_eq!(Space::Cmyk.colour(&[0.0; 4]), Some([1.0; 3]));
        assert_eq!(Space::Cmyk.colour(&[0.0, 0.0, 0.0, 1.0]), Some([0.0; 3]));
        assert_eq!(Space::Tint.colour(&[0.0]), Some([1.0; 3]));
        assert_eq!(Space::Tint.colour(&[0.5]), None);
    }
}
