//! Files of agents and phones.

use std::io::Cursor;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use peerage_model::{Number, Secret};
use peerage_store::fields::kind::{Agents, Phones, Subject};
use peerage_store::file::{CsvFile, FileError, SecretSource};
use peerage_store::{ImportError, Mode, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use super::types;
use crate::app::App;
use crate::auth::SignedIn;
use crate::extract::{Json, Query, body, is_of_type, unsupported};
use crate::problem::{BadLine, Problem};

/// Most bytes of a file: some 200,000 lines.
const FILE: usize = 64 * 1024 * 1024;

/// Most bad lines that an answer names.
const NAMED: usize = 100;

pub(super) fn routes() -> OpenApiRouter<App> {
    let limit = DefaultBodyLimit::max(FILE);
    OpenApiRouter::new()
        .routes(routes!(agents).layer(limit))
        .routes(routes!(phones).layer(limit))
}

/// How to import.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct How {
    /// Check everything without changing anything.
    #[serde(default)]
    #[param(required = false)]
    dry_run: bool,
    /// Generate a secret for each line without one; the response returns them only once.
    #[serde(default)]
    #[param(required = false)]
    generate_secrets: bool,
    /// Accept common SIP secrets. `weak_secret=true` lists them until they are changed.
    #[serde(default)]
    #[param(required = false)]
    allow_weak_secrets: bool,
}

/// The outcome of an import.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Imported {
    /// Lines that were added, or can be.
    lines: u64,
    /// Whether this was a dry run.
    dry_run: bool,
    /// The generated secrets, returned only once.
    secrets: Vec<GeneratedSecret>,
}

/// A secret that was generated.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GeneratedSecret {
    /// Number of the account.
    #[schema(value_type = types::Number)]
    number: Number,
    /// The SIP secret.
    secret: String,
}

/// Import agents from CSV
///
/// The first line names the fields: `number`, `name`, `secret` and the flags of `peerage agent add`. Either all lines are added or
/// none, and then each bad line is reported.
#[utoipa::path(post, path = "/api/v1/import/agents", tag = "import", operation_id = "import_agents", params(How),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, description = "Imported, or checked", body = Imported)))]
async fn agents(
    State(app): State<App>,
    who: SignedIn,
    Query(how): Query<How>,
    request: Request,
) -> Result<Json<Imported>, Problem> {
    import::<Agents>(&app, &who, how, request).await
}

/// Import phones from CSV
///
/// Like the import of agents, with the flags of `peerage phone add`.
#[utoipa::path(post, path = "/api/v1/import/phones", tag = "import", operation_id = "import_phones", params(How),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, description = "Imported, or checked", body = Imported)))]
async fn phones(
    State(app): State<App>,
    who: SignedIn,
    Query(how): Query<How>,
    request: Request,
) -> Result<Json<Imported>, Problem> {
    import::<Phones>(&app, &who, how, request).await
}

async fn import<S: Subject>(app: &App, who: &SignedIn, how: How, request: Request) -> Result<Json<Imported>, Problem> {
    if !is_of_type(request.headers(), &["text/csv"]) {
        return Err(unsupported("text/csv"));
    }
    let file = body(request, app).await?;
    let outcome = app
        .db_as(who.store_actor()?, move |store| {
            Ok::<_, StoreError>(read::<S>(store, file, &how))
        })
        .await?;
    outcome.map(Json).map_err(refused)
}

fn read<S: Subject>(store: &peerage_store::Store, file: Bytes, how: &How) -> Result<Imported, FileError> {
    let mut secrets = Generated {
        allowed: how.generate_secrets,
        weak: how.allow_weak_secrets,
        made: Vec::new(),
    };
    let mode = if how.dry_run { Mode::DryRun } else { Mode::Commit };
    let lines = CsvFile::<_, S>::begin(Cursor::new(file))?.import(store, &mut secrets, mode)?;
    let shown = secrets.made.into_iter().filter(|_| !how.dry_run);
    Ok(Imported {
        lines,
        dry_run: how.dry_run,
        secrets: shown
            .map(|(number, secret)| GeneratedSecret {
                number,
                secret: secret.expose().to_owned(),
            })
            .collect(),
    })
}

/// Generated secrets, for the answer.
struct Generated {
    allowed: bool,
    weak: bool,
    made: Vec<(Number, Secret)>,
}

impl SecretSource for Generated {
    fn accepts_weak(&self) -> bool {
        self.weak
    }

    fn secret_for(&mut self, number: &Number) -> Result<Secret, String> {
        if !self.allowed {
            return Err(
                "there is no secret: give one, or ask for generated ones with generate_secrets=true".to_owned(),
            );
        }
        let secret = Secret::generate().map_err(|error| error.to_string())?;
        self.made.push((number.clone(), secret.clone()));
        Ok(secret)
    }

    fn finish(&mut self) -> Result<(), String> {
        Ok(())
    }
}

fn refused(error: FileError) -> Problem {
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    match error {
        FileError::Header(header) => {
            let problem = Problem::new(unprocessable, "invalid", header.to_string());
            match header.hint {
                Some(hint) => problem.hint(hint),
                None => problem,
            }
        }
        FileError::Import(ImportError::Store(error)) => error.into(),
        FileError::Import(ImportError::Rows { mut bad, more }) => {
            let count = more.saturating_add(u64::try_from(bad.len()).unwrap_or(u64::MAX));
            bad.truncate(NAMED);
            let mut problem = Problem::new(
                unprocessable,
                "invalid_lines",
                format!("{count} of the lines cannot be imported; nothing was changed"),
            )
            .hint("mend them, and see with dry_run=true whether the file is good");
            problem.details.lines = bad
                .into_iter()
                .map(|row| BadLine {
                    line: row.line,
                    message: row.message,
                })
                .collect();
            problem
        }
    }
}
