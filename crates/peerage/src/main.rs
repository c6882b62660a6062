//! The `peerage` command.
//!
//! - `args`: the command line as types; what each flag takes is decided by the model
//! - `command`: what each verb does, a file for each noun
//! - `fields`: the fields of agents and telephones, for import, export and `show`
//! - `settings`: file and environment; `printer`: all output; `exit`, `failure`: how it ends

use std::process::ExitCode;

use clap::Parser;

mod args;
mod command;
mod exit;
mod failure;
mod fields;
mod printer;
mod secret;
mod settings;
mod shim;
mod table;

use args::Cli;
use printer::Printer;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return printer::clap(error).into(),
    };
    let printer = Printer::new(cli.global.format, cli.global.quiet);
    match command::run(cli, printer) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            printer.failure(&failure);
            failure.exit.into()
        }
    }
}
