//! The handle by which a test programs the engine.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde_json::json;
use tokio::{
    net::{TcpListener, UnixListener},
    task::JoinHandle,
};

use crate::{
    fault::{Fault, Planned},
    listen::{Door, accept},
    world::{Said, World},
};

/// A running engine. Dropping it ends it and every connection to it.
pub struct FakeEngine {
    world: Arc<World>,
    address: String,
    socket: Option<PathBuf>,
    serving: Option<JoinHandle<()>>,
}

impl FakeEngine {
    /// Listens on a unix socket, with so many containers.
    ///
    /// # Errors
    /// The socket cannot be made.
    pub async fn on_socket(socket: &Path, containers: usize) -> io::Result<Self> {
        let address = format!("unix://{}", socket.display());
        let world = Arc::new(World::new(containers));
        let mut engine = Self { world, address, socket: Some(socket.to_owned()), serving: None };
        engine.start().await?;
        Ok(engine)
    }

    /// Listens on a free TCP port of this machine, with so many containers.
    ///
    /// # Errors
    /// No port can be had.
    pub async fn on_tcp(containers: usize) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("tcp://{}", listener.local_addr()?);
        let world = Arc::new(World::new(containers));
        let serving = Some(tokio::spawn(accept(Door::Tcp(listener), world.clone())));
        Ok(Self { world, address, socket: None, serving })
    }

    /// Its address, as `--engine` takes it.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Stops: the socket is gone, every connection breaks. What it knows stays.
    pub async fn stop(&mut self) {
        if let Some(serving) = self.serving.take() {
            serving.abort();
            // Aborted is what it is meant to be.
            let _ = serving.await;
        }
        if let Some(socket) = &self.socket {
            fs::remove_file(socket).ok();
        }
    }

    /// Starts again on the same address.
    ///
    /// # Errors
    /// The address cannot be had any more.
    pub async fn start(&mut self) -> io::Result<()> {
        let door = match &self.socket {
            Some(socket) => Door::Unix(UnixListener::bind(socket)?),
            None => Door::Tcp(TcpListener::bind(self.address.trim_start_matches("tcp://")).await?),
        };
        self.serving = Some(tokio::spawn(accept(door, self.world.clone())));
        Ok(())
    }

    /// From now on requests whose path (without version) begins so meet a fault; the first that fits counts.
    pub fn plan(&self, path: &str, fault: Fault) {
        self.world.faults.send_modify(|faults| faults.push(Planned { path: path.to_owned(), fault }));
    }

    /// No request meets a fault any more; those that were held are answered.
    pub fn mend(&self) {
        self.world.faults.send_modify(Vec::clear);
    }

    /// The API versions it speaks: 1.`oldest` to 1.`newest`.
    pub fn speak(&self, oldest: u32, newest: u32) {
        self.world.inner().speaks = (oldest, newest);
    }

    /// How many bytes logs and image exports have.
    pub fn set_bulk(&self, bytes: u64) {
        self.world.inner().bulk = bytes;
    }

    /// What a pull says from now on, line by line, and whether it hangs then.
    pub fn pulls(&self, lines: &[&'static str], hangs: bool) {
        self.world.inner().pull = (lines.to_vec(), hangs);
    }

    /// Has an image that can be looked at. Of stacks, containers are made then and not only said to be.
    pub fn has_image(&self, reference: &str) {
        self.world.inner().images.push(reference.to_owned());
    }

    /// Has other containers from now on, without saying so.
    pub fn fill(&self, containers: usize) {
        self.world.fill(containers);
    }

    /// Id and name of the container of this number.
    ///
    /// # Panics
    /// There are not so many.
    pub fn container(&self, number: usize) -> (String, String) {
        let inner = self.world.inner();
        let container = inner.nth(number).unwrap_or_else(|| panic!("no container {number}"));
        (container.id.clone(), container.name.clone())
    }

    /// A container's process ends by itself.
    ///
    /// # Panics
    /// There is no such container.
    pub fn die(&self, id: &str, exit_code: i64) {
        let dead = {
            let mut inner = self.world.inner();
            let container = inner.find_mut(id).unwrap_or_else(|| panic!("no container {id}"));
            container.enter("exited", exit_code);
            container.clone()
        };
        self.world.tell("die", &dead);
    }

    /// A container's health check fails from now on, until it is started again. It must be one that has a check.
    ///
    /// # Panics
    /// There is no such container.
    pub fn sicken(&self, id: &str) {
        let ill = {
            let mut inner = self.world.inner();
            let container = inner.find_mut(id).unwrap_or_else(|| panic!("no container {id}"));
            container.sicken();
            container.clone()
        };
        self.world.tell("health_status: unhealthy", &ill);
    }

    /// A container runs again.
    ///
    /// # Panics
    /// There is no such container.
    pub fn revive(&self, id: &str) {
        let alive = {
            let mut inner = self.world.inner();
            let container = inner.find_mut(id).unwrap_or_else(|| panic!("no container {id}"));
            container.enter("running", 0);
            container.clone()
        };
        self.world.tell("start", &alive);
    }

    /// Says anything on the event stream.
    pub fn say(&self, kind: &str, action: &str, id: &str) {
        self.world.say(kind, action, id, json!({ "name": id }));
    }

    /// Writes bytes into the event stream as they are.
    pub fn say_raw(&self, bytes: &'static [u8]) {
        self.world.events.send(Said::Event(bytes.into())).ok();
    }

    /// Breaks off every event stream.
    pub fn cut_events(&self) {
        self.world.events.send(Said::Cut).ok();
    }

    /// Every request so far, without its version: `GET /containers/json?all=1`.
    pub fn calls(&self) -> Vec<String> {
        self.world.calls.borrow().clone()
    }

    /// Waits until the `nth` request (from 1) that begins so has come: `POST /containers/`.
    pub async fn called(&self, beginning: &str, nth: usize) {
        let mut calls = self.world.calls.subscribe();
        let reached =
            |calls: &Vec<String>| calls.iter().filter(|call| call.starts_with(beginning)).count() >= nth;
        calls.wait_for(reached).await.expect("the engine outlives its handle's borrow");
    }
}

impl Drop for FakeEngine {
    fn drop(&mut self) {
        if let Some(serving) = &self.serving {
            serving.abort();
        }
        if let Some(socket) = &self.socket {
            fs::remove_file(socket).ok();
        }
    }
}
