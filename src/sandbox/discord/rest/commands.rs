//! Registration of application commands, globally and per server.

use serde_json::Value;

use super::{Call, parse_id};
use crate::sandbox::discord::model::{Command, Id, World};
use crate::sandbox::discord::refusal::{
    Answer, Form, Refusal, Reply, done, join, not_found, refuse,
};
use crate::sandbox::discord::render;
use crate::sandbox::discord::rules::commands as rules;

const CREATIONS_A_DAY: usize = 200;
const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// Serves `/applications/{app}[/guilds/{guild}]/commands...`.
pub fn route(
    world: &mut World,
    call: &Call,
    app: &str,
    guild: Option<&str>,
    rest: &[&str],
) -> Answer {
    if parse_id(app) != Some(world.bot) {
        let message = "You are not authorized to perform this action on this application";
        return Err(refuse(403, 20012, message));
    }
    let guild = match guild {
        None => None,
        Some(text) => {
            let known = parse_id(text).filter(|id| world.member(*id, world.bot).is_some());
            Some(known.ok_or_else(|| refuse(403, 50001, "Missing Access"))?)
        }
    };
    match (call.method.as_str(), rest) {
        ("GET", []) => Ok(all(world, guild).into()),
        ("POST", []) => create(world, guild, &call.body),
        ("PUT", []) => overwrite(world, guild, &call.body),
        ("GET", ["permissions"]) if guild.is_some() => Ok(Value::Array(Vec::new()).into()),
        ("GET", [id]) => {
            Ok(render::command(world, &world.commands[&find(world, guild, id)?]).into())
        }
        ("PATCH", [id]) => {
            let id = find(world, guild, id)?;
            update(world, guild, id, &call.body)
        }
        ("DELETE", [id]) => {
            let id = find(world, guild, id)?;
            world.commands.remove(&id);
            Ok(done())
        }
        ("GET", [_, "permissions"]) => Err(refuse(
            404,
            10066,
            "Unknown application command permissions",
        )),
        _ => Err(not_found()),
    }
}

fn find(world: &World, guild: Option<Id>, id: &str) -> Result<Id, Refusal> {
    parse_id(id)
        .filter(|id| {
            world
                .commands
                .get(id)
                .is_some_and(|command| command.guild == guild)
        })
        .ok_or_else(|| refuse(404, 10063, "Unknown application command"))
}

fn all(world: &World, guild: Option<Id>) -> Value {
    let scope = world
        .commands
        .values()
        .filter(|command| command.guild == guild);
    scope
        .map(|command| render::command(world, command))
        .collect()
}

fn same(world: &World, guild: Option<Id>, body: &Value) -> Option<Id> {
    let mut scope = world
        .commands
        .values()
        .filter(|command| command.guild == guild);
    let found =
        scope.find(|one| one.body["name"] == body["name"] && one.body["type"] == body["type"]);
    found.map(|command| command.id)
}

fn create(world: &mut World, guild: Option<Id>, body: &Value) -> Answer {
    let mut form = Form::default();
    let stored = rules::command(&mut form, "", body);
    form.finish()?;
    if let Some(id) = same(world, guild, &stored) {
        return put(world, guild, Some(id), stored).map(Reply::from);
    }
    let kind = stored["type"].as_i64().unwrap_or(1);
    let scope = world
        .commands
        .values()
        .filter(|command| command.guild == guild);
    check_count(
        kind,
        scope.filter(|one| one.body["type"] == kind).count() + 1,
    )?;
    let body = put(world, guild, None, stored)?;
    Ok(Reply { status: 201, body })
}

fn check_count(kind: i64, count: usize) -> Result<(), Refusal> {
    let most = rules::MOST_COMMANDS
        .iter()
        .find(|(one, _)| *one == kind)
        .map_or(1, |(_, most)| *most);
    if count > most {
        let message = format!("Maximum number of application commands reached ({most}).");
        return Err(refuse(400, 30032, &message));
    }
    Ok(())
}

fn put(
    world: &mut World,
    guild: Option<Id>,
    known: Option<Id>,
    body: Value,
) -> Result<Value, Refusal> {
    let id = if let Some(id) = known {
        id
    } else {
        count_creation(world, guild)?;
        world.next_id()
    };
    let unchanged = world
        .commands
        .get(&id)
        .filter(|old| old.body == body)
        .map(|old| old.version);
    let version = unchanged.unwrap_or_else(|| world.next_id());
    let command = Command {
        id,
        guild,
        version,
        body,
    };
    let wire = render::command(world, &command);
    world.commands.insert(id, command);
    Ok(wire)
}

fn count_creation(world: &mut World, guild: Option<Id>) -> Result<(), Refusal> {
    let now = world.now_ms();
    let created = world.creations.entry(guild).or_default();
    created.retain(|at| at + DAY_MS > now);
    if created.len() >= CREATIONS_A_DAY {
        let message = format!(
            "Max number of daily application command creates has been reached ({CREATIONS_A_DAY})"
        );
        return Err(refuse(400, 30034, &message));
    }
    created.push(now);
    Ok(())
}

fn update(world: &mut World, guild: Option<Id>, id: Id, changes: &Value) -> Answer {
    let mut merged = world.commands[&id].body.clone();
    for (key, value) in changes.as_object().into_iter().flatten() {
        merged[key] = value.clone();
    }
    let mut form = Form::default();
    let stored = rules::command(&mut form, "", &merged);
    form.finish()?;
    if same(world, guild, &stored).is_some_and(|other| other != id) {
        let mut form = Form::default();
        let message = "Application command names must be unique";
        form.fault("name", "APPLICATION_COMMANDS_DUPLICATE_NAME", message);
        form.finish()?;
    }
    put(world, guild, Some(id), stored).map(Reply::from)
}

fn overwrite(world: &mut World, guild: Option<Id>, body: &Value) -> Answer {
    let Some(list) = body.as_array() else {
        return Err(refuse(400, 50035, "Invalid Form Body"));
    };
    let mut form = Form::default();
    let mut stored: Vec<Value> = Vec::new();
    for (at, one) in list.iter().enumerate() {
        let place = at.to_string();
        let command = rules::command(&mut form, &place, one);
        let same =
            |other: &Value| other["name"] == command["name"] && other["type"] == command["type"];
        if stored.iter().any(same) {
            let message = "Application command names must be unique";
            form.fault(
                &join(&place, "name"),
                "APPLICATION_COMMANDS_DUPLICATE_NAME",
                message,
            );
        }
        stored.push(command);
    }
    form.finish()?;
    for (kind, _) in rules::MOST_COMMANDS {
        check_count(
            kind,
            stored.iter().filter(|one| one["type"] == kind).count(),
        )?;
    }
    let mut wire = Vec::new();
    let mut kept = Vec::new();
    for command in stored {
        let known = same(world, guild, &command);
        let one = put(world, guild, known, command)?;
        kept.extend(one["id"].as_str().and_then(parse_id));
        wire.push(one);
    }
    world
        .commands
        .retain(|id, command| command.guild != guild || kept.contains(id));
    Ok(Value::Array(wire).into())
}
