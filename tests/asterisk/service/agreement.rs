//! Pages, API, command, database and Asterisk say the same of every agent: in each state, after each kind of outage; and when one of
//! them is made to lie, that is found.

use peerage_model::Number;

use super::floor::Floor;
use super::stage::Stage;
use crate::queue::versions::on_versions;

#[test]
fn everybody_says_the_same_in_each_state_and_after_each_outage() {
    on_versions(|version| {
        let mut stage = Stage::start(version);
        let floor = Floor::open(&stage.centre);
        stage.assert_agreement();
        stage.assert_each_state_is_there();

        // The link is cut while things change.
        stage.link.refuse();
        stage.link.cut();
        floor.change(&stage.centre);
        stage.link.pass();
        stage.wait_until_linked();
        stage.assert_agreement();

        // The service is away while they change back.
        stage.stop_service();
        floor.change_back(&stage.centre);
        stage.start_service();
        stage.assert_agreement();

        // The database throws everybody out.
        stage.centre.sql(
            "select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid()",
        );
        floor.change(&stage.centre);
        stage.wait_until_linked();
        stage.assert_agreement();
        floor.close(&stage.centre);
        stage.assert_agreement();
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
        let floor = Floor::open(&stage.centre);
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
        floor.close(&stage.centre);
        stage.assert_agreement();
    });
}
