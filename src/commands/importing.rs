//! `import clients`: a CSV from another platform is looked through, shown, and moved in behind its confirmation.

use super::catalogue::{Command, Gate, Opt, OptionKind};
use super::{Call, Stop, cards, moving};
use crate::chat::file::MOST_IN;
use crate::chat::{Attachment, Card, Reply, Tone, Visibility};
use crate::domain::role::Permission;
use crate::services::access::authorise;
use crate::services::import::{Existing, Problem};

/// The most bytes of a report: less than any messenger takes.
const REPORT: usize = 8 * 1024 * 1024;

/// Move the clients of a file in.
pub const CLIENTS: Command = Command {
    name: "import clients",
    options: &[
        Opt {
            name: "file",
            kind: OptionKind::Attachment { pictures: false },
            required: true,
        },
        Opt {
            name: "existing",
            kind: OptionKind::Choice(&["leave", "update"]),
            required: false,
        },
    ],
    gate: Gate::Needs(Permission::Templates),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(import(call)),
};

async fn import(mut call: Call) -> Result<Reply, Stop> {
    authorise(&call.actor, Permission::Templates)?;
    let file = call.args.need_file("file")?;
    let existing = call.args.take("existing");
    call.args.clone().finish()?;
    let existing = existing.as_deref().and_then(Existing::from_name);
    let existing = existing.unwrap_or(Existing::Leave);
    call.patience.extend();
    let bytes = call.files.fetch(&file, MOST_IN).await?;
    let manner = (file.name.clone(), existing);
    let looked = call.house.look_at(&call.actor, manner, bytes).await?;
    let say = call.say;
    let looked = match looked {
        Ok(looked) => looked,
        Err(bad) => {
            return Ok(Reply::card(Card {
                title: say.title_refused(),
                text: moving::bad_file(&bad, say),
                tone: Tone::Bad,
                ..Card::default()
            }));
        }
    };
    let file = report(&call, &looked.problems);
    if looked.is_idle {
        let mut card = cards::import_idle(&call.house.rules, &looked.import, say);
        card.file = file;
        return Ok(Reply::card(card));
    }
    let (house, actor, event) = (call.house.clone(), call.actor.clone(), call.event.clone());
    let import = (looked.import, looked.bytes);
    let view = call
        .house
        .store
        .write(move |tx| {
            Box::pin(async move { house.draft_import(tx, &actor, &event, import).await })
        })
        .await?;
    let mut reply = call.own_card(&view);
    reply.card.file = file;
    Ok(reply)
}

/// Every row that is wrong, or worth a look, as a file to download; as many as fit.
fn report(call: &Call, problems: &[Problem]) -> Option<Attachment> {
    if problems.is_empty() {
        return None;
    }
    let mut report = moving::report(&call.house.rules, problems, call.say);
    if report.len() > REPORT {
        let whole = report[..report.floor_char_boundary(REPORT)].rfind('\n');
        report.truncate(whole.map_or(0, |end| end + 1));
    }
    Some(Attachment::document(
        "report.csv",
        "text/csv",
        report.into_bytes(),
    ))
}
