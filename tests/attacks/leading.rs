//! Two services on one database, and what a flood does to one.
