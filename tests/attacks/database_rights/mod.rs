//! What a login of the database could do beyond its rights.

mod climb;
mod dba;
mod functions;
mod halves;
mod hold;
mod scene;
