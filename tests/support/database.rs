//! A database for one test: a fresh SQLite file, or a fresh database of our own PostgreSQL.

use bursar::store::Store;
use tempfile::TempDir;

use super::postgres::{Cluster, postgres};

/// A migrated database and the store on it.
#[derive(Debug)]
pub struct Database {
    /// The store.
    pub store: Store,
    /// Where a second store, or the bot itself, finds the same database.
    pub url: String,
    /// `sqlite` or `postgres`.
    pub engine: &'static str,
    home: Home,
}

#[derive(Debug)]
enum Home {
    Folder(TempDir),
    Cluster(&'static Cluster),
}

impl Database {
    /// A fresh SQLite file.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("bursar.db").display());
        let store = Store::connect(&url).await.unwrap();
        store.migrate().await.unwrap();
        Self {
            store,
            url,
            engine: "sqlite",
            home: Home::Folder(folder),
        }
    }

    /// A fresh database on PostgreSQL; `None` where that is not installed.
    pub async fn postgres() -> Option<Self> {
        let cluster = tokio::task::spawn_blocking(postgres).await.unwrap()?;
        let url = cluster.database().await;
        let store = Store::connect(&url).await.unwrap();
        Some(Self {
            store,
            url,
            engine: "postgres",
            home: Home::Cluster(cluster),
        })
    }

    /// Closes the store and removes the database.
    pub async fn remove(self) {
        self.store.close().await;
        match self.home {
            Home::Folder(folder) => folder.close().unwrap(),
            Home::Cluster(cluster) => cluster.drop_database(&self.url).await,
        }
    }
}

/// Makes one body two tests, `name::sqlite` and `name::postgres`. The body has the [`Database`] by the name that it gives.
#[macro_export]
macro_rules! on_both {
    ($(#[$attribute:meta])* async fn $name:ident($db:ident) $body:block) => {
        $(#[$attribute])*
        mod $name {
            use super::*;

            async fn body($db: &$crate::support::Database) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let db = $crate::support::Database::sqlite().await;
                body(&db).await;
                db.remove().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(db) = $crate::support::Database::postgres().await {
                    body(&db).await;
                    db.remove().await;
                }
            }
        }
    };
}

/// A fresh [`Database`] on each engine that is there, to compare them.
#[macro_export]
macro_rules! each_engine {
    () => {{
        let mut databases = vec![$crate::support::Database::sqlite().await];
        databases.extend($crate::support::Database::postgres().await);
        databases
    }};
}
