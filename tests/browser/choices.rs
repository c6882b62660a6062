//! A choice is whoever's who made it: what others do may make it impossible, and never makes another one of it.

use anyhow::Result;
use peerage_model::{
    Actor, ActorRole, Choice, ConflictPolicy, LoginRequest, LogoutRequest, Number, OnConflict, ReasonCode,
};
use peerage_store::AgentPatch;
use peerage_testkit::browser::{Browser, WIDE};
use serde_json::{Value, json};

use crate::hot_desk::pick;
use crate::house::House;
use crate::truth::free;

const CHOSEN: &str = "return document.querySelector(`[name=${arguments[0]}]:checked`)?.value ?? null";

/// What is chosen; null when nothing is.
async fn chosen(browser: &Browser, name: &str) -> Result<Value> {
    browser.script(CHOSEN, vec![json!(name)]).await
}

fn actor(agent: &Number) -> Actor {
    Actor::new(agent.to_string(), ActorRole::Agent(agent.clone()))
}

fn log_in_at(house: &House, agent: &Number, phone: &Number) -> Result<()> {
    let there = LoginRequest {
        choice: Some(Choice::Telephone(phone.clone())),
        on_conflict: OnConflict::Refuse,
    };
    house.store.log_in(agent, &there, &actor(agent))?;
    Ok(())
}

fn log_out(house: &House, agent: &Number) -> Result<()> {
    house.store.log_out(agent, &LogoutRequest::default(), &actor(agent))?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn phone_taken_by_another_is_withdrawn_and_no_other_is_chosen() -> Result<()> {
    let house = House::shared().await;
    let site = house.site(ConflictPolicy::Deny);
    let queue = house.queue("sales");
    let [hedy, radia] = ["Hedy Lamarr", "Radia Perlman"].map(|name| house.nomad(name, &site, &[&queue]));
    let [window, door, corner] = ["Window", "Door", "Corner"].map(|name| house.telephone_at(&site, name));
    for phone in [&window, &door, &corner] {
        house.online(phone)?;
    }
    // Where she sat last.
    log_in_at(house, &hedy, &window)?;
    log_out(house, &hedy)?;

    let browser = house.signed_in(&hedy, WIDE).await?;
    browser.wait_for_text("[data-drop-text]", "Window").await?;
    pick(&browser, &door).await?;
    browser.wait_for_text("[data-drop-text]", "Door").await?;
    log_in_at(house, &radia, &door)?;
    let said = browser.wait_for_text(".withdrawn", "Radia Perlman").await?;
    assert!(said.contains(door.as_str()) && said.contains("Door"), "{said}");
    assert!(browser.text("[data-drop-text]").await?.contains("Door"));
    assert_eq!(chosen(&browser, "telephone").await?, Value::Null);
    browser
        .wait_for("form:has([name=telephone]) button[type=submit]:disabled")
        .await?;
    // It stays so, whatever else changes.
    log_out(house, &radia)?;
    log_in_at(house, &radia, &door)?;
    browser.wait_for_text(".withdrawn", "Radia Perlman").await?;
    assert_eq!(house.truth(&queue)?, [free(format!("PJSIP/{door}"))]);

    pick(&browser, &corner).await?;
    browser.wait_gone(".withdrawn").await?;
    browser.press("Log in").await?;
    browser.wait_for_text("#place", corner.as_str()).await?;
    let mut both = [free(format!("PJSIP/{door}")), free(format!("PJSIP/{corner}"))];
    both.sort();
    house.assert_truth(&queue, &both)?;
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_phone_is_chosen_for_somebody_who_chose_none() -> Result<()> {
    let house = House::shared().await;
    let site = house.site(ConflictPolicy::Deny);
    let [hedy, radia] = ["Hedy Lamarr", "Radia Perlman"].map(|name| house.nomad(name, &site, &[]));
    let [window, door] = ["Window", "Door"].map(|name| house.telephone_at(&site, name));
    for phone in [&window, &door] {
        house.online(phone)?;
    }
    log_in_at(house, &hedy, &window)?;
    log_out(house, &hedy)?;
    log_in_at(house, &radia, &window)?;
    let browser = house.signed_in(&hedy, WIDE).await?;
    browser.wait_for_text("[data-drop-text]", "Choose").await?;
    log_out(house, &radia)?;
    browser.wait_for_text("[data-drop] .soft", "2 free").await?;
    assert_eq!(chosen(&browser, "telephone").await?, Value::Null);
    assert!(browser.text("[data-drop-text]").await?.contains("Choose"));
    browser.press("Log in").await?;
    browser.wait_for_text("main [role=alert]", "Choose the phone").await?;
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn interface_that_goes_is_withdrawn_and_no_other_is_chosen() -> Result<()> {
    let house = House::shared().await;
    let queue = house.queue("sales");
    let ada = house.agent("Ada King", &[&queue], |agent| {
        agent.profile.phone = Some("020555001".parse().unwrap());
    });
    let browser = house.signed_in(&ada, WIDE).await?;
    browser.click("label:has([name=interface][value=phone])").await?;
    // One more, before it and after it.
    let mobile = AgentPatch {
        mobile: Some(Some("+447700900123".parse()?)),
        ..AgentPatch::default()
    };
    house.store.set_agent(&ada, &mobile)?;
    browser.wait_for("[name=interface][value=mobile]").await?;
    assert_eq!(chosen(&browser, "interface").await?, "phone");
    let none = AgentPatch {
        phone: Some(None),
        ..AgentPatch::default()
    };
    house.store.set_agent(&ada, &none)?;
    browser.wait_for_text(".withdrawn", "Phone").await?;
    assert_eq!(chosen(&browser, "interface").await?, Value::Null);
    browser
        .wait_for("form:has([name=interface]) button[type=submit]:disabled")
        .await?;
    browser.click("label:has([name=interface][value=mobile])").await?;
    browser.press("Log in").await?;
    browser.wait_for_text("#place", "+447700900123").await?;
    house.assert_truth(&queue, &[free("Local/+447700900123@peerage-outbound/n")])?;
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn pause_reason_stays_chosen_while_the_reasons_change() -> Result<()> {
    let house = House::shared().await;
    let number = house.number();
    let reason = |label: &str| -> ReasonCode { house.offer(&format!("{label}{number}"), &format!("{label} {number}")) };
    let mine = reason("meeting");
    let queue = house.queue("sales");
    let ada = house.agent("Ada King", &[&queue], |_| {});
    house.online(&ada)?;
    let browser = house.signed_in(&ada, WIDE).await?;
    browser.press("Log in").await?;
    browser.wait_for("#state[data-state=available]").await?;
    browser
        .click(&format!("label:has(> input[name=reason][value='{mine}'])"))
        .await?;
    // Something else gets the focus.
    browser.script("document.activeElement.blur()", vec![]).await?;
    // Before it and after it in any order.
    let others = [reason("aaa"), reason("zzz")];
    for other in &others {
        browser.wait_for(&format!(".chip:has([value='{other}'])")).await?;
        assert_eq!(chosen(&browser, "reason").await?, json!(mine.as_str()));
    }
    house.store.remove_pause_reason(&mine)?;
    browser.wait_for_text(".withdrawn", "meeting").await?;
    assert_eq!(chosen(&browser, "reason").await?, Value::Null);
    browser.wait_for("#state button.primary:disabled").await?;
    browser
        .click(&format!("label:has(> input[name=reason][value='{}'])", others[0]))
        .await?;
    browser.press("Pause").await?;
    browser.wait_for_text(".state-word", "aaa").await?;
    for other in others {
        house.store.remove_pause_reason(&other)?;
    }
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn ticks_on_the_board_stay_with_their_agents_and_are_counted() -> Result<()> {
    let house = House::shared().await;
    let queue = house.queue("sales");
    let [ada, grace, alan] =
        ["Ada King", "Grace Hopper", "Alan Turing"].map(|name| house.agent(name, &[&queue], |_| {}));
    for agent in [&grace, &alan] {
        house.log_in(agent);
    }
    let boss = house.supervisor(&[&queue]);
    let board = house.signed_in(&boss, WIDE).await?;
    for agent in [&grace, &alan] {
        board.tick(&format!("[name=agent][value='{agent}']"), true).await?;
    }
    board.wait_for_text("#steer", "2 selected").await?;
    // Above them.
    house.log_in(&ada);
    board.wait_for(&format!("[name=agent][value='{ada}']")).await?;
    let ticked = "return [...document.querySelectorAll('[name=agent]:checked')].map(one => one.value)";
    assert_eq!(
        board.script(ticked, vec![]).await?,
        json!([grace.as_str(), alan.as_str()])
    );
    log_out(house, &grace)?;
    board.wait_for_text("#steer", "1 selected").await?;
    assert_eq!(board.script(ticked, vec![]).await?, json!([alan.as_str()]));
    // Whoever is back has not been ticked again.
    house.log_in(&grace);
    board.wait_for(&format!("[name=agent][value='{grace}']")).await?;
    assert_eq!(board.script(ticked, vec![]).await?, json!([alan.as_str()]));
    board.end().await
}
