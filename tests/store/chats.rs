//! Open forms.

use crate::sample::{NOW, after, discord, telegram};
use crate::{change, look, on_both};

on_both! {
    async fn a_form_is_kept_replaced_and_closed(db) {
        let who = telegram(7);
        assert_eq!(look!(db.store, |tx| tx.open_form(who, 7, NOW).await?), None);
        change!(db.store, |tx| tx.keep_form(who, 7, "first", NOW).await?).unwrap();
        change!(db.store, |tx| tx.keep_form(who, 7, "second", after(5)).await?).unwrap();
        change!(db.store, |tx| tx.keep_form(who, -70, "in a group", NOW).await?).unwrap();
        change!(db.store, |tx| tx.keep_form(discord(7), 7, "on Discord", NOW).await?).unwrap();
        assert_eq!(look!(db.store, |tx| tx.open_form(who, 7, NOW).await?).as_deref(), Some("second"));
        assert_eq!(look!(db.store, |tx| tx.open_form(who, -70, NOW).await?).as_deref(), Some("in a group"));
        assert_eq!(look!(db.store, |tx| tx.open_form(discord(7), 7, NOW).await?).as_deref(), Some("on Discord"));
        assert!(change!(db.store, |tx| tx.close_form(who, 7).await?).unwrap());
        assert!(!change!(db.store, |tx| tx.close_form(who, 7).await?).unwrap());
        assert_eq!(look!(db.store, |tx| tx.open_form(who, 7, NOW).await?), None);
        assert!(look!(db.store, |tx| tx.open_form(who, -70, NOW).await?).is_some(), "other chats stay open");
    }
}

on_both! {
    async fn an_old_form_is_not_open(db) {
        let who = telegram(7);
        change!(db.store, |tx| tx.keep_form(who, 7, "form", NOW).await?).unwrap();
        assert!(look!(db.store, |tx| tx.open_form(who, 7, NOW).await?).is_some());
        assert_eq!(look!(db.store, |tx| tx.open_form(who, 7, after(1)).await?), None);
    }
}
