//! The database stands still: everybody is still told in time that he was heard, and when it goes on the answer comes,
//! or a clear sentence says that it does not. Nothing is half done.

use bursar::sandbox::discord::Outcome;

use crate::meddle::{Stall, pairs};
use crate::stage::{Stage, clients};
use crate::support::Database;

/// Everything that reading and changing need on PostgreSQL.
const TABLES: &str = "request, client, client_term, client_owner, person, identity, event, account, outbox, inbox, conversation";

async fn added(db: &Database) -> Vec<(i64, i64)> {
    let sql = "select p.client_id, e.amount from posting p join entry e on e.posting_id = p.id
        where p.kind = 'add' and e.amount > 0 order by e.amount";
    pairs(db, sql).await
}

crate::on_both! {
    async fn everybody_is_heard_in_time_and_answered_when_it_goes_on(db) {
        clients(db).await;
        let stage = Stage::new(&db.url).await;
        let bot = stage.running().await;
        stage.link().await;
        let amara = &stage.admins[0];
        let asked = amara.command("credit add", &[("client", "ada"), ("amount", "500")]).await.unwrap();
        let in_discord = asked.reply().await.unwrap();
        stage.admin.send("/credit_add ada 501").await;
        let in_telegram = stage.admin.next_message().await;
        assert!(in_telegram.text().contains("Your confirmation is enough"), "{}", in_telegram.text());

        let stall = Stall::begin(&db.url, TABLES).await;
        let found = stage.support.command("client find", &[("client", "ada")]).await.unwrap();
        let draft = stage.support.command("credit add", &[("client", "ada"), ("amount", "1502")]).await.unwrap();
        let confirmed = amara.press(&in_discord, "Confirm").await.unwrap();
        let pressed = stage.admin.press(&in_telegram, "Confirm").await;
        // SQLite's readers are never kept out.
        let outcome = found.outcome().await.unwrap();
        let heard = if db.engine == "sqlite" {
            matches!(outcome, Outcome::Message(_) | Outcome::Deferred(_))
        } else {
            matches!(outcome, Outcome::Deferred(_))
        };
        assert!(heard, "{outcome:?}");
        let outcome = draft.outcome().await.unwrap();
        assert!(matches!(outcome, Outcome::Deferred(_)), "{outcome:?}");
        let outcome = confirmed.outcome().await.unwrap();
        assert!(matches!(outcome, Outcome::DeferredUpdate), "{outcome:?}");
        pressed.answer().await;
        assert_eq!(stage.admin.chat().len(), 4, "nothing can be known yet");
        stall.end().await;

        assert!(found.reply().await.unwrap().text().contains("Ada Lovelace"));
        assert!(draft.reply().await.unwrap().text().contains("Amount: 1,502 credits"));
        in_discord.becomes(|card| card.text().contains("Done by Amara.")).await.unwrap();
        in_telegram.until(|card| card.text().contains("Done by Tariq.")).await;
        assert_eq!(added(db).await, [(1001, 500), (1001, 501)]);
        bot.stop().await.well();
        stage.bursar(&["audit"]).await.well();
    }
}

crate::on_both! {
    async fn who_waits_too_long_is_told_so_and_nothing_is_half_done(db) {
        clients(db).await;
        let stage = Stage::new(&db.url).await;
        let bot = stage.running().await;
        stage.link().await;
        let amara = &stage.admins[0];
        let asked = amara.command("credit add", &[("client", "ada"), ("amount", "500")]).await.unwrap();
        let card = asked.reply().await.unwrap();

        let stall = Stall::begin(&db.url, TABLES).await;
        let confirmed = amara.press(&card, "Confirm").await.unwrap();
        let said = confirmed.reply().await.unwrap();
        let clear = ["Nothing was changed; try again", "It may still be carried out: look before you ask again"];
        assert!(clear.iter().any(|words| said.text().contains(words)), "{}", said.text());
        stage.admin.send("/me").await;
        stall.end().await;

        // Whether or not it is carried out after all: he looks, presses again, and it is done once.
        if let Ok(pressed) = amara.press(&card, "Confirm").await {
            let _ = pressed.reply().await;
        }
        card.becomes(|card| card.text().contains("Done by Amara.")).await.unwrap();
        assert_eq!(added(db).await, [(1001, 500)]);
        stage.admin.wait_for(|message| message.text().contains("Role: Admin")).await;
        let ended = bot.stop().await.well();
        // The operator finds the cause by the reference that the person was given.
        let cause = if db.engine == "sqlite" { "database is locked" } else { "lock timeout" };
        assert!(ended.stderr.contains(cause), "{ended}");
        stage.bursar(&["audit"]).await.well();
    }
}
