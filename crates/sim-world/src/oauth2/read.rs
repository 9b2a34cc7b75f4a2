//! What a token tells of itself and of its person.

use serde_json::{Map, Value, json};

use super::Scope;
use crate::{AccessToken, ApiError, World, wire};

/// GET /oauth2/@me: application, scopes, when it expires, and with `identify` who has authorised.
///
/// # Errors
/// 10002, 10013 if either was deleted meanwhile.
pub fn authorization(world: &World, token: &AccessToken) -> Result<Value, ApiError> {
    let application = world.application(token.application)?;
    let mut value = json!({
        "application": wire::application_of_authorization(world, application),
        "scopes": token.scopes,
        "expires": token.expires.iso(),
    });
    if token.scopes.contains(&Scope::Identify) {
        value["user"] = wire::user(world.user(token.user)?);
    }
    Ok(value)
}

/// GET /users/@me for a token: with `email`, the mail address too. See Discord docs: User / User Object.
///
/// # Errors
/// 10013.
pub fn me(world: &World, token: &AccessToken) -> Result<Value, ApiError> {
    let user = world.user(token.user)?;
    let mut value = wire::current_user(user);
    if token.scopes.contains(&Scope::Email) {
        value["email"] = json!(user.email());
    } else if let Some(map) = value.as_object_mut() {
        map.shift_remove("email");
        map.shift_remove("verified");
    }
    Ok(value)
}

/// GET /oauth2/userinfo. See OpenID Connect Core, 5.1.
///
/// # Errors
/// 10013.
pub fn userinfo(world: &World, token: &AccessToken) -> Result<Value, ApiError> {
    let user = world.user(token.user)?;
    let mut value = Map::from_iter([
        ("sub".to_owned(), json!(user.id)),
        ("preferred_username".to_owned(), json!(user.username)),
        ("nickname".to_owned(), json!(user.global_name)),
        ("locale".to_owned(), json!("en-US")),
    ]);
    if let Some(hash) = &user.avatar {
        let address = format!("{}/avatars/{}/{hash}.png", world.cdn_base, user.id);
        value.insert("picture".into(), address.into());
    }
    if token.scopes.contains(&Scope::Email) {
        value.insert("email".into(), json!(user.email()));
        value.insert("email_verified".into(), json!(true));
    }
    Ok(Value::Object(value))
}
