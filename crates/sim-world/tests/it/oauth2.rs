//! OAuth2 by the world's actions: what a link may ask for, what a person's answer does, what codes and tokens are
//! worth and for how long.

use std::time::Duration;

use cogwright_sim_world::{
    Action, ApiError, ApplicationId, AuditAction, DefaultIds, Event, EventKind, GuildId, Timestamp, UserId,
    Viewer, World, intents,
    oauth2::{
        self, AnswerLink, Answered, CODE_LIFE, Credentials, Refusal, RequestToken, RevokeToken, TOKEN_LIFE,
    },
    permissions as p,
    places::{self, operator},
};
use serde_json::{Value, json};

use crate::helpers::{NOW, default_world, id, person, refused, state};

const BACK: &str = "https://dashboard.example/back";
const OTHER: &str = "https://dashboard.example/other?page=1";

/// The default world with a dashboard's application, which is in no guild.
struct Stage {
    world: World,
    ids: DefaultIds,
    now: Timestamp,
    app: ApplicationId,
    secret: String,
}

fn pairs(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(key, value)| (key.to_owned(), value.replace("%20", " ")))
        .collect()
}

/// A parameter of an address.
fn part<'a>(location: &'a str, key: &str) -> Option<&'a str> {
    let rest = location.split_once(['?', '#'])?.1;
    rest.split(['&', '#']).filter_map(|pair| pair.split_once('=')).find(|(k, _)| *k == key).map(|(_, v)| v)
}

impl Stage {
    fn new() -> Self {
        let (mut world, ids) = default_world();
        let body = json!({ "name": "Dashboard", "owner": ids.user, "redirect_uris": [BACK, OTHER] });
        let made = world.apply(operator::CreateApplication { body }, NOW).expect("is allowed").output;
        let secret = made["client_secret"].as_str().expect("a secret").to_owned();
        let app = id(&made["application"]);
        Self { world, ids, now: NOW, app, secret }
    }

    fn apply<A: Action>(&mut self, action: A) -> Result<(A::Output, Vec<Event>), ApiError> {
        self.world.apply(action, self.now).map(|applied| (applied.output, applied.events))
    }

    fn person(&self, name: &str) -> UserId {
        person(&self.world, name)
    }

    fn pass(&mut self, time: Duration) {
        self.now = self.now.plus(time);
    }

    fn link(&self, rest: &str) -> Vec<(String, String)> {
        pairs(&format!("client_id={}&{rest}", self.app))
    }

    fn answer(&self, user: UserId, rest: &str) -> AnswerLink {
        let parameters = self.link(rest);
        AnswerLink { user, parameters, agree: true, guild: None, permissions: None }
    }

    /// Robin agrees; where they are sent.
    #[track_caller]
    fn agree(&mut self, rest: &str) -> String {
        let answer = self.answer(self.ids.user, rest);
        let (answered, _) = self.apply(answer).expect("is allowed");
        answered.location.expect("somewhere to go")
    }

    /// A code for these scopes.
    fn code(&mut self, scopes: &str) -> String {
        let scopes = scopes.replace(' ', "%20");
        let location = self.agree(&format!("response_type=code&scope={scopes}&redirect_uri={BACK}"));
        part(&location, "code").expect("a code").to_owned()
    }

    fn credentials(&self) -> Credentials {
        Credentials { basic: Some((self.app.to_string(), self.secret.clone())) }
    }

    fn token(&mut self, form: &str) -> Result<Value, (u16, &'static str)> {
        self.token_as(self.credentials(), form)
    }

    fn token_as(&mut self, credentials: Credentials, form: &str) -> Result<Value, (u16, &'static str)> {
        let (answer, _) =
            self.apply(RequestToken { credentials, fields: pairs(form) }).expect("no API error");
        answer.map_err(|error| (error.status, error.error))
    }

    fn exchange(&mut self, code: &str) -> Result<Value, (u16, &'static str)> {
        self.token(&format!("grant_type=authorization_code&code={code}&redirect_uri={BACK}"))
    }

    /// A pair of tokens for these scopes.
    fn login(&mut self, scopes: &str) -> Value {
        let code = self.code(scopes);
        self.exchange(&code).expect("a good code")
    }

    fn is_good(&self, token: &Value) -> bool {
        self.world.access_token(token["access_token"].as_str().expect("a token"), self.now).is_some()
    }
}

#[test]
fn case_39_a_code_becomes_a_token_once_and_within_its_time() {
    let mut stage = Stage::new();
    let location =
        stage.agree(&format!("response_type=code&scope=identify%20email&state=a+b&redirect_uri={BACK}"));
    assert!(location.starts_with(&format!("{BACK}?code=")), "{location}");
    assert_eq!(part(&location, "state"), Some("a%2Bb"), "handed through, escaped");
    let code = part(&location, "code").expect("a code").to_owned();
    let token = stage.exchange(&code).expect("a good code");
    assert_eq!(
        (&token["token_type"], &token["expires_in"], &token["scope"]),
        (&json!("Bearer"), &json!(604_800), &json!("identify email"))
    );
    assert!(stage.is_good(&token));
    assert_eq!(stage.exchange(&code), Err((400, "invalid_grant")), "a code is good once");

    let late = stage.code("identify");
    stage.pass(CODE_LIFE);
    assert_eq!(stage.exchange(&late), Err((400, "invalid_grant")));
    stage.code("identify");
    let kept = state(&stage.world)["oauth2"]["codes"].as_array().map(Vec::len);
    assert_eq!(kept, Some(1), "what has expired is not kept");
    stage.now = Timestamp::from_ms(NOW.plus(TOKEN_LIFE).ms() - 1);
    assert!(stage.is_good(&token));
    stage.pass(Duration::from_millis(1));
    assert!(!stage.is_good(&token), "it ends by world time");
}

#[test]
fn a_code_is_bound_to_its_client_and_its_address() {
    let mut stage = Stage::new();
    let code = stage.code("identify");
    for form in [
        format!("grant_type=authorization_code&code={code}"),
        format!("grant_type=authorization_code&code={code}&redirect_uri={OTHER}"),
        format!("grant_type=authorization_code&code={code}&redirect_uri={BACK}/"),
        format!("grant_type=authorization_code&code={code}x&redirect_uri={BACK}"),
    ] {
        assert_eq!(stage.token(&form), Err((400, "invalid_grant")), "{form}");
    }
    let body = json!({ "name": "Thief", "redirect_uris": [BACK] });
    let (thief, _) = stage.apply(operator::CreateApplication { body }).expect("is allowed");
    let name = thief["application"]["id"].as_str().expect("an id").to_owned();
    let own = Credentials { basic: Some((name, thief["client_secret"].as_str().expect("one").to_owned())) };
    let form = format!("grant_type=authorization_code&code={code}&redirect_uri={BACK}");
    assert_eq!(stage.token_as(own.clone(), &form), Err((400, "invalid_grant")));
    let token = stage.exchange(&code).expect("none of that has used it up");
    let refresh = token["refresh_token"].as_str().expect("one").to_owned();
    let form = format!("grant_type=refresh_token&refresh_token={refresh}");
    assert_eq!(stage.token_as(own.clone(), &form), Err((400, "invalid_grant")));
    // Another client's revocation changes nothing.
    let revoke = RevokeToken { credentials: own, fields: pairs(&format!("token={refresh}")) };
    stage.apply(revoke).expect("no API error").0.expect("no error either");
    assert!(stage.is_good(&token));

    // A link that names no address leads to the first, and the exchange need not name it either.
    let location = stage.agree("response_type=code&scope=identify");
    let code = part(&location, "code").expect("a code").to_owned();
    stage.token(&format!("grant_type=authorization_code&code={code}")).expect("a good code");
    // An address with a query keeps it.
    let answer = AnswerLink {
        parameters: [
            stage.link("response_type=code&scope=identify"),
            vec![("redirect_uri".into(), OTHER.into())],
        ]
        .concat(),
        ..stage.answer(stage.ids.user, "")
    };
    let location = stage.apply(answer).expect("is allowed").0.location.expect("somewhere");
    assert!(location.starts_with(&format!("{OTHER}&code=")), "{location}");
}

#[test]
fn case_39_refreshing_replaces_both_tokens_and_revoking_ends_all() {
    let mut stage = Stage::new();
    let first = stage.login("identify guilds");
    stage.pass(TOKEN_LIFE * 2);
    assert!(!stage.is_good(&first));
    let refresh = |token: &Value, more: &str| {
        format!(
            "grant_type=refresh_token&refresh_token={}{more}",
            token["refresh_token"].as_str().expect("one")
        )
    };
    assert_eq!(
        stage.token(&refresh(&first, "&scope=email")),
        Err((400, "invalid_scope")),
        "no more than before"
    );
    let second = stage.token(&refresh(&first, "")).expect("a refresh token has no end");
    assert_eq!(second["scope"], "identify guilds");
    assert_eq!(stage.token(&refresh(&first, "")), Err((400, "invalid_grant")), "the old one is spent");
    let less = stage.token(&refresh(&second, "&scope=identify")).expect("less may be asked for");
    assert_eq!(less["scope"], "identify");
    assert!(!stage.is_good(&second) && stage.is_good(&less));

    let other = stage.login("identify");
    let mika = stage.person("mika");
    let answer = stage.answer(mika, &format!("response_type=code&scope=identify&redirect_uri={BACK}"));
    let location = stage.apply(answer).expect("is allowed").0.location.expect("somewhere");
    let mikas = stage.exchange(part(&location, "code").expect("a code")).expect("a good code");
    let open = stage.code("identify");
    let fields = pairs(&format!("token={}", other["refresh_token"].as_str().expect("one")));
    let revoke = RevokeToken { credentials: stage.credentials(), fields };
    stage.apply(revoke).expect("no API error").0.expect("is allowed");
    assert_eq!(stage.exchange(&open), Err((400, "invalid_grant")), "nor is a code left from before");
    assert!(
        !stage.is_good(&less) && !stage.is_good(&other),
        "all of the person's tokens for the application"
    );
    assert!(stage.is_good(&mikas), "and nobody else's");
    assert_eq!(stage.token(&refresh(&less, "")), Err((400, "invalid_grant")));
}

#[test]
fn clients_prove_who_they_are() {
    let mut stage = Stage::new();
    let (app, secret) = (stage.app.to_string(), stage.secret.clone());
    let grant = "grant_type=client_credentials&scope=identify";
    let none = Credentials::default;
    for form in [
        grant.to_owned(),
        format!("{grant}&client_id={app}"),
        format!("{grant}&client_id={app}&client_secret="),
        format!("{grant}&client_id={app}&client_secret=wrong"),
        format!("{grant}&client_id=1&client_secret={secret}"),
        format!("{grant}&client_id=x&client_secret={secret}"),
    ] {
        assert_eq!(stage.token_as(none(), &form), Err((401, "invalid_client")), "{form}");
    }
    let wrong = Credentials { basic: Some((app.clone(), "wrong".into())) };
    assert_eq!(stage.token_as(wrong, grant), Err((401, "invalid_client")));
    let form = format!("{grant}&client_id=1");
    assert_eq!(stage.token(&form), Err((401, "invalid_client")), "the form names another than the header");
    let token = stage.token_as(none(), &format!("{grant}&client_id={app}&client_secret={secret}"));
    let token = token.expect("in the form it is as good");
    assert!(token.get("refresh_token").is_none());
    let kept = stage.world.access_token(token["access_token"].as_str().expect("one"), NOW).expect("is good");
    assert_eq!(kept.user, stage.ids.user, "the owner's");
    for bad in ["", "&scope=bot", "&scope=rpc"] {
        let form = format!("grant_type=client_credentials{bad}");
        assert_eq!(stage.token(&form), Err((400, "invalid_scope")), "{form}");
    }
    for bad in ["", "grant_type=password", "grant_type=", "code=1"] {
        assert_eq!(stage.token(bad), Err((400, "unsupported_grant_type")), "{bad}");
    }
    assert_eq!(stage.token("grant_type=authorization_code"), Err((400, "invalid_request")));
    assert_eq!(stage.token("grant_type=refresh_token"), Err((400, "invalid_request")));
    assert_eq!(stage.token(&format!("{grant}&scope=email")), Err((400, "invalid_request")), "given twice");

    // A new secret shuts the old one out; a world saved before there were secrets has one that nobody knows.
    stage.apply(operator::NewClientSecret { application: stage.app }).expect("is allowed");
    assert_eq!(stage.token(grant), Err((401, "invalid_client")));
    let mut old = serde_json::to_value(&stage.world).expect("serialises");
    old["applications"][&app].as_object_mut().expect("is there").shift_remove("oauth2");
    old.as_object_mut().expect("an object").shift_remove("oauth2");
    stage.world = serde_json::from_value(old).expect("an older world loads");
    let empty = Credentials { basic: Some((app, String::new())) };
    assert_eq!(stage.token_as(empty, grant), Err((401, "invalid_client")));
}

#[test]
fn pkce_binds_a_code_to_whoever_asked_and_lets_public_clients_in() {
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let mut stage = Stage::new();
    let ask = |stage: &mut Stage| {
        let location = stage.agree(&format!(
            "response_type=code&scope=identify&redirect_uri={BACK}&code_challenge={CHALLENGE}&code_challenge_method=S256"
        ));
        part(&location, "code").expect("a code").to_owned()
    };
    let code = ask(&mut stage);
    assert_eq!(stage.exchange(&code), Err((400, "invalid_request")), "no verifier");
    let with = |code: &str, verifier: &str| {
        format!("grant_type=authorization_code&code={code}&redirect_uri={BACK}&code_verifier={verifier}")
    };
    assert_eq!(stage.token(&with(&code, "short")), Err((400, "invalid_request")));
    assert_eq!(stage.token(&with(&code, &VERIFIER.replace('d', "e"))), Err((400, "invalid_grant")));
    stage.token(&with(&code, VERIFIER)).expect("proven");
    let plain = stage.code("identify");
    assert_eq!(
        stage.token(&with(&plain, VERIFIER)),
        Err((400, "invalid_grant")),
        "nothing to prove it against"
    );

    // Without a secret: only a public client, and only with a proof.
    let code = ask(&mut stage);
    let named = |form: &str, app: ApplicationId| format!("{form}&client_id={app}");
    let form = named(&with(&code, VERIFIER), stage.app);
    assert_eq!(stage.token_as(Credentials::default(), &form), Err((401, "invalid_client")));
    let body = json!({ "public_client": true });
    stage.apply(operator::PatchApplication { application: stage.app, body }).expect("is allowed");
    let token = stage.token_as(Credentials::default(), &form).expect("proven");
    let refresh = token["refresh_token"].as_str().expect("one");
    let form = named(&format!("grant_type=refresh_token&refresh_token={refresh}"), stage.app);
    stage.token_as(Credentials::default(), &form).expect("a public client may refresh");
    let plain = stage.code("identify");
    let form = format!("grant_type=authorization_code&code={plain}&redirect_uri={BACK}");
    assert_eq!(
        stage.token_as(Credentials::default(), &named(&form, stage.app)),
        Err((401, "invalid_client"))
    );
    let form = named("grant_type=client_credentials&scope=identify", stage.app);
    assert_eq!(stage.token_as(Credentials::default(), &form), Err((401, "invalid_client")));
}

/// What is wrong with a link, as the person or the application is told.
fn wrong(stage: &Stage, parameters: &[(String, String)]) -> String {
    match oauth2::review(&stage.world, stage.ids.user, parameters, NOW).expect_err("must be refused") {
        Refusal::Page(error) => {
            let tree = error.errors.map(|tree| tree.to_string()).unwrap_or_default();
            format!("{} {tree}", error.code)
        }
        Refusal::Back(location) => location,
    }
}

#[test]
fn a_link_with_a_wrong_address_sends_nobody_anywhere() {
    let stage = Stage::new();
    for uri in [
        "https://evil.example/back",
        "https://dashboard.example/back/",
        "https://dashboard.example/Back",
        "https://dashboard.example/back?x=1",
        "https://dashboard.example/back#x",
        "https://dashboard.example/back/../other",
        "https://dashboard.example.evil.example/back",
        "https://dashboard.example@evil.example/back",
        "http://dashboard.example/back",
        "//dashboard.example/back",
        "javascript:alert(1)",
        " https://dashboard.example/back",
    ] {
        let mut parameters = stage.link("response_type=code&scope=identify");
        parameters.push(("redirect_uri".into(), uri.into()));
        let told = wrong(&stage, &parameters);
        assert!(told.starts_with("50035") && told.contains("REDIRECT_URI_INVALID"), "{uri}: {told}");
        // Not even with an answer.
        let mut world = stage.world.clone();
        let answer = AnswerLink { parameters, ..stage.answer(stage.ids.user, "") };
        assert_eq!(refused(&mut world, answer).code, 50035, "{uri}");
    }
    // Two could mean either.
    let twice = format!("response_type=code&scope=identify&redirect_uri={BACK}&redirect_uri={OTHER}");
    assert!(wrong(&stage, &stage.link(&twice)).contains("DUPLICATE_PARAMETER"));
}

#[test]
fn what_else_is_wrong_is_told_to_the_person_or_the_application() {
    let mut stage = Stage::new();
    // For servers alone.
    let body = json!({ "integration_types_config": { "0": {}, "1": null } });
    let actor = cogwright_sim_world::Actor::bot(stage.app);
    stage.apply(places::PatchApplication { actor, body }).expect("is allowed");
    let told = |stage: &Stage, rest: &str| wrong(stage, &stage.link(rest));
    // Nobody to send the person back to: they are told themselves.
    for (link, part) in [
        ("", "50035"),
        ("client_id=abc", "client_id"),
        ("client_id=1", "10002"),
        ("client_id=-1", "client_id"),
    ] {
        let found = wrong(&stage, &pairs(link));
        assert!(found.contains(part), "{link}: {found}");
    }
    let long = format!("scope=bot&state={}", "x".repeat(4_097));
    assert!(told(&stage, &long).contains("\"state\""), "an oversized state is not sent along");
    // As far as it can be told apart from the answers of others.
    let back = |error: &str| format!("{BACK}?error={error}&");
    for (rest, error) in [
        ("response_type=code", "invalid_scope"),
        ("response_type=code&scope=", "invalid_scope"),
        ("response_type=code&scope=identify%20nonsense", "invalid_scope"),
        ("response_type=code&scope=rpc", "invalid_scope"),
        ("response_type=code&scope=applications.commands.update", "invalid_scope"),
        ("response_type=token&scope=role_connections.write", "invalid_scope"),
        ("scope=identify", "invalid_request"),
        ("response_type=id_token&scope=identify", "unsupported_response_type"),
        ("response_type=code&scope=identify&prompt=login", "invalid_request"),
        ("response_type=code&scope=identify&permissions=-1", "invalid_request"),
        ("response_type=code&scope=identify&permissions=18446744073709551616", "invalid_request"),
        ("response_type=code&scope=identify&guild_id=x", "invalid_request"),
        ("response_type=code&scope=identify&disable_guild_select=perhaps", "invalid_request"),
        ("response_type=code&scope=identify&integration_type=2", "invalid_request"),
        ("response_type=code&scope=identify&integration_type=1", "invalid_request"),
        ("response_type=code&scope=identify&code_challenge=x&code_challenge_method=plain", "invalid_request"),
        ("response_type=code&scope=identify&code_challenge=x&code_challenge_method=S256", "invalid_request"),
        (
            "response_type=code&scope=identify&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            "invalid_request",
        ),
        (
            "response_type=code&scope=identify&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=plain",
            "invalid_request",
        ),
        ("response_type=code&scope=identify&code_challenge_method=S256", "invalid_request"),
    ] {
        let found = told(&stage, &format!("{rest}&redirect_uri={BACK}&state=s"));
        let expected = if rest.contains("type=token") { back(error).replace('?', "#") } else { back(error) };
        assert!(found.starts_with(&expected) && found.ends_with("&state=s"), "{rest}: {found}");
    }
    // An invite that has nowhere to go back to.
    let body = json!({ "redirect_uris": [], "require_code_grant": false });
    stage.apply(operator::PatchApplication { application: stage.app, body }).expect("is allowed");
    assert!(told(&stage, "response_type=code&scope=identify").contains("redirect_uri"));
    assert!(told(&stage, "").contains("\"scope\""));
    assert!(told(&stage, "scope=bots").contains("bots"));
    assert!(told(&stage, "scope=bot&permissions=x").contains("permissions"));
    stage
        .apply(operator::PatchApplication {
            application: stage.app,
            body: json!({ "require_code_grant": true }),
        })
        .expect("is allowed");
    assert!(told(&stage, "scope=bot").contains("redirect_uri"), "a code has to go somewhere");
}

#[test]
fn an_application_s_own_scheme_needs_a_proof_and_the_world_s_addresses_are_looked_at_again() {
    let mut stage = Stage::new();
    for bad in ["javascript:alert(1)", "data:text/html,x", "back", "https://x/#y"] {
        let body = json!({ "redirect_uris": [bad] });
        let error = refused(&mut stage.world, operator::PatchApplication { application: stage.app, body });
        assert_eq!(error.code, 50035, "{bad}");
    }
    let many: Vec<String> = (0..11).map(|n| format!("https://x/{n}")).collect();
    let body = json!({ "redirect_uris": many });
    assert_eq!(
        refused(&mut stage.world, operator::PatchApplication { application: stage.app, body }).code,
        50035
    );
    let body = json!({ "redirect_uris": ["myapp:/back"] });
    stage.apply(operator::PatchApplication { application: stage.app, body }).expect("is allowed");
    let link = "response_type=code&scope=identify";
    assert!(wrong(&stage, &stage.link(link)).starts_with("myapp:/back?error=invalid_request"));
    let challenge = "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
    assert!(stage.agree(&format!("{link}&{challenge}")).starts_with("myapp:/back?code="));

    let mut saved = serde_json::to_value(&stage.world).expect("serialises");
    saved["applications"][stage.app.to_string()]["oauth2"]["redirect_uris"] = json!(["javascript:alert(1)"]);
    stage.world = serde_json::from_value(saved).expect("loads");
    assert!(wrong(&stage, &stage.link(link)).contains("REDIRECT_URI_INVALID"));
}

#[test]
fn a_denial_goes_back_as_access_denied_and_changes_nothing() {
    let mut stage = Stage::new();
    let before = state(&stage.world);
    let link = format!("response_type=code&scope=identify&redirect_uri={BACK}&state=s");
    let answer = AnswerLink { agree: false, ..stage.answer(stage.ids.user, &link) };
    let (answered, events) = stage.apply(answer).expect("is no error");
    let location = answered.location.expect("somewhere");
    assert!(
        location.starts_with(&format!("{BACK}?error=access_denied&error_description=The%20resource%20owner"))
    );
    assert!(location.ends_with("&state=s"));
    let answer = AnswerLink { agree: false, ..stage.answer(stage.ids.user, "scope=bot") };
    assert_eq!(stage.apply(answer).expect("is no error").0.location, None, "an invite has no callback");
    assert_eq!((state(&stage.world), events.len()), (before, 0));
}

#[test]
fn the_implicit_grant_answers_in_the_fragment() {
    let mut stage = Stage::new();
    let location = stage.agree(&format!("response_type=token&scope=identify&redirect_uri={BACK}&state=s"));
    assert!(location.starts_with(&format!("{BACK}#token_type=Bearer&access_token=")), "{location}");
    assert_eq!((part(&location, "expires_in"), part(&location, "state")), (Some("604800"), Some("s")));
    assert_eq!(part(&location, "scope"), Some("identify"));
    let token = part(&location, "access_token").expect("a token");
    let kept = stage.world.access_token(token, NOW).expect("is good");
    assert!(kept.refresh.is_none());
}

#[test]
fn who_has_agreed_is_asked_once_with_prompt_none_but_for_bots() {
    let mut stage = Stage::new();
    let agreed = |stage: &Stage, user: UserId, rest: &str| {
        let link = stage.link(&format!("response_type=code&redirect_uri={BACK}&{rest}"));
        oauth2::review(&stage.world, user, &link, NOW).expect("a good link")["agreed"] == true
    };
    let robin = stage.ids.user;
    assert!(!agreed(&stage, robin, "scope=identify&prompt=none"));
    let tokens = stage.login("identify guilds");
    assert!(agreed(&stage, robin, "scope=identify&prompt=none"));
    assert!(
        !agreed(&stage, robin, "scope=identify&prompt=consent") && !agreed(&stage, robin, "scope=identify")
    );
    assert!(!agreed(&stage, robin, "scope=identify%20email&prompt=none"), "more than before");
    assert!(!agreed(&stage, stage.person("mika"), "scope=identify&prompt=none"));
    let answer = AnswerLink {
        guild: Some(stage.ids.guild),
        ..stage.answer(robin, "response_type=code&scope=identify%20bot")
    };
    stage.apply(answer).expect("is allowed");
    assert!(!agreed(&stage, robin, "scope=identify%20bot&prompt=none"));
    let fields = pairs(&format!("token={}", tokens["access_token"].as_str().expect("one")));
    stage
        .apply(RevokeToken { credentials: stage.credentials(), fields })
        .expect("no API error")
        .0
        .expect("allowed");
    assert!(!agreed(&stage, robin, "scope=identify&prompt=none"), "a revocation is not forgotten");
}

#[test]
fn case_40_a_bot_is_added_with_its_role_and_everybody_is_told() {
    let mut stage = Stage::new();
    let (guild, robin, noor) = (stage.ids.guild, stage.ids.user, stage.person("noor"));
    let wanted = p::KICK_MEMBERS | p::MANAGE_MESSAGES;
    let link = format!("scope=bot%20applications.commands&permissions={wanted}");
    let invite = |stage: &Stage, user: UserId, guild: Option<GuildId>, permissions: Option<u64>| AnswerLink {
        guild,
        permissions,
        ..stage.answer(user, &link)
    };
    for (answer, code) in [
        (invite(&stage, robin, None, None), 50035),
        (invite(&stage, robin, Some(GuildId::new(1)), None), 10004),
        (invite(&stage, noor, Some(guild), None), 50013),
        (invite(&stage, robin, Some(guild), Some(wanted | p::ADMINISTRATOR)), 50035),
        (invite(&stage, UserId::new(1), Some(guild), None), 10013),
    ] {
        assert_eq!(refused(&mut stage.world, answer.clone()).code, code, "{answer:?}");
    }
    let review = |stage: &Stage, user: UserId| {
        oauth2::review(&stage.world, user, &stage.link(&link), NOW).expect("a good link")["guilds"].clone()
    };
    assert_eq!(review(&stage, robin)[0]["id"], guild.to_string());
    assert_eq!(review(&stage, noor), json!([]), "only guilds that one manages");

    let answer = invite(&stage, robin, Some(guild), Some(p::KICK_MEMBERS));
    let (answered, events) = stage.apply(answer).expect("is allowed");
    let Answered { location, added } = answered;
    // It has an address registered, but the link asks for no answer.
    assert_eq!(location, None);
    let role = &added["role"];
    assert_eq!((&role["managed"], &role["permissions"]), (&json!(true), &json!(p::KICK_MEMBERS.to_string())));
    assert_eq!(role["tags"], json!({ "bot_id": stage.app }));
    assert_eq!(added["member"]["roles"], json!([role["id"]]));
    let told = |application: ApplicationId, intents: u64| -> Vec<&str> {
        let bot = Viewer::Bot { application, intents, large_threshold: 50 };
        events.iter().filter(|e| stage.world.sees(e, &bot, NOW).is_some()).map(|e| e.kind.name()).collect()
    };
    assert_eq!(
        told(stage.app, intents::ALL),
        ["GUILD_CREATE", "GUILD_INTEGRATIONS_UPDATE", "INTEGRATION_CREATE", "MESSAGE_CREATE"]
    );
    assert_eq!(told(stage.app, intents::GUILDS), ["GUILD_CREATE"]);
    assert_eq!(
        told(stage.ids.application, intents::ALL),
        [
            "GUILD_ROLE_CREATE",
            "GUILD_MEMBER_ADD",
            "GUILD_INTEGRATIONS_UPDATE",
            "INTEGRATION_CREATE",
            "MESSAGE_CREATE",
            "GUILD_AUDIT_LOG_ENTRY_CREATE",
            "GUILD_AUDIT_LOG_ENTRY_CREATE"
        ]
    );
    let created = events.iter().find(|e| e.kind == EventKind::IntegrationCreate).expect("is told");
    assert_eq!(created.data["scopes"], json!(["applications.commands", "bot"]));
    assert_eq!(
        (&created.data["type"], &created.data["guild_id"], &created.data["application"]["bot"]["bot"]),
        (&json!("discord"), &json!(guild), &json!(true))
    );
    let log = &stage.world.guild(guild).expect("is there").audit;
    let last: Vec<_> = log.entries().rev().take(2).map(|e| (e.action, e.user, e.target)).collect();
    let target = Some(stage.app.get());
    assert_eq!(last, [(AuditAction::IntegrationCreate, robin, target), (AuditAction::BotAdd, robin, target)]);

    // Again, with more: the same role, an update.
    let answer = invite(&stage, robin, Some(guild), None);
    let (again, events) = stage.apply(answer).expect("is allowed");
    assert_eq!(again.added["role"]["id"], role["id"]);
    assert_eq!(again.added["role"]["permissions"], wanted.to_string());
    assert!(events.iter().any(|e| e.kind == EventKind::IntegrationUpdate));
    let remove = places::RemoveApplication { user: robin, application: stage.app, guild };
    let ((), events) = stage.apply(remove).expect("is allowed");
    let gone = events.iter().find(|e| e.kind == EventKind::IntegrationDelete).expect("is told");
    assert_eq!(*gone.data, json!({ "id": stage.app, "guild_id": guild, "application_id": stage.app }));
}

#[test]
fn a_bot_with_a_login_answers_with_the_guild_in_address_and_token() {
    let mut stage = Stage::new();
    let guild = stage.ids.guild;
    let link =
        format!("response_type=code&scope=bot%20identify&permissions=8&redirect_uri={BACK}&guild_id={guild}");
    let unlocked = AnswerLink { guild: None, ..stage.answer(stage.ids.user, &link) };
    assert_eq!(refused(&mut stage.world, unlocked).code, 50035, "a proposed guild is not a chosen one");
    let fixed = stage.answer(stage.ids.user, &format!("{link}&disable_guild_select=true"));
    let elsewhere = AnswerLink { guild: Some(GuildId::new(5)), ..fixed.clone() };
    assert_eq!(refused(&mut stage.world, elsewhere).code, 50035);
    let (answered, _) = stage.apply(fixed).expect("is allowed");
    let location = answered.location.expect("somewhere");
    assert_eq!(part(&location, "guild_id"), Some(guild.to_string().as_str()));
    assert_eq!(part(&location, "permissions"), Some("8"));
    let token = stage.exchange(part(&location, "code").expect("a code")).expect("a good code");
    assert_eq!((&token["guild"]["id"], &token["scope"]), (&json!(guild), &json!("bot identify")));

    // With the code grant required, a bare invite is not enough.
    let body = json!({ "require_code_grant": true });
    stage.apply(operator::PatchApplication { application: stage.app, body }).expect("is allowed");
    let told = wrong(&stage, &stage.link("scope=bot"));
    assert!(told.starts_with(BACK) && told.contains("Integration%20requires%20code%20grant"), "{told}");
}

#[test]
fn a_link_without_a_scope_asks_for_the_application_s_own_settings() {
    let mut stage = Stage::new();
    let actor = cogwright_sim_world::Actor::bot(stage.app);
    let body = json!({
        "install_params": { "scopes": ["bot"], "permissions": "2" },
        "integration_types_config": { "0": {}, "1": {} },
    });
    stage.apply(places::PatchApplication { actor, body }).expect("is allowed");
    let review = oauth2::review(&stage.world, stage.ids.user, &stage.link(""), NOW).expect("a good link");
    assert_eq!((&review["scopes"], &review["permissions"]), (&json!(["bot"]), &json!("2")));
    // Installed for a person: no guild is asked for.
    let mika = stage.person("mika");
    let link = "scope=applications.commands&integration_type=1";
    let review = oauth2::review(&stage.world, mika, &stage.link(link), NOW).expect("a good link");
    assert_eq!((&review["for_user"], &review["needs_guild"]), (&json!(true), &json!(false)));
    let answer = stage.answer(mika, link);
    let (answered, events) = stage.apply(answer).expect("is allowed");
    assert_eq!(answered, Answered { location: None, added: Value::Null });
    assert!(events.iter().all(|e| e.kind == EventKind::PersonViewChanged));
    assert!(wrong(&stage, &stage.link("scope=bot&integration_type=1")).contains("integration_type"));
    stage
        .apply(operator::PatchApplication { application: stage.app, body: json!({ "public": false }) })
        .expect("is allowed");
    let answer = stage.answer(mika, link);
    assert_eq!(refused(&mut stage.world, answer).code, 20012);
    // For its owner it is as good as public.
    let shown = |user| oauth2::review(&stage.world, user, &stage.link(link), NOW).expect("a good link");
    assert_eq!(
        (&shown(stage.ids.user)["application"]["public"], &shown(mika)["application"]["public"]),
        (&json!(true), &json!(false))
    );
}

#[test]
fn the_settings_of_the_installation_in_guilds_win_over_the_older_ones() {
    let mut stage = Stage::new();
    let actor = cogwright_sim_world::Actor::bot(stage.app);
    let newer =
        json!({ "oauth2_install_params": { "scopes": ["applications.commands"], "permissions": "0" } });
    let body = json!({ "integration_types_config": { "0": newer } });
    stage.apply(places::PatchApplication { actor, body }).expect("is allowed");
    let review = |stage: &Stage| {
        oauth2::review(&stage.world, stage.ids.user, &stage.link(""), NOW).expect("a good link")["scopes"]
            .clone()
    };
    assert_eq!(review(&stage), json!(["applications.commands"]));
}

#[test]
fn tokens_and_codes_are_bounded_and_go_with_their_people_and_applications() {
    let mut stage = Stage::new();
    let first = stage.code("identify");
    for _ in 0..oauth2::MAX_CODES {
        stage.code("identify");
    }
    assert_eq!(stage.exchange(&first), Err((400, "invalid_grant")), "the oldest went");
    let login = stage.login("identify role_connections.write");
    let oldest = stage.token("grant_type=client_credentials&scope=identify").expect("is allowed");
    for _ in 0..oauth2::MAX_TOKENS {
        stage.token("grant_type=client_credentials&scope=identify").expect("is allowed");
    }
    assert!(!stage.is_good(&login) && !stage.is_good(&oldest));

    let mika = stage.person("mika");
    let answer = stage.answer(mika, &format!("response_type=code&scope=identify&redirect_uri={BACK}"));
    let location = stage.apply(answer).expect("is allowed").0.location.expect("somewhere");
    let code = part(&location, "code").expect("a code").to_owned();
    let mikas = stage.exchange(&code).expect("a good code");
    stage.apply(operator::DeleteUser { user: mika }).expect("is allowed");
    assert!(!stage.is_good(&mikas));
    let last = stage.login("identify");
    stage.apply(operator::DeleteApplication { application: stage.app }).expect("is allowed");
    assert!(!stage.is_good(&last));
    let left = state(&stage.world)["oauth2"].clone();
    assert_eq!(left, json!({ "codes": [], "tokens": [], "agreements": [], "role_connections": [] }));
}

#[test]
fn only_what_the_scopes_cover_is_told() {
    let mut stage = Stage::new();
    let mut token = |scopes: &str| {
        let pair = stage.login(scopes);
        stage.world.access_token(pair["access_token"].as_str().expect("one"), NOW).expect("is good").clone()
    };
    let (plain, mail, open) = (token("identify"), token("identify email"), token("openid"));
    let world = &stage.world;
    let me = oauth2::me(world, &plain).expect("is there");
    assert!(me.get("email").is_none() && me.get("verified").is_none());
    assert_eq!(oauth2::me(world, &mail).expect("is there")["email"], "robin@example.org");
    let whole = oauth2::authorization(world, &plain).expect("is there");
    assert_eq!(whole["scopes"], json!(["identify"]));
    assert_eq!(whole["user"]["id"], stage.ids.user.to_string());
    assert_eq!(whole["expires"], NOW.plus(TOKEN_LIFE).iso());
    assert!(oauth2::authorization(world, &open).expect("is there").get("user").is_none());
    let info = oauth2::userinfo(world, &open).expect("is there");
    assert_eq!((&info["sub"], &info["nickname"]), (&json!(stage.ids.user), &json!("Robin")));
    assert!(info.get("email").is_none() && info.get("picture").is_none());
    // With more, and for somebody with a picture.
    let all = stage.login("openid email");
    let png = "data:image/png;base64,iVBORw0KGgo=";
    let body = json!({ "avatar": png });
    stage.apply(operator::PatchUser { user: stage.ids.user, body }).expect("is allowed");
    let all = stage.world.access_token(all["access_token"].as_str().expect("one"), NOW).expect("is good");
    let info = oauth2::userinfo(&stage.world, all).expect("is there");
    assert_eq!((&info["email"], &info["email_verified"]), (&json!("robin@example.org"), &json!(true)));
    let picture = info["picture"].as_str().expect("an address");
    assert!(picture.starts_with(&format!("http://127.0.0.1:1/cdn/avatars/{}/", stage.ids.user)), "{picture}");
}
