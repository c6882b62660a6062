use crate::{BadRow, ImportError};

/// Most lines that a report names: nobody reads more, and a file of another kind is bad in every line.
const NAMED: usize = 1_000;

/// The bad lines so far.
#[derive(Default)]
pub(super) struct Report {
    bad: Vec<BadRow>,
    more: u64,
}

impl Report {
    /// Adds the bad lines of a batch. Batches come in the order of the file; lines of one need not.
    pub(super) fn add(&mut self, mut bad: Vec<BadRow>) {
        bad.sort();
        let room = NAMED.saturating_sub(self.bad.len());
        self.more += u64::try_from(bad.len().saturating_sub(room)).unwrap_or(u64::MAX);
        self.bad.extend(bad.into_iter().take(room));
    }

    pub(super) fn finish(self) -> Result<(), ImportError> {
        if self.bad.is_empty() {
            return Ok(());
        }
        Err(ImportError::Rows {
            bad: self.bad,
            more: self.more,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_thousand_lines_are_named_and_the_others_counted() {
        let mut report = Report::default();
        report.add((1..=600).rev().map(|line| BadRow::new(line, "")).collect());
        report.add((601..=1300).map(|line| BadRow::new(line, "")).collect());
        let Err(ImportError::Rows { bad, more }) = report.finish() else {
            panic!("no bad rows");
        };
        let lines: Vec<u64> = bad.iter().map(|row| row.line).collect();
        assert_eq!(lines, (1..=1000).collect::<Vec<_>>());
        assert_eq!(more, 300);
    }

    #[test]
    fn no_bad_line_is_no_error() {
        assert!(Report::default().finish().is_ok());
    }
}
