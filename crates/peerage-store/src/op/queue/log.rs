//! The log of the queues as Asterisk's file has it.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz};
use jiff::Timestamp;

use crate::StoreError;
use crate::pool::Store;

/// How a line names its agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LoggedAs {
    /// By the number of that time.
    #[default]
    Number,
    /// The same as `Agent/NUMBER`.
    Code,
    /// By the member's name, as Asterisk logs it.
    Name,
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// When it happened.
    pub time: Timestamp,
    /// Order of arrival; tells lines of one moment apart.
    pub id: i64,
    /// The line, without its end: `time|call|queue|agent|event|data`.
    pub text: String,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Timestamptz)]
    time: jiff_diesel::Timestamp,
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    text: String,
}

// `main/logger.c`, ast_queue_log: seconds, then everything with bars between; what is missing within the data is an empty field. What a terminal
// would take for a command (C1) may stand in a text of another encoding, and is blank here.
const LINES: &str = r"
select
  log.time as time,
  log.id as id,
  regexp_replace(
    concat_ws(
      '|',
      floor(extract(epoch from log.time))::bigint::text,
      translate(coalesce(log.callid, 'NONE'), '|', ' '),
      translate(coalesce(log.queue, 'NONE'), '|', ' '),
      translate(
        coalesce(
          case $5
            when 'number' then log.agent
            when 'code' then log.agent_code
            else log.agent_name
          end,
          'NONE'
        ),
        '|',
        ' '
      ),
      coalesce(log.event, ''),
      coalesce(log.data1, ''),
      case when num_nonnulls(log.data2, log.data3, log.data4, log.data5) > 0 then coalesce(log.data2, '') end,
      case when num_nonnulls(log.data3, log.data4, log.data5) > 0 then coalesce(log.data3, '') end,
      case when num_nonnulls(log.data4, log.data5) > 0 then coalesce(log.data4, '') end,
      log.data5
    ),
    '[\u0080-\u009f]',
    ' ',
    'g'
  ) as text
from report.queue_events as log
where log.time >= $1
  and (log.time, log.id) > ($1, $2)
  and ($3::timestamptz is null or log.time < $3)
order by log.time, log.id
limit $4";

impl Store {
    /// Lines of all nodes in order of time: those after this moment and id, before `until`, at most so many. A first page
    /// begins after id 0, so that lines of that very moment are in it.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn queue_log(
        &self,
        after: (Timestamp, i64),
        until: Option<Timestamp>,
        limit: u32,
        logged_as: LoggedAs,
    ) -> Result<Vec<LogLine>, StoreError> {
        let logged_as = match logged_as {
            LoggedAs::Number => "number",
            LoggedAs::Code => "code",
            LoggedAs::Name => "name",
        };
        self.read(|connection| {
            let rows: Vec<Row> = diesel::sql_query(LINES)
                .bind::<Timestamptz, _>(jiff_diesel::Timestamp::from(after.0))
                .bind::<BigInt, _>(after.1)
                .bind::<Nullable<Timestamptz>, _>(until.map(jiff_diesel::Timestamp::from))
                .bind::<BigInt, _>(i64::from(limit))
                .bind::<Text, _>(logged_as)
                .load(connection)?;
            Ok(rows
                .into_iter()
                .map(|row| LogLine {
                    time: row.time.to_jiff(),
                    id: row.id,
                    text: row.text,
                })
                .collect())
        })
    }
}
