//! Pages, API, command, database and Asterisk say the same of every agent: in each state, after each kind of outage; and when one of
//! them is made to lie, that is found.

use peerage_model::{Choice, LoginRequest, Number, QueueName};
use peerage_store::QueuePatch;
use peerage_testkit::sipp::{Listening, Manner};

use super::stage::Stage;
use crate::queue::caller::Caller;
use crate::queue::people::{device, myself};
use crate::queue::versions::on_versions;

/// An agent in each state there is.
struct Floor {
    queues: [QueueName; 2],
    available: Number,
    paused: Number,
    partly: Number,
    on_call: Number,
    callers: Vec<Caller>,
    _phones: Vec<Listening>,
}

impl Floor {
    fn open(stage: &Stage) -> Self {
        let centre = &stage.centre;
        let queues = centre.queues();
        let busy = centre.queue(QueuePatch::default());
        let ringing = centre.queue(QueuePatch {
            timeout_seconds: Some(300),
            ..QueuePatch::default()
        });
        let both = [&queues[0], &queues[1]];
        let mut phones = Vec::new();
        let mut at_work = |among: &[&QueueName], manner| {
            let agent = centre.logged_in(among);
            phones.push(centre.online(&device(&agent).manner(manner), &agent));
            agent
        };
        let [available, paused, partly] = [(); 3].map(|()| at_work(&both, Manner::Answer));
        let on_call = at_work(&[&busy], Manner::Answer);
        at_work(&[&ringing], Manner::Ring);
        centre.pause(&paused, None);
        centre.pause(&partly, Some(&queues[0]));
        // Unreachable, logged out, and with hot desk.
        centre.logged_in(&both);
        centre.agent(&both);
        let nomad = centre.agent_with(&both, |agent| agent.profile.hot_desk = true);
        let phone = centre.telephone();
        phones.push(centre.online(&device(&phone), &phone));
        let there = LoginRequest {
            choice: Some(Choice::Telephone(phone)),
            ..LoginRequest::default()
        };
        assert!(centre.store.log_in(&nomad, &there, &myself(&nomad)).unwrap());
        let caller = centre.dial(&busy);
        caller.wait_for_answer();
        let waiting = centre.dial(&ringing);
        Self {
            queues,
            available,
            paused,
            partly,
            on_call,
            callers: vec![caller, waiting],
            _phones: phones,
        }
    }

    /// They change places.
    fn change(&self, stage: &Stage) {
        let centre = &stage.centre;
        centre.pause(&self.available, None);
        centre.unpause(&self.paused, None);
        centre.unpause(&self.partly, Some(&self.queues[0]));
        centre.log_out(&self.partly);
    }

    fn change_back(&self, stage: &Stage) {
        let centre = &stage.centre;
        centre.unpause(&self.available, None);
        centre.pause(&self.paused, None);
        centre.log_in(&self.partly);
        centre.pause(&self.partly, Some(&self.queues[0]));
    }

    /// Ends the calls.
    fn close(self, stage: &Stage) {
        for caller in self.callers {
            caller.hang_up(&stage.centre);
        }
        stage.assert_agreement();
    }
}

#[test]
fn everybody_says_the_same_in_each_state_and_after_each_outage() {
    on_versions(|version| {
        let mut stage = Stage::start(version);
        let floor = Floor::open(&stage);
        stage.assert_agreement();
        let states = stage.states();
        for state in [
            "available",
            "paused",
            "partly_paused",
            "on_call",
            "ringing",
            "unreachable",
            "offline",
        ] {
            assert!(states.contains(&state.to_owned()), "nobody is {state}: {states:?}");
        }

        // The link is cut while things change.
        stage.link.refuse();
        stage.link.cut();
        floor.change(&stage);
        stage.link.pass();
        stage.wait_until_linked();
        stage.assert_agreement();

        // The service is away while they change back.
        stage.stop_service();
        floor.change_back(&stage);
        stage.start_service();
        stage.assert_agreement();

        // The database throws everybody out.
        stage.centre.sql(
            "select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid()",
        );
        floor.change(&stage);
        stage.wait_until_linked();
        stage.assert_agreement();
        floor.close(&stage);
    });
}

/// Rows that are changed behind everybody's back, and what is found then.
struct Lie<'a> {
    table: &'static str,
    rows: String,
    /// What they are set to.
    values: &'static str,
    of: &'a Number,
    found: &'static str,
}

impl Lie<'_> {
    fn tell(&self, stage: &Stage) {
        let Self {
            table,
            rows,
            values,
            of,
            found,
        } = self;
        let change = format!("update {table} set {values} where {rows}");
        // No trigger runs, so nobody is told.
        let quietly = |statements: &str| {
            stage
                .centre
                .sql(&format!("set session_replication_role = replica; {statements}"))
        };
        let columns = stage.centre.sql(&format!(
            "select string_agg(attname, ', ') from pg_attribute where attrelid = '{table}'::regclass and attnum > 0 and attgenerated = ''"
        ));
        quietly(&format!(
            "create table public.kept as select {columns} from {table} where {rows}; {change}"
        ));
        stage.centre.wait(&format!("{change} is found"), || {
            let lines = stage.disagreements();
            lines.iter().any(|line| line.starts_with(&format!("{of}: {found} is")))
        });
        quietly(&format!(
            "delete from {table} where {rows}; insert into {table} ({columns}) overriding system value select {columns} from public.kept; drop table public.kept"
        ));
        stage.assert_agreement();
    }
}

#[test]
fn whoever_is_made_to_lie_is_found() {
    on_versions(|version| {
        let mut stage = Stage::start(version);
        let floor = Floor::open(&stage);
        stage.assert_agreement();
        let (available, on_call) = (&floor.available, &floor.on_call);
        let session = format!(
            "session_id = (select session.id from peerage.agent_session as session join peerage.agent on agent.id = session.agent_id
              where agent.number = '{available}' and session.ended_at is null)"
        );
        for lie in [
            // Asterisk reads the members, pages read the timeline.
            Lie {
                table: "peerage.queue_login",
                rows: session.clone(),
                values: "paused = '1'",
                of: available,
                found: "the session",
            },
            Lie {
                table: "peerage.agent_state",
                rows: format!("ended_at is null and {session}"),
                values: "state = 'paused'",
                of: available,
                found: "the state",
            },
            // The command reads what the service has kept of calls, pages read what it sees.
            Lie {
                table: "peerage.agent_call",
                rows: format!("agent_id = (select id from peerage.agent where number = '{on_call}')"),
                values: "state = null, since = null",
                of: on_call,
                found: "the state",
            },
        ] {
            lie.tell(&stage);
        }
        // A member that is not from the database.
        let centre = &stage.centre;
        centre.cli(&format!("queue add member Local/1@nowhere to {}", floor.queues[0]));
        centre.wait("the stranger is found", || {
            stage
                .disagreements()
                .iter()
                .any(|line| line.contains("Local/1@nowhere"))
        });
        centre.cli(&format!("queue remove member Local/1@nowhere from {}", floor.queues[0]));
        stage.assert_agreement();
        // Who says nothing does not agree.
        stage.stop_service();
        let lines = stage.disagreements();
        assert!(
            lines.iter().any(|line| line.starts_with("the API says nothing")),
            "{lines:?}"
        );
        stage.start_service();
        floor.close(&stage);
    });
}
