//! The canonical schema in Rust: rows, queries, operations, migrations, pool, private cluster.

pub mod cluster;
pub mod migrate;
