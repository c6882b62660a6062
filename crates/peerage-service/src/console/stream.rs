//! `/events`: what an open page hears, for as long as it is open.

use std::collections::HashSet;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream::unfold;
use peerage_model::{Number, QueueName, Role};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio::time::Instant;

use super::agent::attend;
use crate::app::App;
use crate::auth::{Means, SignedIn};
use crate::memory::{OpenPage, Present, To, Told, Which, Whose};
use crate::problem::Problem;

/// How long a supervisor's page may use a cached list of the agents in the supervisor's queues.
const SCOPE_HOLDS: Duration = Duration::from_secs(60);

pub(super) fn routes() -> Router<App> {
    Router::new().route("/events", get(events))
}

/// Whose changes a page hears of.
enum Scope {
    Everybody,
    /// A supervisor's, as of then.
    Of(Vec<QueueName>, HashSet<Number>, Instant),
    Own(Number),
    Nobody,
}

/// How long a program's stream lasts: then it shows its token again, which may have been removed.
const PROGRAMS: Duration = Duration::from_secs(300);

/// When to try again whoever has too many streams.
const REOPEN: Duration = Duration::from_secs(10);

/// A stream, as long as it lasts.
struct Stream {
    app: App,
    scope: Scope,
    /// The browser's session; none for a program.
    session: Option<i64>,
    told: Receiver<Told>,
    first: Option<Bytes>,
    ended: bool,
    /// When a program's stream ends.
    until: Option<Instant>,
    // Dropped with the stream.
    _open: Option<OpenPage>,
    _present: Option<Present>,
    _counted: Box<dyn Send + Sync>,
}

async fn events(State(app): State<App>, user: SignedIn, headers: HeaderMap) -> Result<Response, Problem> {
    if let Means::Token { .. } = user.means {
        return Err(Problem::not_permitted(
            "this stream is for console pages; API clients use `/api/v1/events`",
        ));
    }
    open(app, user, &headers).await
}

/// The stream of changes that concern this person. A page that hears it is present for its agent; a program is not.
pub(crate) async fn open(app: App, user: SignedIn, headers: &HeaderMap) -> Result<Response, Problem> {
    let address = user.address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let counted = app
        .traffic()
        .stream(&user.allowance(), address)
        .map_err(|(whose, most)| {
            let whose = match whose {
                Whose::User => "this user",
                Whose::Address => "this address",
            };
            Problem::too_many(
                format!("{whose} already has {most} event streams open, the maximum"),
                REOPEN,
            )
            .hint("close one; a page needs only one stream")
        })?;
    // From here on nothing is missed: what changes while the rest is prepared waits in the receiver.
    let told = app.events().hear();
    let session = match user.means {
        Means::Cookie { session, .. } => Some(session),
        Means::Token { .. } => None,
    };
    let page = session.map(|session| app.events().enter(session));
    let present = match (&page, user.agent.clone()) {
        (Some(_), Some(agent)) => Some(app.presence().enter(agent)),
        _ => None,
    };
    if page.is_some() {
        // A session that was begun elsewhere is adopted.
        attend(&app, &user).await;
    }
    let level = match user.agent.clone() {
        Some(agent) => Some(app.db(move |store| store.agent(&agent)).await?.profile.client_log_level),
        None => None,
    };
    let scope = match (user.role, user.agent) {
        (Role::Admin, _) => Scope::Everybody,
        (Role::Supervisor, _) => scope_of(&app, user.queues).await?,
        (Role::Agent, Some(agent)) => Scope::Own(agent),
        (Role::Agent, None) => Scope::Nobody,
    };
    let last = headers.get("last-event-id").and_then(|last| last.to_str().ok());
    let stream = Stream {
        first: Some(app.events().hello(last, level.as_ref().map(|level| level.as_str()))),
        app,
        scope,
        session,
        told,
        ended: false,
        until: session.is_none().then(|| Instant::now() + PROGRAMS),
        _open: page,
        _present: present,
        _counted: Box::new(counted),
    };
    let body = Body::from_stream(unfold(stream, |mut stream| async {
        let bytes = stream.next().await?;
        Some((Ok::<_, Infallible>(bytes), stream))
    }));
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // Proxies that gather answers would hold the stream back.
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, body).into_response())
}

async fn scope_of(app: &App, queues: Vec<QueueName>) -> Result<Scope, Problem> {
    let asked = queues.clone();
    let agents = app.db(move |store| store.agents_of_queues(&asked)).await?;
    Ok(Scope::Of(queues, agents.into_iter().collect(), Instant::now()))
}

impl Stream {
    /// The next message for this page; none when the stream ends.
    async fn next(&mut self) -> Option<Bytes> {
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        if self.ended || self.until.is_some_and(|until| until <= Instant::now()) {
            return None;
        }
        loop {
            let told = tokio::select! {
                told = self.told.recv() => told,
                () = self.app.stopped() => return None,
            };
            match told {
                Ok(told) => {
                    if let Some(bytes) = self.mine(told).await {
                        return Some(bytes);
                    }
                }
                Err(RecvError::Lagged(_)) => return Some(self.app.events().missed()),
                Err(RecvError::Closed) => return None,
            }
        }
    }

    /// The message as this page gets it, if it concerns it.
    async fn mine(&mut self, told: Told) -> Option<Bytes> {
        match &told.to {
            To::All => Some(told.full),
            To::Ended(session) => {
                self.ended = Some(*session) == self.session;
                self.ended.then_some(told.full)
            }
            To::Queue(queue) => match &self.scope {
                Scope::Everybody => Some(told.full),
                Scope::Of(queues, ..) => queues.contains(queue).then_some(told.full),
                Scope::Own(_) | Scope::Nobody => None,
            },
            To::Agents(which) => {
                self.renew_scope().await;
                match &self.scope {
                    Scope::Everybody => Some(told.full),
                    Scope::Of(_, agents, _) => match which {
                        Which::All => Some(told.plain),
                        Which::These(numbers) => {
                            let all = numbers.iter().all(|number| agents.contains(number));
                            let some = numbers.iter().any(|number| agents.contains(number));
                            // Numbers of others are not a supervisor's to see.
                            some.then_some(if all { told.full } else { told.plain })
                        }
                    },
                    Scope::Own(number) => which.includes(number).then_some(told.plain),
                    Scope::Nobody => None,
                }
            }
        }
    }

    /// Whom a supervisor watches changes with assignments: now and then it is asked again.
    async fn renew_scope(&mut self) {
        let Scope::Of(queues, _, asked) = &self.scope else {
            return;
        };
        if asked.elapsed() < SCOPE_HOLDS {
            return;
        }
        match scope_of(&self.app, queues.clone()).await {
            Ok(scope) => self.scope = scope,
            Err(problem) => tracing::debug!(problem.message, "a supervisor's agents stay as they were"),
        }
    }
}
