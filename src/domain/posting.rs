//! Postings: balanced, immutable ledger transactions.

use serde::{Deserialize, Serialize};

use super::client::named;
use super::credits::{Amount, Credits};
use super::ids::AccountId;

named!(
    /// Why credits moved.
    PostingKind {
        /// Credit was added: has exactly one invoice.
        Add = "add",
        /// Credit was deducted.
        Deduct = "deduct",
        /// An earlier posting was taken back, in full or in part.
        Reversal = "reversal",
        /// The SMS platform reports what was sent.
        Usage = "usage",
        /// What a client brought along when it was moved in.
        Opening = "opening",
    }
);

/// One side of a posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The account.
    pub account: AccountId,
    /// What it gains; negative for what it gives.
    pub amount: Credits,
}

/// The two entries of a move from one account to another. `None` when both are the same account.
pub fn transfer(from: AccountId, to: AccountId, amount: Amount) -> Option<[Entry; 2]> {
    if from == to {
        return None;
    }
    let gives = amount.credits().checked_neg()?;
    Some([
        Entry {
            account: from,
            amount: gives,
        },
        Entry {
            account: to,
            amount: amount.credits(),
        },
    ])
}

/// Whether entries balance: two or more, none zero, the sum 0, no account twice.
pub fn balances(entries: &[Entry]) -> bool {
    let sum: i128 = entries.iter().map(|entry| i128::from(entry.amount.0)).sum();
    let once = entries.iter().enumerate().all(|(at, entry)| {
        entries[..at]
            .iter()
            .all(|other| other.account != entry.account)
    });
    entries.len() >= 2 && sum == 0 && once && entries.iter().all(|entry| entry.amount.0 != 0)
}

/// How many accounts the house is split into, so that it is not one row on which everybody waits. Their ids are 1 to
/// this number; the number is part of the data and only ever grows.
pub const HOUSE_ACCOUNTS: i64 = 16;

/// The house account that serves a posting: chosen by the posting's random id, spread evenly.
pub fn house_account(id: i64) -> AccountId {
    // Ids are time first; mixing spreads ids of one moment over all accounts.
    let mixed = id.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    AccountId(1 + (mixed % HOUSE_ACCOUNTS.cast_unsigned()).cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transfer_balances() {
        let amount = Amount::try_from(5).unwrap();
        let entries = transfer(AccountId(1), AccountId(20), amount).unwrap();
        assert!(balances(&entries));
        assert_eq!(transfer(AccountId(1), AccountId(1), amount), None);
        assert!(!balances(&entries[..1]));
        assert!(!balances(&[entries[0], entries[0]]));
    }

    #[test]
    fn house_accounts_are_all_used() {
        let mut used: Vec<_> = (0..2_000).map(|id| house_account(id << 21)).collect();
        used.sort();
        used.dedup();
        assert_eq!(used.len(), 16);
        assert!(
            used.iter()
                .all(|account| (1..=HOUSE_ACCOUNTS).contains(&account.0))
        );
    }
}
