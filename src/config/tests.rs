//! What is accepted, what is refused and in which words, and that the example file keeps up.

use secrecy::ExposeSecret as _;

use super::*;

const MESSENGER: &str = "[telegram]\ntoken = \"1:abc\"\n";
const EXAMPLE: &str = include_str!("../../bot.example.toml");

fn parse(text: &str, env: &[(&str, &str)]) -> Result<Config, Faults> {
    let env = env
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    Config::parse(Path::new("bot.toml"), text, env)
}

fn valid(text: &str) -> Config {
    parse(text, &[]).unwrap_or_else(|faults| panic!("{text}\n{faults}"))
}

#[track_caller]
fn refused(text: &str, expected: &str) {
    refused_with(text, &[], expected);
}

#[track_caller]
fn refused_with(text: &str, env: &[(&str, &str)], expected: &str) {
    let faults = parse(text, env).expect_err(text);
    assert_eq!(faults.to_string(), expected);
}

/// One key of one section with a value that will not do.
#[track_caller]
fn bad(section: &str, line: &str, expected: &str) {
    let text = format!("[{section}]\n{line}\n");
    let key = line.split(' ').next().unwrap_or_default();
    refused(&text, &format!("bot.toml:2: [{section}] {key}: {expected}"));
}

#[test]
fn nothing_at_all_means_the_defaults() {
    let config = valid("");
    assert_eq!(config.database.url.expose_secret(), "sqlite://bursar.db");
    assert_eq!(config.database.engine, Engine::Sqlite);
    assert!(config.discord.is_none() && config.telegram.is_none());
    assert!(config.http.is_none() && config.email.is_none() && config.sms.is_none());
    assert_eq!(config.roles, Roles::default());
    let expected = Approvals {
        two_above: None,
        expires: Duration::from_mins(30),
        request_expires: Duration::from_hours(72),
        undo: Duration::from_mins(2),
        solo: false,
        admin_limit: 0,
        finance_limit: 0,
        support_limit: 0,
    };
    assert_eq!(config.approvals, expected);
    let business = config.business;
    assert_eq!(business.name, "Bursar");
    assert_eq!(
        (business.currency, business.currency_decimals()),
        (Currency::EUR, 2)
    );
    assert_eq!(
        (business.credit_decimals, business.price_per_credit),
        (0, 50_000)
    );
    assert_eq!(
        (business.tax_rate, business.language.to_string()),
        (0, "en".into())
    );
    assert_eq!(business.reminder_days, [7, 14, 30]);
    assert_eq!(business.staff_channel_id, None);
    assert!(business.webhook_hosts_allowed.is_empty());
}

#[test]
fn every_key_is_read() {
    let key = "0123456789ABCDEFabcdef000000000000000000000000000000000000000000";
    let text = format!(
        r#"
[database]
url = "postgresql://bursar:hidden@host/bursar"
[discord]
token = "Bot abc.def"
guild_id = 1184500000000000001
approvals_channel_id = "1184500000000000002"
mode = "gateway"
public_key = "{key}"
api_url = "http://127.0.0.1:7071/api/v10/"
[telegram]
token = "123:abc_DEF-1"
mode = "polling"
webhook_secret = "word"
api_url = "http://127.0.0.1:7072/"
[http]
listen = "localhost:9000"
public_url = "https://desk.example.com/bursar/"
[email]
url = "smtps://user:hidden@mail.example.com"
from = "Desk <desk@example.com>"
[sms]
gateway = "twilio"
url = "https://api.twilio.com"
username = "AC1"
password = "hidden"
api_key = "hidden"
from = "Bursar"
[roles]
admin = ["discord-role:3", "telegram:4"]
finance = ["discord:5"]
support = []
auditor = ["telegram:5"]
[approvals]
two_above = 1000.5
expires = "90s"
request_expires = 7200
solo = false
[approvals.admin]
direct_limit = "100"
[approvals.finance]
direct_limit = 0x10
[approvals.support]
direct_limit = 0.25
[business]
name = "Ada & Söhne"
currency = "jpy"
credit_decimals = 2
price_per_credit = 0.000001
tax_rate = "7.5 %"
language = "pt-BR"
staff_channel_id = 6
reminder_days = [30, 1, 30]
webhook_hosts_allowed = ["Hooks.Internal:8080", "10.0.0.1", "::1"]
"#
    );
    let config = valid(&text);
    let debug = format!("{config:?}");
    assert!(
        !debug.contains("hidden") && !debug.contains("abc"),
        "{debug}"
    );
    assert_eq!(config.database.engine, Engine::Postgres);

    let discord = config.discord.as_ref().unwrap();
    assert_eq!(discord.token.expose_secret(), "abc.def");
    assert_eq!(discord.guild_id, 1_184_500_000_000_000_001);
    assert_eq!(
        discord.approvals_channel_id,
        Some(1_184_500_000_000_000_002)
    );
    assert_eq!(discord.public_key.unwrap()[..3], [0x01, 0x23, 0x45]);
    assert_eq!(discord.api_url.as_deref(), Some("http://127.0.0.1:7071"));

    let telegram = config.telegram.as_ref().unwrap();
    assert_eq!(telegram.token.expose_secret(), "123:abc_DEF-1");
    assert_eq!(telegram.api_url.as_deref(), Some("http://127.0.0.1:7072"));

    let http = config.http.as_ref().unwrap();
    assert_eq!(http.listen.to_string(), "127.0.0.1:9000");
    assert_eq!(
        http.public_url.as_deref(),
        Some("https://desk.example.com/bursar")
    );
    assert_eq!(
        config.email.as_ref().unwrap().from.email.to_string(),
        "desk@example.com"
    );
    assert_eq!(config.sms.as_ref().unwrap().gateway, SmsGateway::Twilio);

    assert_eq!(
        config.roles.admin,
        [RoleEntry::DiscordRole(3), RoleEntry::Telegram(4)]
    );
    assert_eq!(config.roles.finance, [RoleEntry::Discord(5)]);
    assert_eq!(config.roles.auditor, [RoleEntry::Telegram(5)]);
    let approvals = &config.approvals;
    assert_eq!(approvals.two_above, Some(100_050));
    assert_eq!(approvals.expires, Duration::from_secs(90));
    assert_eq!(approvals.request_expires, Duration::from_hours(2));
    assert_eq!(approvals.admin_limit, 10_000);
    assert_eq!(approvals.finance_limit, 1_600);
    assert_eq!(approvals.support_limit, 25);

    let business = &config.business;
    assert_eq!(
        (business.currency, business.currency_decimals()),
        (Currency::JPY, 0)
    );
    assert_eq!((business.price_per_credit, business.tax_rate), (1, 750));
    assert_eq!(business.language.to_string(), "pt-BR");
    assert_eq!(business.staff_channel_id, Some(6));
    assert_eq!(business.reminder_days, [1, 30]);
    assert_eq!(
        business.webhook_hosts_allowed,
        ["hooks.internal:8080", "10.0.0.1", "::1"]
    );
    assert_eq!(config.for_run(), Ok(()));
}

#[test]
fn mail_leaves_by_smtp_or_into_a_folder() {
    let route = |url: &str| {
        let text = format!("[email]\nurl = {url:?}\nfrom = \"desk@example.com\"\n");
        match valid(&text).email.unwrap().route {
            MailRoute::Folder(folder) => folder.display().to_string(),
            MailRoute::Smtp(_) => "smtp".to_owned(),
        }
    };
    assert_eq!(route("smtps://user:hidden@mail.example.com"), "smtp");
    assert_eq!(route("file:mails"), "mails");
    assert_eq!(route("file:///var/mails"), "/var/mails");
    for url in ["file:", "file://", "mails", "http://example.com"] {
        let what = "the value is not an smtp or smtps address, or file: and a folder; write for example \
                    \"smtp://user:password@mail.example.com:587\" or \"file:mails\"";
        bad(
            "email",
            &format!("url = {url:?}\nfrom = \"desk@example.com\""),
            what,
        );
    }
}

#[test]
fn values_that_will_not_do_are_named_with_what_to_write() {
    let check = bad;
    let time = "is not a time; write for example \"30m\"";
    check(
        "approvals",
        r#"expires = "30x""#,
        &format!("\"30x\" {time}"),
    );
    check(
        "approvals",
        r#"expires = "-5m""#,
        &format!("\"-5m\" {time}"),
    );
    check("approvals", "expires = 1.5", &format!("1.5 {time}"));
    check("approvals", "expires = true", &format!("true {time}"));
    check("approvals", "expires = [1]", &format!("a list {time}"));
    check(
        "approvals",
        "expires = 1979-05-27",
        &format!("1979-05-27 {time}"),
    );
    check(
        "approvals",
        r#"expires = "0h""#,
        "\"0h\" is no time at all; write for example \"30m\"",
    );
    check(
        "approvals",
        r#"expires = "9999d""#,
        "\"9999d\" is longer than a year",
    );
    check(
        "approvals",
        r#"expires = "99999999999999999d""#,
        "\"99999999999999999d\" is longer than a year",
    );
    check(
        "approvals",
        r#"solo = "yes""#,
        "\"yes\" is not true or false; write for example true",
    );
    let amount = "is not an amount of credits; write for example \"500\"";
    check(
        "approvals",
        r#"two_above = "1,000""#,
        &format!("\"1,000\" {amount}"),
    );
    check("approvals", "two_above = 1e3", &format!("1e3 {amount}"));
    check("approvals", "two_above = -1", &format!("-1 {amount}"));
    check(
        "approvals",
        r#"two_above = "5.""#,
        &format!("\"5.\" {amount}"),
    );
    check(
        "approvals",
        r#"two_above = "٥""#,
        &format!("\"٥\" {amount}"),
    );
    check(
        "approvals",
        "two_above = 1.5",
        "1.5 has decimals, and there are none here",
    );
    check(
        "approvals",
        "two_above = 9999999999999999999",
        "9999999999999999999 is larger than any amount can be",
    );
    check(
        "business",
        "price_per_credit = 0.1234567",
        "0.1234567 has more than 6 decimals",
    );
    check(
        "business",
        r#"tax_rate = "100.01""#,
        "\"100.01\" is more than 100 percent",
    );
    check(
        "business",
        "tax_rate = 7.125",
        "7.125 has more than 2 decimals",
    );
    check(
        "business",
        r#"currency = "EURO""#,
        "\"EURO\" is not a currency of ISO 4217; write for example \"EUR\"",
    );
    check(
        "business",
        r#"currency = "XAU""#,
        "\"XAU\" has no minor unit to count money in",
    );
    check(
        "business",
        "credit_decimals = 7",
        "7 is not a number of decimals from 0 to 6; write for example 0",
    );
    check(
        "business",
        r#"language = "english!""#,
        "\"english!\" is not a language tag; write for example \"en\" or \"pt-BR\"",
    );
    check(
        "business",
        "name = 5",
        "5 is not a name; write for example \"Bursar\"",
    );
    check(
        "business",
        r#"name = " ""#,
        "\" \" is not a name; write for example \"Bursar\"",
    );
    check(
        "business",
        "staff_channel_id = 0",
        "0 is not a Discord id; write for example \"1184500000000000001\"",
    );
    check(
        "business",
        "reminder_days = 7",
        "must be a list; write for example [7]",
    );
    check(
        "business",
        "reminder_days = [7, 0]",
        "0 is not a number of days from 1 to 365; write for example 7",
    );
    let host =
        "is not a host, with a port or without; write for example \"hooks.example.com:8443\"";
    check(
        "business",
        r#"webhook_hosts_allowed = ["http://x/"]"#,
        &format!("\"http://x/\" {host}"),
    );
    check(
        "business",
        r#"webhook_hosts_allowed = ["x:99999"]"#,
        &format!("\"x:99999\" {host}"),
    );
    check(
        "http",
        r#"listen = "8080""#,
        "\"8080\" is not an address with a port; write for example \"127.0.0.1:8080\"",
    );
    check(
        "http",
        r#"public_url = "ftp://x""#,
        "\"ftp://x\" is not an http or https address; write for example \"https://example.com\"",
    );
    check(
        "http",
        r#"public_url = "https://x/?a=b""#,
        "\"https://x/?a=b\" must end before any ? or #",
    );
    let role = "is not discord-role:ID, discord:USER_ID or telegram:USER_ID; write for example \"telegram:123456789\"";
    for entry in [
        "ada",
        "discord:ada",
        "telegram:-5",
        "telegram:0",
        "discord:+5",
        "irc:5",
    ] {
        check(
            "roles",
            &format!("admin = [{entry:?}]"),
            &format!("{entry:?} {role}"),
        );
    }
    check("roles", "admin = [5]", &format!("5 {role}"));
    check(
        "roles",
        "reseller = []",
        "a reseller comes by code, which names his client: bursar people invite --role reseller",
    );
}

#[test]
fn databases_are_files_or_servers() {
    let check = |url: &str, expected: &str| bad("database", &format!("url = {url:?}"), expected);
    let forgets = "the value would forget everything: the database must be a file";
    check("sqlite::memory:", forgets);
    check("sqlite://:memory:", forgets);
    check("sqlite://a.db?mode=memory", forgets);
    check("sqlite://", "the value names no file");
    check(
        "sqlite://a.db?x=y",
        "the value has a parameter that SQLite does not know",
    );
    let example = "the value is not the address of a database; write for example \"sqlite://bursar.db\" \
                   or \"postgres://user:password@host/bursar\"";
    for url in [
        "sqlite:a.db",
        "mysql://root:secret@host/db",
        "bursar.db",
        "",
    ] {
        check(url, example);
    }
    for url in [
        "sqlite:///var/lib/bursar/a.db?mode=rwc",
        "postgres:///bursar?host=/run",
    ] {
        let config = valid(&format!("[database]\nurl = {url:?}"));
        assert_eq!(config.database.url.expose_secret(), url);
    }
}

#[test]
fn the_api_address_of_discord_may_end_in_many_ways() {
    let check = |url: &str, expected: &str| {
        let text = format!("[discord]\ntoken = \"t\"\nguild_id = 1\napi_url = {url:?}");
        assert_eq!(
            valid(&text).discord.unwrap().api_url.as_deref(),
            Some(expected),
            "{url}"
        );
    };
    for tail in ["", "/", "/api", "/api/", "/api/v10", "/api/v9/"] {
        check(
            &format!("http://127.0.0.1:7071{tail}"),
            "http://127.0.0.1:7071",
        );
        check(
            &format!("https://proxy/discord{tail}"),
            "https://proxy/discord",
        );
    }
}

#[test]
fn all_faults_come_at_once_in_the_order_of_the_file() {
    let text = "\
[aprovals]
expires = \"1h\"
[telegram]
token = \"secret-that-is-none\"
guild_id = 5
[approvals]
expire = \"1h\"
solo = 3

[roles]
admin = [
  \"telegram:1\",
  \"ada\",
  \"telegram:1\",
]
support = [\"telegram:1\"]
[database]
[database.url]
[discord]
[business]
name = { first = 1 }
";
    let variables = [
        ("BURSAR__APPROVALS__ADMIN__DIRECT_LIMT", "5"),
        ("BURSAR__APPROVALS__EXPIRES", "30x"),
        ("BURSAR__DATABASE", "sqlite://a.db"),
        ("BURSAR__HTTP__LISTEN__PORT", "80"),
        ("BURSAR__SMS__GATEWAY", "kannel"),
        ("BURSAR_CONFIG", "not ours"),
        ("PATH", "/bin"),
    ];
    refused_with(
        text,
        &variables,
        "\
bot.toml:1: [aprovals] is not a section; did you mean [approvals]?
bot.toml:4: [telegram] token: the value is not a bot token as BotFather gives it; write for example \"123456:ABC-def\"
bot.toml:5: [telegram] guild_id is not a key; it belongs in [discord]
bot.toml:7: [approvals] expire is not a key; did you mean expires?
bot.toml:8: [approvals] solo: 3 is not true or false; write for example true
bot.toml:13: [roles] admin: \"ada\" is not discord-role:ID, discord:USER_ID or telegram:USER_ID; write for example \"telegram:123456789\"
bot.toml:14: [roles] admin: telegram:1 stands here twice
bot.toml:16: [roles] support: telegram:1 stands under admin as well, and a person has one role
bot.toml:18: [database] url: is a value, not a section
bot.toml:19: [discord] guild_id: is missing: write a Discord id, for example \"1184500000000000001\"
bot.toml:19: [discord] token: is missing: write a bot token, for example \"MTIz.abc.def\"
bot.toml:21: [business] name: is a value, not a section
BURSAR__APPROVALS__ADMIN__DIRECT_LIMT: is not a setting; did you mean BURSAR__APPROVALS__ADMIN__DIRECT_LIMIT?
BURSAR__APPROVALS__EXPIRES: \"30x\" is not a time; write for example \"30m\"
BURSAR__DATABASE: is not a setting; write for example BURSAR__DATABASE__URL
BURSAR__HTTP__LISTEN__PORT: is below a value; there is nothing there
BURSAR__SMS__GATEWAY: needs password as well
BURSAR__SMS__GATEWAY: needs username as well
BURSAR__SMS__URL: is missing: write an http or https address, for example \"http://127.0.0.1:13013\"",
    );
}

#[test]
fn a_syntax_error_stands_alone_and_repeats_no_secret() {
    let text = "[discord]\ntoken = \"hidden\nguild_id = 0\n[x]\n";
    let faults = parse(text, &[("BURSAR__X__Y", "1")])
        .unwrap_err()
        .to_string();
    assert!(faults.starts_with("bot.toml:2: "), "{faults}");
    assert!(!faults.contains("hidden"), "{faults}");
    assert!(
        !faults.contains("[x]") && !faults.contains("BURSAR"),
        "{faults}"
    );
}

#[test]
fn a_key_given_twice_hides_no_other_fault() {
    refused(
        "[approvals]\nsolo = true\nsolo = false\nexpires = 0\n",
        "bot.toml:3: duplicate key\nbot.toml:4: [approvals] expires: 0 is no time at all; write for example \"30m\"",
    );
}

#[test]
fn keys_outside_of_sections_are_sent_home() {
    refused(
        "token = \"x\"\n",
        "bot.toml:1: token stands in no section; it belongs in [discord]",
    );
    refused(
        "approvals = 5\n",
        "bot.toml:1: [approvals] is a section, not a value",
    );
    refused(
        "[[roles]]\n",
        "bot.toml:1: [roles] is a section, not a value",
    );
}

#[test]
fn the_environment_alone_may_do_and_wins_over_the_file() {
    let check = |text: &str, name: &str, value: &str, expected: &dyn Fn(&Config) -> bool| {
        let config = parse(text, &[(name, value)]).unwrap_or_else(|faults| panic!("{faults}"));
        assert!(expected(&config), "{name}={value}: {config:?}");
    };
    check("", "BURSAR__TELEGRAM__TOKEN", "1:abc", &|c| {
        c.for_run().is_ok()
    });
    check(
        "[approvals]\nexpires = 60\n",
        "BURSAR__APPROVALS__EXPIRES",
        "2d",
        &|c| c.approvals.expires == Duration::from_hours(48),
    );
    check("", "BURSAR__APPROVALS__FINANCE__DIRECT_LIMIT", "50", &|c| {
        c.approvals.finance_limit == 50
    });
    check("", "BURSAR__APPROVALS__SOLO", "true", &|c| c.approvals.solo);
    check("", "bursar__approvals__solo", "true", &|c| {
        !c.approvals.solo
    });
    check("", "BURSAR__business__name", "Ada", &|c| {
        c.business.name == "Ada"
    });
    check("", "BURSAR__BUSINESS__CREDIT_DECIMALS", "3", &|c| {
        c.business.credit_decimals == 3
    });
    let admins = [RoleEntry::Discord(1), RoleEntry::Telegram(2)];
    for list in [
        "discord:1, telegram:2",
        "[\"discord:1\",\"telegram:2\"]",
        "discord:1,telegram:2,",
    ] {
        check(
            "[roles]\nadmin = [\"discord:9\"]\n",
            "BURSAR__ROLES__ADMIN",
            list,
            &|c| c.roles.admin == admins,
        );
    }
    check(
        "[roles]\nadmin = [\"discord:9\"]\n",
        "BURSAR__ROLES__ADMIN",
        "",
        &|c| c.roles.admin.is_empty(),
    );
    check("", "BURSAR__BUSINESS__REMINDER_DAYS", "[1, 2]", &|c| {
        c.business.reminder_days == [1, 2]
    });
    // Compose files pass what is not set as empty.
    check("", "BURSAR__DISCORD__TOKEN", "", &|c| c.discord.is_none());
    check(MESSENGER, "BURSAR__TELEGRAM__TOKEN", " ", &|c| {
        c.telegram.is_some()
    });
}

#[test]
fn bad_variables_are_faults_too() {
    let check = |name: &str, value: &str, expected: &str| {
        refused_with("", &[(name, value)], &format!("{name}: {expected}"));
    };
    check(
        "BURSAR__",
        "",
        "is not a setting; write for example BURSAR__DATABASE__URL",
    );
    check(
        "BURSAR__A__B__C__D",
        "",
        "is not a setting; write for example BURSAR__DATABASE__URL",
    );
    check(
        "BURSAR__DATABASE__URI",
        "x",
        "is not a setting; did you mean BURSAR__DATABASE__URL?",
    );
    check("BURSAR__NOWHERE__AT_ALL", "x", "is not a setting");
    check(
        "BURSAR__ROLES__ADMIN__X",
        "x",
        "is below a value; there is nothing there",
    );
    check(
        "BURSAR__APPROVALS__ADMIN",
        "5",
        "[approvals.admin] is a section, not a value",
    );
    check("BURSAR__NOWHERE__AT__ALL", "x", "is not a setting");
    let twice = [
        ("BURSAR__HTTP__LISTEN", "[::1]:1"),
        ("BURSAR__HTTP__listen", "[::1]:2"),
    ];
    refused_with(
        "",
        &twice,
        "BURSAR__HTTP__listen: is given twice, in upper and in lower case",
    );
    let faults = parse("", &[("BURSAR__ROLES__ADMIN", "[\"discord:1\"")]).unwrap_err();
    assert!(
        faults
            .to_string()
            .starts_with("BURSAR__ROLES__ADMIN: is not a list: "),
        "{faults}"
    );
}

#[test]
fn solo_is_for_one_admin() {
    let check = |admins: &str, expected: Option<&str>| {
        let text = format!("[roles]\nadmin = {admins}\n[approvals]\nsolo = true\n");
        let found = parse(&text, &[]).err().map(|faults| faults.to_string());
        let expected = expected.map(|words| format!("bot.toml:4: [approvals] solo: {words}"));
        assert_eq!(found, expected);
    };
    check("[]", None);
    check("[\"telegram:1\"]", None);
    check(
        "[\"telegram:1\", \"discord-role:5\"]",
        Some(
            "true cannot stand beside admin = discord-role:5: any number of people may have that Discord role",
        ),
    );
    check(
        "[\"telegram:1\", \"discord:1\"]",
        Some(
            "true cannot stand beside more than one admin; if they are one person, name one of them and link the \
             other by code",
        ),
    );
}

#[test]
fn a_wrong_number_of_decimals_does_not_make_amounts_wrong() {
    refused(
        "[approvals]\ntwo_above = 1.25\n[business]\ncredit_decimals = \"two\"\n",
        "bot.toml:4: [business] credit_decimals: \"two\" is not a number of decimals from 0 to 6; write for example 0",
    );
}

#[test]
fn running_needs_a_messenger_and_no_webhook() {
    let check = |text: &str, expected: &str| {
        let faults = valid(text).for_run().expect_err(text);
        assert_eq!(faults.to_string(), expected);
    };
    check(
        "",
        "bot.toml: there is no messenger: write a [discord] or a [telegram] section with its token, or set \
         BURSAR__DISCORD__TOKEN or BURSAR__TELEGRAM__TOKEN",
    );
    let key = "0".repeat(64);
    check(
        &format!(
            "[telegram]\ntoken = \"1:a\"\nwebhook_secret = \"w\"\nmode = \"webhook\"\n\
             [discord]\ntoken = \"t\"\nguild_id = 1\nmode = \"webhook\"\npublic_key = \"{key}\"\n"
        ),
        "bot.toml:4: [telegram] mode: webhook intake is not available yet in this version; write \"polling\"\n\
         bot.toml:8: [discord] mode: webhook intake is not available yet in this version; write \"gateway\"",
    );
    refused(
        "[telegram]\ntoken = \"1:a\"\nmode = \"webhook\"\n",
        "bot.toml:3: [telegram] mode: \"webhook\" needs webhook_secret as well: without it nothing that comes in can \
         be believed",
    );
}

#[test]
fn a_file_that_was_named_must_be_there() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("desk.toml");
    let faults = Config::load(Some(&path), std::iter::empty())
        .unwrap_err()
        .to_string();
    assert!(faults.contains("desk.toml: cannot be read: "), "{faults}");
    std::fs::write(&path, MESSENGER)?;
    let config = Config::load(Some(&path), std::iter::empty())?;
    assert_eq!(config.for_run(), Ok(()));
    // The tests run at the top of the project, where no bot.toml is.
    assert!(Config::load(None, std::iter::empty()).is_ok());
    Ok(())
}

#[test]
fn the_example_is_valid_and_shows_every_key_with_its_default() {
    let as_it_stands = valid(EXAMPLE);
    assert_eq!(as_it_stands.for_run(), Ok(()));
    let bare = valid("");
    assert_eq!(as_it_stands.approvals, bare.approvals);

    // A comment that is a setting has no blank before it but one, and looks like TOML.
    let is_setting = |line: &str| {
        let key = line.split_once(" = ").map_or("", |(key, _)| key);
        let plain = |c: char| c.is_ascii_lowercase() || c == '_';
        (!key.is_empty() && key.chars().all(plain)) || line.starts_with('[')
    };
    let lines = EXAMPLE.lines().map(|line| match line.strip_prefix("# ") {
        Some(setting) if is_setting(setting) => setting,
        _ => line,
    });
    let everything: String = lines.flat_map(|line| [line, "\n"]).collect();
    let config = valid(&everything);
    assert_eq!(
        format!("{:?}", config.approvals.expires),
        format!("{:?}", bare.approvals.expires)
    );
    assert_eq!(config.business.reminder_days, bare.business.reminder_days);
    assert_eq!(
        config.business.price_per_credit,
        bare.business.price_per_credit
    );
    assert_eq!(config.business.name, bare.business.name);
    assert_eq!(config.http.map(|http| http.listen.port()), Some(8080));

    let mut document = Document::parse(Path::new("bot.toml"), "", std::iter::empty()).unwrap();
    sections::read(&mut document);
    let mut absent = Vec::new();
    for (section, keys) in document.known() {
        let start = everything
            .find(&format!("\n[{section}]\n"))
            .unwrap_or_else(|| panic!("no [{section}]"));
        let body = &everything[start + 2..];
        let body = &body[..body.find("\n[").unwrap_or(body.len())];
        let written = |key: &&str| body.contains(&format!("\n{key} = "));
        let nested = |key: &&str| everything.contains(&format!("\n[{section}.{key}]\n"));
        let keys = keys.into_iter().filter(|key| !written(key) && !nested(key));
        absent.extend(keys.map(|key| format!("[{section}] {key}")));
    }
    assert_eq!(absent, Vec::<String>::new());
}
