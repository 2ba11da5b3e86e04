//! The local Discord held against the real one's rules and against serenity.

mod discord_js;
mod serenity_client;
