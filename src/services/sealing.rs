//! Sealing: what the audit log says is linked into its chain soon after it was written, in batches, so that nobody waits
//! for anybody else's row; and the staff is told daily where the chain ends, so that the end is known elsewhere too.

use std::time::Duration;

use super::House;
use super::notices::Content;
use crate::chat::Address;
use crate::clock::{Ids, Millis};
use crate::store::Stop;

/// How long after midnight (UTC) a day is told of: what was done at its very end is written by then.
const SETTLED: Duration = Duration::from_mins(1);
/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// How many rows are sealed in one transaction.
const BATCH: i64 = 500;

impl House {
    /// Links what waits into the chain; says how many rows. Whoever finds another at it leaves it to him.
    pub async fn seal(&self) -> Result<usize, Stop> {
        let mut sealed = 0;
        let waits = || {
            self.store
                .read(|tx| Box::pin(async move { Ok(tx.is_unsealed().await?) }))
        };
        while waits().await? {
            let batch = self.seal_batch().await?;
            if batch == 0 {
                break;
            }
            sealed += batch;
        }
        Ok(sealed)
    }

    /// The last day that is over and settled, in days since 1970.
    pub fn settled_day(&self) -> i64 {
        self.now().minus(SETTLED).0.div_euclid(DAY) - 1
    }

    /// Tells the staff what a day brought, and where the audit log's chain ends: once, and of no day before the log
    /// began. Says whether it was told now.
    pub async fn tell_day(&self, day: i64) -> Result<bool, Stop> {
        let channel = self.rules.staff_channel.or(self.rules.approvals_channel);
        let Some(to) = channel.map(Address::DiscordChannel) else {
            return Ok(false);
        };
        let (begins, ends) = (Millis(day * DAY), Millis((day + 1) * DAY));
        let Some(name) = begins.utc().map(|begins| begins.date().to_string()) else {
            return Ok(false);
        };
        let house = self.clone();
        let work = self.store.write(move |tx| {
            Box::pin(async move {
                let key = format!("day:{name}");
                if tx.chain_began().await?.is_none_or(|began| began >= ends)
                    || tx.has_notice(&key).await?
                {
                    return Ok(false);
                }
                let Some(head) = tx.chain_head().await? else {
                    return Ok(false);
                };
                let totals = tx
                    .totals(Ids::first_at(begins), Ids::first_at(ends))
                    .await?;
                let content = Content::Day {
                    day: name,
                    head,
                    totals,
                };
                house.notify(tx, key.clone(), key, &to, &content).await?;
                Ok(true)
            })
        });
        work.await
    }

    async fn seal_batch(&self) -> Result<usize, Stop> {
        let work = self.store.write(|tx| {
            Box::pin(async move {
                if !tx.lock_chain().await? {
                    return Ok(0);
                }
                let rows = tx.unsealed(BATCH).await?;
                let head = tx.chain_head().await?;
                let (mut seq, mut hash) =
                    head.map_or((0, String::new()), |head| (head.seq, head.hash));
                let mut links = Vec::with_capacity(rows.len());
                for row in rows {
                    seq += 1;
                    hash = row.hash(seq, &hash);
                    links.push((seq, row.id, hash.clone()));
                }
                if !links.is_empty() {
                    tx.seal(&links).await?;
                }
                Ok(links.len())
            })
        });
        work.await
    }
}
