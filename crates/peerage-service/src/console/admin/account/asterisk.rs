//! What Asterisk is told, column by column, and where each value comes from.

use axum::extract::{Path, State};
use maud::{Markup, html};
use peerage_model::{Driver, SiteName};
use peerage_store::ServedRow;
use peerage_store::fields::account::Record;
use peerage_views::explain::{Explained, Line, Origin, explain};

use super::number_of;
use crate::app::App;
use crate::console::admin::guard::Admin;
use crate::console::admin::kind::{Kind, path_of, title_of};
use crate::console::shell::{Page, PageProblem, page, table};

pub(super) async fn get<K: Kind>(
    State(app): State<App>,
    Admin(user): Admin,
    Path(number): Path<String>,
) -> Result<Markup, PageProblem> {
    let number = number_of::<K>(&number)?;
    let asked = number.clone();
    let (record, rows, driver) = app
        .db(move |store| {
            let record = K::load(store, &asked)?;
            let site = store.site(&record.account().site)?;
            Ok::<_, peerage_store::StoreError>((record, store.served_rows(&asked)?, site.driver))
        })
        .await?;
    let title = format!("Asterisk settings of {}", title_of::<K>(&record));
    let back = path_of::<K>(&number);
    let body = html! {
        p {
            "The rows that Asterisk reads at its next lookup. The site uses " strong { (name_of(driver)) }
            "; nodes with another driver read the other view. NULL means Asterisk's default. Digests are shown as " code { "set" } "."
        }
        @if rows.is_empty() {
            p.warning { "Asterisk does not see this account: " @if record.account().disabled { "it is disabled." } @else { "it has no secret." } }
        }
        @for row in &rows { (explained(row, driver, (&back, &record.account().site))) }
        p { a.button href=(back) { "Back" } }
    };
    Ok(page(&Page::new(&title, &user, K::PATH), body))
}

fn explained(row: &ServedRow, driver: Driver, from: (&str, &SiteName)) -> Markup {
    let Some(explained) = explain(&row.view, &row.columns) else {
        return html! { p.warning { "The view " code { (row.view) } " is out of date: run " code { "peerage views install" } "." } };
    };
    let used = (driver == Driver::Sip) == (explained.view == "sippeers");
    html! {
        section.card id=(explained.view) data-used=(if used { "yes" } else { "no" }) {
            h2 { code { (explained.view) } @if !used { " " span.soft.small { "(not used at this site)" } } }
            p.soft.small { (explained.module) ". Read " (explained.read) "." }
            (lines(&explained, from))
        }
    }
}

fn lines(explained: &Explained, from: (&str, &SiteName)) -> Markup {
    let rows = explained.lines.iter().map(|line| {
        vec![
            html! { code { (line.column) } },
            html! { @if let Some(value) = &line.value { code data-column=(line.column) { (value) } } @else { span.soft { "NULL" } } },
            origin(line, from),
            html! { span.small { (line.meaning) } },
        ]
    });
    table("Columns", &["Column", "Value", "Comes from", "Meaning"], rows)
}

fn origin(line: &Line, (back, site): (&str, &SiteName)) -> Markup {
    match line.origin {
        Origin::Always => html! { span.soft { "fixed" } },
        Origin::Asterisk => html! { span.soft { "Asterisk, at registration" } },
        Origin::Fields(fields) => html! {
            @for (place, field) in fields.iter().enumerate() {
                @if place > 0 { ", " }
                @match field.strip_prefix("site.") {
                    Some(of_site) => a href={ "/admin/sites/" (site) "#field-" (of_site) } { "site: " (of_site) },
                    // These have forms of their own.
                    None if matches!(*field, "number" | "secret") => a href={ (back) "#" (field) } { (field) },
                    None => a href={ (back) "#field-" (field) } { (field) },
                }
            }
        },
    }
}

fn name_of(driver: Driver) -> &'static str {
    match driver {
        Driver::Pjsip => "PJSIP",
        Driver::Sip => "chan_sip",
    }
}
