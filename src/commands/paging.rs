//! Pages of a list: buttons that open the command again with the same values, from another row on.

use super::Call;
use super::catalogue::{Command, command};
use crate::chat::{Action, Ask, Values};
use crate::domain::refusal::Refusal;

/// The button payload for another page of a command's list: its values, and where the page begins (`""`: the first page;
/// else whatever the command wants to find in [`Call::after`](super::Call::after), without a colon). `None` where that does
/// not fit into a button: then the list is to be narrowed.
pub fn more(command: &'static Command, values: &Values, after: &str) -> Option<Action> {
    let mut short = Vec::new();
    for (name, value) in &values.0 {
        let at = command
            .options
            .iter()
            .position(|option| option.name == name)?;
        if value.contains('|') {
            return None;
        }
        short.push(format!("{at}{value}"));
    }
    let action = Action::More {
        command: command.name.to_owned(),
        after: after.to_owned(),
        values: short.join("|"),
    };
    (action.fits() && !after.contains(':')).then_some(action)
}

/// Whether one of these buttons was pressed: the page takes the place of another.
pub fn turned(call: &Call) -> bool {
    match &call.event.ask {
        Ask::Press(payload) => matches!(payload.parse(), Ok(Action::More { .. })),
        _ => false,
    }
}

/// The command and the values that such a button names; a claim, to be validated as if typed.
pub fn read(name: &str, short: &str) -> Result<(&'static Command, Values), Refusal> {
    let command = command(name).ok_or(Refusal::UnknownButton)?;
    let mut values = Values::default();
    for part in short.split('|').filter(|part| !part.is_empty()) {
        let (at, value) = part.split_at_checked(1).ok_or(Refusal::UnknownButton)?;
        let at: usize = at.parse().map_err(|_| Refusal::UnknownButton)?;
        let option = command.options.get(at).ok_or(Refusal::UnknownButton)?;
        values.set(option.name, value);
    }
    Ok((command, values))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::credit::ADD;
    use proptest::prelude::*;

    #[test]
    fn values_come_back_by_the_place_of_their_option() {
        let values = Values::from([("client", "#4n0bwg0"), ("mode", "gift")]);
        let action = more(&ADD, &values, "17").unwrap();
        assert_eq!(action.to_string(), "1:p:credit add:17:0#4n0bwg0|2gift");
        let (command, read) = read("credit add", "0#4n0bwg0|2gift").unwrap();
        assert_eq!((command.name, read), ("credit add", values));
    }

    #[test]
    fn what_does_not_fit_is_no_button() {
        let check = |values: Values, after: &str| assert_eq!(more(&ADD, &values, after), None);
        check(Values::from([("note", "x".repeat(60))]), "");
        check(Values::from([("note", "a|b")]), "");
        check(Values::from([("colour", "red")]), "");
        check(Values::default(), "1:2");
    }

    proptest! {
        #[test]
        fn forged_values_are_read_or_refused(short in ".{0,60}") {
            let _ = read("credit add", &short);
        }

        #[test]
        fn values_are_read_back(client in "[^|]{1,10}", amount in "[0-9]{1,4}", after in "[0-9a-z]{0,9}") {
            let values = Values::from([("client", client), ("amount", amount)]);
            if let Some(Action::More { command, values: short, .. }) = more(&ADD, &values, &after) {
                prop_assert_eq!(read(&command, &short).unwrap().1, values);
            }
        }
    }
}
