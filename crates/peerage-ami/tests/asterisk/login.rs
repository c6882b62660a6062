//! Signing in.

use super::*;

#[tokio::test]
async fn the_shipped_configuration_lets_its_user_in() {
    for asterisk in SHARED.iter() {
        let manager = asterisk.manager().unwrap();
        let credentials = Credentials::new(value(&manager.user), manager.secret.clone());
        let link = open_with(Settings {
            credentials,
            ..settings(manager.address)
        })
        .await;
        let State::Up { version, .. } = until(&link, State::is_up).await else {
            panic!("{link:?}");
        };
        assert!(version.split('.').count() == 3, "{version}");
        link.send(Action::ping()).await.done().unwrap();
        link.shut_down().await;
    }
}

#[tokio::test]
async fn a_wrong_secret_is_told_as_such_and_let_in_once_it_is_right() {
    for asterisk in SHARED.iter() {
        let settings = settings(asterisk.manager().unwrap().address);
        for (user, secret) in [("tester", "sesame"), ("nobody", "open: sesame")] {
            let link = Link::open(Settings {
                credentials: Credentials::new(value(user), secret),
                ..settings.clone()
            });
            let failure = failure(&link).await;
            assert_eq!(failure, Failure::LoginRefused("Authentication failed".into()));
            assert!(!failure.to_string().contains(secret));
            link.shut_down().await;
        }
        open_with(settings).await.shut_down().await;
    }
}

#[tokio::test]
async fn what_is_no_manager_is_told_as_such() {
    for asterisk in SHARED.iter() {
        // Asterisk's own web server says nothing until it is asked; then it answers what is no request.
        let link = Link::open(Settings {
            login_within: Duration::from_secs(5),
            ..settings(asterisk.config().http)
        });
        let failure = failure(&link).await;
        assert!(
            !matches!(failure, Failure::LoginRefused(_) | Failure::Unreachable(_)),
            "{failure}"
        );
        link.shut_down().await;
    }
}
