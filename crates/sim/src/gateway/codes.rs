//! Opcodes and close codes. See Discord docs: Opcodes and Status Codes / Gateway.

/// Gateway opcodes that are read or written here.
pub(crate) mod op {
    pub(crate) const DISPATCH: u64 = 0;
    pub(crate) const HEARTBEAT: u64 = 1;
    pub(crate) const IDENTIFY: u64 = 2;
    pub(crate) const PRESENCE: u64 = 3;
    pub(crate) const VOICE_STATE: u64 = 4;
    pub(crate) const RESUME: u64 = 6;
    pub(crate) const RECONNECT: u64 = 7;
    pub(crate) const REQUEST_MEMBERS: u64 = 8;
    pub(crate) const INVALID_SESSION: u64 = 9;
    pub(crate) const HELLO: u64 = 10;
    pub(crate) const ACK: u64 = 11;
    pub(crate) const SOUNDBOARD_SOUNDS: u64 = 31;
    pub(crate) const CHANNEL_INFO: u64 = 43;
}

/// Not sent by anybody: what a client is left with when the connection breaks without a close frame. See RFC 6455,
/// section 7.4.1.
pub(crate) const ABNORMAL: u16 = 1006;

/// The codes that a fault or the control API may close connections with, for those who choose others.
pub(crate) const CHOICE: &str = "1000, 1001, 1006 (without a close frame) or 4000 to 4014.";

/// Whether a code is one of [`CHOICE`].
pub(crate) fn may_be_chosen(code: u16) -> bool {
    matches!(code, 1000 | 1001 | ABNORMAL | 4000..=4014)
}

/// Why the server closes a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Close {
    /// No heartbeat in time, a reader that does not keep up, or a session taken over by another connection.
    Unknown,
    /// An opcode that clients do not send.
    UnknownOpcode,
    /// Not JSON, not of the right shape, or longer than 4096 bytes.
    Decode,
    /// A command before IDENTIFY.
    NotAuthenticated,
    /// A token nobody has.
    AuthenticationFailed,
    /// A second IDENTIFY.
    AlreadyAuthenticated,
    /// RESUME with a sequence that is yet to come.
    InvalidSeq,
    /// More than 120 commands in a minute.
    RateLimited,
    /// `shard` is not `[id, count]` with id below count.
    InvalidShard,
    /// One shard cannot hold that many guilds.
    ShardingRequired,
    /// A version other than 9 and 10, or an encoding other than JSON.
    InvalidVersion,
    /// Bits that are no intents.
    InvalidIntents,
    /// Privileged intents that are not switched on.
    DisallowedIntents,
    /// The server is stopping.
    GoingAway,
    /// A code chosen through the control API.
    Chosen(u16),
}

impl Close {
    /// The code on the wire.
    pub(crate) fn code(self) -> u16 {
        match self {
            Self::Unknown => 4000,
            Self::UnknownOpcode => 4001,
            Self::Decode => 4002,
            Self::NotAuthenticated => 4003,
            Self::AuthenticationFailed => 4004,
            Self::AlreadyAuthenticated => 4005,
            Self::InvalidSeq => 4007,
            Self::RateLimited => 4008,
            Self::InvalidShard => 4010,
            Self::ShardingRequired => 4011,
            Self::InvalidVersion => 4012,
            Self::InvalidIntents => 4013,
            Self::DisallowedIntents => 4014,
            Self::GoingAway => 1001,
            Self::Chosen(code) => code,
        }
    }

    /// The reason text beside the code.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Unknown => "Unknown error.",
            Self::UnknownOpcode => "Unknown opcode.",
            Self::Decode => "Error while decoding payload.",
            Self::NotAuthenticated => "Not authenticated.",
            Self::AuthenticationFailed => "Authentication failed.",
            Self::AlreadyAuthenticated => "Already authenticated.",
            Self::InvalidSeq => "Invalid seq.",
            Self::RateLimited => "Rate limited.",
            Self::InvalidShard => "Invalid shard.",
            Self::ShardingRequired => "Sharding required.",
            Self::InvalidVersion => "Invalid API version or encoding.",
            Self::InvalidIntents => "Invalid intent(s).",
            Self::DisallowedIntents => "Disallowed intent(s).",
            Self::GoingAway => "Going away.",
            Self::Chosen(_) => "Chosen through the control API.",
        }
    }

    /// Whether a session that was connected is over; after the others it can be resumed.
    pub(crate) fn ends_session(self) -> bool {
        matches!(self.code(), 4004 | 4007 | 4009..=4014)
    }
}
