//! Which calls there are at a node: its events, and a list whenever events may have been missed.

use std::time::Duration;

use peerage_ami::{Action, Frame, Notice, Outcome};
use peerage_model::QueueName;
use tokio::time::{Instant, sleep_until};

use super::Node;
use crate::memory::{Change, Changed, Which};

/// The wait before a list is asked for again that could not be had.
const ASK_AGAIN: Duration = Duration::from_secs(2);
/// After this long without its link a node's calls are taken to have ended.
pub(super) const SILENCE: Duration = Duration::from_secs(300);

/// Follows a node's calls until its link is shut down.
pub(super) async fn run(node: Node) {
    let mut notices = node.link.subscribe();
    let mut ask_at = node.link.state().borrow().is_up().then(Instant::now);
    let mut forget_at = None;
    let mut asked = Instant::now();
    loop {
        let due = ask_at.or(forget_at);
        tokio::select! {
            biased;
            () = at(due) => {
                if ask_at.is_some() {
                    asked = Instant::now();
                    ask_at = (!begin(&node).await).then(|| Instant::now() + ASK_AGAIN);
                } else {
                    forget_at = None;
                    node.tell(node.app.calls().forget(&node.name));
                }
            }
            notice = notices.next() => match notice {
                Some(Notice::Event(event)) => node.tell(node.app.calls().event(&node.name, &event)),
                Some(Notice::Up) => {
                    ask_at = Some(Instant::now());
                    forget_at = None;
                }
                // That the link went or came may be among what was missed. In a flood of events some are missed all the time;
                // the list is not asked for all the time.
                Some(Notice::Missed(_)) if node.link.state().borrow().is_up() => {
                    ask_at = ask_at.or(Some(asked + ASK_AGAIN));
                    forget_at = None;
                }
                Some(Notice::Missed(_)) => {
                    ask_at = None;
                    forget_at = forget_at.or(Some(Instant::now() + SILENCE));
                }
                Some(Notice::Down) => {
                    ask_at = None;
                    forget_at = Some(Instant::now() + SILENCE);
                }
                None => break,
            }
        }
    }
    node.tell(node.app.calls().forget(&node.name));
}

/// Waits until then; for ever when there is no such moment.
pub(super) async fn at(when: Option<Instant>) {
    match when {
        Some(when) => sleep_until(when).await,
        None => std::future::pending().await,
    }
}

/// Asks for all channels, and for the callers of the queues that some of them are in; false when there is no answer.
async fn begin(node: &Node) -> bool {
    let Outcome::Done(channels) = node.link.send(Action::core_show_channels()).await else {
        return false;
    };
    let mut queues: Vec<QueueName> = channels.items().iter().filter_map(queue).collect();
    queues.sort();
    queues.dedup();
    let mut entries = Vec::new();
    for queue in queues {
        let Ok(name) = queue.as_str().try_into() else { continue };
        match node.link.send(Action::queue_status(name)).await {
            Outcome::Done(status) => entries.extend(
                status
                    .items()
                    .iter()
                    .filter(|item| item.event() == Some("QueueEntry"))
                    .cloned(),
            ),
            Outcome::Refused(_) => {}
            Outcome::NotSent(_) | Outcome::Unknown(_) => return false,
        }
    }
    node.tell(node.app.calls().begin(&node.name, channels.items(), &entries));
    true
}

/// The queue in which a channel is.
fn queue(channel: &Frame) -> Option<QueueName> {
    let named = channel.get("ApplicationData")?.split(',').next()?;
    let is_queue = channel.get("Application")?.eq_ignore_ascii_case("Queue");
    is_queue.then(|| QueueName::try_from(named).ok()).flatten()
}

impl Node {
    fn tell(&self, changed: Changed) {
        if !changed.agents.is_empty() {
            self.app.hub().tell(Change::Calls(Which::of(changed.agents)));
        }
        for queue in changed.queues {
            self.app.hub().tell(Change::Waiting(queue));
        }
    }
}
