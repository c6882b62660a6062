//! What an agent may do with the own session, by the words that `--permit` and `--forbid` take.

use clap::ValueEnum;
use clap::builder::{EnumValueParser, ValueParser};
use peerage_model::{Invalid, Permissions};
use peerage_store::PermissionsPatch;

/// One permission, or all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Permission {
    /// Every one of these
    All,
    /// Choose between internal, phone and mobile
    ChooseInterface,
    /// Take any free telephone of the site
    TakeAnyPhone,
    /// Move to another interface or telephone while logged in
    Move,
    /// Pause one queue rather than all
    PauseOneQueue,
    /// Log out
    LogOut,
    /// Ask for a pause or a logout after the running call
    RequestAfterCall,
    /// See the own history
    SeeOwnHistory,
    /// Edit the own phone and mobile numbers
    EditOwnNumbers,
}

/// Each permission by itself.
const EACH: [Permission; 8] = [
    Permission::ChooseInterface,
    Permission::TakeAnyPhone,
    Permission::Move,
    Permission::PauseOneQueue,
    Permission::LogOut,
    Permission::RequestAfterCall,
    Permission::SeeOwnHistory,
    Permission::EditOwnNumbers,
];

/// Reads one word.
pub(crate) fn words() -> ValueParser {
    EnumValueParser::<Permission>::new().into()
}

impl Permission {
    fn word(self) -> String {
        self.to_possible_value()
            .map(|value| value.get_name().to_owned())
            .unwrap_or_default()
    }

    fn is_in(self, permissions: Permissions) -> bool {
        match self {
            Self::All => EACH.iter().all(|each| each.is_in(permissions)),
            Self::ChooseInterface => permissions.choose_interface,
            Self::TakeAnyPhone => permissions.take_any_phone,
            Self::Move => permissions.move_session,
            Self::PauseOneQueue => permissions.pause_one_queue,
            Self::LogOut => permissions.log_out,
            Self::RequestAfterCall => permissions.request_after_call,
            Self::SeeOwnHistory => permissions.see_own_history,
            Self::EditOwnNumbers => permissions.edit_own_numbers,
        }
    }
}

/// Allows or forbids these, leaving the others as the patch has them.
pub(crate) fn set(patch: &mut PermissionsPatch, permissions: &[Permission], allowed: bool) {
    for permission in permissions {
        let field = match permission {
            Permission::All => {
                set(patch, &EACH, allowed);
                continue;
            }
            Permission::ChooseInterface => &mut patch.choose_interface,
            Permission::TakeAnyPhone => &mut patch.take_any_phone,
            Permission::Move => &mut patch.move_session,
            Permission::PauseOneQueue => &mut patch.pause_one_queue,
            Permission::LogOut => &mut patch.log_out,
            Permission::RequestAfterCall => &mut patch.request_after_call,
            Permission::SeeOwnHistory => &mut patch.see_own_history,
            Permission::EditOwnNumbers => &mut patch.edit_own_numbers,
        };
        *field = Some(allowed);
    }
}

/// What the changes make of these permissions.
pub(crate) fn apply(patch: PermissionsPatch, permissions: &mut Permissions) {
    for (change, field) in [
        (patch.choose_interface, &mut permissions.choose_interface),
        (patch.take_any_phone, &mut permissions.take_any_phone),
        (patch.move_session, &mut permissions.move_session),
        (patch.pause_one_queue, &mut permissions.pause_one_queue),
        (patch.log_out, &mut permissions.log_out),
        (patch.request_after_call, &mut permissions.request_after_call),
        (patch.see_own_history, &mut permissions.see_own_history),
        (patch.edit_own_numbers, &mut permissions.edit_own_numbers),
    ] {
        *field = change.unwrap_or(*field);
    }
}

/// Reads words with commas between.
pub(crate) fn read(text: &str) -> Result<Vec<Permission>, Invalid> {
    let words = text.split(',').map(|word| word.trim_matches(' '));
    words
        .map(|word| {
            Permission::from_str(word, false).map_err(|_unknown| {
                let known: Vec<String> = Permission::value_variants().iter().map(|each| each.word()).collect();
                Invalid::new("permission", word, format!("one of {}", known.join(", ")))
            })
        })
        .collect()
}

/// Each permission with its word, and whether it is allowed.
pub(crate) fn each(permissions: Permissions) -> impl Iterator<Item = (String, bool)> {
    EACH.iter().map(move |each| (each.word(), each.is_in(permissions)))
}

/// What is allowed or what is not, as [`read`] takes it.
pub(crate) fn write(permissions: Permissions, allowed: bool) -> String {
    let words: Vec<String> = each(permissions)
        .filter(|(_, is_allowed)| *is_allowed == allowed)
        .map(|(word, _)| word)
        .collect();
    words.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_sets_exactly_its_own_permission() {
        for permission in EACH {
            let mut patch = PermissionsPatch::default();
            set(&mut patch, &[permission], false);
            let mut permissions = Permissions::default();
            apply(patch, &mut permissions);
            let forbidden: Vec<Permission> = EACH.into_iter().filter(|each| !each.is_in(permissions)).collect();
            assert_eq!(forbidden, [permission]);
            assert_eq!(read(&write(permissions, false)).unwrap(), [permission]);
        }
    }

    #[test]
    fn all_is_every_one() {
        let mut patch = PermissionsPatch::default();
        set(&mut patch, &[Permission::All], false);
        let mut permissions = Permissions::default();
        apply(patch, &mut permissions);
        assert!(EACH.iter().all(|each| !each.is_in(permissions)));
        assert_eq!(read(&write(permissions, false)).unwrap(), EACH);
        assert_eq!(write(permissions, true), "");
    }

    #[test]
    fn an_unknown_word_is_refused_with_the_known_ones() {
        let error = read("move,fly").unwrap_err();
        assert_eq!(error.value(), "fly");
        assert!(error.rule().contains("pause-one-queue"), "{error}");
    }
}
