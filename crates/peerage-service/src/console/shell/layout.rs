//! The frame around every page.

use jiff::Timestamp;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::navigation::{entries, name_of};
use super::{csrf, notice};
use crate::auth::SignedIn;
use crate::console::assets;

/// What the frame needs to know of a page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page<'a> {
    /// Its heading.
    title: &'a str,
    /// Who looks at it; none before sign-in.
    user: Option<&'a SignedIn>,
    /// The navigation's entry that it belongs to, by its path.
    active: &'a str,
    /// Whether the heading is shown; it is read out in any case.
    heading: bool,
}

impl<'a> Page<'a> {
    /// A page for somebody who is signed in.
    pub(crate) fn new(title: &'a str, user: &'a SignedIn, active: &'a str) -> Self {
        Self {
            title,
            user: Some(user),
            active,
            heading: true,
        }
    }

    /// A page for anybody.
    pub(crate) fn open(title: &'a str) -> Self {
        Self {
            title,
            user: None,
            active: "",
            heading: true,
        }
    }

    /// Leaves the heading to those who hear the page.
    pub(crate) fn without_heading(mut self) -> Self {
        self.heading = false;
        self
    }
}

/// The whole page.
pub(crate) fn page(page: &Page<'_>, body: Markup) -> Markup {
    let heading = if page.heading { "" } else { "unseen" };
    html! {
        (DOCTYPE)
        html lang="en" data-now=(Timestamp::now()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (page.title) " · Peerage" }
                link rel="icon" href="data:,";
                link rel="stylesheet" href=(assets::stylesheet());
                script src=(assets::script()) defer {}
            }
            body data-events=[page.user.map(|_| "/events")] data-event=[notice::event()] data-csrf=[page.user.map(SignedIn::csrf)] {
                a.skip href="#main" { "Skip to content" }
                (header(page))
                div #connection role="alert" {}
                div.frame {
                    @if let Some(user) = page.user { (side(user, page.active)) }
                    main #main tabindex="-1" {
                        (notice::shown())
                        h1 class=(heading) { (page.title) }
                        (PreEscaped(body.into_string()))
                        p #zone.small.soft {}
                    }
                }
            }
        }
    }
}

fn header(page: &Page<'_>) -> Markup {
    html! {
        header.top {
            a.brand href="/" { "Peerage" }
            @if let Some(user) = page.user {
                div.who {
                    a href="/password" title="Change password" { (name_of(user)) }
                    form method="post" action="/sign-out" {
                        (csrf(user))
                        button.quiet type="submit" { "Sign out" }
                    }
                }
            }
        }
    }
}

fn side(user: &SignedIn, active: &str) -> Markup {
    html! {
        nav.side aria-label="Main" {
            ul {
                @for entry in entries(user) {
                    li {
                        a href=(entry.path) aria-current=[(entry.path == active).then_some("page")] { (entry.label) }
                    }
                }
            }
        }
    }
}
