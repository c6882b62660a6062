//! What Asterisk reports from the views equals what it reports for the same settings in its own files.
