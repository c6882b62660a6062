//! `peerage completions` and `peerage man`: both are made from the command line's own description.

use std::fs;
use std::path::Path;

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use crate::args::Cli;
use crate::args::files::{Completions, Man as ManArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

pub(super) fn completions(args: &Completions, printer: Printer) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "peerage", &mut script);
    printer.data(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}

pub(super) fn man(args: &ManArgs, printer: Printer) -> Result<Exit, Failure> {
    let mut command = Cli::command();
    command.build();
    let Some(directory) = &args.dir else {
        printer.data(&page(&command)?)?;
        return Ok(Exit::Done);
    };
    let trying = format!("cannot write to `{}`", directory.display());
    fs::create_dir_all(directory).map_err(|error| Failure::while_trying(&trying, &error))?;
    let count = pages(&command, directory)?;
    printer.talk(format_args!("wrote {count} pages to {}", directory.display()));
    Ok(Exit::Done)
}

/// Writes the page of this command and of all below it.
fn pages(command: &Command, directory: &Path) -> Result<usize, Failure> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    let path = directory.join(format!("{name}.1"));
    fs::write(&path, page(command)?)
        .map_err(|error| Failure::while_trying(&format!("cannot write `{}`", path.display()), &error))?;
    let mut count = 1;
    for below in command.get_subcommands() {
        count += pages(below, directory)?;
    }
    Ok(count)
}

fn page(command: &Command) -> Result<String, Failure> {
    let mut page = Vec::new();
    Man::new(command.clone())
        .source(concat!("Peerage ", env!("CARGO_PKG_VERSION")))
        .manual("Peerage")
        .render(&mut page)
        .map_err(|error| Failure::because(&error))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}
