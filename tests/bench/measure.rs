//! Statements of two sides, timed in turns.

use std::process::Command;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use diesel::connection::SimpleConnection;
use diesel::{PgConnection, QueryableByName, RunQueryDsl, sql_types::Integer};

use crate::shapes::Shape;

/// As `fill_queues.sql` has them.
const QUEUES: u32 = 1_000;
const MEMBERS: u32 = 50_000;

#[derive(QueryableByName)]
struct Backend {
    #[diesel(sql_type = Integer)]
    pid: i32,
}

/// A connection whose backend is watched.
pub(crate) struct Bench {
    connection: PgConnection,
    schedstat: String,
    accounts: u32,
    sites: bool,
    /// Where in the accounts the next statement looks; a stride through all of them, the same for both sides.
    at: u32,
    /// How many statements were sent: each writes a time of its own.
    written: u64,
    /// When it began, in seconds since 1970.
    began: u64,
}

/// What one group of statements took, in microseconds.
#[derive(Clone, Copy)]
struct Time {
    wall: f64,
    processor: f64,
}

/// What the statements of one side took in a round.
#[derive(Default)]
struct Times {
    wall: Vec<f64>,
    processor: Vec<f64>,
}

impl Times {
    fn push(&mut self, time: Time) {
        self.wall.push(time.wall);
        self.processor.push(time.processor);
    }

    fn medians(self) -> Time {
        Time {
            wall: spread(self.wall).median,
            processor: spread(self.processor).median,
        }
    }
}

/// Medians and quartiles of what the rounds gave.
pub(crate) struct Spread {
    pub(crate) low: f64,
    pub(crate) median: f64,
    pub(crate) high: f64,
}

/// What a shape took on both sides, in microseconds, and ours as a multiple of flat; also of the processor's time alone.
pub(crate) struct Comparison {
    pub(crate) flat: f64,
    pub(crate) ours: f64,
    pub(crate) ratio: Spread,
    pub(crate) processor: Spread,
}

impl Bench {
    /// Watches the server's process of this connection.
    pub(crate) fn new(mut connection: PgConnection, accounts: u32, sites: bool) -> Result<Self> {
        let backend: Backend = diesel::sql_query("select pg_backend_pid() as pid").get_result(&mut connection)?;
        // Waking a process on another processor costs as much as a small statement, and not always the same.
        for process in [backend.pid.unsigned_abs(), std::process::id()] {
            let pinned = Command::new("taskset")
                .args(["--cpu-list", "--pid", "0", &process.to_string()])
                .output()
                .context("could not start taskset")?;
            if !pinned.status.success() {
                bail!("taskset: {}", String::from_utf8_lossy(&pinned.stderr));
            }
        }
        Ok(Self {
            connection,
            schedstat: format!("/proc/{}/schedstat", backend.pid),
            accounts,
            sites,
            at: 0,
            written: 0,
            began: SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs(),
        })
    }

    /// Microseconds for the smallest statement.
    pub(crate) fn floor(&mut self, rounds: u32) -> Result<f64> {
        let mut times = Vec::new();
        for _ in 0..rounds {
            let mut round = Times::default();
            for _ in 0..200 {
                round.push(self.run(&["select 1"])?);
            }
            times.push(round.medians().wall);
        }
        Ok(spread(times).median)
    }

    /// Both sides of a shape, in turns.
    pub(crate) fn compare(&mut self, shape: &Shape, rounds: u32) -> Result<Comparison> {
        let (mut flat, mut ours, mut ratios, mut processor) = (vec![], vec![], vec![], vec![]);
        let through_views: Vec<String> = shape
            .ours
            .iter()
            .map(|statement| self.through_views(statement))
            .collect();
        let through_views: Vec<&str> = through_views.iter().map(String::as_str).collect();
        for round in 0..=rounds {
            let (mut a, mut b) = (Times::default(), Times::default());
            for step in 0..shape.repeat {
                // The side that goes first changes, so that neither always finds the other's warm memory.
                if step % 2 == 0 {
                    a.push(self.run(shape.flat)?);
                    b.push(self.run(&through_views)?);
                } else {
                    b.push(self.run(&through_views)?);
                    a.push(self.run(shape.flat)?);
                }
                self.at = (self.at + 37) % self.accounts;
            }
            let (a, b) = (a.medians(), b.medians());
            // The first round warms up.
            if round > 0 {
                flat.push(a.wall);
                ours.push(b.wall);
                ratios.push(b.wall / a.wall);
                processor.push(b.processor / a.processor);
            }
        }
        Ok(Comparison {
            flat: spread(flat).median,
            ours: spread(ours).median,
            ratio: spread(ratios),
            processor: spread(processor),
        })
    }

    /// A statement as the node sends it. One that serves named sites finds other views, and another LIKE, by its search path.
    fn through_views(&self, statement: &str) -> String {
        if !self.sites {
            return statement.to_owned();
        }
        statement
            .replace("asterisk.", "asterisk_sites.")
            .replace(r" ESCAPE '\'", "")
            .replace(" LIKE ", " operator(asterisk_sites.~~) ")
    }

    /// Runs a group of statements.
    fn run(&mut self, statements: &[&str]) -> Result<Time> {
        let number = (100_000 + self.at).to_string();
        // Another time each, soon enough to be one.
        self.written += 1;
        let stamp = (self.began + self.written % 500_000).to_string();
        let early = stamp.clone();
        let queue = format!("queue{:04}", self.at % QUEUES);
        let member = format!("{:012}", 1 + self.at % MEMBERS);
        let statements: Vec<String> = statements
            .iter()
            .map(|statement| {
                statement
                    .replace(":n", &number)
                    .replace(":t", &stamp)
                    .replace(":s", &early)
                    .replace(":q", &queue)
                    .replace(":m", &member)
            })
            .collect();
        let (before, began) = (self.on_cpu()?, Instant::now());
        for statement in &statements {
            self.connection.batch_execute(statement)?;
        }
        let wall = began.elapsed().as_secs_f64() * 1e6;
        let processor = (self.on_cpu()? - before) / 1e3;
        Ok(Time { wall, processor })
    }

    /// Nanoseconds that the backend has spent on a processor.
    fn on_cpu(&self) -> Result<f64> {
        let text = std::fs::read_to_string(&self.schedstat)
            .with_context(|| format!("could not read {}; the server must be on this machine", self.schedstat))?;
        let first = text.split_whitespace().next().context("schedstat is empty")?;
        Ok(first.parse()?)
    }
}

fn spread(mut values: Vec<f64>) -> Spread {
    values.sort_by(f64::total_cmp);
    let at = |quarter: usize| {
        let index = values.len().saturating_sub(1) * quarter / 4;
        values.get(index).copied().unwrap_or(f64::NAN)
    };
    Spread {
        low: at(1),
        median: at(2),
        high: at(3),
    }
}
