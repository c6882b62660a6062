//! `peerage phone`.

use peerage_store::PhonePatch;

use super::{Context, accounts, state};
use crate::args::phone::{Add, Phone as Verb, Set};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::secret;
use peerage_store::fields;

pub(super) fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Verb::Add(args) => add(*args, context),
        Verb::List(args) => state::phones::list(args, context),
        Verb::Show(one) => state::phones::show(&one.number, context),
        Verb::Set(args) => set(*args, context),
        Verb::Release(verb) => state::release::run(verb, context),
        Verb::Remove(one) => {
            let store = context.store()?;
            store.remove_phone(&one.number)?;
            context.printer.talk(format_args!("removed phone {}", one.number));
            accounts::warn_not_told(context, &store, &one.number)?;
            Ok(Exit::Done)
        }
    }
}

fn add(args: Add, context: &Context) -> Result<Exit, Failure> {
    let patch = PhonePatch {
        account: args.voice.into_patch(),
        full_name: Some(args.name),
        emergency_callerid: args.emergency.emergency_callerid.map(|number| number.0),
    };
    let phone = fields::phone::new(args.number, patch)?;
    let store = context.store()?;
    let given = secret::take(args.secret.secret_stdin, "secret", context.printer)?;
    store.add_phone(&phone, &given.secret)?;
    let number = &phone.account.number;
    context.printer.talk(format_args!("added phone {number}"));
    accounts::after_change(context, "phone", &store.phone(number)?.account, true, Some(&given))
}

fn set(args: Set, context: &Context) -> Result<Exit, Failure> {
    let mut patch = PhonePatch {
        account: args.voice.into_patch(),
        full_name: args.name,
        emergency_callerid: args.emergency.emergency_callerid.map(|number| number.0),
    };
    let store = context.store()?;
    let given = accounts::changed_secret(&args.secret, &mut patch.account, context)?;
    let changed = store.set_phone(&args.present, &patch)?;
    let verb = if changed { "changed" } else { "nothing changed in" };
    context.printer.talk(format_args!("{verb} phone {}", args.present));
    if changed {
        accounts::warn_not_told(context, &store, &args.present)?;
    }
    let number = args.secret.number.as_ref().unwrap_or(&args.present);
    accounts::after_change(context, "phone", &store.phone(number)?.account, changed, given.as_ref())
}
