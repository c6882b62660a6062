//! The witnesses, each asked in its own words.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use serde_json::Value;

use super::compare::session;
use super::{Agents, Statement, Told, Witnesses};
use crate::asterisk::{Asterisk, QueueMember};
use crate::command::peerage;

/// What people read for each state, and its word in the API.
const WORDS: [(&str, &str); 7] = [
    ("On a call", "on_call"),
    ("Ringing", "ringing"),
    ("Paused", "paused"),
    ("Partly paused", "partly_paused"),
    ("Unreachable", "unreachable"),
    ("Available", "available"),
    ("Logged out", "offline"),
];

/// What the tables say of each agent, read from sessions, pauses and members.
const TABLES: &str = "
select coalesce(json_agg(json_build_object(
  'number', agent.number,
  'interface', session.interface,
  'at_work', session.id is not null,
  'paused', pause.id is not null,
  'reason', pause.reason,
  'queues', (
    select coalesce(json_object_agg(queue.name, login.paused = '1'), '{}')
    from peerage.queue_login as login
      join peerage.queue as queue on queue.id = login.queue_id
    where login.session_id = session.id
  )
)), '[]')
from peerage.agent as agent
  left join peerage.agent_session as session on session.agent_id = agent.id and session.ended_at is null
  left join peerage.agent_pause as pause on pause.session_id = session.id and pause.ended_at is null and pause.queue_id is null
where agent.removed_at is null";

impl Witnesses<'_> {
    /// What the board shows, words, states and queues as people read them.
    pub(super) async fn board(&self) -> Result<Agents> {
        let mut agents = Agents::new();
        for page in self.pages("/board?state=all").await? {
            for row in page.split("<tr role=\"row\" data-key=\"").skip(1) {
                let number = until(row, "\"")?;
                let cell = after(row, "data-label=\"State\">")?;
                let queues = text(until(after(row, "data-label=\"Queues\">")?, "</td>")?);
                let seats = queues
                    .split(", ")
                    .filter(|seat| !seat.is_empty() && !seat.ends_with(" (not logged in)"));
                let seats = seats.map(|seat| match seat.strip_suffix(" (paused)") {
                    Some(queue) => (queue.to_owned(), true),
                    None => (seat.to_owned(), false),
                });
                let state = shown(cell)?;
                let told = Told {
                    // Logged out, an agent is in no queue, and the page names those assigned.
                    queues: Some(if cell.contains("Logged out") {
                        BTreeMap::new()
                    } else {
                        seats.collect()
                    }),
                    state: Some(state),
                    ..Told::default()
                };
                agents.insert(number.to_owned(), told);
            }
        }
        Ok(agents)
    }

    /// What the administrator's list shows.
    pub(super) async fn list(&self) -> Result<Agents> {
        let mut agents = Agents::new();
        for page in self.pages("/admin/agents").await? {
            for row in page
                .split("<a href=\"/admin/agents/")
                .skip(1)
                .filter(|row| row.contains("data-label=\"State\""))
            {
                let number = until(row, "\"")?;
                let row = until(row, "</tr>")?;
                if let Ok(cell) = after(row, "data-label=\"State\">") {
                    let told = Told {
                        state: Some(shown(cell)?),
                        ..Told::default()
                    };
                    agents.insert(number.to_owned(), told);
                }
            }
        }
        Ok(agents)
    }

    /// A list with all its pages, as the administrator sees it.
    async fn pages(&self, first: &str) -> Result<Vec<String>> {
        let client = reqwest::Client::builder().no_proxy().redirect(Policy::none()).build()?;
        let cookies = self.cookies.get_or_try_init(|| self.sign_in(&client)).await?;
        let mut pages = Vec::new();
        let mut next = Some(first.to_owned());
        while let Some(path) = next {
            let answer = client
                .get(format!("{}{path}", self.service))
                .header(COOKIE, cookies)
                .send()
                .await?;
            ensure!(answer.status().is_success(), "{path}: {}", answer.status());
            let page = answer.text().await?;
            let link = page.split_once("rel=\"next\" href=\"").map(|(_, rest)| rest);
            next = link
                .map(|rest| until(rest, "\"").map(|path| path.replace("&amp;", "&")))
                .transpose()?;
            pages.push(page);
        }
        Ok(pages)
    }

    /// The cookies of the administrator.
    async fn sign_in(&self, client: &reqwest::Client) -> Result<String> {
        let form = format!("username={}&password={}", self.admin.0, self.admin.1.replace(' ', "+"));
        let sign_in = client
            .post(format!("{}/sign-in", self.service))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Sec-Fetch-Site", "same-origin")
            .body(form)
            .send()
            .await?;
        ensure!(
            sign_in.headers().contains_key(LOCATION),
            "nobody can sign in: {}",
            sign_in.status()
        );
        let cookies = sign_in.headers().get_all(SET_COOKIE).iter();
        let cookies: Vec<&str> = cookies
            .filter_map(|cookie| cookie.to_str().ok()?.split(';').next())
            .collect();
        Ok(cookies.join("; "))
    }

    /// What the API says.
    pub(super) async fn api(&self) -> Result<Agents> {
        let client = reqwest::Client::builder().no_proxy().build()?;
        let get = async |path: String| -> Result<Value> {
            let answer = client
                .get(format!("{}/api/v1/{path}", self.service))
                .bearer_auth(self.token)
                .send()
                .await?;
            ensure!(answer.status().is_success(), "{path}: {}", answer.status());
            Ok(serde_json::from_str(&answer.text().await?)?)
        };
        let mut agents = Agents::new();
        let mut next = Some("agents?limit=1000".to_owned());
        while let Some(path) = next {
            let page = get(path).await?;
            for item in page["items"].as_array().context("no items")? {
                let number = item["number"].as_str().context("no number")?.to_owned();
                let full = get(format!("agents/{number}/state")).await?;
                let listed = item
                    .pointer("/state/state")
                    .or_else(|| item.pointer("/now/state"))
                    .and_then(Value::as_str);
                let state = full["now"]["state"].as_str().context("no state")?;
                // Between the two requests it may have changed; then the next look tells.
                ensure!(
                    listed == Some(state),
                    "{number} is {listed:?} in the list, and {state} by itself"
                );
                let queues: BTreeMap<String, bool> = full["queues"]
                    .as_array()
                    .context("no queues")?
                    .iter()
                    .map(|one| {
                        (
                            one["queue"].as_str().unwrap_or_default().to_owned(),
                            !one["paused"].is_null(),
                        )
                    })
                    .collect();
                let offline = full["now"]["logged_in_since"].is_null();
                let told = Told {
                    state: Some(state.to_owned()),
                    session: if offline {
                        Some("offline".to_owned())
                    } else {
                        session(&queues)
                    },
                    reason: (state == "paused").then(|| reason(&full["now"]["reason"])),
                    queues: Some(queues),
                };
                agents.insert(number, told);
            }
            next = page["next"]
                .as_str()
                .map(|after| format!("agents?limit=1000&after={after}"));
        }
        Ok(agents)
    }

    /// What `peerage agent list` says.
    pub(super) fn command(&self) -> Result<Agents> {
        let mut command = Command::new(peerage()?);
        command
            .args(["agent", "list", "--format", "json"])
            .env("PEERAGE_DATABASE_URL", self.database);
        let output = command.stdin(Stdio::null()).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let listed: Vec<Value> = serde_json::from_slice(&output.stdout)?;
        let told = listed.iter().map(|item| {
            let state = item["state"].as_str().context("no state")?.to_owned();
            let told = Told {
                reason: (state == "paused").then(|| reason(&item["state_reason"])),
                state: Some(state),
                ..Told::default()
            };
            Ok((item["number"].as_str().context("no number")?.to_owned(), told))
        });
        told.collect()
    }

    fn sql(&self, statement: &str) -> Result<String> {
        let mut psql = Command::new("psql");
        psql.args(["-XAtqw", "-v", "ON_ERROR_STOP=1", "-c", statement, self.database]);
        let output = psql.stdin(Stdio::null()).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8(output.stdout)?)
    }

    fn rows(&self) -> Result<Vec<Value>> {
        Ok(serde_json::from_str(&self.sql(TABLES)?)?)
    }

    /// What the view for reports says.
    pub(super) fn report(&self) -> Result<Agents> {
        let said = self.sql("select agent || ' ' || state from report.agents_now")?;
        let told = said.lines().map(|line| {
            let (number, state) = line.split_once(' ').context("no state")?;
            let told = Told {
                session: Some(state.to_owned()),
                ..Told::default()
            };
            Ok((number.to_owned(), told))
        });
        told.collect()
    }

    /// What the tables say.
    pub(super) fn tables(&self) -> Result<Agents> {
        let told = self.rows()?.into_iter().map(|row| {
            let queues: BTreeMap<String, bool> = serde_json::from_value(row["queues"].clone())?;
            let paused = row["paused"] == true;
            let word = match (row["at_work"] == true, paused) {
                (false, _) => Some("offline".to_owned()),
                (true, true) => Some("paused".to_owned()),
                (true, false) => session(&queues),
            };
            let told = Told {
                // Without a queue nobody else can tell.
                session: word.filter(|word| word == "offline" || !queues.is_empty()),
                reason: paused.then(|| reason(&row["reason"])),
                queues: Some(queues),
                state: None,
            };
            Ok((row["number"].as_str().context("no number")?.to_owned(), told))
        });
        told.collect()
    }

    /// What each Asterisk says of its members; and, a line each, who among them is nobody's and which Asterisk says nothing.
    pub(super) fn asterisks(&self) -> Result<(Vec<Statement>, Vec<String>)> {
        let rows = self.rows()?;
        let holders: BTreeMap<&str, &str> = rows
            .iter()
            .filter_map(|row| Some((row["interface"].as_str()?, row["number"].as_str()?)))
            .collect();
        let queues = self.queues()?;
        let mut complaints = Vec::new();
        let mut statements = Vec::new();
        let mut members: BTreeMap<String, Vec<QueueMember>> = BTreeMap::new();
        let mut all_speak = true;
        for (node, asterisk) in &self.nodes {
            match at_node(asterisk, &queues, &holders) {
                Ok(said) => {
                    complaints.extend(said.strangers.iter().map(|line| format!("{node}: {line}")));
                    for (number, member) in said.members {
                        members.entry(number).or_default().push(member);
                    }
                    statements.push(Statement {
                        who: format!("Asterisk {node}"),
                        agents: said.agents,
                    });
                }
                Err(error) => {
                    all_speak = false;
                    complaints.push(format!("Asterisk {node} says nothing: {error:#}"));
                }
            }
        }
        // A device may be registered at the node that says nothing: then the others cannot know its state.
        if all_speak {
            statements.push(devices(members));
        }
        Ok((statements, complaints))
    }

    fn queues(&self) -> Result<Vec<String>> {
        let names = self.sql("select name from peerage.queue order by name")?;
        Ok(names.lines().map(str::to_owned).collect())
    }
}

/// What one Asterisk says.
struct AtNode {
    agents: Agents,
    /// The members with their agents' numbers.
    members: Vec<(String, QueueMember)>,
    /// Members that the database does not know, a line each.
    strangers: Vec<String>,
}

fn at_node(asterisk: &Asterisk, queues: &[String], holders: &BTreeMap<&str, &str>) -> Result<AtNode> {
    let mut seats: BTreeMap<String, BTreeMap<String, bool>> = holders
        .values()
        .map(|number| ((*number).to_owned(), BTreeMap::new()))
        .collect();
    let mut members = Vec::new();
    let mut strangers = Vec::new();
    for queue in queues {
        let said = asterisk.cli(&format!("queue show {queue}"))?;
        for line in said.lines() {
            if line.contains(" (dynamic)") {
                strangers.push(format!("queue {queue} has a member of its own: {}", line.trim()));
            }
        }
        for member in Asterisk::members_in(&said)? {
            match holders.get(member.interface.as_str()) {
                Some(number) => {
                    let seats = seats.entry((*number).to_owned()).or_default();
                    seats.insert(queue.clone(), member.paused.is_some());
                    members.push(((*number).to_owned(), member));
                }
                None => strangers.push(format!("queue {queue} rings {}, which is nobody's", member.interface)),
            }
        }
    }
    let agents = seats.into_iter().map(|(number, queues)| {
        let told = Told {
            session: session(&queues),
            queues: Some(queues),
            ..Told::default()
        };
        (number, told)
    });
    Ok(AtNode {
        agents: agents.collect(),
        members,
        strangers,
    })
}

/// What the devices of all nodes amount to: one may be registered at one node and on a call at another.
fn devices(members: BTreeMap<String, Vec<QueueMember>>) -> Statement {
    let agents = members.into_iter().filter_map(|(number, members)| {
        let state = state_of(&members)?;
        let reason = members
            .iter()
            .find_map(|member| member.paused.clone().filter(|reason| !reason.is_empty()));
        let told = Told {
            reason: reason.filter(|_| state == "paused"),
            state: Some(state),
            ..Told::default()
        };
        Some((number, told))
    });
    Statement {
        who: "devices in Asterisk".to_owned(),
        agents: agents.collect(),
    }
}

/// The state that Asterisk's members and their devices amount to; none where a device cannot tell, as one outside.
fn state_of(members: &[QueueMember]) -> Option<String> {
    if members.iter().any(|member| member.interface.starts_with("Local/")) {
        return None;
    }
    let is = |devices: &[&str]| members.iter().any(|member| devices.contains(&member.device.as_str()));
    let paused = members.iter().filter(|member| member.paused.is_some()).count();
    let word = if is(&["In use", "Busy", "On Hold", "Ring+Inuse"]) {
        "on_call"
    } else if is(&["Ringing"]) {
        "ringing"
    } else if paused == members.len() {
        "paused"
    } else if paused > 0 {
        "partly_paused"
    } else if is(&["Not in use"]) {
        "available"
    } else if is(&["Unavailable", "Invalid"]) {
        "unreachable"
    } else {
        return None;
    };
    Some(word.to_owned())
}

/// The reason as it is compared: none given is a word, too.
fn reason(value: &Value) -> String {
    value.as_str().unwrap_or("none").to_owned()
}

/// The state that a cell shows: what people read has to be what the cell says to programs.
fn shown(cell: &str) -> Result<String> {
    let badge = after(cell, "data-state=\"")?;
    let state = until(badge, "\"")?;
    let read = until(after(badge, ">")?, "<")?;
    let word = WORDS.iter().find(|(_, word)| *word == state).map(|(read, _)| *read);
    match word {
        Some(word) if read == word || read.starts_with(&format!("{word}: ")) => Ok(state.to_owned()),
        _ => bail!("a cell in state {state} reads `{read}`"),
    }
}

fn after<'a>(text: &'a str, mark: &str) -> Result<&'a str> {
    let found = text.split_once(mark).map(|(_, rest)| rest);
    found.with_context(|| format!("no `{mark}` in {}", text.chars().take(300).collect::<String>()))
}

fn until<'a>(text: &'a str, mark: &str) -> Result<&'a str> {
    let found = text.split_once(mark).map(|(before, _)| before);
    found.with_context(|| format!("no `{mark}` in {}", text.chars().take(300).collect::<String>()))
}

/// What people read of some markup.
fn text(markup: &str) -> String {
    let parts = markup.split('<').enumerate().map(|(place, part)| match place {
        0 => part,
        _ => part.split_once('>').map_or("", |(_, read)| read),
    });
    parts.collect::<String>().trim().to_owned()
}
