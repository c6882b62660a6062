//! Phones that register, call and are called.
