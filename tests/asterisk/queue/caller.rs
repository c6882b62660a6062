//! Those who call a queue.

use peerage_model::{Number, QueueName};
use peerage_testkit::sipp::{Listening, Outcome};

use super::centre::{Centre, PATIENCE};
use super::people::device;

/// Somebody who has called a queue, and waits or talks.
pub(crate) struct Caller {
    number: Number,
    call: Listening,
}

impl Centre {
    /// Calls a queue, and hangs up after the answer.
    pub(crate) fn call(&self, queue: &QueueName) -> Outcome {
        device(&self.telephone()).call(self.udp(), &extension(queue)).unwrap()
    }

    /// Calls a queue, and waits there.
    pub(crate) fn dial(&self, queue: &QueueName) -> Caller {
        let number = self.telephone();
        let call = device(&number)
            .dial(self.udp(), &extension(queue), 2 * PATIENCE)
            .unwrap();
        Caller { number, call }
    }
}

impl Caller {
    pub(crate) fn wait_for_answer(&self) {
        self.call.wait_for_status(200).unwrap();
    }

    /// Ends the call, whatever has come of it.
    pub(crate) fn hang_up(self, centre: &Centre) {
        let channels = centre.cli("core show channels concise");
        let own = format!("PJSIP/{}-", self.number);
        let channel = channels
            .lines()
            .filter_map(|line| line.split('!').next())
            .find(|name| name.starts_with(&own));
        centre.cli(&format!("channel request hangup {}", channel.unwrap()));
        self.call.finish().unwrap();
    }
}

fn extension(queue: &QueueName) -> String {
    format!("*7{queue}")
}
