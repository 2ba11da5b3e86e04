//! A gate before a messenger, by which it is dead, silent or there, under one address.

use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// The way to a messenger. Shut at first: connections are refused.
#[derive(Debug)]
pub struct Gate {
    address: SocketAddr,
    messenger: SocketAddr,
    serving: Option<JoinHandle<()>>,
}

impl Gate {
    /// A gate before the server at this URL.
    pub fn before(url: &str) -> Self {
        let messenger = url.trim_start_matches("http://").parse().unwrap();
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        Self {
            address: free.local_addr().unwrap(),
            messenger,
            serving: None,
        }
    }

    /// Where the bot finds the messenger.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Lets everything through.
    pub async fn open(&mut self) {
        let messenger = self.messenger;
        self.serve(move |mut from| async move {
            if let Ok(mut to) = TcpStream::connect(messenger).await {
                let _ = tokio::io::copy_bidirectional(&mut from, &mut to).await;
            }
        })
        .await;
    }

    /// Takes connections and never says a word.
    pub async fn fall_silent(&mut self) {
        self.serve(|from| async move {
            let _held = from;
            std::future::pending::<()>().await;
        })
        .await;
    }

    async fn serve<F>(&mut self, work: impl Fn(TcpStream) -> F + Send + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        if let Some(before) = self.serving.take() {
            before.abort();
            let _ = before.await;
        }
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.serving = Some(tokio::spawn(async move {
            // Dropped with this task, and with them what is still connected.
            let mut connections = JoinSet::new();
            while let Ok((from, _)) = listener.accept().await {
                connections.spawn(work(from));
            }
        }));
    }
}
