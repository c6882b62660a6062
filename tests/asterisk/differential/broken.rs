//! Mappings broken on purpose, and what then shows.

mod breaks;

use anyhow::{Context, Result, ensure};
use diesel::PgConnection;
use diesel::connection::SimpleConnection;
use peerage_testkit::db::TestDb;

pub(super) use breaks::breaks;

use super::stack::Pair;
use super::subject::Subject;

/// A wrong expression for a column of a mapping.
pub(super) struct Break {
    /// The mapping, without its ending.
    mapping: &'static str,
    column: &'static str,
    /// Of `intact`, the mapping's row as it should be, and of `account`.
    expression: &'static str,
    /// Number of the case that is to tell.
    case: &'static str,
    /// What it is to tell of, among the lines that differ.
    shown: &'static str,
}

impl Break {
    /// Breaks the mapping, looks, and mends it.
    pub(super) fn is_seen(&self, pair: &mut Pair, subjects: &[Subject]) -> Result<()> {
        let Self {
            mapping,
            column,
            case,
            shown,
            ..
        } = self;
        let subject = subjects.iter().find(|subject| subject.number == *case).context(*case)?;
        let mut connection = pair.db.connect();
        self.make(&mut connection)?;
        let found = pair.forget().and_then(|()| pair.compare(subject));
        self.mend(&mut connection)?;
        let found: String = found?.iter().map(|difference| format!("{difference}\n")).collect();
        ensure!(
            found.contains(shown),
            "{mapping}.{column}: `{case}` says nothing of `{shown}`: {found:?}"
        );
        Ok(())
    }

    fn make(&self, connection: &mut PgConnection) -> Result<()> {
        let Self {
            mapping,
            column,
            expression,
            ..
        } = self;
        connection.batch_execute(&format!(
            "alter view peerage.{mapping}_mapping rename to {mapping}_intact;
            do $do$
            begin
              execute (
                select 'create view peerage.{mapping}_mapping as select '
                  || string_agg(
                    case column_name
                      when '{column}' then $expression${expression}$expression$
                      else 'intact.' || column_name
                    end || ' as ' || column_name,
                    ', ' order by ordinal_position
                  )
                  || ' from peerage.{mapping}_intact as intact
                    join peerage.sip_account as account on account.number = intact.number'
                from information_schema.columns
                where table_schema = 'peerage' and table_name = '{mapping}_intact'
              );
            end
            $do$;
            alter view peerage.{mapping}_mapping owner to peerage_owner;
            select peerage.serve_all();"
        ))?;
        Ok(())
    }

    fn mend(&self, connection: &mut PgConnection) -> Result<()> {
        let mapping = self.mapping;
        connection.batch_execute(&format!(
            "drop view peerage.{mapping}_mapping;
            alter view peerage.{mapping}_intact rename to {mapping}_mapping;
            select peerage.serve_all();"
        ))?;
        Ok(())
    }
}

/// Columns of the mappings of these breaks that none of them breaks, except those known to be hidden. The site says which nodes read a row
/// and is not told to Asterisk.
pub(super) fn unbroken(db: &TestDb, breaks: &[Break]) -> Vec<String> {
    let mappings: Vec<String> = breaks
        .iter()
        .map(|this| format!("'{}_mapping'", this.mapping))
        .collect();
    let columns = db.psql(&format!(
        "select replace(table_name, '_mapping', '') || '.' || column_name
        from information_schema.columns
        where table_schema = 'peerage' and table_name in ({}) and column_name not in ('number', 'site_id')",
        mappings.join(", ")
    ));
    let broken = |name: &str| {
        breaks
            .iter()
            .any(|this| name == format!("{}.{}", this.mapping, this.column))
    };
    let hidden = |name: &str| breaks::HIDDEN.iter().any(|(hidden, _)| name == *hidden);
    columns
        .lines()
        .filter(|name| !broken(name) && !hidden(name))
        .map(str::to_owned)
        .collect()
}
