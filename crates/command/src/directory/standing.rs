//! Why the bot may not do something: which permission it lacks, which overwrite or missing role takes it, which role
//! stands above its own. See Discord docs: Permissions / Permission Hierarchy.

use std::time::SystemTime;

use cogwright_discord::{CachedGuild, CachedMember, CachedRole};
use twilight_model::channel::permission_overwrite::{PermissionOverwrite, PermissionOverwriteType};
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, RoleMarker, UserMarker};

/// Whom or what the bot wants to act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A member, with its roles if they are known.
    Member(Id<UserMarker>, Vec<Id<RoleMarker>>),
    /// A role.
    Role(Id<RoleMarker>),
}

/// What something takes that the bot wants to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needs {
    /// Permissions.
    pub permissions: Permissions,
    /// Where; `None` in the guild as a whole.
    pub channel: Option<Id<ChannelMarker>>,
    /// On whom; it has to stand below the bot.
    pub target: Option<Target>,
}

impl Needs {
    /// These permissions in the guild as a whole.
    pub fn new(permissions: Permissions) -> Self {
        Self { permissions, channel: None, target: None }
    }

    /// In this channel.
    pub fn in_channel(mut self, channel: Id<ChannelMarker>) -> Self {
        self.channel = Some(channel);
        self
    }

    /// Acting on this member.
    pub fn on_member(mut self, user: Id<UserMarker>, roles: &[Id<RoleMarker>]) -> Self {
        self.target = Some(Target::Member(user, roles.to_vec()));
        self
    }

    /// Acting on this role.
    pub fn on_role(mut self, role: Id<RoleMarker>) -> Self {
        self.target = Some(Target::Role(role));
        self
    }
}

/// Why a permission is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// None of the bot's roles grants it.
    NoRole,
    /// The channel denies it to everybody.
    DeniedToEveryone(Id<ChannelMarker>),
    /// The channel denies it to a role that the bot has.
    DeniedToRole(Id<ChannelMarker>, Id<RoleMarker>),
    /// The channel denies it to the bot itself.
    DeniedToBot(Id<ChannelMarker>),
    /// It falls away with another permission that is missing.
    Follows(Permissions),
    /// The bot is timed out.
    TimedOut,
    /// Discord says so (50001), and tells the bot nothing of the channel: what takes it cannot be known.
    Hidden(Id<ChannelMarker>),
}

/// A permission that is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    /// One permission.
    pub permission: Permissions,
    /// Why.
    pub cause: Cause,
}

/// Who stands above the bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Above {
    /// The guild's owner, on whom nobody can act.
    Owner,
    /// This role; beside it the bot's highest, @everyone if it has none.
    Role {
        /// The one that is not below the bot's.
        theirs: Id<RoleMarker>,
        /// The bot's highest.
        own: Id<RoleMarker>,
    },
    /// This role belongs to an integration or is @everyone, and cannot be given or changed by hand.
    Managed(Id<RoleMarker>),
}

/// What stands between the bot and what it wants to do. Empty when nothing is known to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// What is missing, in the order of Discord's bits.
    pub lacking: Vec<Lack>,
    /// Who stands above.
    pub above: Option<Above>,
}

impl Standing {
    /// The bot does not see this channel, which is all that is known.
    pub(crate) fn hidden(channel: Id<ChannelMarker>) -> Self {
        let lack = Lack { permission: Permissions::VIEW_CHANNEL, cause: Cause::Hidden(channel) };
        Self { lacking: vec![lack], above: None }
    }

    /// Whether nothing stands in the way as far as is known.
    pub fn is_clear(&self) -> bool {
        self.lacking.is_empty() && self.above.is_none()
    }
}

/// What stands between the bot and what it wants to do; `None` when the bot's own roles or the channel are not known.
pub(crate) fn of_bot(guild: &CachedGuild, needs: &Needs, now: SystemTime) -> Option<Standing> {
    let me = guild.me.as_ref()?;
    if guild.owner == me.user {
        return Some(Standing::default());
    }
    let above = needs.target.as_ref().and_then(|target| above(guild, me, target));
    let base = of_roles(guild, me);
    let mut lacking = Vec::new();
    if !base.contains(Permissions::ADMINISTRATOR) {
        let ruling = match needs.channel {
            Some(id) => {
                let channel = guild.channels.get(&id)?;
                Some(if channel.kind.is_thread() { guild.channels.get(&channel.parent?)? } else { channel })
            }
            None => None,
        };
        let timed_out = me.timeout_until.is_some_and(|until| now < until);
        let overwrites = ruling.map_or(&[][..], |channel| &channel.overwrites);
        let one = |permission: Permissions| {
            let kept = Permissions::VIEW_CHANNEL | Permissions::READ_MESSAGE_HISTORY;
            if timed_out && !kept.contains(permission) {
                return Some(Cause::TimedOut);
            }
            missing(guild, me, base, overwrites, ruling.map(|channel| channel.id), permission)
        };
        let view = ruling.and_then(|_| one(Permissions::VIEW_CHANNEL));
        if let Some(cause) = view {
            // Whoever does not see a channel can do nothing in it; naming all the rest would hide the cause.
            lacking.push(Lack { permission: Permissions::VIEW_CHANNEL, cause });
        } else {
            let wanted = needs.permissions.iter();
            lacking
                .extend(wanted.filter_map(|permission| Some(Lack { permission, cause: one(permission)? })));
            let sends = ruling.is_some_and(|channel| needs.channel == Some(channel.id));
            let follows =
                Permissions::ATTACH_FILES | Permissions::EMBED_LINKS | Permissions::MENTION_EVERYONE;
            if sends && needs.permissions.intersects(follows) && one(Permissions::SEND_MESSAGES).is_some() {
                let known: Vec<_> = lacking.iter().map(|lack| lack.permission).collect();
                let more = (needs.permissions & follows).iter().filter(|one| !known.contains(one));
                lacking.extend(more.map(|permission| Lack {
                    permission,
                    cause: Cause::Follows(Permissions::SEND_MESSAGES),
                }));
            }
        }
    }
    Some(Standing { lacking, above })
}

/// Why one permission is missing; `None` when it is there.
fn missing(
    guild: &CachedGuild,
    me: &CachedMember,
    base: Permissions,
    overwrites: &[PermissionOverwrite],
    channel: Option<Id<ChannelMarker>>,
    permission: Permissions,
) -> Option<Cause> {
    let mut has = base.contains(permission);
    let mut cause = Cause::NoRole;
    let Some(channel) = channel else { return (!has).then_some(cause) };
    let everyone: Id<RoleMarker> = guild.id.cast();
    let of_everyone =
        |o: &&PermissionOverwrite| o.kind == PermissionOverwriteType::Role && o.id.cast() == everyone;
    if let Some(overwrite) = overwrites.iter().find(of_everyone) {
        if overwrite.deny.contains(permission) {
            (has, cause) = (false, Cause::DeniedToEveryone(channel));
        }
        has |= overwrite.allow.contains(permission);
    }
    let of_roles = |o: &&PermissionOverwrite| {
        o.kind == PermissionOverwriteType::Role && o.id.cast() != everyone && me.roles.contains(&o.id.cast())
    };
    let own_roles: Vec<_> = overwrites.iter().filter(of_roles).collect();
    if let Some(denied) = own_roles.iter().find(|o| o.deny.contains(permission)) {
        (has, cause) = (false, Cause::DeniedToRole(channel, denied.id.cast()));
    }
    // All roles count at once: one that allows it is stronger than one that denies it.
    has |= own_roles.iter().any(|o| o.allow.contains(permission));
    let of_me =
        |o: &&PermissionOverwrite| o.kind == PermissionOverwriteType::Member && o.id.cast() == me.user;
    if let Some(overwrite) = overwrites.iter().find(of_me) {
        if overwrite.deny.contains(permission) {
            (has, cause) = (false, Cause::DeniedToBot(channel));
        }
        has |= overwrite.allow.contains(permission);
    }
    (!has).then_some(cause)
}

fn of_roles(guild: &CachedGuild, me: &CachedMember) -> Permissions {
    let everyone: Id<RoleMarker> = guild.id.cast();
    let roles = me.roles.iter().chain([&everyone]).filter_map(|id| guild.roles.get(id));
    roles.fold(Permissions::empty(), |all, role| all | role.permissions)
}

fn above(guild: &CachedGuild, me: &CachedMember, target: &Target) -> Option<Above> {
    let everyone: Id<RoleMarker> = guild.id.cast();
    let own = highest(guild, &me.roles);
    let own_id = own.map_or(everyone, |role| role.id);
    let theirs = match target {
        Target::Member(user, _) if *user == guild.owner => return Some(Above::Owner),
        // Oneself one may act on.
        Target::Member(user, _) if *user == me.user => return None,
        Target::Member(_, roles) => highest(guild, roles)?,
        Target::Role(role) => guild.roles.get(role)?,
    };
    if matches!(target, Target::Role(role) if theirs.managed || *role == everyone) {
        return Some(Above::Managed(theirs.id));
    }
    let below = own.is_some_and(|own| rank(own) > rank(theirs));
    (!below).then_some(Above::Role { theirs: theirs.id, own: own_id })
}

fn highest<'a>(guild: &'a CachedGuild, roles: &[Id<RoleMarker>]) -> Option<&'a CachedRole> {
    roles.iter().filter_map(|id| guild.roles.get(id)).max_by_key(|role| rank(role))
}

/// At equal positions the lower id is the mightier.
fn rank(role: &CachedRole) -> (i64, std::cmp::Reverse<Id<RoleMarker>>) {
    (role.position, std::cmp::Reverse(role.id))
}

#[cfg(test)]
mod tests {
    use cogwright_discord::{CachedChannel, Table};
    use twilight_model::channel::ChannelType;
    use twilight_model::id::marker::GuildMarker;

    use super::*;

    const GUILD: Id<GuildMarker> = Id::new(1);
    const BOT: Id<UserMarker> = Id::new(2);
    const OWNER: Id<UserMarker> = Id::new(3);
    const HELPER: Id<RoleMarker> = Id::new(10);
    const ADMIN: Id<RoleMarker> = Id::new(11);
    const BOOSTER: Id<RoleMarker> = Id::new(12);
    const HALL: Id<ChannelMarker> = Id::new(20);
    const THREAD: Id<ChannelMarker> = Id::new(21);
    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    fn overwrite(id: u64, member: bool, allow: Permissions, deny: Permissions) -> PermissionOverwrite {
        let kind = if member { PermissionOverwriteType::Member } else { PermissionOverwriteType::Role };
        PermissionOverwrite { allow, deny, id: Id::new(id), kind }
    }

    fn guild(overwrites: Vec<PermissionOverwrite>) -> CachedGuild {
        let role = |id: Id<RoleMarker>, permissions, position, managed| {
            let name = "role".into();
            CachedRole { id, name, permissions, position, managed }
        };
        let channel = |id, kind, parent, overwrites| {
            let (name, overwrites): (_, Vec<PermissionOverwrite>) = ("hall".into(), overwrites);
            CachedChannel { id, name, kind, parent, nsfw: false, overwrites: overwrites.into() }
        };
        CachedGuild {
            id: GUILD,
            name: "town".into(),
            owner: OWNER,
            icon: None,
            locale: "en-US".into(),
            member_count: 3,
            roles: Table::from_iter([
                role(GUILD.cast(), Permissions::VIEW_CHANNEL | Permissions::SEND_MESSAGES, 0, false),
                role(HELPER, Permissions::EMBED_LINKS | Permissions::MANAGE_ROLES, 2, false),
                role(ADMIN, Permissions::ADMINISTRATOR, 5, false),
                role(BOOSTER, Permissions::empty(), 1, true),
            ]),
            channels: Table::from_iter([
                channel(HALL, ChannelType::GuildText, None, overwrites),
                channel(THREAD, ChannelType::PublicThread, Some(HALL), vec![]),
            ]),
            me: Some(CachedMember { user: BOT, roles: vec![HELPER], timeout_until: None }),
        }
    }

    fn lacks(guild: &CachedGuild, needs: &Needs) -> Vec<(Permissions, Cause)> {
        let standing = of_bot(guild, needs, NOW).unwrap();
        standing.lacking.into_iter().map(|lack| (lack.permission, lack.cause)).collect()
    }

    #[test]
    fn the_cause_of_a_missing_permission_is_found() {
        let (none, send, embed) =
            (Permissions::empty(), Permissions::SEND_MESSAGES, Permissions::EMBED_LINKS);
        let hall = |permissions| Needs::new(permissions).in_channel(HALL);
        let clear = guild(vec![]);
        assert_eq!(lacks(&clear, &hall(send | embed)), []);
        assert_eq!(
            lacks(&clear, &Needs::new(Permissions::BAN_MEMBERS)),
            [(Permissions::BAN_MEMBERS, Cause::NoRole)]
        );
        let everyone = guild(vec![overwrite(1, false, none, send)]);
        let follows = (embed, Cause::Follows(send));
        assert_eq!(lacks(&everyone, &hall(send | embed)), [(send, Cause::DeniedToEveryone(HALL)), follows]);
        let role = guild(vec![overwrite(1, false, embed, none), overwrite(10, false, none, embed)]);
        assert_eq!(lacks(&role, &hall(embed)), [(embed, Cause::DeniedToRole(HALL, HELPER))]);
        let own = guild(vec![overwrite(10, false, embed, none), overwrite(2, true, none, embed)]);
        assert_eq!(lacks(&own, &hall(embed)), [(embed, Cause::DeniedToBot(HALL))]);
        let allowed = guild(vec![overwrite(1, false, none, embed), overwrite(2, true, embed, none)]);
        assert_eq!(lacks(&allowed, &hall(embed)), []);
        let others = guild(vec![overwrite(11, false, none, send), overwrite(3, true, none, send)]);
        assert_eq!(lacks(&others, &hall(send)), [], "of roles and members that are not the bot");
    }

    #[test]
    fn an_unseen_channel_is_named_alone_and_threads_follow_their_channel() {
        let view = Permissions::VIEW_CHANNEL;
        let hidden = guild(vec![overwrite(1, false, Permissions::empty(), view)]);
        let needs = |channel| Needs::new(Permissions::SEND_MESSAGES).in_channel(channel);
        let expected = [(view, Cause::DeniedToEveryone(HALL))];
        assert_eq!(lacks(&hidden, &needs(HALL)), expected);
        assert_eq!(lacks(&hidden, &needs(THREAD)), expected);
        assert_eq!(of_bot(&hidden, &needs(Id::new(99)), NOW), None, "an unknown channel");
    }

    #[test]
    fn a_time_out_and_an_administrator_are_noticed() {
        let mut guild = guild(vec![overwrite(1, false, Permissions::empty(), Permissions::all())]);
        let needs = Needs::new(Permissions::SEND_MESSAGES);
        if let Some(me) = &mut guild.me {
            me.timeout_until = Some(NOW + std::time::Duration::from_secs(9));
        }
        assert_eq!(lacks(&guild, &needs), [(Permissions::SEND_MESSAGES, Cause::TimedOut)]);
        if let Some(me) = &mut guild.me {
            me.roles.push(ADMIN);
        }
        assert_eq!(lacks(&guild, &needs.in_channel(HALL)), []);
    }

    #[test]
    fn whoever_stands_above_is_named() {
        let guild = guild(vec![]);
        let above = |needs: Needs| of_bot(&guild, &needs, NOW).unwrap().above;
        let needs = || Needs::new(Permissions::MANAGE_ROLES);
        let role = |theirs| Some(Above::Role { theirs, own: HELPER });
        assert_eq!(above(needs().on_member(OWNER, &[])), Some(Above::Owner));
        assert_eq!(above(needs().on_member(Id::new(7), &[ADMIN, BOOSTER])), role(ADMIN));
        assert_eq!(above(needs().on_member(Id::new(7), &[BOOSTER])), None);
        assert_eq!(above(needs().on_member(Id::new(7), &[])), None);
        assert_eq!(above(needs().on_role(ADMIN)), role(ADMIN));
        assert_eq!(above(needs().on_role(HELPER)), role(HELPER), "one's own highest is not below it");
        assert_eq!(above(needs().on_role(BOOSTER)), Some(Above::Managed(BOOSTER)));
    }
}
