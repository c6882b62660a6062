#![doc = include_str!("../README.md")]
#![allow(
    rustdoc::broken_intra_doc_links,
    reason = "comments of arguments are help texts, in which [new] marks what holds for a new agent"
)]

use std::process::ExitCode;

use clap::Parser;

mod args;
mod command;
mod exit;
mod failure;
mod log;
mod printable;
mod printer;
mod secret;
mod settings;
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
