//! One host that several share.

use crate::{Docker, Person, Scene};

/// A host, and its administrator.
pub struct Quay {
    /// Its server and engine.
    pub scene: Scene,
    /// Who may do everything.
    pub ada: Person,
}

impl Quay {
    /// With nobody else yet.
    pub async fn start() -> Self {
        let scene = Scene::start().await;
        let ada = scene.administrator().await;
        Self { scene, ada }
    }

    /// The administrator's docker command line.
    pub async fn strong(&mut self) -> Docker {
        Docker::through(&self.scene.server, Some(&self.ada.make_key("docker").await))
    }

    /// A developer, signed in, and their docker command line.
    pub async fn developer(&mut self, name: &str) -> (Person, Docker) {
        self.with_role(name, "developer").await
    }

    /// Somebody with this role, signed in, and their docker command line.
    pub async fn with_role(&mut self, name: &str, role: &str) -> (Person, Docker) {
        let mut person = self.scene.person(&mut self.ada, name, role).await;
        let docker = Docker::through(&self.scene.server, Some(&person.make_key("docker").await));
        (person, docker)
    }

    /// The label by which this test's things are found and removed.
    pub fn label(&self) -> String {
        self.scene.engine.label()
    }
}
