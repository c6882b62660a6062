//! What Asterisk says: the truth that each flow ends with.

use std::time::Instant;

use anyhow::{Result, bail};
use peerage_model::QueueName;
use peerage_testkit::browser::PATIENCE;

use crate::house::House;

/// A member of a queue as `queue show` has it: what rings, and the reason of the pause if paused.
pub(crate) type Member = (String, Option<String>);

/// A member that takes calls.
pub(crate) fn free(interface: impl Into<String>) -> Member {
    (interface.into(), None)
}

/// A member that is paused with this reason.
pub(crate) fn paused(interface: impl Into<String>, reason: &str) -> Member {
    (interface.into(), Some(reason.to_owned()))
}

impl House {
    /// The members of a queue, in order of their interfaces.
    pub(crate) fn truth(&self, queue: &QueueName) -> Result<Vec<Member>> {
        let members = self.asterisk.queue_members(queue.as_str())?;
        Ok(members
            .into_iter()
            .map(|member| (member.interface, member.paused))
            .collect())
    }

    /// Waits until Asterisk says that these are the members of the queue, and nobody else.
    pub(crate) async fn wait_for_truth(&self, queue: &QueueName, wanted: &[Member]) -> Result<()> {
        let started = Instant::now();
        loop {
            let found = self.truth(queue)?;
            if found == wanted {
                return Ok(());
            }
            if started.elapsed() > PATIENCE {
                bail!("Asterisk says that the members of {queue} are {found:?}, not {wanted:?}");
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    }

    /// Fails unless Asterisk says at once that these are the members: what a page shows may never be ahead of it.
    pub(crate) fn assert_truth(&self, queue: &QueueName, wanted: &[Member]) -> Result<()> {
        let found = self.truth(queue)?;
        if found != wanted {
            bail!("Asterisk says that the members of {queue} are {found:?}, not {wanted:?}");
        }
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_truth_is_found() -> Result<()> {
    let house = House::shared().await;
    let queue = house.queue("wrong");
    let ada = house.agent("Ada King", &[&queue], |_| {});
    house.assert_truth(&queue, &[])?;
    house.log_in(&ada);
    let own = format!("PJSIP/{ada}");
    house.wait_for_truth(&queue, &[free(own.clone())]).await?;
    for wrong in [vec![], vec![free("PJSIP/1")], vec![paused(own, "lunch")]] {
        let error = house.assert_truth(&queue, &wrong).unwrap_err().to_string();
        assert!(error.contains("Asterisk says"), "{error}");
    }
    Ok(())
}
