//! A call centre in the middle of its day: something to see on every page.

use anyhow::Result;
use peerage_model::{
    Actor, ActorRole, Choice, ConflictPolicy, LogLevel, LoginRequest, LogoutRequest, Number, OnConflict, PauseRequest,
    QueueName, Role,
};
use peerage_store::ClientLog;
use peerage_testkit::sipp::Listening;

use crate::house::House;

/// The agents, in the order of their numbers.
const NAMES: [&str; 9] = [
    "Ada King",
    "Grace Hopper",
    "Alan Turing",
    "Mary Somerville",
    "Charles Babbage",
    "Hedy Lamarr",
    "Edith Clarke",
    "Claude Shannon",
    "Katherine Johnson",
];

/// It, and who is there to sign in.
pub(crate) struct Sample {
    pub(crate) house: House,
    /// Not logged in; has phone and mobile, and works in both queues.
    pub(crate) agent: Number,
    /// Has hot desk, and is not logged in.
    pub(crate) nomad: Number,
    pub(crate) supervisor: String,
    pub(crate) admin: String,
    /// Waits in a queue in which nobody is free.
    _caller: Listening,
}

impl Sample {
    pub(crate) async fn start() -> Result<Self> {
        let house = House::start().await?;
        house.offer("lunch", "Lunch");
        house.offer("training", "Training");
        house.offer("paperwork", "Paperwork");
        let queues = ["sales", "support", "night"].map(|name| house.queue_named(name));
        let [sales, support, night] = &queues;
        let agent = house.agent("Ada Lovelace", &[sales, support], |agent| {
            agent.profile.phone = Some("020555001".parse().unwrap());
            agent.profile.mobile = Some("+447700900123".parse().unwrap());
            agent.profile.email = Some("ada@example.com".parse().unwrap());
        });
        house.online(&agent)?;
        let team: Vec<Number> = NAMES
            .iter()
            .map(|name| house.agent(name, &[sales, support], |_| {}))
            .collect();
        for one in &team[..7] {
            house.log_in(one);
        }
        for one in &team[..4] {
            house.online(one)?;
        }
        pause(&house, &team[1], "lunch", None)?;
        pause(&house, &team[2], "training", Some(sales))?;
        let out = LogoutRequest::default();
        house.store.log_out(&team[6], &out, &actor(&team[6]))?;

        let site = house.site(ConflictPolicy::Deny);
        let nomads = ["Rosalind Franklin", "Max Planck"].map(|name| house.nomad(name, &site, &[support]));
        let phones = ["Window", "Door", "Corner"].map(|name| house.telephone_at(&site, name));
        for phone in &phones[..2] {
            house.online(phone)?;
        }
        let there = LoginRequest {
            choice: Some(Choice::Telephone(phones[1].clone())),
            on_conflict: OnConflict::Refuse,
        };
        house.store.log_in(&nomads[1], &there, &actor(&nomads[1]))?;
        let log = ClientLog {
            level: LogLevel::Error,
            event: "the connection was lost".to_owned(),
            detail: Some("for 4 seconds".to_owned()),
            client_at: None,
        };
        house.store.add_client_logs(&agent, &[log])?;
        let caller = house.call(night)?;
        let all: Vec<&QueueName> = queues.iter().collect();
        Ok(Self {
            supervisor: house.supervisor_named("sue", &all).to_string(),
            admin: house.user("adam", Role::Admin, None).to_string(),
            nomad: nomads[0].clone(),
            agent,
            house,
            _caller: caller,
        })
    }
}

fn actor(agent: &Number) -> Actor {
    Actor::new(agent.to_string(), ActorRole::Agent(agent.clone()))
}

fn pause(house: &House, agent: &Number, reason: &str, queue: Option<&QueueName>) -> Result<()> {
    let request = PauseRequest {
        reason: Some(reason.parse()?),
        queue: queue.cloned(),
    };
    house.store.pause(agent, &request, &actor(agent))?;
    Ok(())
}
