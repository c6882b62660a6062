//! Whoever has an agent's password does not choose whom the trunk calls.

use peerage_model::{Actor, ActorRole, Choice, LoginRequest};
use peerage_store::{NewAgent, Store};
use peerage_testkit::db::TestDb;

#[test]
fn an_agent_does_not_choose_whom_the_trunk_calls() {
    let db = TestDb::new();
    let store = Store::open(&db.url().parse().unwrap(), peerage_store::Actor::new("test").unwrap()).unwrap();
    let number = "1001".parse().unwrap();
    let agent = NewAgent::new("1001".parse().unwrap(), "Ada King".parse().unwrap());
    store
        .add_agent(&agent, &"correct-horse-battery".parse().unwrap())
        .unwrap();
    let own = Actor::new("ada", ActorRole::Agent("1001".parse().unwrap()));
    let premium = || Some("+4490099".parse().unwrap());

    assert!(store.set_numbers(&number, None, premium(), &own).is_err());
    // Permitted to edit the numbers, the agent is still bound by the site's rule, and so is everybody else.
    db.psql("update peerage.agent set may_edit_own_numbers = true");
    assert!(store.set_numbers(&number, None, premium(), &own).is_err());
    assert!(store.set_numbers(&number, premium(), None, &own).is_err());
    let admin = Actor::new("root", ActorRole::Admin);
    assert!(store.set_numbers(&number, None, premium(), &admin).is_err());
    assert!(db.try_psql("update peerage.agent set mobile = '+4490099'").is_err());

    // A number from before the rule is not dialled.
    db.psql(
        "set session_replication_role = replica;
        update peerage.agent set mobile = '+4490099'",
    );
    let request = LoginRequest {
        choice: Some(Choice::Mobile),
        ..LoginRequest::default()
    };
    assert!(store.log_in(&number, &request, &own).is_err());
    assert_eq!(db.psql("select count(*) from peerage.agent_session"), "0");
}
