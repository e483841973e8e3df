//! `longshore health`, as whoever watches a container calls it.

use std::process::Output;

use longshore_tests::{Scene, server::health};

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), output.stderr.as_slice()].concat()).trim().to_owned()
}

#[tokio::test]
async fn a_server_is_healthy_by_its_own_settings_until_it_ends() {
    for further in [&[][..], &["--base-path", "/ls"], &["--tls", "self-signed", "--base-path", "/ls"]] {
        let mut scene = Scene::start_with(further).await;
        let data = scene.server.data();
        let mut settings = vec!["--listen", scene.server.address(), "--data", data.to_str().unwrap()];
        settings.extend(further);
        let settings: Vec<String> = settings.into_iter().map(str::to_owned).collect();
        let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
        let well = health(&settings).await;
        assert!(well.status.success() && said(&well) == "ok", "{further:?}: {}", said(&well));
        scene.server.stop().await;
        let ill = health(&settings).await;
        assert!(ill.status.code() == Some(1) && said(&ill).contains("nobody listens"), "{}", said(&ill));
    }
}

#[tokio::test]
async fn what_answers_otherwise_or_not_at_all_is_not_healthy() {
    let scene = Scene::start_with(&["--base-path", "/ls"]).await;
    let ill = health(&["--listen", scene.server.address()]).await;
    assert!(ill.status.code() == Some(1) && said(&ill).contains("404"), "{}", said(&ill));
    let ill = health(&["--listen", scene.server.address(), "--tls", "self-signed"]).await;
    assert!(ill.status.code() == Some(1) && said(&ill).contains("no answer"), "{}", said(&ill));
    let mute = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let ill = health(&["--listen", &mute.local_addr().unwrap().to_string()]).await;
    assert!(ill.status.code() == Some(1) && said(&ill).contains("no answer"), "{}", said(&ill));
    let ill = health(&["--listen", "here"]).await;
    assert!(ill.status.code() == Some(1) && said(&ill).contains("--listen"), "{}", said(&ill));
}
