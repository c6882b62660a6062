//! The form in which a file is sent.

use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::MOST;
use crate::app::App;
use crate::auth::SignedIn;
use crate::console::admin::guard::Admin;
use crate::console::shell::{Field, Page, PageProblem, Select, Switch, alert, csrf, done, page};
use crate::memory::About;
use crate::problem::Problem;

/// What was chosen in the form, for when it is shown again.
#[derive(Clone, Debug, Default)]
struct Chosen {
    about: String,
    generate: bool,
    weak: bool,
}

pub(super) async fn get(Admin(user): Admin) -> Markup {
    shown(&user, &Chosen::default(), None)
}

pub(super) async fn post(
    State(app): State<App>,
    Admin(user): Admin,
    parts: Multipart,
) -> Result<Response, PageProblem> {
    let mut chosen = Chosen::default();
    let (name, file) = match read(parts, &mut chosen).await {
        Ok(sent) => sent,
        Err(problem) => return Ok((problem.status(), shown(&user, &chosen, Some(&problem))).into_response()),
    };
    let about = if chosen.about == "telephones" {
        About::Telephones
    } else {
        About::Agents
    };
    let (key, job) = app
        .imports()
        .add(&user.name(), (name, about, chosen.generate, chosen.weak), file)
        .map_err(peerage_store::StoreError::from)?;
    let (checking, store_app, actor) = (job.clone(), app.clone(), user.store_actor()?);
    tokio::spawn(async move {
        let checked = store_app.db_as(actor, move |store| {
            checking.check(store);
            Ok::<_, peerage_store::StoreError>(())
        });
        // What went wrong stands in the job.
        let _ = checked.await;
    });
    job.settle().await;
    Ok(done(&format!("/admin/import/{key}"), ""))
}

/// The file with its name; what was chosen besides goes into `chosen`.
async fn read(mut parts: Multipart, chosen: &mut Chosen) -> Result<(String, Vec<u8>), Problem> {
    let mut file = None;
    while let Some(part) = parts.next_field().await.map_err(|error| unreadable(&error))? {
        match part.name().unwrap_or_default() {
            "kind" => chosen.about = part.text().await.map_err(|error| unreadable(&error))?,
            "generate" => chosen.generate = true,
            "weak" => chosen.weak = true,
            "file" => {
                let name = part.file_name().unwrap_or_default().to_owned();
                let bytes = part.bytes().await.map_err(|error| unreadable(&error))?;
                if !name.is_empty() || !bytes.is_empty() {
                    file = Some((name, bytes.to_vec()));
                }
            }
            _ => {}
        }
    }
    let none = || Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "choose a file").field("file");
    let (name, bytes) = file.ok_or_else(none)?;
    if bytes.len() > MOST {
        return Err(too_large());
    }
    Ok((name.chars().take(100).collect(), bytes))
}

fn unreadable(error: &axum::extract::multipart::MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    Problem::new(StatusCode::BAD_REQUEST, "bad_request", error.body_text()).hint("upload the file again")
}

fn too_large() -> Problem {
    let message = format!("the file is larger than {} MiB", MOST / 1024 / 1024);
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
        .hint("split it, and begin each file with the line that names the columns")
        .field("file")
}

fn shown(user: &SignedIn, chosen: &Chosen, problem: Option<&Problem>) -> Markup {
    let body = html! {
        (alert(problem))
        section.card {
            p {
                "A CSV file whose first line names the columns, as in an export: " code { "number,name,secret,transport,codecs" }
                " and so on; only number and name are required. Either all lines are added or none."
            }
            form method="post" action="/admin/import" enctype="multipart/form-data" {
                (csrf(user))
                (Select::new("kind", "Contents").option("agents", "Agents").option("telephones", "Phones").chosen(&chosen.about))
                (Field::file("file", "CSV file").problem(problem).required())
                (Switch::new("generate", "Generate secrets").on(chosen.generate)
                    .explain("For lines without a secret. You can download them once after the import."))
                (Switch::new("weak", "Accept weak SIP secrets").on(chosen.weak)
                    .explain("For devices that already use common secrets. They are marked until they are changed."))
                div.actions { button.primary type="submit" { "Check file" } }
            }
        }
        section.card {
            h2 { "Export" }
            p { "Exports can be imported again. They contain no secrets, which cannot be read back." }
            div.actions {
                a.button href="/admin/export/agents.csv" download { "Agents" }
                a.button href="/admin/export/telephones.csv" download { "Phones" }
            }
        }
    };
    page(&Page::new("Import", user, "/admin/import"), body)
}
