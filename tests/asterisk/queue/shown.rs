//! What `queue show` says of members.

use peerage_model::QueueName;
pub(crate) use peerage_testkit::asterisk::QueueMember as Shown;

use super::centre::Centre;

impl Centre {
    /// The members of a queue in order of their interfaces; asking makes Asterisk read them.
    pub(crate) fn shown(&self, queue: &QueueName) -> Vec<Shown> {
        self.asterisk.queue_members(queue.as_str()).unwrap()
    }

    /// The interfaces of the members.
    pub(crate) fn interfaces(&self, queue: &QueueName) -> Vec<String> {
        self.shown(queue).into_iter().map(|member| member.interface).collect()
    }

    /// The only member of a queue.
    #[track_caller]
    pub(crate) fn only(&self, queue: &QueueName) -> Shown {
        let mut members = self.shown(queue);
        assert_eq!(members.len(), 1, "{queue}: {members:?}");
        members.remove(0)
    }
}
