//! What is not there, in the words of each face.

use reqwest::Method;

use crate::api::Api;
use crate::browser::Browser;
use crate::support::{Centre, Who};

#[tokio::test(flavor = "multi_thread")]
async fn unknown_name_is_answered_in_the_words_of_the_face() {
    let centre = Centre::start().await;
    let admin = Api::program(&centre, Who::Admin);
    let ann = Browser::of(&centre, Who::Admin).await;
    for (endpoint, page, name, list) in [
        ("agents", "agents", "9999", "the list of agents"),
        ("phones", "telephones", "9999", "the list of phones"),
        ("queues", "queues", "nosuch", "the list of queues"),
        ("pause-reasons", "reasons", "nosuch", "the list of pause reasons"),
        ("sites", "sites", "nosuch", "the list of sites"),
        ("nodes", "nodes", "nosuch", "the list of nodes"),
        ("users", "users", "nosuch", "the list of users"),
    ] {
        // Nothing reads one pause reason.
        let method = match endpoint {
            "pause-reasons" => Method::DELETE,
            _ => Method::GET,
        };
        let request = admin.request(method, &format!("/api/v1/{endpoint}/{name}"));
        let answer = admin.send(request).await;
        answer.refused(404, "not_found");
        assert_eq!(
            answer.text("/hint"),
            format!("`GET /api/v1/{endpoint}` lists those there are")
        );
        let shown = ann.get(&format!("/admin/{page}/{name}")).await;
        assert_eq!(shown.status, 404, "{}", shown.text);
        shown.shows(list).hides("peerage ").hides("/api/");
    }
}
