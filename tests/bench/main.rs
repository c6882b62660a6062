//! `make bench`: each statement that Asterisk sends, through the views and against Asterisk's own flat tables, in one
//! server and one run, over the simple protocol as res_config_pgsql sends it. The two sides take turns statement by
//! statement; a round's time is the median of its statements, and told are the median and quartiles of the rounds.
//!
//! Judged is what Asterisk would wait. What the server's process spent on a processor (`/proc/<pid>/schedstat`) is told
//! beside it: for a write that is less than half, because a commit waits for the disk.

use std::io::Write;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use diesel::connection::SimpleConnection;

mod measure;
mod server;
mod shapes;

use measure::Bench;
use server::Server;
use shapes::SHAPES;

const USAGE: &str = "usage: bench [--accounts N] [--rounds N] [--check] [--sites]";

/// What is measured, and how long.
struct Settings {
    accounts: u32,
    rounds: u32,
    check: bool,
    /// Ours as a node has it that serves named sites.
    sites: bool,
}

fn main() -> Result<()> {
    let settings = settings()?;
    say(&format!("Filling {} accounts on both sides ...", settings.accounts))?;
    let server = Server::start()?;
    let mut connection = server.connect()?;
    connection.batch_execute(include_str!("flat.sql"))?;
    connection.batch_execute("set search_path = default")?;
    let fill = include_str!("fill.sql").replace(":accounts", &settings.accounts.to_string());
    let began = Instant::now();
    connection.batch_execute(&fill)?;
    connection.batch_execute(include_str!("fill_queues.sql"))?;
    if settings.sites {
        connection.batch_execute(
            "insert into peerage.node (name, login, all_sites) values ('bench', session_user, false);
             insert into peerage.node_site (login, site_id) select session_user, id from peerage.site",
        )?;
    }
    connection.batch_execute("vacuum analyze")?;
    say(&format!("filled in {:.0} s\n", began.elapsed().as_secs_f64()))?;

    let mut bench = Bench::new(connection, settings.accounts, settings.sites)?;
    let floor = bench.floor(settings.rounds)?;
    say(&format!("bare round trip (select 1): {floor:.1} us\n"))?;
    say("statement                                       flat us  ours us  ratio (quartiles)      processor  budget")?;
    let mut missed = 0;
    for shape in SHAPES {
        let result = bench.compare(shape, settings.rounds)?;
        let met = result.ratio.median <= shape.budget;
        missed += u32::from(!met);
        say(&format!(
            "{:<46} {:>8.1} {:>8.1}  {:<6} ({}..{})   {:>9}  {} {}",
            shape.name,
            result.flat,
            result.ours,
            ratio(result.ratio.median),
            ratio(result.ratio.low),
            ratio(result.ratio.high),
            ratio(result.processor.median),
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
        sites: false,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|text| text.parse().ok()).context(USAGE);
        match argument.as_str() {
            "--accounts" => settings.accounts = number()?,
            "--rounds" => settings.rounds = number()?,
            "--check" => settings.check = true,
            "--sites" => settings.sites = true,
            _ => bail!("{USAGE}"),
        }
    }
    Ok(settings)
}
