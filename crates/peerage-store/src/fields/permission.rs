//! What an agent may do with the own session, by the words that `--permit` and `--forbid` take.

use std::fmt;
use std::str::FromStr;

use crate::PermissionsPatch;
use peerage_model::{Invalid, Permissions};

/// One permission, or all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// All of these.
    All,
    /// Choose between internal, phone and mobile.
    ChooseInterface,
    /// Use any free phone of the site.
    TakeAnyPhone,
    /// Move to another interface or phone while logged in.
    Move,
    /// Pause in one queue instead of all.
    PauseOneQueue,
    /// Log out.
    LogOut,
    /// Request a pause or logout after the current call.
    RequestAfterCall,
    /// See their own history.
    SeeOwnHistory,
    /// Edit their own phone and mobile numbers.
    EditOwnNumbers,
}

impl Permission {
    /// Each permission by itself.
    pub const EACH: [Self; 8] = [
        Self::ChooseInterface,
        Self::TakeAnyPhone,
        Self::Move,
        Self::PauseOneQueue,
        Self::LogOut,
        Self::RequestAfterCall,
        Self::SeeOwnHistory,
        Self::EditOwnNumbers,
    ];

    /// Every word that is read.
    pub fn words() -> impl Iterator<Item = Self> {
        std::iter::once(Self::All).chain(Self::EACH)
    }

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::ChooseInterface => "choose-interface",
            Self::TakeAnyPhone => "take-any-phone",
            Self::Move => "move",
            Self::PauseOneQueue => "pause-one-queue",
            Self::LogOut => "log-out",
            Self::RequestAfterCall => "request-after-call",
            Self::SeeOwnHistory => "see-own-history",
            Self::EditOwnNumbers => "edit-own-numbers",
        }
    }

    /// What it lets an agent do: an order, without a full stop.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::All => "All of these",
            Self::ChooseInterface => "Choose between internal, phone and mobile",
            Self::TakeAnyPhone => "Use any free phone of the site",
            Self::Move => "Move to another interface or phone while logged in",
            Self::PauseOneQueue => "Pause in one queue instead of all",
            Self::LogOut => "Log out",
            Self::RequestAfterCall => "Request a pause or logout after the current call",
            Self::SeeOwnHistory => "See their own history",
            Self::EditOwnNumbers => "Edit their own phone and mobile numbers",
        }
    }

    /// Whether these permissions have it.
    pub fn is_in(self, permissions: Permissions) -> bool {
        match self {
            Self::All => Self::EACH.iter().all(|each| each.is_in(permissions)),
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
pub fn set(patch: &mut PermissionsPatch, permissions: &[Permission], allowed: bool) {
    for permission in permissions {
        let field = match permission {
            Permission::All => {
                set(patch, &Permission::EACH, allowed);
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
pub fn apply(patch: PermissionsPatch, permissions: &mut Permissions) {
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

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Permission {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::words().find(|one| one.as_str() == text).ok_or_else(|| {
            let known: Vec<&str> = Self::words().map(Self::as_str).collect();
            Invalid::new("permission", text, format!("one of {}", known.join(", ")))
        })
    }
}

/// Reads words with commas between.
///
/// # Errors
///
/// One of them is none of [`Permission::words`].
pub fn read(text: &str) -> Result<Vec<Permission>, Invalid> {
    text.split(',').map(|word| word.trim_matches(' ').parse()).collect()
}

/// Each permission with its word, and whether it is allowed.
pub fn each(permissions: Permissions) -> impl Iterator<Item = (&'static str, bool)> {
    Permission::EACH
        .into_iter()
        .map(move |each| (each.as_str(), each.is_in(permissions)))
}

/// What is allowed or what is not, as [`read`] takes it.
pub fn write(permissions: Permissions, allowed: bool) -> String {
    let words: Vec<&str> = each(permissions)
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
        for permission in Permission::EACH {
            let mut patch = PermissionsPatch::default();
            set(&mut patch, &Permission::EACH, true);
            set(&mut patch, &[permission], false);
            let mut permissions = Permissions::default();
            apply(patch, &mut permissions);
            let forbidden: Vec<Permission> = Permission::EACH
                .into_iter()
                .filter(|each| !each.is_in(permissions))
                .collect();
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
        assert!(Permission::EACH.iter().all(|each| !each.is_in(permissions)));
        assert_eq!(read(&write(permissions, false)).unwrap(), Permission::EACH);
        assert_eq!(write(permissions, true), "");
    }

    #[test]
    fn an_unknown_word_is_refused_with_the_known_ones() {
        let error = read("move,fly").unwrap_err();
        assert_eq!(error.value(), "fly");
        assert!(error.rule().contains("pause-one-queue"), "{error}");
    }
}
