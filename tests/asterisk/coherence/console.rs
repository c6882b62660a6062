//! The page of an agent, in a browser.

use peerage_model::{Role, Username};
use peerage_store::NewLogin;
use peerage_testkit::browser::{Browser, WIDE};

use super::scene::Scene;

const PASSWORD: &str = "correct horse battery";

/// A browser in which an administrator is signed in and has an agent's page open.
pub(super) struct Console<'a> {
    scene: &'a Scene,
    browser: Browser,
}

impl<'a> Console<'a> {
    pub(super) fn open(scene: &'a Scene, number: &str) -> Self {
        let username: Username = "ada".parse().unwrap();
        let login = NewLogin {
            username: username.clone(),
            role: Role::Admin,
            agent: None,
        };
        scene.store.add_login(&login, Some(&PASSWORD.parse().unwrap())).unwrap();
        let browser = scene.runtime.block_on(async {
            let browser = Browser::start(WIDE).await.unwrap();
            browser.open(&scene.url("/sign-in")).await.unwrap();
            browser.fill("[name=username]", username.as_str()).await.unwrap();
            browser.fill("[name=password]", PASSWORD).await.unwrap();
            browser.press("Sign in").await.unwrap();
            browser.wait_for("nav").await.unwrap();
            let page = scene.url(&format!("/admin/agents/{number}"));
            browser.open(&page).await.unwrap();
            browser
        });
        Self { scene, browser }
    }

    /// Chooses the first and only codecs, writes the context, and saves.
    pub(super) fn save_voice(&self, codecs: [&str; 2], context: &str) {
        self.scene.runtime.block_on(async {
            for (place, codec) in (1..).zip(codecs) {
                let list = format!("#field-codecs li:nth-child({place}) select");
                self.browser.choose(&list, codec).await.unwrap();
            }
            self.browser.fill("[name=context]", context).await.unwrap();
            self.browser.press("Save").await.unwrap();
            self.browser.wait_for_text("[role=status]", "Saved").await.unwrap();
        });
    }

    /// Gives the account another secret.
    pub(super) fn set_secret(&self, secret: &str) {
        self.scene.runtime.block_on(async {
            self.browser.fill("[name=secret]", secret).await.unwrap();
            self.browser.press("Set secret").await.unwrap();
            self.browser.wait_for("[role=status]").await.unwrap();
        });
    }

    /// Ends the browser; fails if a page complained.
    pub(super) fn end(self) {
        self.scene.runtime.block_on(self.browser.end()).unwrap();
    }
}
