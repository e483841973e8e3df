//! Real proxies before a server: they end TLS and pool their connections to it, and pass the path on unchanged.

use std::{
    net::{Ipv4Addr, TcpListener},
    path::PathBuf,
    time::Duration,
};

use tempfile::TempDir;
use tokio::{net::TcpStream, process::Command};

use crate::{Server, program::Program, soon, tls::certify};

/// A proxy on a free port of the loopback, with a certificate of its own.
pub struct Proxy {
    base: String,
    _program: Program,
    dir: TempDir,
}

impl Proxy {
    /// What a server behind these proxies is started with.
    pub const SERVER: [&'static str; 4] = ["--base-path", "/ls", "--trusted-proxies", "127.0.0.1"];

    /// caddy: it pools its connections to the server by itself.
    pub async fn caddy(server: &Server) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let port = free_port();
        let config = caddyfile(port, server.address());
        let file = dir.path().join("Caddyfile");
        std::fs::write(&file, config).expect("a file in it");
        let mut caddy = Command::new("caddy");
        caddy.args(["run", "--adapter", "caddyfile", "--config"]).arg(&file);
        Self::start("caddy", caddy, dir, port).await
    }

    /// nginx, told to keep its connections to the server.
    pub async fn nginx(server: &Server) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let port = free_port();
        let file = dir.path().join("nginx.conf");
        std::fs::write(&file, nginx_conf(port, server.address())).expect("a file in it");
        let mut nginx = Command::new("/usr/sbin/nginx");
        nginx.args(["-e", "stderr", "-p"]).arg(dir.path()).arg("-c").arg(&file);
        Self::start("nginx", nginx, dir, port).await
    }

    async fn start(name: &str, mut command: Command, dir: TempDir, port: u16) -> Self {
        certify(dir.path());
        command.current_dir(dir.path()).env("HOME", dir.path()).env("XDG_DATA_HOME", dir.path());
        let program = Program::start(name, &mut command);
        soon(&format!("{name} on its port"), listens(port)).await;
        Self { base: format!("https://localhost:{port}/ls/"), _program: program, dir }
    }

    /// A URL through the proxy: `path` has no leading slash and stands below the base path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The file of the certificate that vouches for it.
    pub fn certificate(&self) -> PathBuf {
        self.dir.path().join("cert.pem")
    }

    /// What a person does with a link that the server printed for its own address: they open it by the proxy's.
    pub fn link(&self, server: &Server, link: &str) -> String {
        let path = link
            .strip_prefix(&server.url(""))
            .unwrap_or_else(|| panic!("{link} is not below {}", server.url("")));
        self.url(path)
    }
}

fn caddyfile(port: u16, upstream: &str) -> String {
    format!(
        "{{
    admin off
    auto_https off
    servers {{
        protocols h1 h2
    }}
}}
https://localhost:{port} {{
    bind 127.0.0.1
    tls cert.pem key.pem
    handle /ls/* {{
        reverse_proxy {upstream}
    }}
}}
"
    )
}

fn nginx_conf(port: u16, upstream: &str) -> String {
    format!(
        "daemon off;
pid nginx.pid;
events {{}}
http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    map $http_upgrade $keep {{ default upgrade; '' ''; }}
    upstream longshore {{
        server {upstream};
        keepalive 16;
    }}
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate cert.pem;
        ssl_certificate_key key.pem;
        location /ls/ {{
            proxy_pass http://longshore;
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_set_header X-Forwarded-Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $keep;
            proxy_buffering off;
            client_max_body_size 0;
        }}
    }}
}}
"
    )
}

/// Neither proxy can be asked for a port of its own choice.
fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("the loopback has a free port");
    listener.local_addr().expect("it is bound").port()
}

/// Neither proxy says when it is ready, so it is asked until it is.
async fn listens(port: u16) {
    let mut again = tokio::time::interval(Duration::from_millis(10));
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err() {
        again.tick().await;
    }
}
