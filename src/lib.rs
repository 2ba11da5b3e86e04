//! Bursar: the client desk of a bulk-SMS business, in Discord and Telegram. This page is the map of the house.
//!
//! # Which way things go
//!
//! ```text
//! Discord, Telegram
//!   -> discord/ telegram/   a wire event becomes a neutral Event; nobody else knows serenity or teloxide
//!   -> pipeline             who is it, what is asked, may he, run; cannot fail, there is always a Reply
//!   -> commands/            a file for each family: declare, parse, call one service, word the reply
//!   -> services/            the rules of the business; each change is one transaction
//!   -> store/               the only SQL
//!   <- Reply                rendered by the adapter that the event came through
//! outbox -> delivery/       notices, at least once, each with its key
//! ```
//!
//! # Rooms
//!
//! From top to bottom; a room knows only what is below it.
//!
//! - `main.rs`: the command line.
//! - [`app`]: from a configuration to a running bot, and its graceful stop; what the host's own commands do.
//! - [`demo`]: sample clients and people on the sandbox.
//! - [`sandbox`]: a local Discord and a local Telegram. It knows nothing of the rest, and the rest knows nothing of it.
//! - [`discord`], [`telegram`]: inbound, answers, rendering, registration, courier.
//! - [`delivery`]: the outbox's worker, what a courier is, the wording of notices and mails, mail as files.
//! - [`pipeline`]: events to replies; questions one by one; lanes that keep one person's events in order.
//! - [`commands`]: the catalogue and its families, cards, refusals in words.
//! - [`services`]: access, clients, credits, approvals, people, default messages, notices and mails.
//! - [`documents`]: pictures, drawn from numbers and words.
//! - [`store`]: the store, its transactions and the door; a file for each family of tables.
//! - [`chat`]: events, replies, cards, buttons, forms, actions, sentences: the neutral vocabulary.
//! - [`domain`]: values and rules without time, randomness or waiting.
//! - [`download`]: one file over HTTP, bounded in bytes and time.
//! - [`config`], [`fault`], [`clock`].
//!
//! # What always holds
//!
//! - **One catalogue.** [`commands::CATALOGUE`] is the only list of commands. Registration, menus, help, parsing, forms and
//!   the README's table are renderers of it.
//! - **One door.** State changes only inside [`store::Store::write`]: state, ledger, invoice, audit row, outbox rows and
//!   the event's result commit together or not at all. The reply is worded from what was committed. The work runs in a
//!   task of its own, so that a caller who goes away never leaves half of it. On SQLite many people's changes share a
//!   commit, each in its own savepoint.
//! - **What is shown is what is applied.** A change is drafted, shown, confirmed and applied as one stored intent under
//!   one digest. A button names the request and the digest; it is a claim, and each press is authorised anew, in the
//!   transaction that acts on it.
//! - **Once.** Every event has an id that the messenger repeats with it. An event that changed something keeps its result;
//!   delivered again it has the same answer and no second effect. A request goes through its states by compare and set,
//!   a posting has a unique key, an invoice a unique request.
//! - **Nothing in memory matters.** What must survive a kill is in the database: Telegram's updates before they are
//!   confirmed, half-filled forms, notices, the messages that are to be edited. Memory holds queues and paces only.
//! - **Order for one, isolation between all.** One person's events are handled in the order in which they came; nobody
//!   waits for somebody else's ([`pipeline::lanes`]).
//! - **Money is integers.** Credits in smallest units, money in minor units, prices in millionths; every sum is checked.
//!   The house is sixteen ledger accounts, so that adding credit does not queue on one row; what does queue is the
//!   gapless number of an invoice, and it is taken last.
//! - **Scope is an equality.** `client_owner` and `client_term` have a row for each owner of a client, the house being
//!   owner 0; a search within a reseller's tree is the same range scan as one over all clients.
//! - **Default deny.** [`services::access::authorise`] is the only way to an `Authorised`, the matrix is one table
//!   ([`domain::role::MATRIX`]), and the scope is part of the SQL.
//!
//! # What is not there
//!
//! - No serenity outside `discord/`, no teloxide outside `telegram/`, no SQL outside `store/`.
//! - No sentence for people in `services/` or `store/`; they are in the message files under `chat/sentences/`.
//! - No ambient clock or randomness below [`app`]: `.clippy.toml` forbids them.
//! - No teloxide dispatcher: it confirms updates before they are handled, and a kill loses them.
//! - No second list of commands, no hand-written twin of a query for the other database, no boxed repository.

pub mod app;
pub mod chat;
pub mod clock;
pub mod commands;
pub mod config;
pub mod delivery;
#[cfg(feature = "sandbox")]
pub mod demo;
pub mod discord;
pub mod documents;
pub mod domain;
pub mod download;
pub mod fault;
pub mod pipeline;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod services;
pub mod store;
pub mod telegram;
