//! `peerage views` and `peerage db migrate`.

use peerage_store::hardening::Missing;
use peerage_views::install::{self, InstallError, Installed};
use peerage_views::plan::Plan;
use peerage_views::script;
use peerage_views::source::{self, VIEWS};
use peerage_views::verify::{self, Direction, Drift};
use serde::Serialize;

use super::{Context, hint};
use crate::args::Format;
use crate::args::views::Views as Verb;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::ListColumn;
use crate::table::Section;

pub(super) fn run(verb: &Verb, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Verb::Plan(args) if args.sql => context.printer.data(&script::compile().sql)?,
        Verb::Plan(_) => {
            let mut conn = peerage_store::connect(&context.owner_database()?)?;
            let planned = install::preview(&mut conn)?;
            Report::of(&planned).show(context)?;
        }
        Verb::Install(args) => {
            let mut conn = peerage_store::connect(&context.owner_database()?)?;
            let install = if args.again {
                install::install_again
            } else {
                install::install
            };
            report(context, &install(&mut conn)?)?;
        }
        Verb::Verify => return verify(context),
        Verb::Show(args) => show(&args.name, context)?,
    }
    Ok(Exit::Done)
}

/// `peerage db migrate`.
pub(super) fn migrate(context: &Context) -> Result<(), Failure> {
    let installed = bring_up(context)?;
    report(context, &installed)
}

/// Roles, migrations and views.
pub(super) fn bring_up(context: &Context) -> Result<Installed, Failure> {
    let mut conn = peerage_store::connect(&context.owner_database()?)?;
    Ok(install::migrate(&mut conn)?)
}

/// Prints what was done, for people or for programs.
fn report(context: &Context, installed: &Installed) -> Result<(), Failure> {
    say(context, installed)?;
    if context.is_for_programs() {
        Report::of(installed).show(context)?;
    }
    Ok(())
}

/// Prints what was done.
pub(super) fn say(context: &Context, installed: &Installed) -> Result<(), Failure> {
    let printer = context.printer;
    if !installed.migrations.is_empty() {
        printer.talk(format_args!("ran {} migrations", installed.migrations.len()));
    }
    let Plan::Replace {
        written_columns_added, ..
    } = &installed.views
    else {
        printer.talk("views are up to date");
        say_missing(context, &installed.missing);
        return Ok(());
    };
    printer.talk(format_args!("installed {} views", VIEWS.len()));
    if !written_columns_added.is_empty() {
        let nodes: Vec<String> = context
            .store()?
            .nodes()?
            .iter()
            .map(|node| node.name.to_string())
            .collect();
        printer.warn(format_args!(
            "restart Asterisk so that it uses the new columns of views it writes to: {}; nodes: {}",
            written_columns_added.join(", "),
            if nodes.is_empty() {
                "none".to_owned()
            } else {
                nodes.join(", ")
            }
        ));
    }
    say_missing(context, &installed.missing);
    if !installed.differences.is_empty() {
        printer.warn(format_args!(
            "{} differences remain that an install does not repair: put the tables right (`peerage views verify` lists what differs), then run \
             `peerage views install --again`",
            installed.differences.len()
        ));
    }
    Ok(())
}

/// Lists missing limits, with the statements for a superuser.
pub(super) fn say_missing(context: &Context, missing: &[Missing]) {
    if missing.is_empty() {
        return;
    }
    for item in missing {
        context.printer.warn(&item.what);
    }
    let statements: Vec<String> = missing.iter().map(|item| format!("{};", item.statement)).collect();
    context.printer.warn(format_args!(
        "this login may not change this; as a superuser, run in this database:\n{}",
        statements.join("\n")
    ));
}

/// What an install did or would do.
#[derive(Serialize)]
struct Report<'a> {
    migrations: &'a [String],
    /// `unchanged` or `replaced`.
    views: &'static str,
    added: &'a [String],
    removed: &'a [String],
    written_columns_added: &'a [String],
    missing: &'a [Missing],
}

impl<'a> Report<'a> {
    fn of(installed: &'a Installed) -> Self {
        let (views, added, removed, written_columns_added): (_, &[_], &[_], &[_]) = match &installed.views {
            Plan::Unchanged => ("unchanged", &[], &[], &[]),
            Plan::Replace {
                added,
                removed,
                written_columns_added,
            } => ("replaced", added, removed, written_columns_added),
        };
        Self {
            migrations: &installed.migrations,
            views,
            added,
            removed,
            written_columns_added,
            missing: &installed.missing,
        }
    }

    fn show(&self, context: &Context) -> Result<(), Failure> {
        let fields = [
            ("migrations", self.migrations.join(", ")),
            ("views", self.views.to_owned()),
            ("added", self.added.join(", ")),
            ("removed", self.removed.join(", ")),
            ("new columns", self.written_columns_added.join(", ")),
        ];
        context.printer.record(self, &[Section::new("", fields)])
    }
}

/// A difference, as shown.
#[derive(Serialize)]
struct Difference {
    /// `missing` or `unexpected`.
    difference: &'static str,
    object: String,
    fact: String,
}

const DIFFERENCES: &[ListColumn<Difference>] = &[
    ("difference", |one| one.difference.to_owned()),
    ("object", |one| one.object.clone()),
    ("fact", |one| one.fact.clone()),
];

impl From<Drift> for Difference {
    fn from(drift: Drift) -> Self {
        Self {
            difference: match drift.direction {
                Direction::Missing => "missing",
                Direction::Unexpected => "unexpected",
            },
            object: drift.object,
            fact: drift.fact,
        }
    }
}

fn verify(context: &Context) -> Result<Exit, Failure> {
    let mut conn = peerage_store::connect(&context.owner_database()?)?;
    let found = verify::verify(&mut conn)?;
    let differences: Vec<Difference> = found.into_iter().map(Difference::from).collect();
    if !differences.is_empty() || context.is_for_programs() {
        context.printer.list(DIFFERENCES, &differences)?;
    }
    if differences.is_empty() {
        context.printer.talk("the installed views are those of this release");
        return Ok(Exit::Done);
    }
    let count = differences.len();
    context.printer.talk(format_args!(
        "{count} differences; run `peerage views install --again` to repair views, functions, triggers and grants (tables are left alone)"
    ));
    Ok(Exit::Differences)
}

/// A view, for a program.
#[derive(Serialize)]
struct Shown<'a> {
    name: &'a str,
    path: &'a str,
    /// Whether Asterisk writes to it.
    written: bool,
    columns: Vec<ShownColumn>,
    sql: &'a str,
}

#[derive(Serialize)]
struct ShownColumn {
    name: String,
    comment: String,
}

fn show(name: &str, context: &Context) -> Result<(), Failure> {
    let printer = context.printer;
    let Some(view) = source::find(name) else {
        let known: Vec<&str> = VIEWS.iter().map(source::Source::name).collect();
        return Err(
            Failure::usage(format!("there is no view `{name}`")).hint(format!("the views are {}", known.join(", ")))
        );
    };
    let columns = view.columns().into_iter().map(|column| ShownColumn {
        name: column.name,
        comment: column.comment,
    });
    let shown = Shown {
        name: view.name(),
        path: view.path,
        written: view.is_written(),
        columns: columns.collect(),
        sql: view.sql,
    };
    match printer.format() {
        Format::Table => printer.data(view.sql),
        Format::Json => printer.json(&shown),
        Format::Csv => {
            let rows = shown
                .columns
                .into_iter()
                .map(|column| vec![column.name, column.comment]);
            printer.rows(&["column", "comment"], &rows.collect::<Vec<_>>())
        }
    }
}

impl From<InstallError> for Failure {
    fn from(error: InstallError) -> Self {
        let hint = error.advice().map(|advice| hint::of(&advice));
        Self::because(&error)
            .hint(hint.unwrap_or_else(|| "nothing was changed: remove the cause, then try again".to_owned()))
    }
}
