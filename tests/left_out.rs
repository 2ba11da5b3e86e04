//! Runs last and says which parts of the tests were left out for want of a program, one line each. Outside CI that is
//! no failure; in CI it is.

use std::process::ExitCode;

#[expect(dead_code, reason = "what is missing is told here, not done without")]
#[path = "support/programs.rs"]
mod programs;

fn main() -> ExitCode {
    let parts = [
        (
            programs::postgres(),
            "PostgreSQL (initdb and postgres are not on this machine; Debian: apt-get install postgresql)",
        ),
        (
            programs::node_modules(),
            "discord.js against the local Discord (BURSAR_TEST_NODE_MODULES names no folder with discord.js, or there is \
             no node; .ci/run installs both)",
        ),
        (
            programs::python(),
            "aiogram against the local Telegram (BURSAR_TEST_PYTHON names no Python with aiogram; .ci/run installs it)",
        ),
        (
            programs::specifications(),
            "the platforms' specifications (../shared/specs or BURSAR_TEST_SPECS has no discord-openapi.json and \
             telegram-bot-api.json)",
        ),
    ];
    let mut complete = true;
    for (found, part) in parts {
        if found.is_none() {
            complete = false;
            println!("left out: {part}");
        }
    }
    if !complete && programs::is_ci() {
        println!("nothing may be left out in CI");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
