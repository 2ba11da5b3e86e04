//! serenity, unchanged, as a bot of the local Discord: every way in which a bot and a person meet.

use std::time::Duration;

use serenity::all::{
    ActionRowComponent, AutocompleteChoice, ButtonStyle, Client, CommandOptionType, Context,
    CreateActionRow, CreateAutocompleteResponse, CreateButton, CreateCommand, CreateCommandOption,
    CreateEmbed, CreateInputText, CreateInteractionResponse, CreateInteractionResponseFollowup,
    CreateInteractionResponseMessage, CreateMessage, CreateModal, CreateSelectMenu,
    CreateSelectMenuKind, CreateSelectMenuOption, EditInteractionResponse, EventHandler,
    GatewayIntents, GuildId, HttpBuilder, InputTextStyle, Interaction, Ready, ResolvedValue,
    UserId, async_trait,
};

use crate::sandbox::discord::{Break, Discord, Outcome, Setup};
use crate::sandbox::faults::{Fault, Rule};

struct Bot {
    guild: GuildId,
}

#[async_trait]
impl EventHandler for Bot {
    async fn ready(&self, ctx: Context, _: Ready) {
        let subcommand =
            CreateCommandOption::new(CommandOptionType::SubCommand, "find", "Find a client")
                .add_sub_option(
                    CreateCommandOption::new(CommandOptionType::String, "client", "Its name")
                        .required(true)
                        .set_autocomplete(true),
                );
        let commands = vec![
            CreateCommand::new("client")
                .description("Clients")
                .add_option(subcommand),
            CreateCommand::new("slow").description("Takes its time"),
            CreateCommand::new("never").description("Is not answered"),
            CreateCommand::new("ask").description("Opens a form"),
        ];
        self.guild.set_commands(&ctx.http, commands).await.unwrap();
    }

    async fn interaction_create(&self, ctx: Context, interaction: Interaction) {
        match interaction {
            Interaction::Autocomplete(asked) => {
                let typed = asked.data.autocomplete().unwrap().value.to_owned();
                let choice = AutocompleteChoice::new(format!("Ada Ltd ({typed})"), "ada");
                let response = CreateAutocompleteResponse::new().set_choices(vec![choice]);
                asked
                    .create_response(&ctx.http, CreateInteractionResponse::Autocomplete(response))
                    .await
                    .unwrap();
            }
            Interaction::Command(command) => match command.data.name.as_str() {
                "client" => {
                    let options = command.data.options();
                    let ResolvedValue::SubCommand(inner) = &options[0].value else {
                        panic!("no subcommand")
                    };
                    let ResolvedValue::String(client) = inner[0].value else {
                        panic!("no client")
                    };
                    assert!(command.member.is_some());
                    let buttons = CreateActionRow::Buttons(vec![
                        CreateButton::new("add")
                            .label("Add credit")
                            .style(ButtonStyle::Success),
                        CreateButton::new("refresh").label("Refresh"),
                    ]);
                    let options = vec![
                        CreateSelectMenuOption::new("One", "1"),
                        CreateSelectMenuOption::new("Two", "2"),
                    ];
                    let select =
                        CreateSelectMenu::new("pick", CreateSelectMenuKind::String { options })
                            .placeholder("Pick");
                    let message = CreateInteractionResponseMessage::new()
                        .ephemeral(true)
                        .embed(
                            CreateEmbed::new()
                                .title("Client")
                                .field("Name", client, true),
                        )
                        .components(vec![buttons, CreateActionRow::SelectMenu(select)]);
                    command
                        .create_response(&ctx.http, CreateInteractionResponse::Message(message))
                        .await
                        .unwrap();
                }
                "slow" => {
                    command.defer_ephemeral(&ctx.http).await.unwrap();
                    command
                        .edit_response(&ctx.http, EditInteractionResponse::new().content("At last"))
                        .await
                        .unwrap();
                    let followup = CreateInteractionResponseFollowup::new().content("And this");
                    command.create_followup(&ctx.http, followup).await.unwrap();
                }
                "ask" => {
                    let reason = CreateInputText::new(InputTextStyle::Short, "Reason", "reason")
                        .required(false)
                        .value("none");
                    let amount = CreateInputText::new(InputTextStyle::Short, "Amount", "amount")
                        .min_length(2);
                    let rows = vec![
                        CreateActionRow::InputText(amount),
                        CreateActionRow::InputText(reason),
                    ];
                    let modal = CreateModal::new("form", "Add credit").components(rows);
                    command
                        .create_response(&ctx.http, CreateInteractionResponse::Modal(modal))
                        .await
                        .unwrap();
                }
                _ => {}
            },
            Interaction::Component(press) => match press.data.custom_id.as_str() {
                "add" => {
                    let amount = CreateInputText::new(InputTextStyle::Short, "Amount", "amount");
                    let modal = CreateModal::new("form", "Add credit")
                        .components(vec![CreateActionRow::InputText(amount)]);
                    press
                        .create_response(&ctx.http, CreateInteractionResponse::Modal(modal))
                        .await
                        .unwrap();
                }
                "refresh" => {
                    press.defer(&ctx.http).await.unwrap();
                    press
                        .edit_response(&ctx.http, EditInteractionResponse::new().content("Fresh"))
                        .await
                        .unwrap();
                }
                _ => {
                    let message = CreateInteractionResponseMessage::new().content("Picked");
                    press
                        .create_response(
                            &ctx.http,
                            CreateInteractionResponse::UpdateMessage(message),
                        )
                        .await
                        .unwrap();
                }
            },
            Interaction::Modal(modal) => {
                let mut given = Vec::new();
                for row in &modal.data.components {
                    if let ActionRowComponent::InputText(input) = &row.components[0] {
                        given.push(format!(
                            "{}={}",
                            input.custom_id,
                            input.value.clone().unwrap_or_default()
                        ));
                    }
                }
                let message = CreateInteractionResponseMessage::new().content(given.join(" "));
                let response = if modal.message.is_some() {
                    CreateInteractionResponse::UpdateMessage(message)
                } else {
                    CreateInteractionResponse::Message(message)
                };
                modal.create_response(&ctx.http, response).await.unwrap();
            }
            _ => {}
        }
    }
}

async fn running() -> Discord {
    let discord = Discord::start(Setup::default()).await.unwrap();
    let http = HttpBuilder::new(discord.bot_token())
        .proxy(discord.api_url())
        .ratelimiter_disabled(true)
        .build();
    let bot = Bot {
        guild: GuildId::new(discord.guild_id()),
    };
    let builder = serenity::client::ClientBuilder::new_with_http(http, GatewayIntents::GUILDS);
    let mut client: Client = builder.event_handler(bot).await.unwrap();
    tokio::spawn(async move { client.start().await });
    discord.registered("ask").await.unwrap();
    discord
}

#[tokio::test]
async fn commands_suggestions_and_ephemeral_answers() {
    let discord = running().await;
    let ada = discord.person("Ada");
    let choices = ada
        .suggest("client find", "client", "ad", &[])
        .await
        .unwrap();
    assert_eq!(choices[0].name, "Ada Ltd (ad)");
    let card = ada
        .command("client find", &[("client", "Ada Ltd (ad)")])
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    assert_eq!(
        card.text(),
        "Client\nName: ada\n[Add credit] [Refresh]\n[Pick: One | Two]"
    );
    assert!(card.is_ephemeral());
    assert!(discord.person("Bob").sees(card.channel_id()).is_empty());
    let refused = discord
        .person("Bob")
        .press(&card, "Refresh")
        .await
        .unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("Bob does not see that message"),
        "{refused}"
    );
    assert!(ada.command("client find", &[]).await.is_err());
    assert!(ada.command("nothing", &[]).await.is_err());
    discord.expect_quiet().unwrap();
}

#[tokio::test]
async fn deferred_answers_and_followups() {
    let discord = running().await;
    let asked = discord.person("Ada").command("slow", &[]).await.unwrap();
    let reply = asked.reply().await.unwrap();
    assert_eq!(reply.text(), "At last");
    assert!(reply.is_ephemeral());
    let channel = reply.channel_id();
    discord
        .wait_for(channel, |message| message.text() == "And this")
        .await
        .unwrap();
    assert_eq!(asked.followups().len(), 1);
}

#[tokio::test]
async fn forms_from_commands_and_from_buttons() {
    let discord = running().await;
    let ada = discord.person("Ada");
    let modal = ada
        .command("ask", &[])
        .await
        .unwrap()
        .modal()
        .await
        .unwrap();
    assert_eq!(modal.text(), "Add credit\nAmount*: []\nReason: [none]");
    assert!(ada.submit(&modal, &[("amount", "5")]).await.is_err());
    let reply = ada
        .submit(&modal, &[("Amount", "500")])
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    assert_eq!(reply.text(), "amount=500 reason=none");
    assert!(ada.submit(&modal, &[("Amount", "500")]).await.is_err());

    let card = ada
        .command("client find", &[("client", "ada")])
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    let modal = ada
        .press(&card, "Add")
        .await
        .unwrap()
        .modal()
        .await
        .unwrap();
    let updated = ada
        .submit(&modal, &[("amount", "7")])
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    assert_eq!(updated.id(), card.id());
    assert_eq!(updated.content(), "amount=7");
}

#[tokio::test]
async fn buttons_and_selects_change_their_message() {
    let discord = running().await;
    let ada = discord.person("Ada");
    let card = ada
        .command("client find", &[("client", "ada")])
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    let fresh = ada
        .press(&card, "Refresh")
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    assert_eq!((fresh.id(), fresh.content()), (card.id(), "Fresh"));
    let picked = ada
        .choose(&card, "Pick", &["Two"])
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    assert_eq!(picked.content(), "Picked");
    assert!(ada.choose(&card, "Pick", &["Three"]).await.is_err());
}

#[tokio::test]
async fn no_answer_within_three_seconds() {
    let discord = running().await;
    let asked = discord.person("Ada").command("never", &[]).await.unwrap();
    discord.pass_time(Duration::from_millis(3_100));
    assert!(matches!(
        asked.outcome().await.unwrap(),
        Outcome::NoResponse
    ));
    let error = asked.reply().await.unwrap_err().to_string();
    assert!(
        error.contains("did not respond") && error.contains("Ada: /never"),
        "{error}"
    );
}

#[tokio::test]
async fn a_resumed_session_gets_what_it_missed() {
    let discord = running().await;
    for how in [Break::Resumable, Break::Reconnect] {
        discord.disconnect(how);
        let asked = discord.person("Ada").command("slow", &[]).await.unwrap();
        assert_eq!(asked.reply().await.unwrap().text(), "At last");
    }
    assert_eq!(discord.identified(), 1);
}

#[tokio::test]
async fn an_invalid_session_is_identified_anew() {
    let discord = running().await;
    discord.disconnect(Break::Invalid);
    discord.ready().await.unwrap();
    assert_eq!(discord.identified(), 2);
    let asked = discord.person("Ada").command("slow", &[]).await.unwrap();
    assert_eq!(asked.reply().await.unwrap().text(), "At last");
}

#[tokio::test]
async fn direct_messages_are_posted_once_per_nonce() {
    let discord = Discord::start(Setup::default()).await.unwrap();
    let http = HttpBuilder::new(discord.bot_token())
        .proxy(discord.api_url())
        .ratelimiter_disabled(true)
        .build();
    let ada = discord.person("Ada");
    let channel = UserId::new(ada.id())
        .create_dm_channel(&http)
        .await
        .unwrap();
    discord.fault(Rule {
        fault: Fault::DropAnswer,
        matching: "/messages".into(),
        times: 1,
    });
    let message = || {
        CreateMessage::new()
            .content("Paid")
            .nonce(serenity::all::Nonce::String("n1".into()))
            .enforce_nonce(true)
    };
    assert!(channel.id.send_message(&http, message()).await.is_err());
    channel.id.send_message(&http, message()).await.unwrap();
    assert_eq!(ada.dms().len(), 1);
    ada.close_dms();
    let refused = channel.id.say(&http, "More").await.unwrap_err().to_string();
    assert!(
        refused.contains("Cannot send messages to this user"),
        "{refused}"
    );
}
