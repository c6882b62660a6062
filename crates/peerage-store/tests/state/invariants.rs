//! What holds at every moment, whoever did what. Each query finds the rows that break a rule.

use diesel::PgConnection;

use super::support::rows;

const RULES: &[(&str, &str)] = &[
    (
        "an agent has one open session",
        "select agent_id from peerage.agent_session where ended_at is null group by agent_id having count(*) > 1",
    ),
    (
        "an interface has one open session",
        "select interface from peerage.agent_session where ended_at is null group by interface having count(*) > 1",
    ),
    (
        "an agent's sessions do not overlap",
        "select one.id, other.id
         from peerage.agent_session as one
           join peerage.agent_session as other on other.agent_id = one.agent_id and other.id > one.id
         where tstzrange(one.began_at, one.ended_at) && tstzrange(other.began_at, other.ended_at)",
    ),
    (
        "nobody rings where somebody else does, at no instant",
        "select one.id, other.id, one.interface
         from peerage.agent_place as one
           join peerage.agent_place as other on other.interface = one.interface and other.id > one.id
         where tstzrange(one.began_at, one.ended_at) && tstzrange(other.began_at, other.ended_at)",
    ),
    (
        "the places of a session follow one another without gap or overlap, from login to logout",
        "select session.id
         from peerage.agent_session as session
           left join lateral (
             select
               min(place.began_at) as began_at,
               case when bool_and(place.ended_at is not null) then max(place.ended_at) end as ended_at,
               count(*) filter (where place.next is distinct from place.ended_at) as seams
             from (
               select began_at, ended_at, lead(began_at) over (order by id) as next
               from peerage.agent_place
               where session_id = session.id
             ) as place
           ) as places on true
         where places.began_at is distinct from session.began_at
           or places.ended_at is distinct from session.ended_at
           or places.seams is distinct from (case when session.ended_at is null then 0 else 1 end)",
    ),
    (
        "the states of a session follow one another without gap or overlap, from login to logout",
        "select session.id
         from peerage.agent_session as session
           left join lateral (
             select
               min(state.began_at) as began_at,
               case when bool_and(state.ended_at is not null) then max(state.ended_at) end as ended_at,
               count(*) filter (where state.next is distinct from state.ended_at) as seams
             from (
               select began_at, ended_at, lead(began_at) over (order by id) as next
               from peerage.agent_state
               where session_id = session.id
             ) as state
           ) as states on true
         where states.began_at is distinct from session.began_at
           or states.ended_at is distinct from session.ended_at
           or states.seams is distinct from (case when session.ended_at is null then 0 else 1 end)",
    ),
    (
        "a new state is another than the one before",
        "select later.id
         from (
           select
             id,
             (state, reason) is not distinct from (
               lag(state) over (partition by session_id order by id),
               lag(reason) over (partition by session_id order by id)
             ) as same
           from peerage.agent_state
         ) as later
         where later.same",
    ),
    (
        "pauses of all queues, and of one, do not overlap",
        "select one.id, other.id
         from peerage.agent_pause as one
           join peerage.agent_pause as other on other.session_id = one.session_id
             and other.queue_id is not distinct from one.queue_id
             and other.id > one.id
         where tstzrange(one.began_at, one.ended_at) && tstzrange(other.began_at, other.ended_at)
           or (one.ended_at is null and other.ended_at is null)",
    ),
    (
        "a pause lies within its session",
        "select pause.id
         from peerage.agent_pause as pause
           join peerage.agent_session as session on session.id = pause.session_id
         where pause.began_at < session.began_at
           or coalesce(pause.ended_at, 'infinity') > coalesce(session.ended_at, 'infinity')
           or pause.paused_since < session.began_at",
    ),
    (
        "a pause of one queue is one of a queue that the session is in",
        "select pause.id
         from peerage.agent_pause as pause
         where pause.ended_at is null
           and pause.queue_id is not null
           and not exists (
             select
             from peerage.queue_login as login
             where login.session_id = pause.session_id
               and login.queue_id = pause.queue_id
           )",
    ),
    (
        "a member belongs to an open session, and is where and who it is, in a queue of that name",
        "select login.uniqueid
         from peerage.queue_login as login
           left join peerage.agent_session as session on session.id = login.session_id
           left join peerage.queue as queue on queue.id = login.queue_id
         where login.uniqueid <> 'peerage-probe'
           and (
             session.ended_at is not null
             or login.interface is distinct from session.interface
             or login.state_interface is distinct from session.interface
             or login.member_name is distinct from session.member_name
             or login.queue_name is distinct from queue.name
           )",
    ),
    (
        "a member is one of the agent's assignments",
        "select login.uniqueid
         from peerage.queue_login as login
           join peerage.agent_session as session on session.id = login.session_id
         where not exists (
           select
           from peerage.queue_assignment as assignment
           where assignment.agent_id = session.agent_id
             and assignment.queue_id = login.queue_id
         )",
    ),
    (
        "paused and reason of a member are what the open pauses say",
        "select login.uniqueid, login.paused, login.reason_paused
         from peerage.queue_login as login
           left join peerage.agent_pause as of_one on of_one.session_id = login.session_id
             and of_one.queue_id = login.queue_id
             and of_one.ended_at is null
           left join peerage.agent_pause as of_all on of_all.session_id = login.session_id
             and of_all.queue_id is null
             and of_all.ended_at is null
         where login.uniqueid <> 'peerage-probe'
           and (
             (login.paused = '1') <> (of_one.id is not null or of_all.id is not null)
             or login.reason_paused is distinct from case when of_one.id is not null then of_one.reason else of_all.reason end
           )",
    ),
    (
        "app_queue reads the member's name and pause, or wrap-up while a rest lasts",
        "select login.uniqueid, login.told_paused, login.told_reason
         from peerage.queue_login as login
         where login.uniqueid <> 'peerage-probe'
           and (
             (login.told_paused = '1') <> (login.paused = '1' or login.rests_until is not null)
             or (login.rests_until is null) <> not exists (select from peerage.queue_rest as rest where rest.uniqueid = login.uniqueid)
             or login.told_name <> peerage.wire(peerage.to_bytes(login.member_name))
             or login.rests_until is null and login.told_reason is distinct from peerage.wire(peerage.to_bytes(login.reason_paused))
           )",
    ),
    (
        "the state of an open session is what its members and pauses say",
        "select session.id, state.state, state.reason
         from peerage.agent_session as session
           left join peerage.agent_state as state on state.session_id = session.id and state.ended_at is null
           left join peerage.agent_pause as of_all on of_all.session_id = session.id
             and of_all.queue_id is null
             and of_all.ended_at is null
           left join lateral (
             select
               count(*) as members,
               count(*) filter (where login.paused = '1') as paused,
               count(distinct coalesce(login.reason_paused, '')) as reasons,
               min(login.reason_paused) as reason
             from peerage.queue_login as login
             where login.session_id = session.id
           ) as members on true
         where session.ended_at is null
           and (state.state, state.reason) is distinct from (
             case
               when of_all.id is not null then 'paused'
               when members.paused = 0 then 'available'
               when members.paused < members.members then 'partly_paused'
               else 'paused'
             end,
             case
               when of_all.id is not null then of_all.reason
               when members.paused = 0 or members.paused < members.members then null
               when members.reasons = 1 then members.reason
             end
           )",
    ),
    (
        "of an ended session nothing is open",
        "select session.id
         from peerage.agent_session as session
         where session.ended_at is not null
           and (
             exists (select from peerage.agent_place as one where one.session_id = session.id and one.ended_at is null)
             or exists (select from peerage.agent_state as one where one.session_id = session.id and one.ended_at is null)
             or exists (select from peerage.agent_pause as one where one.session_id = session.id and one.ended_at is null)
             or exists (select from peerage.agent_request as one where one.session_id = session.id and one.ended_at is null)
             or exists (select from peerage.queue_login as one where one.session_id = session.id)
           )",
    ),
    (
        "the open place of a session is its interface",
        "select session.id
         from peerage.agent_session as session
           left join peerage.agent_place as place on place.session_id = session.id and place.ended_at is null
         where session.ended_at is null
           and (place.interface, place.interface_kind, place.phone_number)
             is distinct from (session.interface, session.interface_kind, session.phone_number)",
    ),
    (
        "nobody is at work whose account is gone or disabled, or on a telephone of which that is true",
        "select session.id
         from peerage.agent_session as session
           left join peerage.agent as agent on agent.id = session.agent_id and agent.removed_at is null
           left join peerage.sip_account as account on account.id = agent.account_id
           left join peerage.sip_account as rung on 'PJSIP/' || rung.number = session.interface
         where session.ended_at is null
           and (account.disabled is not false or (session.interface like 'PJSIP/%' and rung.disabled is not false))",
    ),
    (
        "a session is logged once when it begins, and once when it ends",
        "select member_name
         from peerage.agent_session
         group by member_name
         having (count(*), count(ended_at)) <> (
           select
             count(*) filter (where event = 'AGENTCALLBACKLOGIN'),
             count(*) filter (where event = 'AGENTCALLBACKLOGOFF')
           from peerage.queue_log
           where agent = member_name
         )",
    ),
    (
        "nobody was ever sacrificed to a deadlock",
        "select deadlocks from pg_stat_database where datname = current_database() and deadlocks > 0",
    ),
    (
        "what a session's time was spent on adds up to the time",
        "select session from report.sessions where logged_in <> available + paused + partly_paused",
    ),
];

/// Panics with the rule and the rows that break it.
#[track_caller]
pub(super) fn hold(connection: &mut PgConnection) {
    if let Err(broken) = check(connection) {
        panic!("{broken}");
    }
}

/// The first rule that is broken, with the rows that break it.
pub(super) fn check(connection: &mut PgConnection) -> Result<(), String> {
    for (rule, query) in RULES {
        let broken = rows(connection, query);
        if !broken.is_empty() {
            return Err(format!("broken: {rule}:\n{broken}"));
        }
    }
    Ok(())
}

/// Each rule can be broken, and is then told.
#[test]
fn a_broken_rule_is_found() {
    use super::support::Centre;
    use peerage_model::Choice;

    for (rule, harm) in [
        (
            "the states",
            "update peerage.agent_state set began_at = began_at + interval '1 microsecond'",
        ),
        (
            "the places",
            "update peerage.agent_place set began_at = began_at + interval '1 microsecond'",
        ),
        ("paused and reason", "update peerage.queue_login set paused = '1'"),
        (
            "the state of an open session",
            "update peerage.agent_state set state = 'paused'",
        ),
        (
            "a member belongs",
            "update peerage.queue_login set interface = 'PJSIP/1'",
        ),
        ("the open place", "update peerage.agent_place set interface = 'PJSIP/1'"),
        ("nobody is at work", "update peerage.sip_account set disabled = true"),
        ("a session is logged once", "delete from peerage.queue_log"),
        (
            "nobody rings where",
            "insert into peerage.agent_place (session_id, interface_kind, interface, actor, began_at, ended_at)
             select id, interface_kind, interface, begun_by, began_at - interval '1 day', began_at + interval '1 day'
             from peerage.agent_session
             where agent_number = '1001'",
        ),
    ] {
        let centre = Centre::new();
        centre.log_in("1001", Choice::Internal).unwrap();
        centre.with(hold);
        // The constraints would not let some of it in.
        centre.exec("alter table peerage.agent_place drop constraint agent_place_session_id_during_excl");
        centre.exec(&format!("set session_replication_role = replica; {harm}"));
        let told = centre.with(check).unwrap_err();
        assert!(told.starts_with(&format!("broken: {rule}")), "{told}");
    }
}
