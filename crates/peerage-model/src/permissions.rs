/// What an agent may do with his or her own session. All but the last are allowed unless taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Permissions {
    /// Choose between internal, phone and mobile.
    pub choose_interface: bool,
    /// Take any free telephone of the site.
    pub take_any_phone: bool,
    /// Move to another interface or telephone while logged in.
    #[serde(rename = "move")]
    pub move_session: bool,
    /// Pause one queue rather than all.
    pub pause_one_queue: bool,
    /// Log out.
    pub log_out: bool,
    /// Ask for a pause or a logout after the running call.
    pub request_after_call: bool,
    /// See his or her own history.
    pub see_own_history: bool,
    /// Edit his or her own phone and mobile numbers. Off unless given: whoever has the agent's password
    /// would choose whom the trunk calls.
    pub edit_own_numbers: bool,
}

impl Default for Permissions {
    fn default() -> Self {
        Self {
            choose_interface: true,
            take_any_phone: true,
            move_session: true,
            pause_one_queue: true,
            log_out: true,
            request_after_call: true,
            see_own_history: true,
            edit_own_numbers: false,
        }
    }
}
