//! An outside program that hears what Asterisk says about pauses.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use peerage_ami::{Credentials, Frame, Link, Notice, Settings};
use peerage_testkit::asterisk::Manager;
use tokio::runtime::Runtime;

/// A `QueueMemberPause` of Asterisk's, and when it was heard.
#[derive(Clone, Debug)]
pub(super) struct Heard {
    pub(super) queue: String,
    pub(super) interface: String,
    /// The reason, empty when there is none; `None` when not paused.
    pub(super) paused: Option<String>,
    pub(super) at: Instant,
}

/// All that were heard.
pub(super) struct Listener {
    heard: Arc<Mutex<Vec<Heard>>>,
    _link: Link,
}

impl Listener {
    pub(super) fn to(runtime: &Runtime, manager: &Manager) -> Self {
        let user = manager.user.as_str().try_into().unwrap();
        let credentials = Credentials::new(user, manager.secret.as_str());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&heard);
        let link = runtime.block_on(async {
            let link = Link::open(Settings::new(manager.address.to_string(), credentials));
            let mut events = link.subscribe();
            assert!(link.wait_until_up().await);
            tokio::spawn(async move {
                while let Some(notice) = events.next().await {
                    if let Notice::Event(event) = notice
                        && event.event() == Some("QueueMemberPause")
                    {
                        kept.lock().unwrap().push(read(&event));
                    }
                }
            });
            link
        });
        Self { heard, _link: link }
    }

    pub(super) fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    pub(super) fn forget(&self) {
        self.heard.lock().unwrap().clear();
    }
}

fn read(event: &Frame) -> Heard {
    let field = |name| event.get(name).unwrap_or_default().to_owned();
    Heard {
        queue: field("Queue"),
        interface: field("Interface"),
        paused: (field("Paused") == "1").then(|| field("PausedReason")),
        at: Instant::now(),
    }
}
