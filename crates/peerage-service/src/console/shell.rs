//! What all pages share: layout, navigation, notices, problems, and the parts that forms and lists are made of.
//!
//! # A page
//!
//! ```ignore
//! async fn list(State(app): State<App>, PageUser(user): PageUser) -> Result<Markup, PageProblem> {
//!     let queues = app.db(|store| store.queues()).await?;           // StoreError, StateError, Invalid, Problem: all become a page
//!     let rows = queues.iter().map(|queue| vec![html! { (queue.name) }, html! { (queue.strategy) }]);
//!     Ok(page(&Page::new("Queues", &user, "/queues"), html! {
//!         (table("Queues", &["Name", "Strategy"], rows))
//!     }))
//! }
//! ```
//!
//! # A form
//!
//! [`form`] brings method, CSRF token and the script's help (`data-enhance`: sent by fetch, the answer put in place, no second
//! submission). It works without the script as well: the handler answers a success with [`done`] (303 with a notice
//! that the next page shows in `[role=status]`), a failure with the form again, what was typed in it, the problem on top
//! by [`alert`] (`[role=alert]`) and at its field by `.problem(...)`, and the problem's status.
//!
//! ```ignore
//! async fn save(State(app): State<App>, PageUser(user): PageUser, fields: Fields) -> Result<Response, PageProblem> {
//!     match try_to_save(&app, &user, &fields).await {
//!         Ok(()) => Ok(done("/queues", "Queue saved.")),
//!         Err(problem) => Ok((problem.status(), form_page(&user, &fields, Some(&problem))).into_response()),
//!     }
//! }
//! fn form_page(user: &SignedIn, fields: &Fields, problem: Option<&Problem>) -> Markup {
//!     page(&Page::new("Queue", user, "/queues"), form(user, "/queues/new", html! {
//!         (alert(problem))
//!         (Field::text("name", "Name").value(fields.text("name")).explain("As Queue() is called with it.").problem(problem).required())
//!         (Select::new("strategy", "Strategy").option("ringall", "Ring all").chosen(fields.text("strategy")))
//!         (Switch::new("ring_in_use", "Ring in use").on(fields.has("ring_in_use")))
//!         (Ordered::new("codecs", "Codecs").option("ulaw", "ulaw").option("alaw", "alaw").chosen(&fields.all("codecs")))
//!         div.actions { button.primary { "Save" } a.button href="/queues" { "Cancel" } }
//!     }))
//! }
//! ```
//!
//! [`Fields`] reads forms with repeated names; a blank field counts as none. Sections of a long form are
//! `section.card { h2 { "Voice" } ... }`; fields that belong together stand in `div.columns`. What is dangerous is
//! `button.danger`, with `data-confirm="What happens. Really?"` where it cannot be undone.
//!
//! The script asks before a page is left on which something is typed that is not saved, and asks for the password over such a page
//! when its sign-in ends. A form that orders something at once is made by [`order`]: choices in it are no work to lose.
//!
//! # Live parts
//!
//! An element with an `id` and `data-live="/some/page"` is fetched again when something changed, and what differs is put in
//! place; focus and typed text stay. The page at that address may be the whole page: the script takes the element of the same id
//! from it. `data-live-on="agents calls"` limits what counts (`agents`, `calls`, `accounts`, `settings`, `link`; default all),
//! `data-live-number="1001"` whose. `places` besides means where others are, at most every three seconds;
//! `data-live-every="20"` looks again after so many seconds whatever is told, while the page is looked at. Refreshed at most once a second. An inner element with `data-keep` is left as it is.
//! What somebody has chosen in a radio group or ticked is never changed by this: give each option a `data-key`. What can no longer be
//! chosen is withdrawn in words, and the form waits for another choice.
//! [`since`] counts by the server's clock; [`moment`] is shown in the browser's time zone.

mod choice;
mod failure;
mod field;
mod fields;
mod layout;
mod navigation;
mod notice;
mod part;
mod table;
mod time;

pub(crate) use choice::{Ordered, Select, Switch};
pub(crate) use failure::{PageProblem, alert, hint_of, problem_page};
pub(crate) use field::Field;
pub(crate) use fields::{Fields, Query};
pub(crate) use layout::{Page, page};
pub(crate) use notice::{done, notices};
pub(crate) use part::{csrf, form, order, state_badge, state_words, unreachable};
pub(crate) use table::{Pager, table};
pub(crate) use time::{duration, moment, since};
