//! Lists.

use maud::{Markup, Render, html};

/// A table; on a narrow screen each row is a card. The first cell is the row's heading. Display as blocks would take the
/// roles away, so they are said.
pub(crate) fn table(caption: &str, columns: &[&str], rows: impl IntoIterator<Item = Vec<Markup>>) -> Markup {
    let mut rows = rows.into_iter().peekable();
    html! {
        table.cards role="table" {
            caption { (caption) }
            thead role="rowgroup" {
                tr role="row" { @for column in columns { th scope="col" role="columnheader" { (column) } } }
            }
            tbody role="rowgroup" {
                @if rows.peek().is_none() {
                    tr role="row" { td.none role="cell" colspan=(columns.len()) { "Nothing to show." } }
                }
                @for row in rows {
                    tr role="row" {
                        @for (place, (cell, column)) in row.into_iter().zip(columns).enumerate() {
                            @if place == 0 {
                                th scope="row" role="rowheader" data-label=(column) { div.cell { (cell) } }
                            } @else {
                                td role="cell" data-label=(column) { div.cell { (cell) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Before and after a page of a list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pager {
    /// Where the page before is; none on the first.
    pub(crate) previous: Option<String>,
    /// Where the page after is; none on the last.
    pub(crate) next: Option<String>,
    /// What is shown, such as `1001 to 1100`.
    pub(crate) shown: String,
}

impl Render for Pager {
    fn render(&self) -> Markup {
        html! {
            nav.pager aria-label="Pages" {
                @match &self.previous {
                    Some(url) => a.button rel="prev" href=(url) { "Previous" },
                    None => span.button aria-disabled="true" { "Previous" },
                }
                span { (self.shown) }
                @match &self.next {
                    Some(url) => a.button rel="next" href=(url) { "Next" },
                    None => span.button aria-disabled="true" { "Next" },
                }
            }
        }
    }
}
