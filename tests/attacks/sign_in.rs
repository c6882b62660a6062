//! Guessing, locking out and flooding at the sign-in.
