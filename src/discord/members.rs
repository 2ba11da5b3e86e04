//! What somebody is in the configured guild right now, asked for where an event does not say so.

use std::time::Duration;

use futures_util::future::BoxFuture;
use serenity::http::{LightMethod, Route};
use serenity::model::id::UserId;

use super::Api;
use super::rest::{code, snowflake, stored};
use crate::chat::Members;
use crate::fault::Result;

const PATIENCE: Duration = Duration::from_secs(3);

impl Members for Api {
    fn roles(&self, user: i64) -> BoxFuture<'_, Result<Option<Vec<i64>>>> {
        Box::pin(async move {
            let Some(user) = stored(user) else {
                return Ok(None);
            };
            let route = Route::GuildMember {
                guild_id: self.guild(),
                user_id: UserId::new(user),
            };
            let called = self.rest().call(LightMethod::Get, route, None, PATIENCE);
            let member = match called.await {
                Ok(member) => member,
                Err(failure) => {
                    return match (failure.status(), failure.code()) {
                        (Some(404), _) | (_, Some(code::UNKNOWN_MEMBER)) => Ok(None),
                        _ => Err(failure.into()),
                    };
                }
            };
            let roles = member["roles"].as_array().into_iter().flatten();
            let roles = roles.filter_map(snowflake).map(u64::cast_signed).collect();
            Ok(Some(roles))
        })
    }
}
