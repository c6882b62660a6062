//! A call centre with the service beside it, and a network between the service and Asterisk that fails when told to.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use peerage_model::{Number, QueueName, Role, Unreachable};
use peerage_service::{Running, Settings};
use peerage_store::{NewLogin, NodePatch};
use peerage_testkit::agreement::Witnesses;
use peerage_testkit::asterisk::{Asterisk, Version};
use peerage_testkit::proxy::Proxy;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::OnceCell;

use super::manager::Listener;
use crate::queue::centre::{Centre, PATIENCE};

/// Who may do everything, as a person.
const ADMIN: (&str, &str) = ("adam", "correct horse battery");

/// A token that may do everything.
const TOKEN: &str = "peerage_test_token_of_ann";

/// A second node, with a network of its own between it and the service.
struct OtherNode {
    link: Proxy,
    centre: Centre,
}

pub(super) struct Stage {
    // In this order: the service is gone before what it talks to.
    service: Option<Running>,
    pub(super) runtime: Runtime,
    /// Between the service and the Manager interface.
    pub(super) link: Proxy,
    /// Another node on the same database.
    other: Option<OtherNode>,
    pub(super) centre: Centre,
    secrets: TempDir,
    full_pass_every: Duration,
}

impl Stage {
    /// With the service running and linked.
    pub(super) fn start(version: Version) -> Self {
        Self::over(Centre::start(version))
    }

    /// The same beside a call centre that there is.
    pub(super) fn over(centre: Centre) -> Self {
        let mut stage = Self::without_service(centre);
        stage.start_service();
        stage
    }

    pub(super) fn without_service(centre: Centre) -> Self {
        let link = Proxy::to(centre.asterisk.manager().unwrap().address).unwrap();
        let secrets = tempfile::tempdir().unwrap();
        manage(&centre, &secrets, link.address());
        centre.sql(&format!(
            "insert into peerage.api_token (name, token_digest, role)
             values ('ann', encode(sha256(convert_to('{TOKEN}', 'UTF8')), 'hex'), 'admin')"
        ));
        let (username, password) = (ADMIN.0.parse().unwrap(), ADMIN.1.parse().unwrap());
        let login = NewLogin {
            username,
            role: Role::Admin,
            agent: None,
        };
        centre.store.add_login(&login, Some(&password)).unwrap();
        Self {
            service: None,
            runtime: Runtime::new().unwrap(),
            link,
            other: None,
            centre,
            secrets,
            full_pass_every: Duration::from_secs(300),
        }
    }

    /// With another node, which the service is linked to as well.
    pub(super) fn beside(mut self, version: Version) -> Self {
        let centre = self.centre.beside(version);
        let link = Proxy::to(centre.asterisk.manager().unwrap().address).unwrap();
        manage(&centre, &self.secrets, link.address());
        self.other = Some(OtherNode { link, centre });
        self.wait_until_linked();
        self
    }

    /// The other node.
    pub(super) fn other(&self) -> &Centre {
        &self.other.as_ref().unwrap().centre
    }

    /// The network between the service and the other node.
    pub(super) fn other_link(&self) -> &Proxy {
        &self.other.as_ref().unwrap().link
    }

    /// The Asterisk of the other node, to kill and to start it.
    pub(super) fn other_asterisk(&mut self) -> &mut Asterisk {
        &mut self.other.as_mut().unwrap().centre.asterisk
    }

    /// Each node on the database.
    fn nodes(&self) -> impl Iterator<Item = &Centre> {
        [&self.centre]
            .into_iter()
            .chain(self.other.as_ref().map(|other| &other.centre))
    }

    /// Has the service look at everything this often.
    pub(super) fn looking_every(mut self, full_pass_every: Duration) -> Self {
        self.full_pass_every = full_pass_every;
        self
    }

    pub(super) fn start_service(&mut self) {
        self.start_service_alone();
        self.wait_until_linked();
    }

    pub(super) fn start_service_alone(&mut self) {
        // The service has everyday rights, not those of a superuser.
        let url = self.centre.url().replace("user=postgres", "user=peerage");
        let mut settings = Settings::new(url.parse().unwrap(), "127.0.0.1:0".parse().unwrap());
        settings.manager_secrets = Some(self.secrets.path().to_owned());
        settings.full_pass_every = self.full_pass_every;
        self.service = Some(self.runtime.block_on(Running::start(settings)).unwrap());
    }

    pub(super) fn stop_service(&mut self) {
        if let Some(service) = self.service.take() {
            self.runtime.block_on(service.stop());
        }
    }

    /// Waits until the service is linked to every node.
    #[track_caller]
    pub(super) fn wait_until_linked(&self) {
        self.centre.wait("the service is linked and listens", || {
            self.nodes().all(|node| self.is_linked(node)) && self.metric("peerage_listening") == Some(1.0)
        });
    }

    /// Whether the service is linked to this node.
    pub(super) fn is_linked(&self, node: &Centre) -> bool {
        self.metric(&format!("peerage_link_up{{node=\"{}\"}}", node.node)) == Some(1.0)
    }

    /// What the service counts.
    pub(super) fn metric(&self, name: &str) -> Option<f64> {
        let metrics = self.get("/metrics")?;
        let line = metrics
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line?.parse().ok()
    }

    /// The state of an agent, as the interface for programs says it.
    pub(super) fn state(&self, agent: &Number) -> String {
        let said = self.get(&format!("/api/v1/agents/{agent}")).unwrap_or_default();
        let body = said.split_once("\r\n\r\n").unwrap_or_default().1;
        let agent: serde_json::Value = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {said}"));
        let state = agent
            .pointer("/now/state")
            .or_else(|| agent.pointer("/state/state"))
            .or_else(|| agent.get("state"));
        state
            .and_then(|state| state.as_str())
            .unwrap_or_else(|| panic!("{agent}"))
            .to_owned()
    }

    /// The states that agents are in, as the API says them.
    pub(super) fn states(&self) -> Vec<String> {
        let said = self.get("/api/v1/agents?limit=1000").unwrap_or_default();
        let body = said.split_once("\r\n\r\n").unwrap_or_default().1;
        let agents: serde_json::Value = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {said}"));
        let numbers = agents["items"].as_array().into_iter().flatten();
        numbers
            .map(|agent| self.state(&agent["number"].as_str().unwrap_or_default().parse().unwrap()))
            .collect()
    }

    /// Somebody is in each state there is.
    #[track_caller]
    pub(super) fn assert_each_state_is_there(&self) {
        let states = self.states();
        for state in [
            "available",
            "paused",
            "partly_paused",
            "on_call",
            "ringing",
            "unreachable",
            "offline",
        ] {
            assert!(states.contains(&state.to_owned()), "nobody is {state}: {states:?}");
        }
    }

    /// What is not said alike of the agents right now.
    pub(super) fn disagreements(&self) -> Vec<String> {
        self.runtime.block_on(self.witnesses().disagreements())
    }

    /// Waits until pages, API, command, database and Asterisk say the same of all agents.
    #[track_caller]
    pub(super) fn assert_agreement(&self) {
        self.runtime.block_on(self.witnesses().agree(PATIENCE)).unwrap();
    }

    fn witnesses(&self) -> Witnesses<'_> {
        let address = self.service.as_ref().map(Running::address);
        Witnesses {
            service: address.map(|address| format!("http://{address}")).unwrap_or_default(),
            admin: ADMIN,
            token: TOKEN,
            database: self.centre.url(),
            nodes: self.nodes().map(|node| (node.node.as_str(), &node.asterisk)).collect(),
            cookies: OnceCell::new(),
        }
    }

    /// The nodes that cannot ring an agent, as the interface for programs says it.
    pub(super) fn unreachable_at(&self, agent: &Number) -> Vec<Unreachable> {
        let said = self.get(&format!("/api/v1/agents/{agent}")).unwrap_or_default();
        let body = said.split_once("\r\n\r\n").unwrap_or_default().1;
        let agent: serde_json::Value = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {said}"));
        serde_json::from_value(agent["state"]["unreachable_at"].clone())
            .unwrap_or_else(|error| panic!("{error}: {agent}"))
    }

    /// The answer to a request, head and body; none when nobody answers.
    pub(super) fn get(&self, path: &str) -> Option<String> {
        let mut stream = TcpStream::connect(self.service.as_ref()?.address()).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {TOKEN}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Some(answer)
    }

    pub(super) fn listener(&self) -> Listener {
        Listener::to(&self.runtime, self.centre.asterisk.manager().unwrap())
    }

    /// Lines about pauses that Asterisk itself has written into the log of a queue, in order.
    pub(super) fn log(&self, queue: &QueueName) -> Vec<String> {
        let lines = self
            .centre
            .asterisk
            .queue_log(queue.as_str(), &["PAUSE", "UNPAUSE"])
            .unwrap();
        let said = lines.into_iter().map(|[_, event, reason]| format!("{event} {reason}"));
        said.map(|line| line.trim_end().to_owned()).collect()
    }

    /// Whether nothing is left to order.
    pub(super) fn is_settled(&self) -> bool {
        let node = self.centre.node.parse().unwrap();
        self.centre.store.pause_orders_due(&node, None).unwrap().is_empty()
    }

    #[track_caller]
    pub(super) fn wait_until_settled(&self) {
        self.centre.wait("no order is due", || self.is_settled());
    }
}

/// Has the service link to a node at this address.
fn manage(centre: &Centre, secrets: &TempDir, address: SocketAddr) {
    let file = secrets.path().join(&centre.node);
    fs::write(&file, &centre.asterisk.manager().unwrap().secret).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let patch = NodePatch {
        manager: Some(Some(address.to_string().parse().unwrap())),
        ..NodePatch::default()
    };
    centre.store.set_node(&centre.node.parse().unwrap(), &patch).unwrap();
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.stop_service();
    }
}
