//! Forms that are being answered question by question. In the database, because a restart must not lose them.

use super::{Tx, row, run};
use crate::chat::Identity;
use crate::clock::Millis;
use crate::fault::Fault;

impl Tx {
    /// The form that is open for somebody in a chat, as JSON, unless it is older than `since`.
    pub async fn open_form(
        &mut self,
        who: Identity,
        chat: i64,
        since: Millis,
    ) -> Result<Option<String>, Fault> {
        let sql = "select form from conversation
            where messenger = $1 and user_id = $2 and chat_id = $3 and updated_at >= $4";
        let found = row!(
            self,
            (String,),
            sql,
            who.messenger.name(),
            who.user,
            chat,
            since
        )?;
        Ok(found.map(|(form,)| form))
    }

    /// Keeps the form that is open for somebody in a chat, in place of an earlier one.
    pub async fn keep_form(
        &mut self,
        who: Identity,
        chat: i64,
        form: &str,
        now: Millis,
    ) -> Result<(), Fault> {
        run!(
            self,
            "insert into conversation (messenger, user_id, chat_id, form, updated_at) values ($1, $2, $3, $4, $5)
             on conflict (messenger, user_id, chat_id) do update set form = excluded.form, updated_at = excluded.updated_at",
            who.messenger.name(),
            who.user,
            chat,
            form,
            now,
        )?;
        Ok(())
    }

    /// Closes the form; says whether one was open.
    pub async fn close_form(&mut self, who: Identity, chat: i64) -> Result<bool, Fault> {
        let sql = "delete from conversation where messenger = $1 and user_id = $2 and chat_id = $3";
        Ok(run!(self, sql, who.messenger.name(), who.user, chat)? > 0)
    }
}
