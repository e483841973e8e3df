//! The engine as a program of its own: `longshore-fake-engine SOCKET CONTAINERS [CHANGES [BULK_BYTES]]`, with so many changes
//! of its containers a second. Runs until it is ended.

use std::{env, path::Path, process::ExitCode, time::Duration};

use longshore_fake_engine::FakeEngine;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let (Some(socket), Some(Ok(containers))) = (words.first(), words.get(1).map(|n| n.parse())) else {
        eprintln!("longshore-fake-engine SOCKET CONTAINERS [CHANGES [BULK_BYTES]]");
        return ExitCode::FAILURE;
    };
    match FakeEngine::on_socket(Path::new(socket), containers).await {
        Ok(engine) => {
            if let Some(bytes) = words.get(3).and_then(|n| n.parse().ok()) {
                engine.set_bulk(bytes);
            }
            println!("a fake engine with {containers} containers serves at {}", engine.address());
            match words.get(2).and_then(|n| n.parse().ok()) {
                Some(changes) if changes > 0 && containers > 0 => change(&engine, containers, changes).await,
                _ => std::future::pending().await,
            }
        }
        Err(why) => {
            eprintln!("{socket}: {why}");
            ExitCode::FAILURE
        }
    }
}

/// Containers all over the list end, and begin again the next time round.
async fn change(engine: &FakeEngine, containers: usize, changes: u32) -> ! {
    /// A prime: the steps meet every container before one twice.
    const STEP: usize = 7_919;
    let mut tick = tokio::time::interval(Duration::from_secs(1) / changes);
    let mut n = 0;
    loop {
        tick.tick().await;
        let (id, _) = engine.container(n * STEP % containers);
        if (n / containers).is_multiple_of(2) {
            engine.die(&id, 1)
        } else {
            engine.revive(&id)
        }
        n += 1;
    }
}
