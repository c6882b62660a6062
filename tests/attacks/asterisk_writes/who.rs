//! Which node writes is said by its login, and by nothing that it may set.

use super::node::{Node, contact, database};

const REGISTERED: &str = "update sippeers set ipaddr = '127.0.0.9', fullcontact = 'sip:1001@127.0.0.9:5060', lastms = '0', useragent = 'phone',
  defaultuser = '1001', regseconds = (extract(epoch from now())::bigint + 600)::text, port = '5060' where name = '1001';";
const GONE: &str = "update sippeers set fullcontact = '', lastms = '0', useragent = '', regserver = '', regseconds = '0', port = '0', ipaddr = ''
  where name = '1001';";

#[test]
fn a_node_writes_under_its_own_name_whatever_its_connection_calls_itself() {
    let db = database();
    let [one, other] = ["pbx1", "pbx2"].map(|name| Node::new(&db, name));
    let forged = "set application_name = 'pbx1'; set peerage.actor = 'console:ada'; set peerage.node = 'pbx1';";
    other.says(&format!("{forged} {}", contact("1001", &[]))).unwrap();
    assert_eq!(db.psql("select node from peerage.sip_contact"), "pbx2");
    other
        .says(&format!(
            "{forged} update ps_contacts set expiration_time = expiration_time + 1;"
        ))
        .unwrap();
    assert_eq!(db.psql("select node from peerage.sip_contact"), "pbx2");
    other
        .says(&format!("{forged} insert into queue_log (event) values ('PAUSE');"))
        .unwrap();
    assert_eq!(db.psql("select node from peerage.queue_log"), "pbx2");

    // Only the node that registered a chan_sip phone ends that.
    one.says(REGISTERED).unwrap();
    other.says(&format!("{forged} {GONE}")).unwrap();
    let holder = "select node, fullcontact is not null from peerage.sip_peer where number = '1001'";
    assert_eq!(db.psql(holder), "pbx1|t");
    one.says(&format!("set application_name = 'pbx2'; {GONE}")).unwrap();
    assert_eq!(db.psql(holder), "pbx1|f");
}

#[test]
fn a_pause_is_the_nodes_whose_login_wrote_it() {
    let db = database();
    db.psql(
        "begin;
         update peerage.agent set full_name = 'Ada King' where number = '1001';
         insert into peerage.queue (name) values ('sales');
         insert into peerage.agent_session (agent_id, agent_number, interface_kind, interface, state_interface, member_name, begun_by, began_at)
         select id, number, 'internal', 'PJSIP/1001', 'PJSIP/1001', full_name, 'ada', clock_timestamp() from peerage.agent where number = '1001';
         insert into peerage.agent_place (session_id, interface_kind, interface, actor, began_at)
         select id, interface_kind, interface, 'ada', began_at from peerage.agent_session;
         insert into peerage.agent_state (session_id, state, began_at) select id, 'available', began_at from peerage.agent_session;
         insert into peerage.queue_login (uniqueid, queue_name, interface, member_name, state_interface, session_id, queue_id, began_at)
         select gen_random_uuid()::text, queue.name, session.interface, session.member_name, session.interface, session.id, queue.id, session.began_at
         from peerage.queue, peerage.agent_session as session;
         commit;",
    );
    let node = Node::new(&db, "pbx2");
    node.says(
        "set application_name = 'pbx1'; set peerage.actor = 'agent:1001';
         update queue_members set reason_paused = 'lunch', paused = '1' where queue_name = 'sales';",
    )
    .unwrap();
    assert_eq!(db.psql("select actor from peerage.agent_pause"), "asterisk:pbx2");
    assert_eq!(db.psql("select node from peerage.pause_seen"), "pbx2");
    node.is_refused(
        "update queue_members set paused = 'perhaps' where queue_name = 'sales'",
        "queue_login_paused_check",
    );
    node.is_refused(
        "update queue_members set ringinuse = repeat('x', 1000000) where queue_name = 'sales'",
        "queue_login_ring_in_use_check",
    );
}

#[test]
fn a_node_of_another_name_or_login_keeps_what_it_registered() {
    let db = database();
    let node = Node::new(&db, "pbx1");
    node.says(&contact("1001", &[])).unwrap();
    node.says(REGISTERED).unwrap();
    db.psql("update peerage.node set name = 'milan' where name = 'pbx1'");
    let nodes =
        "select (select node from peerage.sip_contact), (select node from peerage.sip_peer where number = '1001')";
    assert_eq!(db.psql(nodes), "milan|milan");
    // Another login for the same node: it may end what the node registered.
    let anew = Node::new(&db, "milan");
    assert_ne!(anew.login.user, node.login.user);
    node.says(GONE).unwrap();
    assert_eq!(
        db.psql("select count(*) from peerage.sip_peer where fullcontact is not null"),
        "1"
    );
    anew.says(GONE).unwrap();
    assert_eq!(
        db.psql("select count(*) from peerage.sip_peer where fullcontact is not null"),
        "0"
    );
}

#[test]
fn who_is_no_node_is_called_what_it_is() {
    let db = database();
    let who = db.psql("select session_user");
    db.psql(&format!(
        "set application_name = 'pbx1'; set search_path = asterisk; {}",
        contact("1001", &[])
    ));
    assert_eq!(db.psql("select node from peerage.sip_contact"), who);
    assert_eq!(
        db.psql("set application_name = 'pbx1'; select peerage.actor()"),
        format!("{who} (pbx1)")
    );
}
