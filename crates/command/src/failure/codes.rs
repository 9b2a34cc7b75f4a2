//! What Discord's error codes mean to whoever called a command. See Discord docs: Opcodes and Status Codes / JSON.

/// A sentence for a code; `None` for those that say nothing to people outside.
pub(super) fn sentence(code: u64) -> Option<&'static str> {
    Some(match code {
        10_003 => "That channel does not exist any more.",
        10_004 => "I am not in that server.",
        10_007 => "That person is not in this server.",
        10_008 => "That message does not exist any more.",
        10_011 => "That role does not exist any more.",
        10_013 => "There is no such person.",
        10_014 => "That emoji does not exist, or I cannot use it.",
        10_026 => "That person is not banned here.",
        20_016 => "Slow mode keeps me from that for the moment.",
        20_028 => "Discord limits how often that can be done in a channel. Try again later.",
        30_003 => "The channel has as many pins as it can have.",
        30_005 => "The server has as many roles as it can have.",
        30_007 => "The channel has as many webhooks as it can have.",
        30_008 => "The server has as many emoji as it can have.",
        30_010 => "The message has as many reactions as it can have.",
        30_013 => "The server has as many channels as it can have.",
        30_035 => "The server has as many bans of people outside as it can have.",
        40_005 | 50_045 => "That is too large for Discord.",
        40_007 => "That person is banned here.",
        50_001 => "Discord does not let me see that channel.",
        50_006 => "Discord takes no empty messages.",
        50_007 => {
            "I cannot send that person direct messages: they do not take them from this server's members, or have \
                   blocked me."
        }
        50_008 | 50_024 => "That cannot be done in a channel of this kind.",
        50_009 => "This server's verification level keeps me from that for the moment.",
        50_013 => "Discord says I lack a permission for that.",
        50_019 => "Only messages of the same channel can be pinned there.",
        50_021 => "That cannot be done with a message of Discord's own.",
        50_034 => "Messages of more than two weeks ago can only be deleted one by one.",
        50_083 => "The thread is archived.",
        50_101 => "This server has too few boosts for that.",
        50_278 => "I cannot send that person direct messages: we share no server.",
        60_003 => "This server asks for two-factor authentication of whoever owns me.",
        90_001 => "That person has blocked me.",
        130_000 => "Discord has too much to do at the moment. Try again later.",
        160_005 => "The thread is locked.",
        160_006 => "The server has as many open threads as it can have.",
        200_000 | 200_001 => "This server's AutoMod does not let that text pass.",
        _ => return None,
    })
}
