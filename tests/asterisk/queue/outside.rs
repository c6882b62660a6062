//! Agents whose calls ring outside.

use peerage_model::{Choice, LoginRequest};
use peerage_store::QueuePatch;

use super::people::{device, myself};
use super::versions::on_each;

#[test]
fn an_outside_number_is_a_valid_member_and_takes_the_calls() {
    on_each(|centre| {
        for (choice, number) in [
            (Choice::Phone, "0039471123456"),
            (Choice::Mobile, "+39471*1#"),
            (Choice::Mobile, "*31#0471"),
            (Choice::Phone, "#21"),
        ] {
            let queue = centre.queue(QueuePatch::default());
            let agent = centre.agent_with(&[&queue], |agent| {
                let number = Some(number.parse().unwrap());
                match choice {
                    Choice::Mobile => agent.profile.mobile = number,
                    _ => agent.profile.phone = number,
                }
            });
            let request = LoginRequest {
                choice: Some(choice),
                ..LoginRequest::default()
            };
            assert!(centre.store.log_in(&agent, &request, &myself(&agent)).unwrap());
            let member = centre.only(&queue);
            assert_eq!(member.interface, format!("Local/{number}@peerage-outbound/n"));
            assert_eq!(member.device, "Not in use", "{number}");
            centre.call(&queue).assert_code(200);
        }
    });
}

#[test]
fn a_phone_field_that_names_an_account_rings_that_account() {
    on_each(|centre| {
        let queue = centre.queue(QueuePatch::default());
        let telephone = centre.telephone();
        let phone = centre.online(&device(&telephone), &telephone);
        let agent = centre.agent_with(&[&queue], |agent| {
            agent.profile.phone = Some(telephone.as_str().parse().unwrap());
        });
        let request = LoginRequest {
            choice: Some(Choice::Phone),
            ..LoginRequest::default()
        };
        assert!(centre.store.log_in(&agent, &request, &myself(&agent)).unwrap());
        assert_eq!(centre.interfaces(&queue), [format!("PJSIP/{telephone}")]);
        centre.call(&queue).assert_code(200);
        assert_eq!(phone.calls().unwrap(), 1);
    });
}
