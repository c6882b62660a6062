//! What answers without a sign-in.

use crate::support::Centre;

#[tokio::test(flavor = "multi_thread")]
async fn the_service_answers_while_its_call_centre_stands() {
    let centre = Centre::start().await;
    let answer = centre.nobody().get(centre.at("/no/such/page")).send().await.unwrap();
    assert_eq!(answer.status(), 404);
}
