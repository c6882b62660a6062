//! Every state of every kind of button can be read: at rest, under the mouse, while its form is sent, and switched off.

use std::collections::BTreeMap;

use anyhow::Result;
use peerage_testkit::browser::{Browser, WIDE};
use serde_json::json;

use crate::admin::office;
use crate::house::House;

/// The least contrast of text that WCAG allows.
const LEAST: f64 = 4.5;

/// Marks one button of each look on the page, and names the looks.
const KINDS: &str = "
    const kinds = new Map();
    for (const button of document.querySelectorAll('button, .button')) {
        if (button.getClientRects().length === 0) continue;
        const kind = [button.localName, ...button.classList].filter(name => !['wide', 'big'].includes(name)).join('.');
        if (!kinds.has(kind)) kinds.set(kind, button);
    }
    for (const [kind, button] of kinds) button.dataset.testKind = kind;
    return [...kinds.keys()]";

/// The contrast of a button's text with what is painted behind it, transitions and transparency included.
const CONTRAST: &str = "
    const button = document.querySelector(`[data-test-kind='${arguments[0]}']`);
    const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const over = (colour) => { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); };
    const chain = [];
    for (let one = button; one; one = one.parentElement) chain.unshift(getComputedStyle(one).backgroundColor);
    over('white');
    chain.forEach(over);
    const read = () => [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    const ground = read();
    over(getComputedStyle(button).color);
    const ink = read();
    const light = (colour) => colour
        .map(part => part / 255)
        .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
    const [low, high] = [light(ground), light(ink)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05)";

/// How a button may be: a name, and the script that makes it so.
const STATES: [(&str, &str); 4] = [
    ("ready", ""),
    ("being sent", "button.form?.setAttribute('aria-busy', 'true')"),
    ("switched off", "button.disabled = true"),
    ("not to be followed", "button.setAttribute('aria-disabled', 'true')"),
];

/// As it was.
const UNDO: &str = "
    button.form?.removeAttribute('aria-busy');
    button.disabled = false;
    button.removeAttribute('aria-disabled')";

/// Stops live parts, which would take the marks away: nothing is swapped while a form is being sent.
const STAND_STILL: &str = "
    const form = document.body.appendChild(document.createElement('form'));
    form.setAttribute('aria-busy', 'true')";

async fn measure(browser: &Browser, found: &mut BTreeMap<String, f64>) -> Result<()> {
    browser.script(STAND_STILL, vec![]).await?;
    let kinds: Vec<String> = serde_json::from_value(browser.script(KINDS, vec![]).await?)?;
    for kind in kinds {
        let css = format!("[data-test-kind='{kind}']");
        let with = |script: &str| format!("const button = document.querySelector(\"{css}\"); {script}");
        browser
            .script(&with("button.scrollIntoView({block: 'center'})"), vec![])
            .await?;
        for (state, script) in STATES {
            for hovered in [false, true] {
                browser.hover(if hovered { &css } else { ".brand" }).await?;
                browser.script(&with(script), vec![]).await?;
                let contrast = browser.script(CONTRAST, vec![json!(kind)]).await?;
                browser.script(&with(UNDO), vec![]).await?;
                let name = format!("{kind} {state}{}", if hovered { ", hovered over" } else { "" });
                let contrast = contrast.as_f64().unwrap_or_default();
                let least = found.entry(name).or_insert(contrast);
                *least = least.min(contrast);
            }
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_of_a_button_can_be_read() -> Result<()> {
    let (house, office) = office().await?;
    let queue = house.queue("sales");
    let ada = house.agent("Ada King", &[&queue], |_| {});
    let work = house.signed_in(&ada, WIDE).await?;
    work.press("Log in").await?;
    work.wait_for("#state").await?;
    for scheme in ["light", "dark"] {
        let mut found = BTreeMap::new();
        work.prefer(scheme).await?;
        measure(&work, &mut found).await?;
        office.prefer(scheme).await?;
        for path in [
            "/board".to_owned(),
            format!("/admin/agents/{ada}"),
            format!("/admin/queues/{queue}"),
        ] {
            office.open(&house.url(&path)).await?;
            measure(&office, &mut found).await?;
        }
        for kind in ["button.primary", "button.danger", "button.quiet", "button ", "a.button"] {
            assert!(found.keys().any(|name| name.starts_with(kind)), "no {kind} was seen");
        }
        let bad: Vec<_> = found.iter().filter(|(_, contrast)| **contrast < LEAST).collect();
        assert!(bad.is_empty(), "{scheme}: contrast of {bad:?}");
    }
    work.end().await?;
    office.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn pressed_button_shows_that_its_form_is_being_sent() -> Result<()> {
    let house = House::shared().await;
    let ada = house.agent("Ada King", &[], |_| {});
    let browser = house.signed_in(&ada, WIDE).await?;
    // The answer waits until it is let go.
    let hold = "
        const fetched = window.fetch;
        window.fetch = (path, how) => how?.method === 'POST'
            ? new Promise(go => { window.letGo = () => go(fetched(path, how)); })
            : fetched(path, how)";
    browser.script(hold, vec![]).await?;
    browser.press("Log in").await?;
    let spins = "
        const button = document.querySelector('form[aria-busy=true] button[data-pressed]');
        return button && getComputedStyle(button, '::after').animationName";
    let name = browser
        .wait_until("the button shows that it works", spins, vec![])
        .await?;
    assert_ne!(name, "none");
    browser.script("window.letGo()", vec![]).await?;
    browser.wait_for("#state").await?;
    browser.end().await
}
