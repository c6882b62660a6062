//! Keeps in the database what a node says of the devices where agents' calls ring: that is what queues go by, whatever a
//! registration seems to promise.
//!
//! Asterisk lists the devices it has seen change (`DeviceStateList`) and tells of each change (`DeviceStateChange`). Of one that
//! has not changed since its start it says nothing, so devices of agents at work are asked for by name.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use peerage_ami::{Action, Frame, Notice, Outcome, Word};
use peerage_model::Interface;
use peerage_store::{DeviceReport, DeviceWord, Lease, StoreError};
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::Node;
use super::calls::at;
use crate::memory::{Change, Held};

/// From the first change until it is kept: many phones come at once after a start of Asterisk.
const SETTLE: Duration = Duration::from_millis(100);
/// The wait before a node is asked again that did not answer.
const AGAIN: Duration = Duration::from_secs(2);
/// How often it is asked which modules it has: Asterisk does not tell when one goes.
const MODULES_EVERY: Duration = Duration::from_secs(10);

/// Without these no call of a queue reaches a phone, whatever the state of its device. Those of one driver have its name, or that of
/// what keeps its objects (`peerage.agent_reach`).
const MODULES: [&str; 7] = [
    "app_queue.so",
    "res_config_pgsql.so",
    "chan_pjsip.so",
    "res_pjsip.so",
    "res_pjsip_session.so",
    "res_sorcery_realtime.so",
    "chan_sip.so",
];

/// Why what a node says is not known.
#[derive(Debug, thiserror::Error)]
enum Unsaid {
    #[error(transparent)]
    Database(#[from] StoreError),
    #[error("the node does not answer")]
    NoAnswer,
    #[error("this service does not lead the node")]
    NotLed,
}

/// Keeps what a node says until its link is shut down.
pub(super) async fn run(node: Node) {
    let mut notices = node.link.subscribe();
    let mut changes = node.app.hub().watch();
    let mut modules = interval(MODULES_EVERY);
    let mut full_pass = interval(node.app.settings().full_pass_every);
    for ticks in [&mut modules, &mut full_pass] {
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    }
    let mut all_at = node.link.state().borrow().is_up().then(Instant::now);
    // What it said before counts no longer; the lease may be the same as then.
    let mut forget_at = all_at.is_none().then(Instant::now);
    let mut heard = Heard::default();
    let mut asked = Asked::default();
    let mut due = None;
    loop {
        let up = node.link.state().borrow().is_up();
        tokio::select! {
            biased;
            () = at(all_at), if up => {
                // Older than the list, and perhaps than what was missed. What comes meanwhile waits, and is newer.
                heard = Heard::default();
                due = None;
                all_at = settled(&node, everything(&node, &mut asked).await).then_some(Instant::now() + AGAIN);
            }
            () = at(forget_at), if !up => {
                forget_at = (!forget(&node).await).then(|| Instant::now() + AGAIN);
            }
            () = at(due), if up && all_at.is_none() => {
                due = None;
                let news = std::mem::take(&mut heard);
                if settled(&node, some(&node, news, &mut asked).await) {
                    all_at = Some(Instant::now() + AGAIN);
                }
            }
            notice = notices.next() => match notice {
                Some(Notice::Event(event)) => {
                    if heard.event(&event) {
                        due = due.or(Some(Instant::now() + SETTLE));
                    }
                }
                Some(Notice::Up) => {
                    forget_at = None;
                    all_at = Some(Instant::now());
                }
                Some(Notice::Missed(_)) => all_at = all_at.or(Some(Instant::now() + AGAIN)),
                Some(Notice::Down) => {
                    all_at = None;
                    forget_at = Some(Instant::now());
                }
                None => break,
            },
            change = changes.next() => match change {
                // Somebody may ring at a device that was never asked for.
                Some(Change::Agents(_) | Change::Missed) => {
                    heard.unsaid = true;
                    due = due.or(Some(Instant::now() + SETTLE));
                }
                Some(_) => {}
                None => break,
            },
            _ = modules.tick() => {
                heard.modules = true;
                due = due.or(Some(Instant::now()));
            }
            _ = full_pass.tick() => all_at = all_at.or(Some(Instant::now())),
        }
    }
    forget(&node).await;
}

/// What is new since the database was last told.
#[derive(Debug, Default)]
struct Heard {
    devices: BTreeMap<Interface, DeviceWord>,
    /// Whether devices are to be asked for of which nothing was said.
    unsaid: bool,
    /// Whether modules are to be asked for.
    modules: bool,
}

impl Heard {
    /// Takes an event; true when it is about a device.
    fn event(&mut self, event: &Frame) -> bool {
        let said = (event.event() == Some("DeviceStateChange"))
            .then(|| said(event))
            .flatten();
        let is_about_one = said.is_some();
        self.devices.extend(said);
        is_about_one
    }
}

/// Devices that were asked for by name and of which the node said nothing. They are not asked for at each change.
#[derive(Debug, Default)]
struct Asked(BTreeSet<Interface>);

impl Asked {
    /// What the node says of those of these devices of which nothing is known.
    async fn words(
        &mut self,
        node: &Node,
        devices: Vec<Interface>,
        known: &BTreeMap<Interface, DeviceWord>,
    ) -> Result<Vec<(Interface, DeviceWord)>, Unsaid> {
        let mut words = Vec::new();
        for device in devices {
            if known.contains_key(&device) || self.0.contains(&device) {
                continue;
            }
            match ask(node, &device).await? {
                Some(word) => words.push((device, word)),
                None => {
                    self.0.insert(device);
                }
            }
        }
        Ok(words)
    }
}

/// What an event or an item of the list says of the device of an account.
fn said(frame: &Frame) -> Option<(Interface, DeviceWord)> {
    let device: Interface = frame.get("Device")?.parse().ok()?;
    device.device()?;
    Some((device, word(frame.get("State")?)))
}

/// Asterisk's word for a state (`main/devicestate.c`, `devstatestring`).
fn word(state: &str) -> DeviceWord {
    match state {
        "UNAVAILABLE" => DeviceWord::Unavailable,
        "INVALID" => DeviceWord::Invalid,
        "UNKNOWN" => DeviceWord::Unknown,
        _ => DeviceWord::Available,
    }
}

/// Tells the log of what did not come to its end; true when it is to be begun anew.
fn settled(node: &Node, done: Result<(), Unsaid>) -> bool {
    match done {
        Ok(()) => false,
        Err(why) => {
            tracing::debug!(node = %node.name, %why, "what a node says of devices is not kept yet");
            true
        }
    }
}

/// Asks for all devices and modules.
async fn everything(node: &Node, asked: &mut Asked) -> Result<(), Unsaid> {
    let mut devices = match node.has_module("res_manager_devicestate.so").await {
        Some(true) => list(node).await?,
        // Those of agents at work are asked for by name.
        Some(false) => BTreeMap::new(),
        None => return Err(Unsaid::NoAnswer),
    };
    let name = node.name.clone();
    let at_work = node.app.db(move |store| store.devices_at_work(&name)).await?;
    *asked = Asked::default();
    devices.extend(asked.words(node, at_work, &devices).await?);
    let report = DeviceReport {
        devices: devices.into_iter().collect(),
        missing_modules: Some(missing_modules(node).await?),
        is_complete: true,
    };
    keep(node, report).await
}

/// The devices that Asterisk has seen change.
async fn list(node: &Node) -> Result<BTreeMap<Interface, DeviceWord>, Unsaid> {
    match node.link.send(Action::device_state_list()).await {
        Outcome::Done(answer) => Ok(answer.items().iter().filter_map(said).collect()),
        Outcome::Refused(_) => Ok(BTreeMap::new()),
        Outcome::NotSent(_) | Outcome::Unknown(_) => Err(Unsaid::NoAnswer),
    }
}

/// Keeps what was heard, and asks for what is not known yet.
async fn some(node: &Node, heard: Heard, asked: &mut Asked) -> Result<(), Unsaid> {
    let mut devices = heard.devices;
    if heard.unsaid {
        let name = node.name.clone();
        let unsaid = node.app.db(move |store| store.devices_unsaid(&name)).await?;
        devices.extend(asked.words(node, unsaid, &devices).await?);
    }
    let missing_modules = match heard.modules {
        true => Some(missing_modules(node).await?),
        false => None,
    };
    if devices.is_empty() && missing_modules.is_none() {
        return Ok(());
    }
    let report = DeviceReport {
        devices: devices.into_iter().collect(),
        missing_modules,
        is_complete: false,
    };
    keep(node, report).await
}

async fn keep(node: &Node, report: DeviceReport) -> Result<(), Unsaid> {
    let lease = lease(node).ok_or(Unsaid::NotLed)?;
    let name = node.name.clone();
    let kept = node
        .app
        .db(move |store| store.report_devices(&name, &lease, &report))
        .await?;
    kept.then_some(()).ok_or(Unsaid::NotLed)
}

/// Takes back all that a node said of devices; false when that could not be done.
async fn forget(node: &Node) -> bool {
    let Some(lease) = lease(node) else { return true };
    let name = node.name.clone();
    let forgotten = node.app.db(move |store| store.forget_report(&name, &lease)).await;
    if let Err(error) = &forgotten {
        tracing::debug!(node = %node.name, %error, "what a node said of devices could not be forgotten");
    }
    forgotten.is_ok()
}

fn lease(node: &Node) -> Option<Lease> {
    let Held { epoch, .. } = node.app.leads().of(&node.name)?;
    let service = node.app.identity().id.clone();
    Some(Lease { service, epoch })
}

/// What Asterisk says of one device; none when it cannot be asked (func_devstate.so).
async fn ask(node: &Node, device: &Interface) -> Result<Option<DeviceWord>, Unsaid> {
    let Ok(device) = Word::try_from(device.as_str()) else {
        return Ok(None);
    };
    match node.link.send(Action::device_state(&device)).await {
        Outcome::Done(answer) => Ok(answer
            .response()
            .get("Value")
            .filter(|value| !value.is_empty())
            .map(word)),
        Outcome::Refused(_) => Ok(None),
        Outcome::NotSent(_) | Outcome::Unknown(_) => Err(Unsaid::NoAnswer),
    }
}

async fn missing_modules(node: &Node) -> Result<Vec<String>, Unsaid> {
    let mut missing = Vec::new();
    for module in MODULES {
        match node.has_module(module).await {
            Some(true) => {}
            Some(false) => missing.push(module.to_owned()),
            None => return Err(Unsaid::NoAnswer),
        }
    }
    Ok(missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unavailable_and_invalid_devices_are_not_rung() {
        for state in ["NOT_INUSE", "INUSE", "BUSY", "RINGING", "RINGINUSE", "ONHOLD"] {
            assert_eq!(word(state), DeviceWord::Available, "{state}");
        }
        assert_eq!(word("UNKNOWN"), DeviceWord::Unknown);
        assert_eq!(word("UNAVAILABLE"), DeviceWord::Unavailable);
        assert_eq!(word("INVALID"), DeviceWord::Invalid);
    }
}
