//! Sealing: what the audit log says is linked into its chain soon after it was written, in batches, so that nobody waits
//! for anybody else's row.

use super::House;
use crate::store::Stop;

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
