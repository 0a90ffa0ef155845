//! Weights of `glyphs`: fitted by `calibration/fit_glyphs.py` on characters drawn from fonts.

/// Slopes of tones along the line, across it, and along both diagonals, in 7 × 7 cells: the first half, row by row.
pub(super) const SLOPES: [[i16; 24]; 4] = [
    [
        3, 5, 8, -1, -17, -11, 0, 4, 3, 1, -4, -2, -4, 2, 13, 16, 14, 11, 6, -1, -1, 10, 5, 2,
    ],
    [
        5, 17, 31, 24, 21, 9, 5, 1, 7, 1, 1, 7, 15, 8, 5, 15, 10, 13, 12, 12, 9, -8, -12, -10,
    ],
    [
        9, -18, -21, -23, -25, -35, -45, 1, -11, -7, -4, -10, -21, -43, -3, -18, -18, -19, -23, -8,
        -15, 3, -1, 6,
    ],
    [
        -32, -28, -20, -1, 19, 26, 34, -40, -20, -5, 0, 1, -5, 4, -16, -9, -13, -1, -6, -1, 8, -15,
        2, -4,
    ],
];

/// Ink in 8 × 8 cells: the first half, row by row.
pub(super) const INK: [i16; 32] = [
    -22, -19, -15, -13, -1, 7, 2, -11, -10, -3, 3, 3, 4, 8, 3, -2, 4, 8, 5, 4, 5, 5, 2, -2, 6, 3,
    4, 2, -1, -4, -4, -2,
];
