//! Rebuilds when a migration is added: `embed_migrations!` does not see a new directory by itself.

fn main() {
    println!("cargo::rerun-if-changed=../../schema/migrations");
}
