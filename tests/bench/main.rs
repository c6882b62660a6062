//! `make bench`: each statement that Asterisk sends, through the views and against Asterisk's own flat tables, in one
//! server and one run, interleaved, over the simple protocol as res_config_pgsql sends it.
//!
//! Judged is the time that the server's process spent on a processor (`/proc/<pid>/schedstat`): what it takes on the wall
//! is told too, but on a busy machine it says more about the neighbours.

use std::io::Write;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use diesel::connection::SimpleConnection;
use diesel::{PgConnection, QueryableByName, RunQueryDsl, sql_types::Integer};
use peerage_testkit::db::TestDb;

mod shapes;

use shapes::{SHAPES, Shape};

const USAGE: &str = "usage: bench [--accounts N] [--rounds N] [--check]";

/// What is measured, and how long.
struct Settings {
    accounts: u32,
    rounds: u32,
    check: bool,
}

fn main() -> Result<()> {
    let settings = settings()?;
    say(&format!("Filling {} accounts on both sides ...", settings.accounts))?;
    let db = TestDb::new();
    db.psql(include_str!("flat.sql"));
    let fill = include_str!("fill.sql").replace(":accounts", &settings.accounts.to_string());
    let began = Instant::now();
    db.psql(&fill);
    db.psql("vacuum analyze");
    say(&format!("filled in {:.0} s\n", began.elapsed().as_secs_f64()))?;

    let mut bench = Bench::new(db.connect(), settings.accounts)?;
    let floor = bench.floor(settings.rounds)?;
    say(&format!(
        "bare round trip (select 1): {floor:.1} us of the server's processor time\n"
    ))?;
    say("statement                                       flat us  ours us  ratio (quartiles)      wall ratio  budget")?;
    let mut missed = 0;
    for shape in SHAPES {
        let result = bench.compare(shape, settings.rounds)?;
        let met = result.ratio.median <= shape.budget;
        missed += u32::from(!met);
        say(&format!(
            "{:<46} {:>8.1} {:>8.1}  {:<6} ({}..{})   {:>8}  {} {}",
            shape.name,
            result.flat,
            result.ours,
            ratio(result.ratio.median),
            ratio(result.ratio.low),
            ratio(result.ratio.high),
            ratio(result.wall.median),
            ratio(shape.budget),
            if met { "met" } else { "MISSED" },
        ))?;
    }
    if settings.check && missed > 0 {
        bail!("{missed} budgets were missed");
    }
    Ok(())
}

/// Three digits that count, whatever the size.
fn ratio(value: f64) -> String {
    if value < 0.1 {
        format!("{value:.4}")
    } else {
        format!("{value:.2}")
    }
}

fn say(text: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{text}").context("standard output is closed")
}

fn settings() -> Result<Settings> {
    let mut settings = Settings {
        accounts: 100_000,
        rounds: 15,
        check: false,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|text| text.parse().ok()).context(USAGE);
        match argument.as_str() {
            "--accounts" => settings.accounts = number()?,
            "--rounds" => settings.rounds = number()?,
            "--check" => settings.check = true,
            _ => bail!("{USAGE}"),
        }
    }
    Ok(settings)
}

#[derive(QueryableByName)]
struct Backend {
    #[diesel(sql_type = Integer)]
    pid: i32,
}

struct Bench {
    connection: PgConnection,
    schedstat: String,
    accounts: u32,
    /// Where in the accounts the next statement looks; a stride through all of them, the same for both sides.
    at: u32,
}

/// Medians and quartiles of what the rounds gave.
struct Spread {
    low: f64,
    median: f64,
    high: f64,
}

struct Comparison {
    flat: f64,
    ours: f64,
    ratio: Spread,
    wall: Spread,
}

impl Bench {
    fn new(mut connection: PgConnection, accounts: u32) -> Result<Self> {
        let backend: Backend = diesel::sql_query("select pg_backend_pid() as pid").get_result(&mut connection)?;
        Ok(Self {
            connection,
            schedstat: format!("/proc/{}/schedstat", backend.pid),
            accounts,
            at: 0,
        })
    }

    fn floor(&mut self, rounds: u32) -> Result<f64> {
        let mut times = Vec::new();
        for _ in 0..rounds {
            times.push(self.run(&["select 1"], 300, 0)?.0);
        }
        Ok(spread(times).median)
    }

    fn compare(&mut self, shape: &Shape, rounds: u32) -> Result<Comparison> {
        let (mut flat, mut ours, mut ratios, mut walls) = (vec![], vec![], vec![], vec![]);
        for round in 0..=rounds {
            let from = self.at;
            // The side that goes first changes, so that neither always finds the other's warm memory.
            let (a, b) = if round % 2 == 0 {
                let a = self.run(shape.flat, shape.repeat, from)?;
                (a, self.run(shape.ours, shape.repeat, from)?)
            } else {
                let b = self.run(shape.ours, shape.repeat, from)?;
                (self.run(shape.flat, shape.repeat, from)?, b)
            };
            self.at = (from + shape.repeat * 37) % self.accounts;
            // The first round warms up.
            if round > 0 {
                flat.push(a.0);
                ours.push(b.0);
                ratios.push(b.0 / a.0);
                walls.push(b.1 / a.1);
            }
        }
        Ok(Comparison {
            flat: spread(flat).median,
            ours: spread(ours).median,
            ratio: spread(ratios),
            wall: spread(walls),
        })
    }

    /// Runs a group of statements so many times; microseconds on the processor and on the wall for one group.
    fn run(&mut self, statements: &[&str], repeat: u32, from: u32) -> Result<(f64, f64)> {
        let statements: Vec<String> = (0..repeat)
            .flat_map(|step| {
                let number = (100_000 + (from + step * 37) % self.accounts).to_string();
                // Times later than what is there; chan_sip's fit into a four-byte integer in the flat table.
                let stamp = (2_000_000_001 + u64::from(from) + u64::from(step)).to_string();
                let early = (1_900_000_001 + u64::from(from) + u64::from(step)).to_string();
                statements.iter().map(move |statement| {
                    statement
                        .replace(":n", &number)
                        .replace(":t", &stamp)
                        .replace(":s", &early)
                })
            })
            .collect();
        let (before, began) = (self.on_cpu()?, Instant::now());
        for statement in &statements {
            self.connection.batch_execute(statement)?;
        }
        let wall = began.elapsed().as_secs_f64() * 1e6;
        let cpu = (self.on_cpu()? - before) / 1e3;
        Ok((cpu / f64::from(repeat), wall / f64::from(repeat)))
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
