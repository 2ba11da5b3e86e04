//! Figures as pictures and files, on both messengers: what reaches a person is read back byte by byte.

use bursar::domain::ids::ClientId;
use bursar::sandbox::{discord, telegram};

use crate::desk::people::{OnDiscord as _, OnTelegram as _, tidy};
use crate::desk::{Desk, Options, clients};
use crate::on_both;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The one file of a message on Discord.
fn on_discord(message: &discord::Message) -> (String, Vec<u8>) {
    let mut files = message.files();
    assert_eq!(files.len(), 1, "{}", message.text());
    files.remove(0)
}

/// The file of a message on Telegram.
fn on_telegram(message: &telegram::Message) -> Vec<u8> {
    message
        .file()
        .unwrap_or_else(|| panic!("no file with: {}", message.text()))
}

/// The rows of a CSV, cell by cell.
fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(bytes);
    let row = |row: csv::StringRecord| row.iter().map(str::to_owned).collect();
    reader
        .records()
        .map(|record| row(record.unwrap()))
        .collect()
}

/// A desk where a little has moved.
async fn busy(db: &crate::support::Database) -> Desk {
    let desk = Desk::open(
        db,
        Options {
            admin_limit: "10000",
            ..Options::default()
        },
    )
    .await;
    let amara = &desk.admins[0];
    for (client, amount) in [("ada", "1500"), ("markup", "20")] {
        let preview = amara
            .asks("credit add", &[("client", client), ("amount", amount)])
            .await;
        amara.presses(&preview, "Confirm").await;
    }
    let rita = &desk.resellers[0];
    let preview = rita.asks("/credit_add chidi 30").await;
    rita.changes(&preview, "Confirm").await;
    desk.drain().await;
    desk
}

on_both! {
    async fn reports_come_as_pictures_with_their_sums(db) {
        let desk = busy(db).await;
        let (sam, rita) = (&desk.support, &desk.resellers[0]);
        let week = sam.asks("report week", &[]).await;
        let his = rita.asks("/report_week").await;
        assert_seen_snapshot!(format!("{}\n--\n{}", week.text(), his.text()), @r"
        Blue Bird SMS
        Credits and invoices, last 12 weeks (from Monday, UTC)
        Credits added: 1,520 credits
        Invoiced: 76.00 EUR
        (picture attachment://weeks.png)
        (file weeks.png)
        --
        (photo)
        Rita’s Routes
        Credits and invoices, last 12 weeks (from Monday, UTC)

        Credits added: 30 credits
        Invoiced: 1.80 EUR
        ");
        let month = sam.asks("report month", &[]).await;
        let his_month = rita.asks("/report_month").await;
        assert!(month.text().contains("1,520 credits") && month.text().contains("last 12 months"), "{}", month.text());
        assert!(his_month.text().contains("30 credits"), "{}", his_month.text());
        let balance = sam.asks("report balance", &[("client", "ada")]).await;
        let own = rita.asks("/report_balance chidi").await;
        assert_seen_snapshot!(format!("{}\n--\n{}", balance.text(), own.text()), @r"
        Ada Lovelace
        Balance in credits, last 90 days (UTC)
        Balance: 1,600 credits
        (picture attachment://balance.png)
        (file balance.png)
        --
        (photo)
        Chidi Okonkwo
        Balance in credits, last 90 days (UTC)

        Balance: 50 credits
        ");
        let names = [&week, &month, &balance].map(|message| {
            let (name, bytes) = on_discord(message);
            assert!(bytes.starts_with(PNG), "{name}");
            name
        });
        assert_eq!(names, ["weeks.png", "months.png", "balance.png"]);
        for message in [&his, &his_month, &own] {
            assert!(on_telegram(message).starts_with(PNG));
        }
        let outside = rita.asks("/report_balance ada").await;
        assert!(outside.text().contains("There is no client"), "{}", outside.text());
        desk.close().await;
    }
}

on_both! {
    async fn a_statement_comes_with_its_picture_and_turns_without(db) {
        let mut desk = busy(db).await;
        desk.may_be_refused(400, "/editMessageText");
        let (sam, rita) = (&desk.support, &desk.resellers[0]);
        let statement = sam.asks("client statement", &[("client", "ada")]).await;
        assert_seen_snapshot!(tidy(statement.text()), @r"
        Statement of Ada Lovelace
        (moment) · Added · Blue Bird SMS · INV-000001: \+1,500 credits, balance 1,600 credits
        (moment) · Opening balance · Blue Bird SMS: \+100 credits, balance 100 credits
        (picture attachment://balance.png)
        (file balance.png)
        ");
        let (name, bytes) = on_discord(&statement);
        assert_eq!(name, "balance.png");
        assert!(bytes.starts_with(PNG));
        let own = rita.asks("/client_statement chidi").await;
        assert!(on_telegram(&own).starts_with(PNG));
        assert!(own.text().contains("+30 credits, balance 50 credits"), "{}", own.text());
        // Longer than a page.
        for _ in 0..10 {
            let preview = rita.asks("/credit_add chidi 1").await;
            rita.changes(&preview, "Confirm").await;
        }
        let long = rita.asks("/client_statement chidi").await;
        assert!(on_telegram(&long).starts_with(PNG));
        // A caption holds less than a page may have: what follows is a message of its own, and turns where it stands.
        let older = rita.presses(&long, "Next page").await;
        assert!(older.text().contains("Opening balance") && older.file().is_none(), "{}", older.text());
        let first = rita.changes(&older, "First page").await;
        assert!(first.text().contains("+1 credit, balance 60 credits") && first.file().is_none(), "{}", first.text());
        let here = sam.asks("client statement", &[("client", "chidi")]).await;
        on_discord(&here);
        let older = sam.presses(&here, "Next page").await;
        assert!(older.text().contains("Opening balance"), "{}", older.text());
        assert!(older.files().is_empty());
        let first = sam.presses(&older, "First page").await;
        assert!(first.files().is_empty() && first.text().contains("+1 credit, balance 60 credits"), "{}", first.text());
        desk.close().await;
    }
}

on_both! {
    async fn exports_come_as_files_that_a_spreadsheet_may_open(db) {
        let desk = busy(db).await;
        let (amara, tariq, rita) = (&desk.admins[0], &desk.telegram_admin, &desk.resellers[0]);
        let here = async |what: &str, client: Option<&str>| {
            let mut options = vec![("what", what)];
            options.extend(client.map(|client| ("client", client)));
            on_discord(&amara.asks("export", &options).await)
        };
        let there = async |line: &str| {
            let message = tariq.asks(line).await;
            (message.file_name().unwrap(), on_telegram(&message))
        };

        let (name, clients) = here("clients", None).await;
        let stem = name.strip_suffix(".csv");
        assert!(stem.is_some_and(|stem| stem.starts_with("clients-")), "{name}");
        let head = "old_id,username,name,email,phone,class,status,reseller,manager,referral,price,balance,unpaid,created,id\r\n";
        assert!(clients.starts_with(head.as_bytes()), "{}", String::from_utf8_lossy(&clients[..200]));
        assert_eq!(there("/export clients").await, (name, clients.clone()));
        let found = rows(&clients);
        let markup = found.iter().find(|row| row[1] == "markup").unwrap();
        assert_eq!(markup[2], format!("'{}", clients::MARKUP_NAME));
        assert_eq!(markup[11], "27");
        // The files have the machine's numbers, whatever somebody speaks.
        let ada = found.iter().find(|row| row[1] == "ada").unwrap();
        assert_eq!((ada[11].as_str(), ada[14].as_str()), ("1600", &*ClientId(clients::ADA).to_string()));

        let (_, statement) = here("statement", Some("ada")).await;
        assert!(statement.starts_with(b"at,kind,amount,balance,invoice,note\r\n"));
        assert_eq!(there("/export statement ada").await.1, statement);
        assert_eq!(rows(&statement)[1][1..4], ["opening", "100", "100"]);
        assert_eq!(rows(&statement)[2][1..5], ["add", "1500", "1600", "INV-000001"]);

        let (_, invoices) = here("invoices", None).await;
        assert!(invoices.starts_with(b"number,at,username,name,kind,mode,status,credits,price,net,tax,total,currency,note\r\n"));
        assert_eq!(there("/export invoices").await.1, invoices);
        let of_markup = rows(&invoices).into_iter().find(|row| row[2] == "markup").unwrap();
        assert_eq!(of_markup[3], format!("'{}", clients::MARKUP_NAME));

        let (_, audit) = here("audit", None).await;
        assert!(audit.starts_with(b"at,person,actor,action,subject,detail,event\r\n"));
        let mut actions = rows(&audit).into_iter().map(|row| row[3].clone());
        assert!(actions.any(|action| action == "person.linked"));
        let (_, audit) = there("/export audit").await;
        assert!(audit.starts_with(b"at,person,actor,action,subject,detail,event\r\n"));

        // A reseller has his own tree's, and no audit log.
        let message = rita.asks("/export clients").await;
        let own: Vec<_> = rows(&on_telegram(&message)).into_iter().skip(1).map(|row| row[1].clone()).collect();
        assert_eq!(own, ["ritas", "mambo", "chidi", "chloe"]);
        let refused = rita.asks("/export audit").await;
        assert!(refused.text().contains("Your role does not include this"), "{}", refused.text());
        desk.close().await;
    }
}
