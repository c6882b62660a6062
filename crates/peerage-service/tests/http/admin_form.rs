//! Forms as a browser without a script has them: what stands in a page is what is sent, but for what somebody types.

use crate::browser::{Browser, Seen};

/// A form of a page, filled in.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    action: String,
    fields: Vec<(String, String)>,
}

impl Form {
    /// The form of this address in a page.
    #[track_caller]
    pub(crate) fn of(page: &Seen, action: &str) -> Self {
        let start = format!("action=\"{action}\"");
        let (_, rest) = page
            .text
            .split_once(&start)
            .unwrap_or_else(|| panic!("no form for {action} in\n{}", page.text));
        let (body, _) = rest.split_once("</form>").unwrap();
        Self {
            action: action.to_owned(),
            fields: fields(body),
        }
    }

    /// What stands in a field; of several, with commas between.
    pub(crate) fn value(&self, name: &str) -> String {
        let values: Vec<&str> = self
            .fields
            .iter()
            .filter(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
            .collect();
        values.join(",")
    }

    /// Types in a field. For a switch the empty text is off.
    #[track_caller]
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        let known = |form: &Self| {
            form.fields
                .iter()
                .any(|(key, _)| key == name || *key == format!("was.{name}"))
        };
        let part_of_channel = name.starts_with("channel-");
        assert!(known(&self) || part_of_channel, "no field {name} in {:?}", self.fields);
        self.fields.retain(|(key, _)| key != name);
        if !value.is_empty() {
            self.fields.push((name.to_owned(), value.to_owned()));
        } else if !self.fields.iter().any(|(key, _)| *key == format!("was.{name}")) {
            self.fields.push((name.to_owned(), String::new()));
        }
        self
    }

    /// Chooses several in an order.
    pub(crate) fn with_each(mut self, name: &str, values: &[&str]) -> Self {
        self.fields.retain(|(key, _)| key != name);
        let chosen = values.iter().map(|value| (name.to_owned(), (*value).to_owned()));
        self.fields.extend(chosen);
        self
    }

    /// Sends it.
    pub(crate) async fn send(&self, browser: &Browser<'_>) -> Seen {
        let fields: Vec<(&str, &str)> = self
            .fields
            .iter()
            .filter(|(name, _)| name != "csrf")
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        browser.post(&self.action, &fields).await
    }

    /// Sends it, and gets the page that it leads to.
    pub(crate) async fn succeed(&self, browser: &Browser<'_>) -> Seen {
        let sent = self.send(browser).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        let location = sent.location();
        browser.get(location.split('#').next().unwrap()).await
    }
}

/// What a browser would send of these elements.
fn fields(body: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let mut select: Option<(String, Option<String>, Option<String>)> = None;
    for piece in body.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        let name = attribute(tag, "name");
        if tag.starts_with("input") {
            let kind = attribute(tag, "type").unwrap_or_default();
            let on = !["checkbox", "radio"].contains(&kind.as_str()) || tag.contains(" checked");
            if let (Some(name), true) = (name, on) {
                fields.push((name, attribute(tag, "value").unwrap_or_default()));
            }
        } else if tag.starts_with("textarea") {
            let text = decoded(text);
            // The first line feed is not part of the text.
            fields.extend(name.map(|name| (name, text.strip_prefix('\n').unwrap_or(&text).to_owned())));
        } else if tag.starts_with("select") {
            select = name.map(|name| (name, None, None));
        } else if tag.starts_with("option") {
            if let (Some((_, first, chosen)), Some(value)) = (&mut select, attribute(tag, "value")) {
                first.get_or_insert(value.clone());
                if tag.contains(" selected") {
                    *chosen = Some(value);
                }
            }
        } else if tag.starts_with("/select")
            && let Some((name, first, chosen)) = select.take()
        {
            fields.push((name, chosen.or(first).unwrap_or_default()));
        }
    }
    fields
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next().map(decoded)
}

/// Text of a page as people read it.
pub(crate) fn decoded(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

/// The secret that a page shows, by what it is.
#[track_caller]
pub(crate) fn secret_in(page: &Seen, what: &str) -> String {
    let start = format!("data-secret=\"{what}\">");
    let (_, rest) = page
        .text
        .split_once(&start)
        .unwrap_or_else(|| panic!("no {what} in\n{}", page.text));
    decoded(rest.split('<').next().unwrap())
}
