//! The interface for programs, as a program uses it.

use std::time::{Duration, Instant};

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use crate::support::{Centre, Who, bearer};

/// Somebody who asks in JSON.
pub(crate) struct Api<'a> {
    centre: &'a Centre,
    pub(crate) client: Client,
    /// Shown with what changes something; a program needs none.
    pub(crate) csrf: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) json: Value,
}

impl<'a> Api<'a> {
    /// Nobody.
    pub(crate) fn nobody(centre: &'a Centre) -> Self {
        Self {
            centre,
            client: centre.nobody(),
            csrf: None,
        }
    }

    /// A program of this person.
    pub(crate) fn program(centre: &'a Centre, who: Who) -> Self {
        Self::with_token(centre, &who.token())
    }

    /// A program with this token.
    pub(crate) fn with_token(centre: &'a Centre, token: &str) -> Self {
        Self {
            client: bearer(token),
            ..Self::nobody(centre)
        }
    }

    /// A browser in which this person signed in, by way of the interface.
    pub(crate) async fn browser(centre: &'a Centre, who: Who) -> Self {
        let mut api = Self::nobody(centre);
        let answer = api.sign_in(who.username(), crate::support::PASSWORD).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        api.csrf = Some(answer.text("/csrf").to_owned());
        api
    }

    pub(crate) async fn sign_in(&self, username: &str, password: &str) -> Answer {
        let body = json!({ "username": username, "password": password });
        self.post("/api/v1/sign-in", body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).json(&body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PUT, path).json(&body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PATCH, path).json(&body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// A request to a path, with what this person shows.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, self.centre.at(path));
        match &self.csrf {
            Some(csrf) => request.header("x-csrf-token", csrf),
            None => request,
        }
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Answer {
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        let json = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        };
        Answer { status, json }
    }
}

/// Asks until it is so; the service is given time for what it does by itself.
pub(crate) async fn until(api: &Api<'_>, path: &str, is_so: impl Fn(&Answer) -> bool) -> Answer {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let answer = api.get(path).await;
        if is_so(&answer) {
            return answer;
        }
        assert!(Instant::now() < deadline, "{answer:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

impl Answer {
    /// What stands at a JSON pointer.
    pub(crate) fn at(&self, pointer: &str) -> &Value {
        self.json.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// The text there.
    #[track_caller]
    pub(crate) fn text(&self, pointer: &str) -> &str {
        self.at(pointer)
            .as_str()
            .unwrap_or_else(|| panic!("{pointer} is no text: {self:?}"))
    }

    /// It went well.
    #[track_caller]
    pub(crate) fn well(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// It was refused, with this code; gives the message.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) -> &str {
        assert_eq!((self.status, self.text("/code")), (status, code), "{self:?}");
        self.text("/message")
    }
}
