//! The database's clock is set back while people work: the times of a session do not follow it.

use peerage_model::{Choice, PauseRequest, UnpauseRequest};

use super::support::{Centre, because, in_queue, of_queue};

/// As if all that has happened so far had happened an hour from now: the clock has been set back since.
fn set_back(centre: &Centre) {
    centre.exec(
        "begin;
         update peerage.agent_session set began_at = began_at + interval '1 hour', ended_at = ended_at + interval '1 hour';
         update peerage.agent_place set began_at = began_at + interval '1 hour', ended_at = ended_at + interval '1 hour';
         -- The last one first: they must not overlap at any moment.
         do $$
         declare
           one bigint;
         begin
           for one in select id from peerage.agent_state order by id desc loop
             update peerage.agent_state
             set began_at = began_at + interval '1 hour', ended_at = ended_at + interval '1 hour'
             where id = one;
           end loop;
         end
         $$;
         update peerage.agent_pause
         set paused_since = paused_since + interval '1 hour', began_at = began_at + interval '1 hour', ended_at = ended_at + interval '1 hour';
         update peerage.queue_login set began_at = began_at + interval '1 hour';
         commit",
    );
}

/// What runs backwards, or overlaps; nothing as a rule.
fn backwards(centre: &Centre) -> String {
    centre.sql(
        "select 'session ' || id from peerage.agent_session where ended_at < began_at
         union all
         select 'state ' || id
         from (
           select id, began_at, lag(ended_at) over (partition by session_id order by id) as before from peerage.agent_state
         ) as state
         where began_at <> before
         union all
         select 'session after session ' || id
         from (
           select id, began_at, lag(ended_at) over (partition by agent_id order by id) as before from peerage.agent_session
         ) as session
         where began_at < before
         union all
         select 'report ' || session from report.sessions where logged_in < '0' or logged_in <> available + paused + partly_paused
         union all
         select 'pause ' || session from report.pauses where duration < '0'",
    )
}

#[test]
fn an_agent_goes_on_working_when_the_clock_is_set_back() {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    assert!(centre.pause("1001", &because("lunch")).unwrap());
    set_back(&centre);
    assert_eq!(backwards(&centre), "");
    assert!(centre.unpause("1001", &UnpauseRequest::default()).unwrap());
    assert_eq!(centre.state("1001"), "available,");
    assert!(centre.pause("1001", &in_queue("sales", "lunch")).unwrap());
    assert!(centre.unpause("1001", &of_queue("sales")).unwrap());
    assert!(centre.pause("1001", &PauseRequest::default()).unwrap());
    assert!(centre.log_out("1001").unwrap());
    assert_eq!(backwards(&centre), "");
    // The one that ended an hour from now does not overlap the next.
    centre.log_in("1001", Choice::Internal).unwrap();
    assert_eq!(centre.state("1001"), "available,");
    assert_eq!(backwards(&centre), "");
}

#[test]
fn what_a_dba_does_goes_by_the_same_time() {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    set_back(&centre);
    centre.exec(
        "delete from peerage.queue_assignment where agent_id = (select id from peerage.agent where number = '1001')",
    );
    centre.exec("update peerage.sip_account set disabled = true where number = '1001'");
    assert_eq!(
        centre.sql("select count(*) from peerage.agent_session where ended_at is null"),
        "0"
    );
    assert_eq!(backwards(&centre), "");
}

#[test]
fn what_asterisk_writes_goes_by_the_same_time() {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    set_back(&centre);
    for paused in ["1", "0", "1"] {
        centre.exec(&format!("update asterisk.queue_members set paused = '{paused}'"));
    }
    assert!(centre.log_out("1001").unwrap());
    assert_eq!(backwards(&centre), "");
}
