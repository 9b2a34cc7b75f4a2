//! The token is nowhere in what a bot says and writes, and its health listener answers.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};

use cogwright_sim_world::{CommandKind, interactions};
use serde_json::{Value, json};

use crate::discord::Discord;
use crate::process::{PATIENCE, Process};

/// All files of a folder, however deep.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// What the health listener answers.
fn ask(address: &str, path: &str) -> String {
    let mut line = TcpStream::connect(address).unwrap();
    line.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(line, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).unwrap();
    answer
}

/// Calls commands of all kinds, one that fails and one that is refused among them, in both forms.
async fn use_it(discord: &Discord) {
    let lines = [
        "!ping",
        "!help",
        "!stats",
        "!dbstats",
        "!cachestats",
        "!integritycheck",
        "!atomictest",
        "!sync true",
    ];
    let more = ["!echo", "!setprefix ?", "?why", "?status add playing chess", "?cleanup", "?serversettings"];
    for line in lines.into_iter().chain(more) {
        let asked = discord.says(line);
        discord.answered(&[asked]).await;
    }
    for name in ["help", "why"] {
        let invoke = interactions::Invoke {
            user: discord.ids.user,
            channel: discord.ids.channel,
            kind: CommandKind::ChatInput,
            name: name.to_owned(),
            options: Value::Null,
            target: None,
            application: None,
        };
        assert_eq!(discord.sim.interact(invoke).await.unwrap().kind, Some("message"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_token_is_in_no_output_and_no_file() {
    let discord = Discord::start().await;
    let folder = tempfile::tempdir().unwrap();
    let config = json!({
        "logging": { "level": "DEBUG" },
        "health": { "listen": "127.0.0.1:0" },
        "rest": { "governor": false },
    });
    let config_file = folder.path().join("config.json");
    std::fs::write(&config_file, config.to_string()).unwrap();
    let mut said = String::new();
    // Twice: a session is begun, then gone on with.
    for _ in 0..2 {
        let mut bot = Process::start(folder.path(), &discord.host(), &discord.ids.token);
        let line = bot.line("health listener");
        let at = line.split_once("address=").unwrap().1;
        let address: String = at.chars().take_while(|c| c.is_ascii_digit() || ".:".contains(*c)).collect();
        let bot = bot.ready();
        use_it(&discord).await;
        // The next start begins with the usual prefix again.
        let asked = discord.says("?setprefix !");
        discord.answered(&[asked]).await;
        for path in ["/live", "/ready", "/metrics"] {
            let answer = ask(&address, path);
            assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
            said.push_str(&answer);
        }
        let (ended, all) = bot.stop();
        assert_eq!(ended.code(), Some(0), "{all}");
        said.push_str(&all);
        // Whatever owners change in chat: it is theirs who keep the bot.
        assert_eq!(std::fs::read_to_string(&config_file).unwrap(), config.to_string());
    }
    assert!(said.contains("DEBUG") && said.contains("cogwright_commands"), "{said}");
    let token = &discord.ids.token;
    let secret = token.rsplit('.').next().unwrap();
    assert!(secret.len() > 8, "a token ends with its secret part");
    assert!(!holds(said.as_bytes(), secret), "the token is in the output");
    let files = files(folder.path());
    for part in ["permanent.log", "current_run.log", "main.db", "guild.db", "config.schema.json"] {
        assert!(files.iter().any(|file| file.ends_with(part)), "{part} is not among {files:?}");
    }
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        if file.ends_with("permanent.log") {
            assert!(holds(&bytes, "this is the bot"), "what is there is found");
        }
        assert!(!holds(&bytes, secret), "the token is in {}", file.display());
    }
}
