//! `peerage serve`.

use std::net::SocketAddr;

use peerage_service::{Running, Settings};
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};

use super::Context;
use crate::args::serve::{Listen, Serve};
use crate::exit::Exit;
use crate::failure::Failure;

pub(super) fn run(args: &Serve, context: &Context) -> Result<Exit, Failure> {
    let service = Service::start(&args.listen, context)?;
    context
        .printer
        .write(&format!("{}\n", service.url()))
        .map_err(|error| Failure::output(&error))?;
    service.until_stopped(context)
}

/// The service, on its own runtime.
pub(super) struct Service {
    runtime: Runtime,
    running: Running,
}

impl Service {
    /// Begins: from here on it listens.
    pub(super) fn start(listen: &Listen, context: &Context) -> Result<Self, Failure> {
        let settings = settings(listen.listen, context)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|error| Failure::while_trying("cannot start the service", &error))?;
        let running = runtime.block_on(Running::start(settings)).map_err(|error| {
            Failure::because(&error)
                .hint("check that no other program uses this address, or choose another with --listen")
        })?;
        Ok(Self { runtime, running })
    }

    /// The console's address.
    pub(super) fn url(&self) -> String {
        format!("http://{}/", self.running.address())
    }

    /// Serves until a signal, then shuts down cleanly.
    pub(super) fn until_stopped(self, context: &Context) -> Result<Exit, Failure> {
        let Self { runtime, running } = self;
        runtime.block_on(async {
            asked_to_end()
                .await
                .map_err(|error| Failure::while_trying("cannot wait for a signal", &error))?;
            context.printer.talk("stopping");
            tokio::select! {
                () = running.stop() => {}
                // A second signal: do not wait any longer.
                _ = asked_to_end() => {}
            }
            Ok(Exit::Done)
        })
    }
}

fn settings(listen: Option<SocketAddr>, context: &Context) -> Result<Settings, Failure> {
    let configured = &context.settings;
    let mut settings = Settings::new(context.database()?, listen.unwrap_or(configured.listen));
    settings.owner = Some(context.owner_database()?);
    settings.https = configured.https;
    settings.trusted_proxies = configured.traffic.trusted_proxies.clone();
    settings.forwarded_header = configured.traffic.forwarded_header;
    settings.limits = configured.traffic.limits;
    settings.manager_secrets = Some(configured.manager_secrets.clone());
    Ok(settings)
}

async fn asked_to_end() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed,
        _ = terminate.recv() => Ok(()),
    }
}
