//! Who asks: a browser by its cookie, a program by its token.
