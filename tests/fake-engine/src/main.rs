//! The engine as a program of its own: `longshore-fake-engine SOCKET CONTAINERS [BULK_BYTES]`. Runs until it is ended.

use std::{env, path::Path, process::ExitCode};

use longshore_fake_engine::FakeEngine;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let (Some(socket), Some(Ok(containers))) = (words.first(), words.get(1).map(|n| n.parse())) else {
        eprintln!("longshore-fake-engine SOCKET CONTAINERS [BULK_BYTES]");
        return ExitCode::FAILURE;
    };
    match FakeEngine::on_socket(Path::new(socket), containers).await {
        Ok(engine) => {
            if let Some(bytes) = words.get(2).and_then(|n| n.parse().ok()) {
                engine.set_bulk(bytes);
            }
            println!("a fake engine with {containers} containers serves at {}", engine.address());
            std::future::pending().await
        }
        Err(why) => {
            eprintln!("{socket}: {why}");
            ExitCode::FAILURE
        }
    }
}
