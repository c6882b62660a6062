//! A browser without a script: it gets pages, and sends their forms with the CSRF token that stands in them.

use peerage_store::NewLogin;
use reqwest::header::HeaderMap;
use reqwest::{Client, Response, StatusCode};

use crate::support::{Centre, PASSWORD, Who};

/// A browser in which somebody is signed in.
pub(crate) struct Browser<'a> {
    centre: &'a Centre,
    pub(crate) client: Client,
    pub(crate) csrf: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl<'a> Browser<'a> {
    /// Somebody of the call centre signs in.
    pub(crate) async fn of(centre: &'a Centre, who: Who) -> Self {
        Self::with(centre, centre.browser(who).await).await
    }

    /// Cy, the agent with hot desk, gets a user and signs in.
    pub(crate) async fn of_cy(centre: &'a Centre) -> Self {
        let store = centre.store.clone();
        let new = NewLogin {
            username: "cy".parse().unwrap(),
            role: "agent".parse().unwrap(),
            agent: Some("1003".parse().unwrap()),
        };
        tokio::task::spawn_blocking(move || store.add_login(&new, None))
            .await
            .unwrap()
            .unwrap();
        centre.db.psql(
            "update peerage.login_account
             set password_hash = (select password_hash from peerage.login_account where username = 'ann')
             where username = 'cy'",
        );
        let client = centre.nobody();
        let form = [("username", "cy"), ("password", PASSWORD)];
        let answer = client.post(centre.at("/sign-in")).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), 303);
        Self::with(centre, client).await
    }

    async fn with(centre: &'a Centre, client: Client) -> Self {
        let text = client
            .get(centre.at("/password"))
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        let csrf = csrf_in(&text);
        Self { centre, client, csrf }
    }

    pub(crate) async fn get(&self, path: &str) -> Seen {
        Seen::of(self.client.get(self.centre.at(path)).send().await.unwrap()).await
    }

    /// Sends a form.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let form: Vec<(&str, &str)> = std::iter::once(("csrf", self.csrf.as_str()))
            .chain(fields.iter().copied())
            .collect();
        Seen::of(self.client.post(self.centre.at(path)).form(&form).send().await.unwrap()).await
    }

    /// Sends a form that succeeds, and gets the page it leads to.
    pub(crate) async fn does(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let sent = self.post(path, fields).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        self.get(&sent.location()).await
    }
}

impl Seen {
    pub(crate) async fn of(answer: Response) -> Self {
        Self {
            status: answer.status(),
            headers: answer.headers().clone(),
            text: answer.text().await.unwrap(),
        }
    }

    pub(crate) fn location(&self) -> String {
        self.headers["location"].to_str().unwrap().to_owned()
    }

    /// Asserts that the page shows these words.
    pub(crate) fn shows(&self, words: &str) -> &Self {
        assert!(self.text.contains(words), "`{words}` is not in\n{}", self.text);
        self
    }

    pub(crate) fn hides(&self, words: &str) -> &Self {
        assert!(!self.text.contains(words), "`{words}` is in\n{}", self.text);
        self
    }

    /// The state that the page shows.
    pub(crate) fn state(&self) -> &str {
        let (_, rest) = self.text.split_once("id=\"state\"").expect("a state");
        let (_, rest) = rest.split_once("data-state=\"").unwrap();
        rest.split('"').next().unwrap()
    }
}

/// The token in a page's forms.
pub(crate) fn csrf_in(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"csrf\" value=\"").expect("a form with a token");
    rest.split('"').next().unwrap().to_owned()
}
