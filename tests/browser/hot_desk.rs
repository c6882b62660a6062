//! Agents who pick a telephone: the list, races, take-overs.

use anyhow::Result;
use peerage_model::{ConflictPolicy, Number};
use peerage_store::{AccountPatch, PhonePatch};
use peerage_testkit::browser::{Browser, WIDE};

use crate::house::House;
use crate::truth::free;

/// Opens the list and chooses a telephone.
pub(crate) async fn pick(browser: &Browser, phone: &Number) -> Result<()> {
    browser.wait_for("details[data-drop]").await?;
    let closed = browser.script("return !document.querySelector('details[data-drop]').open", vec![]);
    if closed.await? == true {
        browser.click("details[data-drop] > summary").await?;
    }
    browser.click(&line(phone)).await
}

/// The line of a telephone in the list.
fn line(phone: &Number) -> String {
    format!("label:has([name=telephone][value='{phone}'])")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_says_of_each_telephone_why_it_cannot_be_had() -> Result<()> {
    let house = House::shared().await;
    let site = house.site(ConflictPolicy::Deny);
    let queue = house.queue("sales");
    let [ada, grace] = ["Ada King", "Grace Hopper"].map(|name| house.nomad(name, &site, &[&queue]));
    let [window, door, cellar, attic] =
        ["Window", "Door", "Cellar", "Attic"].map(|name| house.telephone_at(&site, name));
    for phone in [&window, &door, &cellar] {
        house.online(phone)?;
    }
    house.unregister(&cellar)?;
    let off = PhonePatch {
        account: AccountPatch {
            disabled: Some(true),
            ..AccountPatch::default()
        },
        ..PhonePatch::default()
    };
    house.store.set_phone(&attic, &off)?;

    let first = house.signed_in(&grace, WIDE).await?;
    pick(&first, &door).await?;
    first.press("Log in").await?;
    first.wait_for_text("#place", door.as_str()).await?;

    let browser = house.signed_in(&ada, WIDE).await?;
    browser.click("details[data-drop] > summary").await?;
    browser.wait_for_text(&line(&window), "Free").await?;
    browser.wait_for_text(&line(&door), "In use by Grace Hopper").await?;
    browser.wait_for_text(&line(&cellar), "Not registered").await?;
    browser.wait_for_text(&line(&attic), "Disabled").await?;
    for phone in [&door, &cellar, &attic] {
        browser.wait_for(&format!("{} input:disabled", line(phone))).await?;
    }
    browser.click(&line(&window)).await?;
    browser.press("Log in").await?;
    browser.wait_for_text("#place", window.as_str()).await?;
    let mut both = [free(format!("PJSIP/{window}")), free(format!("PJSIP/{door}"))];
    both.sort();
    house.assert_truth(&queue, &both)?;
    first.end().await?;
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_browsers_that_race_for_a_telephone_one_gets_it_and_the_other_is_told_by_whom() -> Result<()> {
    let house = House::shared().await;
    let site = house.site(ConflictPolicy::Deny);
    let queue = house.queue("sales");
    let names = ["Ada King", "Grace Hopper"];
    let agents = names.map(|name| house.nomad(name, &site, &[&queue]));
    let phone = house.telephone_at(&site, "The only one");
    house.online(&phone)?;
    let one = house.signed_in(&agents[0], WIDE).await?;
    let other = house.signed_in(&agents[1], WIDE).await?;
    for _ in 0..3 {
        for browser in [&one, &other] {
            browser.open(&house.url("/agent")).await?;
            pick(browser, &phone).await?;
        }
        let (first, second) = tokio::join!(one.press("Log in"), other.press("Log in"));
        first?;
        second?;
        // Each ends with one or the other.
        for browser in [&one, &other] {
            let either = "return document.querySelector('#state, main [role=alert]')?.textContent";
            browser.wait_until("logged in or refused", either, vec![]).await?;
        }
        let won = [&one, &other].map(|browser| browser.texts("#state"));
        let [won_one, won_other] = won;
        let won = [!won_one.await?.is_empty(), !won_other.await?.is_empty()];
        assert!(won[0] != won[1], "both or none got the telephone: {won:?}");
        let (winner, loser, name) = if won[0] {
            (&one, &other, names[0])
        } else {
            (&other, &one, names[1])
        };
        loser.wait_for_text("main [role=alert]", name).await?;
        house.assert_truth(&queue, &[free(format!("PJSIP/{phone}"))])?;
        let members = house.asterisk.queue_members(queue.as_str())?;
        assert!(members[0].name.starts_with(name), "{members:?}");
        winner.press("Log out").await?;
        winner
            .wait_for("[name=telephone]:not(:disabled), details[data-drop]")
            .await?;
        house.wait_for_truth(&queue, &[]).await?;
    }
    one.end().await?;
    other.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_site_lets_agents_take_over_the_loser_is_told_at_once_by_whom() -> Result<()> {
    let house = House::shared().await;
    let site = house.site(ConflictPolicy::TakeOver);
    let queue = house.queue("sales");
    let [ada, grace] = ["Ada King", "Grace Hopper"].map(|name| house.nomad(name, &site, &[&queue]));
    let phone = house.telephone_at(&site, "The only one");
    house.online(&phone)?;
    let holder = house.signed_in(&grace, WIDE).await?;
    pick(&holder, &phone).await?;
    holder.press("Log in").await?;
    holder.wait_for("#state").await?;

    let taker = house.signed_in(&ada, WIDE).await?;
    pick(&taker, &phone).await?;
    taker.press("Log in").await?;
    // Asked first: it ends somebody's session.
    taker.wait_for_text("main [role=alert]", "Grace Hopper").await?;
    house.assert_truth(&queue, &[free(format!("PJSIP/{phone}"))])?;
    taker.press("Take it over and end that session").await?;
    taker.wait_for("#state").await?;
    // Untouched.
    holder.wait_for_text("#ended", "took over your phone").await?;
    house.assert_truth(&queue, &[free(format!("PJSIP/{phone}"))])?;
    let members = house.asterisk.queue_members(queue.as_str())?;
    assert!(members[0].name.starts_with("Ada King"), "{members:?}");
    holder.end().await?;
    taker.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn search_that_finds_no_telephone_says_so_and_stays_while_the_list_changes() -> Result<()> {
    let house = House::shared().await;
    let site = house.site(ConflictPolicy::Deny);
    let queue = house.queue("sales");
    let [ada, grace] = ["Ada King", "Grace Hopper"].map(|name| house.nomad(name, &site, &[&queue]));
    let phones: Vec<Number> = (0..10)
        .map(|place| house.telephone_at(&site, &format!("Desk {place}")))
        .collect();
    house.online(&phones[0])?;
    house.online(&phones[1])?;
    let browser = house.signed_in(&ada, WIDE).await?;
    browser.click("details[data-drop] > summary").await?;
    browser.fill("#find-telephone", "nowhere").await?;
    browser
        .wait_for_text("#telephone-list-found", "No phone matches")
        .await?;
    browser.fill("#find-telephone", "Desk 1").await?;
    browser.wait_for_text("#telephone-list-found", "1 of ").await?;
    // Another one is taken meanwhile.
    let other = house.signed_in(&grace, WIDE).await?;
    pick(&other, &phones[0]).await?;
    other.press("Log in").await?;
    other.wait_for("#state").await?;
    browser.wait_for_text("[data-drop] .soft", "1 free").await?;
    assert_eq!(browser.texts("#telephone-list > label").await?.len(), 1);
    other.end().await?;
    browser.end().await
}
