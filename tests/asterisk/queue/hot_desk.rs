//! An agent moves to another telephone while a caller waits.

use peerage_model::{Choice, LoginRequest, MoveRequest, Number, OnConflict, QueueName};
use peerage_store::QueuePatch;
use peerage_testkit::sipp::{Listening, Manner};

use super::caller::Caller;
use super::centre::Centre;
use super::people::{device, myself};
use super::versions::on_each;

/// An agent who is logged in on telephone A, which rings for a caller who waits; telephone B is free, and would answer.
struct Scene {
    queue: QueueName,
    agent: Number,
    a: Desk,
    b: Desk,
    caller: Caller,
}

struct Desk {
    number: Number,
    phone: Listening,
}

impl Desk {
    fn new(centre: &Centre, manner: Manner) -> Self {
        let number = centre.telephone();
        let phone = centre.online(&device(&number).manner(manner), &number);
        Self { number, phone }
    }

    fn interface(&self) -> String {
        format!("PJSIP/{}", self.number)
    }

    fn calls(&self) -> usize {
        self.phone.calls().unwrap()
    }
}

impl Scene {
    fn set(centre: &Centre) -> Self {
        let queue = centre.queue(QueuePatch::default());
        let agent = centre.agent_with(&[&queue], |agent| agent.profile.hot_desk = true);
        let [a, b] = [Manner::Ring, Manner::Answer].map(|manner| Desk::new(centre, manner));
        let request = LoginRequest {
            choice: Some(Choice::Telephone(a.number.clone())),
            ..LoginRequest::default()
        };
        assert!(centre.store.log_in(&agent, &request, &myself(&agent)).unwrap());
        let caller = centre.dial(&queue);
        a.phone.wait_for_calls(1).unwrap();
        Self {
            queue,
            agent,
            a,
            b,
            caller,
        }
    }

    /// Moves the agent to telephone B while A still rings, and then runs some statements.
    fn move_to_b(&self, centre: &Centre, statements: &str) {
        let request = MoveRequest {
            choice: Choice::Telephone(self.b.number.clone()),
            on_conflict: OnConflict::default(),
        };
        assert!(
            centre
                .store
                .move_agent(&self.agent, &request, &myself(&self.agent))
                .unwrap()
        );
        centre.sql(statements);
        let messages = self.a.phone.messages().unwrap();
        let stopped = messages.iter().any(|message| message.method() == Some("CANCEL"));
        assert!(!stopped, "the move took longer than a telephone rings");
    }
}

#[test]
fn an_agent_who_moves_is_rung_at_the_new_telephone_from_the_next_try_on_and_never_at_the_old_one() {
    on_each(|centre| {
        let scene = Scene::set(centre);
        assert_eq!(centre.interfaces(&scene.queue), [scene.a.interface()]);
        scene.move_to_b(centre, "");

        scene.caller.wait_for_answer();
        assert_eq!((scene.a.calls(), scene.b.calls()), (1, 1));
        assert_eq!(centre.interfaces(&scene.queue), [scene.b.interface()]);
        scene.caller.hang_up(centre);
        centre.wait("B is free", || centre.only(&scene.queue).device == "Not in use");
        centre.call(&scene.queue).assert_code(200);
        assert_eq!((scene.a.calls(), scene.b.calls()), (1, 2));
    });
}

/// Why a move mints new ids: what app_queue does with an id that it knows.
#[test]
fn with_a_stable_uniqueid_the_old_telephone_would_keep_ringing_after_a_move() {
    on_each(|centre| {
        let scene = Scene::set(centre);
        let member = format!("where queue_name = '{}'", scene.queue);
        let uniqueid = centre.sql(&format!("select uniqueid from peerage.queue_login {member}"));
        scene.move_to_b(
            centre,
            &format!("update peerage.queue_login set uniqueid = '{uniqueid}' {member}"),
        );
        let wanted = centre.sql(&format!("select interface from peerage.queue_login {member}"));
        assert_eq!(wanted, scene.b.interface());

        scene.a.phone.wait_for_calls(2).unwrap();
        assert_eq!(scene.b.calls(), 0);
        let confused = format!("{} from {}", scene.a.interface(), scene.b.interface());
        assert_eq!(centre.interfaces(&scene.queue), [confused]);
        scene.caller.hang_up(centre);
    });
}
