//! The local Discord held against the real one's rules and against serenity.

mod serenity_client;
