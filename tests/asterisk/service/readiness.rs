//! What the service says of a node that cannot work, while its Manager interface answers as ever.

use peerage_testkit::asterisk::Version;

use super::stage::Stage;

#[test]
fn a_node_with_a_wrong_password_is_named_as_one_that_reads_nothing() {
    let stage = Stage::start(Version::V22);
    let node = stage.centre.node.clone();
    let ready = || stage.get("/health/ready").unwrap();
    let login = stage
        .centre
        .sql(&format!("select login from peerage.node where name = '{node}'"));
    stage.centre.sql(&format!("alter role {login} password 'another one'"));
    stage.centre.sql(&format!(
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = '{login}'"
    ));
    stage.centre.wait("the node is named", || {
        let said = ready();
        said.contains("not connected to the database") && said.contains(&format!("peerage node password {node}"))
    });
    assert!(ready().starts_with("HTTP/1.1 200"), "{}", ready());
}
