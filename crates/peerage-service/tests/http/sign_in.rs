//! Signing in and out, cookies, forged forms, what every page is sent with.

use crate::browser::{Browser, Seen};
use crate::support::{Centre, PASSWORD, Who};

const NEW: &str = "another-horse-and-battery";

async fn try_sign_in(centre: &Centre, username: &str, password: &str) -> Seen {
    let form = [("username", username), ("password", password)];
    Seen::of(
        centre
            .nobody()
            .post(centre.at("/sign-in"))
            .form(&form)
            .send()
            .await
            .unwrap(),
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_is_led_to_sign_in_and_from_there_to_where_one_wanted() {
    let centre = Centre::start().await;
    let nobody = centre.nobody();
    let answer = Seen::of(
        nobody
            .get(centre.at("/agent/history?day=2026-01-02"))
            .send()
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(answer.status, 303);
    let sign_in = answer.location();
    let page = Seen::of(nobody.get(centre.at(&sign_in)).send().await.unwrap()).await;
    assert_eq!(page.status, 200);
    page.shows("name=\"next\" value=\"/agent/history?day=2026-01-02\"");
    let form = [
        ("username", "ada"),
        ("password", PASSWORD),
        ("next", "/agent/history?day=2026-01-02"),
    ];
    let answer = Seen::of(nobody.post(centre.at("/sign-in")).form(&form).send().await.unwrap()).await;
    assert_eq!(answer.location(), "/agent/history?day=2026-01-02");
    // To another site it never leads.
    let form = [("username", "ada"), ("password", PASSWORD), ("next", "//evil.example/")];
    let answer = Seen::of(
        centre
            .nobody()
            .post(centre.at("/sign-in"))
            .form(&form)
            .send()
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(answer.location(), "/agent");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_has_a_place_of_its_own_and_ways_from_there() {
    let centre = Centre::start().await;
    for (who, home, way) in [
        (Who::Admin, "/board", "/client-logs"),
        (Who::Sue, "/board", "/board"),
        (Who::Ada, "/agent", "/agent/history"),
    ] {
        let browser = Browser::of(&centre, who).await;
        assert_eq!(browser.get("/").await.location(), home, "{who:?}");
        let page = browser.get("/password").await;
        page.shows(&format!("<a href=\"{way}\""));
        if who != Who::Admin {
            page.hides("href=\"/agents\"");
        }
    }
    let answer = centre.nobody().get(centre.at("/")).send().await.unwrap();
    assert_eq!(answer.headers()["location"], "/sign-in");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_said_in_words_and_after_five_even_the_right_one_waits() {
    let centre = Centre::start().await;
    let page = try_sign_in(&centre, "ada", "guess").await;
    assert_eq!(page.status, 401);
    page.shows("role=\"alert\"")
        .shows("User name or password is wrong.")
        .shows("value=\"ada\"");
    page.hides("guess");
    for _ in 0..4 {
        try_sign_in(&centre, "ada", "guess").await;
    }
    let page = try_sign_in(&centre, "ada", PASSWORD).await;
    assert_eq!(page.status, 429);
    assert!(page.headers.contains_key("retry-after"));
    page.shows("Too many sign-ins have failed");
    // Others are not touched by it.
    assert_eq!(try_sign_in(&centre, "bob", PASSWORD).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    for https in [false, true] {
        let centre = Centre::start_with(|settings| settings.https = https).await;
        let answer = try_sign_in(&centre, "ada", PASSWORD).await;
        let cookies: Vec<String> = answer
            .headers
            .get_all("set-cookie")
            .iter()
            .map(|value| value.to_str().unwrap().to_owned())
            .collect();
        assert!(!cookies.is_empty());
        for cookie in cookies {
            assert!(
                cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
                "{cookie}"
            );
            assert!(cookie.contains("Path=/"), "{cookie}");
            assert_eq!(cookie.contains("Secure"), https, "{cookie}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_sent_with_a_policy_that_lets_nothing_in_and_is_kept_nowhere() {
    let centre = Centre::start().await;
    let ada = Browser::of(&centre, Who::Ada).await;
    for path in [
        "/agent",
        "/agent/history",
        "/agent/numbers",
        "/password",
        "/no/such/page",
    ] {
        let page = ada.get(path).await;
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(page.headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(page.headers["cache-control"], "no-store", "{path}");
        page.hides("<style").hides(" style=").hides(" onclick=");
    }
    let page = Seen::of(centre.nobody().get(centre.at("/sign-in")).send().await.unwrap()).await;
    assert!(page.headers.contains_key("content-security-policy"));
    let (_, rest) = page.text.split_once("<script src=\"").unwrap();
    let script = rest.split('"').next().unwrap();
    let script = Seen::of(centre.nobody().get(centre.at(script)).send().await.unwrap()).await;
    assert!(script.headers["cache-control"].to_str().unwrap().contains("immutable"));
    assert!(
        script.headers["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/javascript")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_the_token_of_this_browser_changes_nothing() {
    let centre = Centre::start().await;
    let ada = Browser::of(&centre, Who::Ada).await;
    let bob = Browser::of(&centre, Who::Bob).await;
    for token in [None, Some(""), Some(bob.csrf.as_str())] {
        let fields: Vec<(&str, &str)> = token
            .map(|token| ("csrf", token))
            .into_iter()
            .chain([("interface", "internal")])
            .collect();
        let answer = ada
            .client
            .post(centre.at("/agent/log-in"))
            .header("accept", "text/html")
            .form(&fields)
            .send()
            .await
            .unwrap();
        let page = Seen::of(answer).await;
        assert_eq!(page.status, 403, "{token:?}");
        page.shows("<html").shows("Reload the page");
    }
    ada.get("/agent").await.shows("Where should your calls ring?");
    assert_eq!(
        ada.does("/agent/log-in", &[("interface", "internal")]).await.state(),
        "unreachable"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_older_browser_of_an_agent_is_told_that_another_signed_in() {
    let centre = Centre::start().await;
    let first = Browser::of(&centre, Who::Ada).await;
    first.does("/agent/log-in", &[("interface", "internal")]).await;
    let second = Browser::of(&centre, Who::Ada).await;
    let answer = first.get("/agent").await;
    assert_eq!(answer.status, 303);
    // The page's script may be led there before the person is, and may send the person there twice.
    for _ in 0..2 {
        first
            .get(&answer.location())
            .await
            .shows("because you signed in with another browser");
    }
    // Who signs in again goes on where the agent is: the session was not ended by any of this.
    assert_eq!(second.get("/agent").await.state(), "unreachable");
    // An ended sign-in is no obstacle to the next.
    let form = [("username", "ada"), ("password", PASSWORD)];
    let answer = first
        .client
        .post(centre.at("/sign-in"))
        .form(&form)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 303);
    let answer = second.get("/agent").await;
    second
        .get(&answer.location())
        .await
        .shows("because you signed in with another browser");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_out_is_out_and_an_agent_at_work_is_asked_first() {
    let centre = Centre::start().await;
    let ada = Browser::of(&centre, Who::Ada).await;
    ada.does("/agent/log-in", &[("interface", "internal")]).await;
    ada.does("/sign-out", &[]).await.shows("You are still taking calls");
    assert_eq!(ada.get("/agent").await.status, 200);
    let page = ada.does("/sign-out", &[("then", "only")]).await;
    page.shows("role=\"status\"")
        .shows("but still logged in to your queues");
    assert_eq!(ada.get("/agent").await.status, 303);
    // The notice is shown once.
    ada.get("/sign-in").await.hides("still logged in");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_changed_by_whoever_knows_it() {
    let centre = Centre::start().await;
    let ada = Browser::of(&centre, Who::Ada).await;
    let wrong = [("old", "guess"), ("new", NEW), ("again", NEW)];
    let page = ada.post("/password", &wrong).await;
    assert_eq!(page.status, 422);
    page.shows("id=\"field-old-error\"").hides(NEW);
    let differs = [("old", PASSWORD), ("new", NEW), ("again", "x")];
    ada.post("/password", &differs).await.shows("id=\"field-again-error\"");
    let right = [("old", PASSWORD), ("new", NEW), ("again", NEW)];
    ada.does("/password", &right).await.shows("Your password is changed");
    assert_eq!(try_sign_in(&centre, "ada", PASSWORD).await.status, 401);
    assert_eq!(try_sign_in(&centre, "ada", NEW).await.status, 303);
}
