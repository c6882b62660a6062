//! Asterisk dies, or the database goes away: what holds afterwards.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use diesel::{Connection, PgConnection};
use peerage_cluster::{Cluster, Profile};
use peerage_model::{Number, QueueName};
use peerage_testkit::asterisk::Version;
use peerage_testkit::sipp::Listening;
use tempfile::TempDir;

use super::centre::Centre;
use super::complaints::complaints;
use super::people::{LUNCH, device};
use super::shown::Shown;
use super::versions::on_versions;

/// Agents in each of the states that must survive.
struct Team {
    queues: [QueueName; 2],
    free: Number,
    phone: Listening,
}

impl Team {
    /// One agent is paused by himself, one by Asterisk in one of the queues; one is free, with a penalty from Asterisk.
    fn at_work(centre: &Centre) -> Self {
        let queues = centre.queues();
        let [one, other] = &queues;
        let paused = centre.logged_in(&[one, other]);
        centre.pause(&paused, None);
        let partly = centre.logged_in(&[one, other]);
        let free = centre.logged_in(&[one, other]);
        let phone = centre.online(&device(&free), &free);
        centre.shown(one);
        centre.cli(&format!(
            "queue pause member PJSIP/{partly} queue {one} reason training"
        ));
        centre.cli(&format!("queue set penalty 7 on PJSIP/{free} in {one}"));
        let team = Self { queues, free, phone };
        let pauses: Vec<_> = team.members(centre).into_iter().map(|member| member.paused).collect();
        let [lunch, training] = [LUNCH, "training"].map(|reason| Some(centre.read(reason).to_owned()));
        assert_eq!(pauses, [lunch.clone(), training, None, lunch, None, None]);
        team
    }

    /// The members of both queues, without what Asterisk does not know from the database.
    fn members(&self, centre: &Centre) -> Vec<Shown> {
        let mut members = self.queues.each_ref().map(|queue| centre.shown(queue)).concat();
        for member in &mut members {
            member.device.clear();
            member.paused = member.paused.take().map(|reason| centre.read(&reason).to_owned());
        }
        members
    }

    fn takes_a_call(&self, centre: &Centre) {
        let before = self.phone.calls().unwrap();
        centre.wait("the device is reachable again", || {
            let members = centre.shown(&self.queues[0]);
            let own = format!("PJSIP/{}", self.free);
            members
                .iter()
                .any(|member| member.interface == own && member.device == "Not in use")
        });
        centre.call(&self.queues[0]).assert_code(200);
        assert_eq!(self.phone.calls().unwrap(), before + 1);
    }
}

/// All that the database holds of agents' state.
fn state(centre: &Centre) -> String {
    let tables = [
        "agent_session",
        "agent_place",
        "agent_pause",
        "agent_state",
        "queue_login",
        "agent_request",
    ];
    let rows = tables.map(|table| format!("select row.*::text from peerage.{table} as row"));
    centre.sql(&format!("{} order by 1", rows.join(" union all ")))
}

#[test]
fn members_and_pauses_are_the_same_after_a_crash_of_asterisk_and_nobody_had_to_do_anything() {
    on_versions(|version| {
        let mut centre = Centre::start(version);
        let team = Team::at_work(&centre);
        let (members, before) = (team.members(&centre), state(&centre));
        centre.asterisk.kill().unwrap();
        centre.asterisk.restart().unwrap();
        assert_eq!(team.members(&centre), members);
        team.takes_a_call(&centre);
        assert_eq!(state(&centre), before);
        centre.assert_quiet();
    });
}

/// A database server of the test's own, which it may stop.
struct Server {
    cluster: Cluster,
    _home: TempDir,
}

impl Server {
    fn start() -> Self {
        let home = tempfile::Builder::new().prefix("peerage-queue-").tempdir().unwrap();
        // The server is not root, and has to get in.
        fs::set_permissions(home.path(), Permissions::from_mode(0o755)).unwrap();
        let cluster = Cluster::at(home.path()).with_profile(Profile::Test);
        cluster.start().unwrap();
        let mut connection = PgConnection::establish(&cluster.url().unwrap()).unwrap();
        peerage_views::install::migrate(&mut connection).unwrap();
        Self { cluster, _home: home }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its directory goes with it, so nothing of it may run on; a failure shows by itself.
        let _ = self.cluster.stop();
    }
}

/// What the database driver says while there is no database.
fn is_about_the_outage(complaint: &str) -> bool {
    let query = "res_config_pgsql.c: PostgreSQL RealTime: ";
    [
        format!("{query}Failed to query 'queues@peerage'."),
        format!("{query}Query Failed: SELECT * FROM queues WHERE name = '"),
        // Asterisk looks for expired contacts every few seconds.
        format!("{query}Failed to query 'ps_contacts@peerage'."),
        format!("{query}Query Failed: SELECT * FROM ps_contacts WHERE expiration_time <= '"),
        format!("{query}Query Failed because: FATAL:  terminating connection due to administrator command"),
        format!("{query}Query Failed because: server closed the connection unexpectedly"),
        format!("{query}Failed to connect database "),
        "res_config_pgsql.c: reconnect failed".to_owned(),
    ]
    .iter()
    .any(|expected| complaint.contains(expected))
}

#[test]
fn members_and_pauses_are_back_when_the_database_is() {
    let server = Server::start();
    let (url, port) = (server.cluster.url().unwrap(), server.cluster.port().unwrap());
    let sites = Version::ALL.map(|version| {
        let centre = Centre::on(version, &url, port, &format!("pbx{version}"), None);
        let team = Team::at_work(&centre);
        let members = team.members(&centre);
        (centre, team, members)
    });
    let before = state(&sites[0].0);
    // At the next look.
    server.cluster.stop().unwrap();
    for (centre, team, _) in &sites {
        assert_eq!(team.members(centre), []);
    }
    server.cluster.start().unwrap();
    for (centre, team, members) in &sites {
        assert_eq!(team.members(centre), *members);
    }
    // At the next call.
    server.cluster.stop().unwrap();
    for (centre, team, _) in &sites {
        assert_eq!(team.members(centre), []);
    }
    server.cluster.start().unwrap();
    for (centre, team, members) in &sites {
        let complaints = complaints(&centre.asterisk);
        centre.call(&team.queues[0]).assert_code(200);
        assert_eq!(team.members(centre), *members);
        assert!(
            complaints.iter().all(|line| is_about_the_outage(line)),
            "{complaints:#?}"
        );
    }
    assert_eq!(state(&sites[0].0), before);
}
