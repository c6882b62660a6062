//! A thousand agents who are signed in, each with an open page: what the service needs for it, and how long it takes from the
//! commit of a pause until the agent's page hears of it.
//!
//! The service is a process of its own (`peerage serve`, as built), on a database of the tests' cluster.

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use peerage_model::{Actor, ActorRole, LoginRequest, Number, PauseRequest, Secret, UnpauseRequest};
use peerage_store::{NewAgent, Store};
use peerage_testkit::db::TestDb;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader as Lines};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

const AGENTS: usize = 1000;
/// Changes that are timed.
const CHANGES: usize = 500;
/// Pages that are timed.
const PAGES: usize = 300;
/// Without a change, how long the processor's time is counted.
const QUIET: Duration = Duration::from_secs(30);
/// Far more than an event takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// Sessions of a browser for each agent: what a sign-in leaves, without a thousand slow hashes.
const SIGN_INS: &str = "
insert into peerage.login_account (username, role, agent_id)
select 'agent' || agent.number, 'agent', agent.id
from peerage.agent as agent;

insert into peerage.console_session (token_digest, login_id)
select encode(sha256(('bench-' || agent.number)::bytea), 'hex'), login.id
from peerage.login_account as login
  join peerage.agent as agent on agent.id = login.agent_id;";

fn main() -> Result<()> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(run())
}

async fn run() -> Result<()> {
    let db = TestDb::new();
    let store = Store::open(&db.url().parse()?, peerage_store::Actor::new("bench")?)?;
    let numbers = fill(&db, &store)?;
    let service = Service::start(db.url())?;
    let (before, _) = service.uses()?;

    let (tell, mut heard) = mpsc::unbounded_channel();
    for (at, number) in numbers.iter().enumerate() {
        open(at, number, service.address, tell.clone()).await?;
    }
    // Each page is greeted.
    for _ in 0..AGENTS {
        let greeted = tokio::time::timeout(PATIENCE, heard.recv()).await?;
        ensure!(
            matches!(greeted, Some((_, Heard::Hello, _))),
            "a page was not greeted first"
        );
    }
    let (with_pages, spent) = service.uses()?;
    say(&format!(
        "{AGENTS} pages are open: {with_pages} MiB resident, {before} MiB before"
    ))?;
    tokio::time::sleep(QUIET).await;
    let (_, later) = service.uses()?;
    say(&format!(
        "without a change the service takes {:.1} % of a processor",
        100.0 * (later - spent) / QUIET.as_secs_f64()
    ))?;

    let mut times = Vec::with_capacity(CHANGES);
    for change in 0..CHANGES {
        let at = (change * 7) % AGENTS;
        let number = numbers.get(at).context("there are fewer agents")?;
        let committed = toggle(&store, number)?;
        loop {
            let (whose, what, when) = tokio::time::timeout(PATIENCE, heard.recv())
                .await?
                .context("a page is gone")?;
            match what {
                Heard::Change if whose == at => {
                    times.push(when.saturating_duration_since(committed));
                    break;
                }
                // A pause ends in more than one notification: the page of the one before may hear again.
                Heard::Change | Heard::Hello => {}
                Heard::End => bail!("the page of agent {whose} ended"),
            }
        }
    }
    say(&format!(
        "commit of a pause to the agent's page, {CHANGES} times: {}",
        spread(&mut times)
    ))?;

    let mut times = Vec::with_capacity(PAGES);
    for page in 0..PAGES {
        let number = numbers.get((page * 11) % AGENTS).context("there are fewer agents")?;
        let began = Instant::now();
        let answer = get(service.address, "/agent", number).await?;
        ensure!(
            answer.starts_with("HTTP/1.1 200"),
            "{}",
            answer.lines().next().unwrap_or_default()
        );
        times.push(began.elapsed());
    }
    say(&format!("an agent's work page, {PAGES} times: {}", spread(&mut times)))?;
    let (at_last, _) = service.uses()?;
    say(&format!("{at_last} MiB resident at the end"))
}

/// Agents at work.
fn fill(db: &TestDb, store: &Store) -> Result<Vec<Number>> {
    let secret = Secret::generate()?;
    let system = Actor::new("bench", ActorRole::Admin);
    let mut numbers = Vec::with_capacity(AGENTS);
    for number in 1000..1000 + AGENTS {
        let number = Number::try_from(number.to_string())?;
        let name = format!("Agent {number}").parse()?;
        store.add_agent(&NewAgent::new(number.clone(), name), &secret)?;
        store.log_in(&number, &LoginRequest::default(), &system)?;
        numbers.push(number);
    }
    db.psql(SIGN_INS);
    Ok(numbers)
}

/// Pauses an agent who is not paused, else ends that; returns when that was committed.
fn toggle(store: &Store, number: &Number) -> Result<Instant> {
    let admin = Actor::new("bench", ActorRole::Admin);
    if !store.pause(number, &PauseRequest::default(), &admin)? {
        store.unpause(number, &UnpauseRequest::default(), &admin)?;
    }
    Ok(Instant::now())
}

/// What a page hears.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Heard {
    Hello,
    Change,
    End,
}

async fn ask(address: SocketAddr, path: &str, number: &Number) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: peerage=bench-{number}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    Ok(stream)
}

async fn get(address: SocketAddr, path: &str, number: &Number) -> Result<String> {
    let mut answer = String::new();
    ask(address, path, number).await?.read_to_string(&mut answer).await?;
    Ok(answer)
}

/// Opens a page's stream, and tells what it hears.
async fn open(
    at: usize,
    number: &Number,
    address: SocketAddr,
    tell: mpsc::UnboundedSender<(usize, Heard, Instant)>,
) -> Result<()> {
    let mut lines = Lines::with_capacity(512, ask(address, "/events", number).await?).lines();
    tokio::spawn(async move {
        while let Ok(Some(line)) = lines.next_line().await {
            let heard = match line.as_str() {
                "event: hello" => Heard::Hello,
                "event: change" => Heard::Change,
                "event: end" => Heard::End,
                _ => continue,
            };
            if tell.send((at, heard, Instant::now())).is_err() {
                return;
            }
        }
        let _ = tell.send((at, Heard::End, Instant::now()));
    });
    Ok(())
}

/// Median, 99th percentile and longest.
fn spread(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let at = |part: usize| times.get((times.len() * part / 100).min(times.len().saturating_sub(1)));
    let ms = |time: Option<&Duration>| time.map_or(0.0, |time| time.as_secs_f64() * 1000.0);
    format!(
        "median {:.1} ms, p99 {:.1} ms, longest {:.1} ms",
        ms(at(50)),
        ms(at(99)),
        ms(times.last())
    )
}

/// The service, ended with this program.
struct Service {
    child: Child,
    address: SocketAddr,
}

impl Service {
    fn start(url: &str) -> Result<Self> {
        let peerage = std::env::current_exe()?.with_file_name("peerage");
        ensure!(
            peerage.exists(),
            "{} is not there; `make bench` builds it",
            peerage.display()
        );
        let mut child = Command::new(peerage)
            .args(["serve", "--listen", "127.0.0.1:0", "--quiet"])
            .env("PEERAGE_DATABASE_URL", url)
            .env("PEERAGE_LOG", "error")
            // All of them come from one address.
            .env("PEERAGE_STREAMS_PER_ADDRESS", (2 * AGENTS).to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut first = String::new();
        let stdout = child.stdout.take().context("the service has no output")?;
        BufReader::new(stdout).read_line(&mut first)?;
        let address = first.trim().trim_start_matches("http://").trim_end_matches('/').parse();
        Ok(Self {
            address: address.context("the service did not say where it listens")?,
            child,
        })
    }

    /// Resident memory in MiB, and seconds of the processor so far.
    fn uses(&self) -> Result<(u64, f64)> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let resident = status
            .lines()
            .find_map(|line| {
                line.strip_prefix("VmRSS:")?
                    .split_whitespace()
                    .next()?
                    .parse::<u64>()
                    .ok()
            })
            .context("the kernel does not say how much memory it has")?;
        // Of the whole process, threads that have ended included: fields 14 and 15, after the name in brackets (proc(5)), in
        // hundredths of a second on Linux.
        let spent = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let (_, fields) = spent
            .rsplit_once(')')
            .context("the kernel does not say what a process spends")?;
        let hundredths: f64 = fields
            .split_whitespace()
            .skip(11)
            .take(2)
            .flat_map(str::parse::<f64>)
            .sum();
        let seconds = hundredths / 100.0;
        Ok((resident / 1024, seconds))
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn say(text: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{text}").context("standard output is closed")
}
