//! A phone that was away and comes back with the contact it had takes calls of queues at once.

use peerage_store::QueuePatch;
use peerage_testkit::asterisk::{Driver, Version};

use super::stage::Stage;
use crate::queue::centre::Centre;
use crate::queue::people::device;

/// So long that no test waits for it.
const QUALIFY: &str = "update peerage.sip_account set qualify_seconds = 600";

fn plays(stage: &Stage, ask: impl Fn(&str) -> String) {
    let centre = &stage.centre;
    let queue = centre.queue(QueuePatch::default());
    let agent = centre.agent(&[&queue]);
    centre.sql(QUALIFY);
    centre.log_in(&agent);
    let says = |state: &str| centre.cli(&format!("queue show {queue}")).contains(state);
    let phone = device(&agent);
    let online = phone.online(centre.udp()).unwrap();
    centre.wait("the phone answers", || says("(Not in use)"));
    drop(online);
    centre.cli(&ask(agent.as_str()));
    centre.wait("Asterisk finds it gone", || says("(Unavailable)"));
    centre.wait("the service knows", || stage.state(&agent) == "unreachable");

    let _back = phone.online(centre.udp()).unwrap();
    centre.wait("the phone answers again", || says("(Not in use)"));
    centre.wait("the service knows", || stage.state(&agent) == "available");
    centre.call(&queue).assert_code(200);
}

#[test]
fn with_pjsip_it_is_asked_at_its_register() {
    for version in Version::ALL {
        plays(&Stage::start(version), |number| format!("pjsip qualify {number}"));
    }
}

#[test]
fn with_chan_sip_it_is_asked_at_its_register() {
    let sip = "update peerage.site set driver = 'sip', rtcachefriends = true";
    let centre = Centre::start_as(Version::V16, sip, |asterisk| asterisk.driver(Driver::Sip).caching());
    plays(&Stage::over(centre), |number| format!("sip qualify peer {number}"));
}

#[test]
fn of_several_contacts_the_one_that_does_not_answer_gives_way_to_a_new_one() {
    for version in Version::ALL {
        let centre = Centre::start(version);
        let agent = centre.agent(&[]);
        centre.sql("update peerage.sip_account set max_contacts = 2, qualify_seconds = 600");
        let [alive, dead, new] = [(); 3].map(|()| device(&agent));
        let shown = || centre.cli(&format!("pjsip show aor {agent}"));
        let _alive = centre.online(&alive, &agent);
        let gone = dead.online(centre.udp()).unwrap();
        drop(gone);
        centre.cli(&format!("pjsip qualify {agent}"));
        centre.wait("one does not answer", || {
            centre
                .cli("pjsip show contacts")
                .lines()
                .any(|line| line.contains("Unavail"))
        });
        let _new = new.online(centre.udp()).unwrap();
        let left = shown();
        for (phone, is_there) in [(&alive, true), (&dead, false), (&new, true)] {
            let uri = phone.contact().unwrap();
            assert_eq!(left.contains(&uri), is_there, "{version}: {uri}: {left}");
        }
    }
}
