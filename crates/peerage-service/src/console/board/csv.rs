//! The times of a day as a file for spreadsheets, written while it is sent.

use std::borrow::Cow;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use peerage_store::file::guard;
use peerage_store::{AgentDay, DayFilter, Reason, Store, StoreError};

use super::spent::Spent;
use super::times::Wanted;
use crate::app::App;
use crate::console::PageUser;
use crate::console::listing::Asked;
use crate::console::shell::PageProblem;

/// Agents read at a time.
const PAGE: u32 = 500;

/// What spreadsheets tell UTF-8 by.
const MARK: &str = "\u{feff}";

/// `GET /board/times.csv`
pub(super) async fn export(
    State(app): State<App>,
    PageUser(user): PageUser,
    Asked(asked): Asked,
) -> Result<Response, PageProblem> {
    let wanted = Wanted::of(&app, &user, &asked).await?;
    let mut filter = DayFilter {
        limit: PAGE,
        after: None,
        ..wanted.filter
    };
    let reasons = app.db(Store::pause_reasons).await?;
    // The first page is read before the answer begins, so that what is wrong can still be said.
    let first = read(&app, &filter).await?;
    let mut head = MARK.as_bytes().to_vec();
    head.extend(lines([header(&reasons)]));
    head.extend(written(&first, &reasons));
    let last = follow(&mut filter, &first);
    let rest = stream::unfold(
        (app, filter, reasons, last),
        |(app, mut filter, reasons, last)| async move {
            if last {
                return None;
            }
            match read(&app, &filter).await {
                Ok(page) => {
                    let last = follow(&mut filter, &page);
                    Some((Ok(Bytes::from(written(&page, &reasons))), (app, filter, reasons, last)))
                }
                // The connection is cut, so that nobody takes the half for the whole.
                Err(error) => Some((Err(error), (app, filter, reasons, true))),
            }
        },
    );
    let body = stream::StreamExt::chain(stream::iter([Ok(Bytes::from(head))]), rest);
    let name = format!("attachment; filename=\"times-{}.csv\"", wanted.day);
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, name),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

async fn read(app: &App, filter: &DayFilter) -> Result<Vec<AgentDay>, StoreError> {
    let filter = filter.clone();
    app.db(move |store| store.agent_days(&filter)).await
}

/// Goes on behind a page, and tells whether it was the last.
fn follow(filter: &mut DayFilter, page: &[AgentDay]) -> bool {
    if let Some(last) = page.last() {
        filter.after = Some(last.number.clone());
    }
    page.len() < usize::try_from(PAGE).unwrap_or(usize::MAX)
}

fn header(reasons: &[Reason]) -> Vec<String> {
    let fixed = [
        "day",
        "agent",
        "name",
        "logged_in_seconds",
        "available_seconds",
        "partly_paused_seconds",
        "paused_productive_seconds",
        "paused_unproductive_seconds",
    ];
    let reasons = reasons.iter().map(|reason| format!("paused:{}", reason.code));
    let rest = ["paused:other reasons", "paused:without a reason"];
    let fixed = fixed.into_iter().map(str::to_owned);
    fixed.chain(reasons).chain(rest.map(str::to_owned)).collect()
}

fn record(day: &AgentDay, reasons: &[Reason]) -> Vec<String> {
    let spent = Spent::of(&day.totals, reasons);
    let of = |meant: &dyn Fn(Option<&str>) -> bool| -> u32 {
        let those = spent.pauses.iter().filter(|paused| meant(paused.code.as_deref()));
        those.map(|paused| paused.seconds).sum()
    };
    let known = |code: &str| reasons.iter().any(|reason| reason.code.as_str() == code);
    let fixed = [
        spent.logged_in(),
        spent.available,
        spent.partly_paused,
        spent.productive(),
        spent.unproductive(),
    ];
    let by_reason = reasons
        .iter()
        .map(|reason| of(&|code| code == Some(reason.code.as_str())));
    let rest = [
        of(&|code| code.is_some_and(|code| !known(code))),
        of(&|code| code.is_none()),
    ];
    let numbers = fixed.into_iter().chain(by_reason).chain(rest);
    let who = [day.day.to_string(), day.number.to_string(), day.name.to_string()];
    who.into_iter()
        .chain(numbers.map(|number| number.to_string()))
        .collect()
}

fn written(days: &[AgentDay], reasons: &[Reason]) -> Vec<u8> {
    lines(days.iter().map(|day| record(day, reasons)))
}

fn lines(records: impl IntoIterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for record in records {
        let cells: Vec<Cow<'_, str>> = record.iter().map(|cell| guard(cell)).collect();
        // Memory takes whatever is written, and all records are of one length.
        let _ = writer.write_record(cells.iter().map(|cell| cell.as_bytes()));
    }
    writer.into_inner().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use peerage_model::Totals;

    use super::super::spent::tests::reason;
    use super::*;

    fn day(name: &str) -> AgentDay {
        let mut totals = Totals {
            available: SignedDuration::from_secs(100),
            ..Totals::default()
        };
        for (code, seconds) in [("lunch", 30), ("training", 20), ("Odd one", 5)] {
            totals
                .paused
                .insert(Some(code.parse().unwrap()), SignedDuration::from_secs(seconds));
        }
        totals.paused.insert(None, SignedDuration::from_secs(3));
        AgentDay {
            number: "1001".parse().unwrap(),
            name: name.parse().unwrap(),
            day: "2026-06-01".parse().unwrap(),
            totals,
        }
    }

    #[test]
    fn a_line_has_a_column_for_each_reason_and_adds_up() {
        let reasons = [reason("lunch", "Lunch", false), reason("training", "Training", true)];
        let text = |bytes| String::from_utf8(bytes).unwrap();
        assert_eq!(
            text(lines([header(&reasons)])),
            "day,agent,name,logged_in_seconds,available_seconds,partly_paused_seconds,paused_productive_seconds,\
             paused_unproductive_seconds,paused:lunch,paused:training,paused:other reasons,paused:without a reason\r\n"
        );
        assert_eq!(
            text(written(&[day("King, Ada \"A\"")], &reasons)),
            "2026-06-01,1001,\"King, Ada \"\"A\"\"\",158,100,0,20,38,30,20,5,3\r\n"
        );
    }

    #[test]
    fn no_cell_is_a_formula() {
        let written = String::from_utf8(written(&[day("=cmd|' /C calc'!A0")], &[])).unwrap();
        assert!(written.contains(",'=cmd|' /C calc'!A0,"), "{written}");
    }
}
