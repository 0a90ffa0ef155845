//! A certificate in, a verdict out: recomputed here, with none of the code that made it.
