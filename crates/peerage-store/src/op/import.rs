//! Imports: many agents or telephones in one transaction.
//!
//! Rows come in batches, each checked as a whole and then copied in, so that neither time nor memory grows with statements or rows. What
//! the checks cannot foresee, such as somebody who adds the same number meanwhile, the database refuses; the batch is then halved until
//! the lines at fault are alone.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use crate::pool::Store;
use crate::{BadRow, ImportError, ImportRow, Mode, NewAgent, NewPhone, StoreError};

mod check;
mod people;
mod report;

use check::Checks;
use people::{Person, Ready};
use report::Report;

/// Lines of one batch: enough that the cost of a statement does not count, and few megabytes.
const BATCH: usize = 2_000;

/// What holds for the transaction of an import.
///
/// A batch is quick, but what reads the file may wait for it, and constraints look at every line when the transaction ends. And the
/// planner must not believe that the tables are small: after a dry run, or whenever a table was emptied and vacuumed, it knows of no
/// rows, takes a nested loop over whole tables for the served rows of a batch, and reads millions for two thousand. Plans made so are
/// for this transaction alone.
const SETTINGS: &str = "
set local idle_in_transaction_session_timeout = '10min';
set local statement_timeout = '10min';
set local enable_nestloop = off;
set local plan_cache_mode = force_custom_plan;
";

impl Store {
    /// Imports agents, all or none of them, and returns how many.
    ///
    /// Lines that could not be read go in as errors, to be reported together with what is wrong with the others. A PIN takes some hundredths
    /// of a second to hash, each.
    ///
    /// # Errors
    ///
    /// [`ImportError::Rows`] names the lines at fault; [`ImportError::Store`] is anything else.
    pub fn import_agents(
        &self,
        lines: impl IntoIterator<Item = Result<ImportRow<NewAgent>, BadRow>>,
        mode: Mode,
    ) -> Result<u64, ImportError> {
        self.import(lines, mode)
    }

    /// Imports telephones, as [`Store::import_agents`] does agents.
    ///
    /// # Errors
    ///
    /// As [`Store::import_agents`].
    pub fn import_phones(
        &self,
        lines: impl IntoIterator<Item = Result<ImportRow<NewPhone>, BadRow>>,
        mode: Mode,
    ) -> Result<u64, ImportError> {
        self.import(lines, mode)
    }

    fn import<T: Person>(
        &self,
        lines: impl IntoIterator<Item = Result<ImportRow<T>, BadRow>>,
        mode: Mode,
    ) -> Result<u64, ImportError> {
        let outcome = self.write(|connection| {
            connection.batch_execute(SETTINGS)?;
            let rows = import_all(connection, lines)?;
            match mode {
                Mode::Commit => Ok(rows),
                Mode::DryRun => Err(Stop::DryRun(rows)),
            }
        });
        match outcome {
            Ok(rows) | Err(Stop::DryRun(rows)) => Ok(rows),
            Err(Stop::Error(error)) => Err(error),
        }
    }
}

/// Why the transaction is rolled back.
enum Stop {
    /// Because all is well, but was only to be tried.
    DryRun(u64),
    Error(ImportError),
}

impl<E: Into<ImportError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

fn import_all<T: Person>(
    connection: &mut PgConnection,
    lines: impl IntoIterator<Item = Result<ImportRow<T>, BadRow>>,
) -> Result<u64, ImportError> {
    let mut checks = Checks::default();
    let mut report = Report::default();
    let mut imported = 0;
    let mut lines = lines.into_iter();
    loop {
        let mut batch = Vec::with_capacity(BATCH);
        let mut bad = Vec::new();
        let read = lines
            .by_ref()
            .take(BATCH)
            .map(|line| match line {
                Ok(row) => batch.push(row),
                Err(row) => bad.push(row),
            })
            .count();
        if read == 0 {
            break;
        }
        let good = checks.sift(connection, batch, &mut bad)?;
        imported += u64::try_from(good.len()).unwrap_or(u64::MAX);
        insert(connection, &good, &mut bad)?;
        report.add(bad);
    }
    report.finish()?;
    // What is checked at commit is checked here, where it still can be said well.
    connection.batch_execute("set constraints all immediate")?;
    Ok(imported)
}

/// Inserts these lines; those that the database refuses are moved to the bad ones.
fn insert<T: Person>(
    connection: &mut PgConnection,
    rows: &[Ready<T>],
    bad: &mut Vec<BadRow>,
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let outcome = connection.transaction(|savepoint| people::insert(savepoint, rows));
    match (outcome, rows) {
        (Err(StoreError::Conflict(_) | StoreError::Invalid(_)), [_, _, ..]) => {
            let (first, second) = rows.split_at(rows.len() / 2);
            insert(connection, first, bad)?;
            insert(connection, second, bad)
        }
        (Err(error @ (StoreError::Conflict(_) | StoreError::Invalid(_))), [row]) => {
            bad.push(BadRow::new(row.line, error.message()));
            Ok(())
        }
        (outcome, _) => outcome,
    }
}
