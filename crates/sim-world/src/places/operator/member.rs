//! The operator adds, changes and removes members.

use serde_json::Value;

use super::known;
use crate::{
    Action, ApiError, Guild, GuildId, Member, RoleId, Tx, UserId,
    body::{self, Form},
    places::{change, sight::Sight},
    wire,
};

/// Adds a member: `{user, nick?, roles?}`, with GUILD_MEMBER_ADD and the join message. Who is banned
/// there is refused (40007).
#[derive(Debug)]
pub struct AddMember {
    /// Where.
    pub guild: GuildId,
    /// The body.
    pub body: Value,
}

impl Action for AddMember {
    /// The member object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let guild = tx.world.guild(self.guild)?;
        let mut member = Member::new(UserId::new(0), tx.now);
        body::read(&self.body, |form| {
            known(form, &["user", "nick", "roles"]);
            match form.id("user") {
                Some(user) => member.user = user,
                None if form.get("user").is_none() => form.missing("user"),
                None => {}
            }
            read(form, guild, &mut member);
        })?;
        tx.world.user(member.user)?;
        tx.world.refuse_banned(self.guild, member.user)?;
        let user = member.user;
        if !guild.members.contains_key(&user) {
            change::join(tx, self.guild, member);
        }
        answer(tx, self.guild, user)
    }
}

fn answer(tx: &Tx<'_>, guild: GuildId, user: UserId) -> Result<Value, ApiError> {
    Ok(wire::member(tx.world, tx.world.guild(guild)?, tx.world.member(guild, user)?))
}

/// Stores a changed member and tells everybody.
fn replace(tx: &mut Tx<'_>, id: GuildId, member: Member) {
    let (user, sight) = (member.user, Sight::of(tx.world, id, tx.now));
    tx.world.note_time_out(member.timeout_until);
    if let Some(guild) = tx.world.guilds.get_mut(&id) {
        guild.members.insert(user, member);
    }
    change::member_updated(tx, id, user);
    sight.tell_one(tx, user);
}

fn read(form: Form<'_>, guild: &Guild, member: &mut Member) {
    if form.has("nick") {
        member.nick = form.name("nick", 0, 32).filter(|n| !n.is_empty());
    }
    if form.has("roles") {
        member.roles = read_roles(form, guild);
    }
    if form.has("communication_disabled_until") {
        member.timeout_until = form.moment("communication_disabled_until");
    }
}

/// The roles of a list, which must be the guild's; @everyone is left out.
pub(in crate::places) fn read_roles(form: Form<'_>, guild: &Guild) -> Vec<RoleId> {
    let list = form.list("roles", guild.roles.len()).map_or(&[][..], Vec::as_slice);
    let mut roles = Vec::new();
    for (index, value) in list.iter().enumerate() {
        match body::parse_id::<RoleId>(value).filter(|id| guild.roles.contains_key(id)) {
            Some(id) if id == guild.everyone() || roles.contains(&id) => {}
            Some(id) => roles.push(id),
            None => form.error(format_args!("roles.{index}"), "UNKNOWN_ROLE", "No such role in this guild."),
        }
    }
    roles
}

/// Changes a member: `{nick?, roles?, communication_disabled_until?}`.
#[derive(Debug)]
pub struct PatchMember {
    /// Where.
    pub guild: GuildId,
    /// Whom.
    pub user: UserId,
    /// The body.
    pub body: Value,
}

impl Action for PatchMember {
    /// The member object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let guild = tx.world.guild(self.guild)?;
        let mut member = tx.world.member(self.guild, self.user)?.clone();
        body::read(&self.body, |form| {
            known(form, &["nick", "roles", "communication_disabled_until"]);
            read(form, guild, &mut member);
        })?;
        replace(tx, self.guild, member);
        answer(tx, self.guild, self.user)
    }
}

/// Gives a member one role, or takes it; @everyone is refused (50028). 10004, 10007, 10011.
#[derive(Debug)]
pub struct SetMemberRole {
    /// Where.
    pub guild: GuildId,
    /// Whom.
    pub user: UserId,
    /// Which role.
    pub role: RoleId,
    /// Give it or take it.
    pub give: bool,
}

impl Action for SetMemberRole {
    /// The member object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let guild = tx.world.guild(self.guild)?;
        let mut member = tx.world.member(self.guild, self.user)?.clone();
        if self.role == guild.everyone() {
            return Err(ApiError::new(400, 50028, "Invalid Role"));
        }
        if !guild.roles.contains_key(&self.role) {
            return Err(ApiError::unknown_role());
        }
        if member.roles.contains(&self.role) != self.give {
            member.roles.retain(|role| *role != self.role);
            if self.give {
                member.roles.push(self.role);
            }
            replace(tx, self.guild, member);
        }
        answer(tx, self.guild, self.user)
    }
}

/// Removes a member; the owner is refused (50013).
#[derive(Debug)]
pub struct RemoveMember {
    /// Where.
    pub guild: GuildId,
    /// Whom.
    pub user: UserId,
}

impl Action for RemoveMember {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        tx.world.member(self.guild, self.user)?;
        if tx.world.guild(self.guild)?.owner == self.user {
            let message = "The owner cannot be removed: give the guild another owner first.";
            return Err(ApiError::form("user", "GUILD_OWNER", message));
        }
        change::leave(tx, self.guild, self.user);
        Ok(())
    }
}
