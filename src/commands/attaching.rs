//! A command that takes a file, for tests of what all such commands have in common.

use super::catalogue::{Command, Gate, Opt, OptionKind};
use super::{Call, Stop};
use crate::chat::{Card, Reply, Visibility};

/// Beside the catalogue, and in no list.
pub const COMMANDS: &[Command] = &[Command {
    name: "test attach",
    options: &[
        Opt {
            name: "file",
            kind: OptionKind::Attachment { pictures: false },
            required: true,
        },
        Opt {
            name: "note",
            kind: OptionKind::Text(40),
            required: true,
        },
    ],
    gate: Gate::Open,
    listed: false,
    visibility: Visibility::Private,
    handler: |call| Box::pin(attach(call)),
}];

async fn attach(mut call: Call) -> Result<Reply, Stop> {
    let file = call.args.need_file("file")?;
    let note = call.args.need("note")?;
    call.args.finish()?;
    let bytes = call.files.fetch(&file, 20).await?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(Reply::card(Card {
        title: format!("{note}: {} with {text}", file.name),
        ..Card::default()
    }))
}
