//! The lines of a file, one at a time.

use std::io::Read;

use csv::{ByteRecord, Reader, StringRecord};
use peerage_model::{Number, Secret};

use super::SecretSource;
use super::bounded::Allowance;
use super::formula::unguard;
use super::header::Header;
use crate::fields::kind::Subject;
use crate::{BadRow, ImportRow};

/// Reads lines until there are none, or none that can be told from the next.
pub(super) struct Rows<'a, R, S: Subject, G> {
    reader: Reader<R>,
    allowance: Allowance,
    header: &'a Header<S>,
    secrets: &'a mut G,
    line: u64,
    ended: bool,
}

impl<'a, R: Read, S: Subject, G: SecretSource> Rows<'a, R, S, G> {
    pub(super) fn new(reader: Reader<R>, allowance: Allowance, header: &'a Header<S>, secrets: &'a mut G) -> Self {
        Self {
            reader,
            allowance,
            header,
            secrets,
            line: 1,
            ended: false,
        }
    }

    fn bad(&self, message: impl Into<String>) -> BadRow {
        BadRow::new(self.line, message)
    }

    /// What one line says. Everything that is wrong with it is told at once.
    fn row(&mut self, record: ByteRecord) -> Result<ImportRow<S::New>, BadRow> {
        let record = StringRecord::from_byte_record(record).map_err(|_bytes| self.bad("it is no UTF-8"))?;
        if record.len() != self.header.width {
            let (has, wanted) = (record.len(), self.header.width);
            return Err(self.bad(format!("it has {has} cells, and the first line has {wanted}")));
        }
        let mut faults = Vec::new();
        let cell = |position: usize| record.get(position).filter(|text| !text.is_empty());
        let number = match cell(self.header.number).unwrap_or_default().parse::<Number>() {
            Ok(number) => Some(number),
            Err(invalid) => {
                faults.push(invalid.to_string());
                None
            }
        };
        let mut patch = S::Patch::default();
        for (position, column) in &self.header.columns {
            if let Some(Err(invalid)) = cell(*position).map(|text| column.read(&mut patch, unguard(text))) {
                faults.push(invalid.to_string());
            }
        }
        let secret = match self.header.secret.and_then(cell) {
            Some(text) if self.secrets.accepts_weak() => {
                Secret::accepting_weak(text.to_owned()).map_err(|invalid| invalid.to_string())
            }
            Some(text) => Secret::try_from(text).map_err(|invalid| invalid.to_string()),
            None => number
                .as_ref()
                .map_or(Secret::generate().map_err(|error| error.to_string()), |number| {
                    self.secrets.secret_for(number)
                }),
        };
        if let Err(fault) = &secret {
            faults.push(fault.clone());
        }
        // The rules between fields make sense only when each field is good.
        match (number, secret) {
            (Some(number), Ok(secret)) if faults.is_empty() => match S::build(number, patch) {
                Ok(row) => Ok(ImportRow {
                    line: self.line,
                    row,
                    secret,
                }),
                Err(invalid) => Err(self.bad(invalid.to_string())),
            },
            _ => Err(self.bad(faults.join("; "))),
        }
    }

    /// The last moment at which the import can still be undone: the generated secrets must be safe by then.
    fn end(&mut self) -> Option<Result<ImportRow<S::New>, BadRow>> {
        self.ended = true;
        let fault = self.secrets.finish().err()?;
        Some(Err(self.bad(fault)))
    }
}

impl<R: Read, S: Subject, G: SecretSource> Iterator for Rows<'_, R, S, G> {
    type Item = Result<ImportRow<S::New>, BadRow>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let mut record = ByteRecord::new();
        let read = self.reader.read_byte_record(&mut record);
        self.allowance.renew();
        match read {
            Ok(true) => {
                self.line = record.position().map_or(self.line + 1, csv::Position::line);
                Some(self.row(record))
            }
            Ok(false) => self.end(),
            Err(error) => {
                self.ended = true;
                self.line += 1;
                Some(Err(self.bad(error.to_string())))
            }
        }
    }
}
