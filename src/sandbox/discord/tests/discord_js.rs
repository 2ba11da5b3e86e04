//! An unmodified discord.js 14 as a bot of the local Discord.

use std::path::Path;
use std::process::Stdio;

use tokio::process::{Child, Command};

use crate::sandbox::discord::{Break, Discord, Setup};
use crate::sandbox::programs;

const SCRIPT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/other_clients/discord_bot.mjs"
);

fn bot(discord: &Discord, node_modules: &Path) -> Child {
    Command::new("node")
        .arg(SCRIPT)
        .env("NODE_MODULES", node_modules)
        .env("DISCORD_API", format!("{}/api", discord.api_url()))
        .env("DISCORD_TOKEN", discord.bot_token())
        .env("DISCORD_GUILD", discord.guild_id().to_string())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

#[tokio::test]
async fn discord_js_registers_answers_edits_and_takes_presses() {
    let Some(folder) = programs::or_left_out(programs::node_modules(), "discord.js") else {
        return;
    };
    let discord = Discord::start(Setup::default()).await.unwrap();
    let _bot = bot(&discord, &folder);
    discord.registered("slow").await.unwrap();
    let ada = discord.person("Ada");

    let choices = ada
        .suggest("client find", "client", "ad", &[])
        .await
        .unwrap();
    assert_eq!(choices[0].name, "Ada Ltd (ad)");
    let find = async || {
        ada.command("client find", &[("client", "Ada Ltd (ad)")])
            .await
            .unwrap()
            .reply()
            .await
            .unwrap()
    };
    let card = find().await;
    assert_eq!(
        card.text(),
        "Client\nfind ada\nCredit: 5\n[Refresh] [Add credit] [Later]\n[Pick: One | Two]"
    );
    assert!(card.is_ephemeral());
    let later = ada
        .press(&card, "Later")
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    assert_eq!((later.id(), later.content()), (card.id(), "Later it is"));
    let picked = ada
        .choose(&card, "Pick", &["Two"])
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    assert_eq!(picked.content(), "Picked 2");
    let modal = ada
        .press(&card, "Add")
        .await
        .unwrap()
        .modal()
        .await
        .unwrap();
    let added = ada
        .submit(&modal, &[("amount", "500")])
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    assert_eq!((added.id(), added.content()), (card.id(), "Added 500"));
    let fresh = ada
        .press(&card, "Refresh")
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    assert_eq!(fresh.text(), "Fresh\nClient\nfind ada\nCredit: 5");

    discord.disconnect(Break::Resumable);
    let slow = ada.command("slow", &[]).await.unwrap();
    assert_eq!(slow.reply().await.unwrap().text(), "At last");
    discord.disconnect(Break::Reconnect);
    let shared = ada
        .command("public", &[])
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    assert!(!shared.is_ephemeral());
    let edited = format!("Edited after {}", shared.id());
    discord
        .wait_for(shared.channel_id(), |message| message.text() == edited)
        .await
        .unwrap();
    ada.waits_for_dm(|message| message.text() == "And in private")
        .await
        .unwrap();

    let upload = ada
        .command_with_files("upload", &[], &[("list", "numbers.csv", b"a,b")])
        .await
        .unwrap();
    let copied = upload.reply().await.unwrap();
    assert_eq!(copied.content(), "numbers.csv has 3 bytes");
    assert_eq!(copied.files(), [("copy.txt".to_owned(), b"A,B".to_vec())]);
    assert_eq!(discord.identified(), 1);
    discord.disconnect(Break::Invalid);
    discord.ready().await.unwrap();
    assert_eq!(
        find().await.id().cmp(&card.id()),
        std::cmp::Ordering::Greater
    );
    assert_eq!(discord.identified(), 2);
}
