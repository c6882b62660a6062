//! Files on their way in: each waits in memory, bounded in size, number and time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use peerage_model::{NoRandomness, Number, Secret};
use peerage_store::fields::kind::{Agents, Phones, Subject};
use peerage_store::file::{CsvFile, Glance, HeaderError, SecretSource};
use peerage_store::{BadRow, ImportError, Mode, Store, StoreError};
use tokio::sync::watch;
use zeroize::Zeroizing;

use crate::problem::Problem;

/// Most bytes of a file: a hundred thousand agents with all their columns have about half of it.
pub(crate) const MOST: usize = 48 * 1024 * 1024;

/// How long a file waits to be looked at.
const KEPT: Duration = Duration::from_secs(1800);

/// Most files at once; each may be as large as [`MOST`].
const FILES: usize = 4;

/// Lines that a preview shows.
const SHOWN: usize = 10;

/// What a file is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    Agents,
    Telephones,
}

/// How far a file is.
#[derive(Clone, Debug)]
pub(crate) enum Progress {
    /// It is being checked.
    Checking,
    /// All of its lines are good.
    Checked { lines: u64, secrets: u64, glance: Glance },
    /// It cannot be imported: the lines at fault, and how many more there are.
    Bad { bad: Vec<BadRow>, more: u64 },
    /// Nothing could be done with it.
    Failed(Problem),
    /// It is being imported.
    Importing,
    /// It is.
    Done { lines: u64, secrets: u64 },
}

impl Progress {
    /// Whether something goes on by itself.
    pub(crate) fn is_moving(&self) -> bool {
        matches!(self, Self::Checking | Self::Importing)
    }
}

/// A file on its way in.
pub(crate) struct Job {
    pub(crate) name: String,
    pub(crate) about: About,
    /// Whether lines without a secret get one.
    pub(crate) generate: bool,
    /// Whether SIP secrets that guessers try first are taken.
    weak: bool,
    file: Vec<u8>,
    since: Instant,
    progress: watch::Sender<Progress>,
    /// The secrets that were generated, until they are downloaded.
    secrets: Mutex<Option<Zeroizing<String>>>,
}

/// The files on their way in, by owner and key.
#[derive(Default)]
pub(crate) struct Imports(Mutex<HashMap<String, Arc<Job>>>);

impl Imports {
    /// Takes a file in; the key is how its sender asks for it.
    pub(crate) fn add(
        &self,
        owner: &str,
        (name, about, generate, weak): (String, About, bool, bool),
        file: Vec<u8>,
    ) -> Result<(String, Arc<Job>), NoRandomness> {
        let key = Secret::generate()?.expose().to_owned();
        let job = Arc::new(Job {
            name,
            about,
            generate,
            weak,
            file,
            since: Instant::now(),
            progress: watch::Sender::new(Progress::Checking),
            secrets: Mutex::default(),
        });
        let mut jobs = self.lock();
        if jobs.len() >= FILES {
            let oldest = jobs.iter().min_by_key(|(_, job)| job.since).map(|(key, _)| key.clone());
            oldest.map(|key| jobs.remove(&key));
        }
        jobs.insert(format!("{owner} {key}"), Arc::clone(&job));
        Ok((key, job))
    }

    pub(crate) fn find(&self, owner: &str, key: &str) -> Option<Arc<Job>> {
        self.lock().get(&format!("{owner} {key}")).cloned()
    }

    pub(crate) fn remove(&self, owner: &str, key: &str) {
        self.lock().remove(&format!("{owner} {key}"));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<Job>>> {
        let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.retain(|_, job| job.since.elapsed() < KEPT);
        jobs
    }
}

impl Job {
    pub(crate) fn progress(&self) -> Progress {
        self.progress.borrow().clone()
    }

    /// Waits a little for what goes on: most files are done by then.
    pub(crate) async fn settle(&self) {
        let mut watch = self.progress.subscribe();
        let settled = watch.wait_for(|progress| !progress.is_moving());
        // If not, the page looks again.
        let _ = tokio::time::timeout(Duration::from_secs(3), settled).await;
    }

    /// Checks the whole file against the whole database, and changes nothing.
    pub(crate) fn check(&self, store: &Store) {
        let outcome = self.run(store, Mode::DryRun).and_then(|(lines, secrets)| {
            Ok(Progress::Checked {
                lines,
                secrets: secrets.count,
                glance: self.glance()?,
            })
        });
        self.progress.send_replace(outcome.unwrap_or_else(|failed| failed));
    }

    /// Says that it is to be imported now: true for the one who may do it.
    pub(crate) fn claim(&self) -> bool {
        self.progress.send_if_modified(|progress| {
            let ready = matches!(progress, Progress::Checked { .. });
            if ready {
                *progress = Progress::Importing;
            }
            ready
        })
    }

    /// Imports it.
    pub(crate) fn import(&self, store: &Store) {
        let outcome = self.run(store, Mode::Commit).map(|(lines, secrets)| {
            let count = secrets.count;
            if count > 0 {
                *self.secrets.lock().unwrap_or_else(PoisonError::into_inner) = Some(secrets.file);
            }
            Progress::Done { lines, secrets: count }
        });
        self.progress.send_replace(outcome.unwrap_or_else(|failed| failed));
    }

    /// The generated secrets, once.
    pub(crate) fn take_secrets(&self) -> Option<Zeroizing<String>> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Whether they wait.
    pub(crate) fn has_secrets(&self) -> bool {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    fn run(&self, store: &Store, mode: Mode) -> Result<(u64, Generated), Progress> {
        let mut secrets = Generated {
            wanted: self.generate,
            weak: self.weak,
            count: 0,
            file: Zeroizing::new("number,secret\n".to_owned()),
        };
        let lines = match self.about {
            About::Agents => import::<Agents>(&self.file, store, &mut secrets, mode),
            About::Telephones => import::<Phones>(&self.file, store, &mut secrets, mode),
        }?;
        Ok((lines, secrets))
    }

    fn glance(&self) -> Result<Glance, Progress> {
        match self.about {
            About::Agents => CsvFile::<_, Agents>::begin(&*self.file).map(|file| file.glance(SHOWN)),
            About::Telephones => CsvFile::<_, Phones>::begin(&*self.file).map(|file| file.glance(SHOWN)),
        }
        .map_err(|error| header(&error))
    }
}

fn import<S: Subject>(file: &[u8], store: &Store, secrets: &mut Generated, mode: Mode) -> Result<u64, Progress> {
    let file = CsvFile::<_, S>::begin(file).map_err(|error| header(&error))?;
    file.import(store, secrets, mode).map_err(|error| match error {
        ImportError::Rows { bad, more } => Progress::Bad { bad, more },
        ImportError::Store(error) => Progress::Failed(error.into()),
    })
}

fn header(error: &HeaderError) -> Progress {
    let problem = Problem::new(
        axum::http::StatusCode::UNPROCESSABLE_ENTITY,
        "invalid",
        error.message.clone(),
    );
    Progress::Failed(match &error.hint {
        Some(hint) => problem.hint(hint.clone()),
        None => problem,
    })
}

/// Secrets for lines that have none.
struct Generated {
    wanted: bool,
    weak: bool,
    count: u64,
    file: Zeroizing<String>,
}

impl SecretSource for Generated {
    fn accepts_weak(&self) -> bool {
        self.weak
    }

    fn secret_for(&mut self, number: &Number) -> Result<Secret, String> {
        if !self.wanted {
            return Err("there is no secret: give one, or let secrets be generated".to_owned());
        }
        let secret = Secret::generate().map_err(|error| StoreError::from(error).message())?;
        // Neither has a sign that CSV would quote.
        for part in [number.as_str(), ",", secret.expose(), "\n"] {
            self.file.push_str(part);
        }
        self.count += 1;
        Ok(secret)
    }

    fn finish(&mut self) -> Result<(), String> {
        Ok(())
    }
}
