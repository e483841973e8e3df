use std::{collections::HashMap, ffi::OsString, fs, path::PathBuf};

use clap::Parser as _;
use longshore_api::web::stack::{ApplyPlan, NewPlan, OnFailure, StackDeed, StackSource, StackWish, Variable};

use super::{
    Cli, Command, FrontSettings, SettingsError, StackCommand, TlsSettings,
    given::{Given, Sources},
    keys,
};

fn given(flags: &[&str]) -> Given {
    let cli = Cli::try_parse_from(["longshore", "serve"].iter().chain(flags)).expect("flags");
    match cli.command {
        Command::Serve(given) => given,
        _ => panic!("serve was asked for"),
    }
}

fn gather(flags: &[&str], variables: &[(&str, &str)]) -> Result<Sources, SettingsError> {
    let variables: HashMap<&str, &str> = variables.iter().copied().collect();
    Sources::gather(&given(flags), |name| variables.get(name).map(OsString::from))
}

#[test]
fn a_flag_comes_before_a_variable_before_the_file_before_the_data_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("a path");
    let file = folder.path().join("my.toml");
    let path = file.to_str().expect("a path");
    fs::write(folder.path().join("longshore.toml"), "listen = '4.4.4.4:4'\nlog = 'warn'\n").expect("a file");
    fs::write(&file, "listen = '3.3.3.3:3'\nmetrics-open = true\n").expect("a file");
    let variables = [("LONGSHORE_LISTEN", "2.2.2.2:2"), ("LONGSHORE_DATA", data), ("LONGSHORE_CONFIG", path)];
    let listen = |flags: &[&str], variables: &[(&str, &str)]| {
        let sources = gather(flags, variables).expect("settings");
        FrontSettings::read(&sources).expect("a front").listen.to_string()
    };
    assert_eq!(listen(&["--listen", "1.1.1.1:1"], &variables), "1.1.1.1:1");
    assert_eq!(listen(&[], &variables), "2.2.2.2:2");
    assert_eq!(listen(&[], &variables[1..]), "3.3.3.3:3");
    assert_eq!(listen(&[], &variables[1..2]), "4.4.4.4:4");
    assert_eq!(listen(&[], &[]), "127.0.0.1:7420");
    let both = gather(&[], &variables).expect("settings");
    assert_eq!((both.text(&keys::LOG).as_str(), both.text(&keys::METRICS_OPEN).as_str()), ("warn", "true"));
}

#[test]
fn lists_are_written_with_commas_repeated_or_as_arrays() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.toml");
    fs::write(&file, "trusted-proxies = ['10.0.0.0/8', '::1']").expect("a file");
    for (flags, variables) in [
        (vec!["--trusted-proxies", "10.0.0.0/8, ::1"], vec![]),
        (vec!["--trusted-proxies", "10.0.0.0/8", "--trusted-proxies", "::1"], vec![]),
        (vec![], vec![("LONGSHORE_TRUSTED_PROXIES", "10.0.0.0/8,::1")]),
        (vec!["--config", file.to_str().expect("a path")], vec![]),
    ] {
        let front = FrontSettings::read(&gather(&flags, &variables).expect("settings")).expect("a front");
        assert!(front.trusts("10.9.9.9".parse().expect("an address")), "{flags:?} {variables:?}");
        assert!(front.trusts("::1".parse().expect("an address")));
        assert!(!front.trusts("11.0.0.1".parse().expect("an address")));
    }
}

#[test]
fn what_is_wrong_names_where_it_stands() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.toml");
    let path = file.to_str().expect("a path");
    let read = |text: &str| {
        fs::write(&file, text).expect("a file");
        let sources = gather(&["--config", path], &[])?;
        FrontSettings::read(&sources).map(drop)
    };
    let said = |result: Result<(), SettingsError>| result.expect_err("an error").to_string();
    assert!(
        said(read("colour = 'red'"))
            .starts_with(&format!("colour in {path} is no setting; there are: listen"))
    );
    assert!(said(read("config = 'x'")).starts_with("config in"));
    assert!(said(read("listen = [1]")).starts_with(&format!("listen in {path} is neither")));
    assert!(
        said(read("listen = 'here'")).starts_with(&format!("listen in {path} is \"here\", not an address"))
    );
    assert!(said(read("\nlisten =")).starts_with(&format!("the settings file {path} is no TOML: line 2")));
    let front = |flags: &[&str], variables: &[(&str, &str)]| {
        FrontSettings::read(&gather(flags, variables).expect("sources")).map(drop)
    };
    assert!(said(front(&["--base-path", "ls"], &[])).starts_with("--base-path is \"ls\""));
    assert!(
        said(front(&[], &[("LONGSHORE_TRUSTED_PROXIES", "::1,x")]))
            .starts_with("LONGSHORE_TRUSTED_PROXIES is \"x\"")
    );
}

#[test]
fn the_file_of_a_data_folder_cannot_name_another() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("longshore.toml"), "data = '/elsewhere'").expect("a file");
    let result = gather(&["--data", folder.path().to_str().expect("a path")], &[]);
    assert!(matches!(result.map(drop), Err(SettingsError::Circle(_))));
}

#[test]
fn tls_needs_a_certificate_with_its_key_or_none_of_both() {
    let tls = |flags: &[&str]| TlsSettings::read(&gather(flags, &[]).expect("sources"));
    assert_eq!(tls(&[]).expect("none"), TlsSettings::Off);
    assert_eq!(tls(&["--tls", "self-signed"]).expect("ours"), TlsSettings::SelfSigned);
    assert!(matches!(tls(&["--tls-cert", "c", "--tls-key", "k"]), Ok(TlsSettings::Files { .. })));
    assert!(matches!(
        tls(&["--tls-key", "k"]),
        Err(SettingsError::HalfCertificate { missing: "tls-cert", .. })
    ));
    assert!(matches!(tls(&["--tls", "yes"]), Err(SettingsError::Value { .. })));
    assert!(matches!(
        tls(&["--tls", "self-signed", "--tls-cert", "c", "--tls-key", "k"]),
        Err(SettingsError::TwoCertificates)
    ));
}

#[test]
fn the_help_tells_every_name_of_every_setting() {
    let error = Cli::try_parse_from(["longshore", "serve", "--help"]).map(drop).expect_err("help");
    let help = error.to_string();
    let help: String = help.split_whitespace().collect::<Vec<_>>().join(" ");
    for key in keys::ALL {
        assert!(help.contains(&format!("--{}", key.name)), "{}", key.name);
        assert!(help.contains(&format!("[env: {}]", key.variable())), "{}", key.name);
        assert!(
            key.default.is_empty() || help.contains(&format!("[default: {}]", key.default)),
            "{}",
            key.name
        );
    }
}

/// A line that a page tells people to type.
fn typed(apply: &ApplyPlan) -> StackCommand {
    let line = longshore_api::line::of_stack("depot", "shop", apply);
    let words = longshore_api::ops::spec::split(&line).expect("words");
    match Cli::try_parse_from(words).unwrap_or_else(|error| panic!("{line}: {error}")).command {
        Command::Stack(args) => {
            assert_eq!(args.host, "depot");
            args.command
        }
        _ => panic!("{line}"),
    }
}

#[test]
fn what_a_page_tells_people_to_type_is_understood() {
    let apply = |deed| ApplyPlan {
        plan: NewPlan { source: None, base: None, wish: StackWish::new(deed) },
        digest: String::new(),
        message: "new: it's\nhere".to_owned(),
        on_failure: OnFailure::Stop,
        returns_to: None,
        share: None,
    };
    let mut up = apply(StackDeed::Up);
    up.plan.wish.scale.insert("web".to_owned(), 3);
    up.plan.wish.services = vec!["web".to_owned()];
    up.plan.wish.build = true;
    let StackCommand::Deploy(kept) = typed(&up) else { panic!("deploy") };
    assert!(kept.files.kept && kept.up.keep_orphans && kept.up.build && !kept.how.yes);
    assert_eq!((kept.up.scale[0].count, kept.up.services), (3, vec!["web".to_owned()]));
    let variable =
        |name: &str, secret| Variable { name: name.to_owned(), value: Some("a b".to_owned()), secret };
    up.plan.source = Some(StackSource {
        main: vec!["a b.yaml".to_owned()],
        profiles: vec!["all".to_owned()],
        variables: vec![variable("LEVEL", false), variable("TOKEN", true)],
        ..StackSource::default()
    });
    let StackCommand::Deploy(sent) = typed(&up) else { panic!("deploy") };
    assert_eq!(sent.files.name.as_deref(), Some("shop"));
    assert_eq!(sent.files.file, [PathBuf::from("a b.yaml")]);
    assert_eq!(sent.files.var[0].value.as_deref(), Some("a b"));
    assert_eq!(sent.files.keep_secret, ["TOKEN"]);
    assert_eq!(sent.message.as_deref(), Some("new: it's\nhere"));
    assert_eq!(OnFailure::from(sent.how.on_failure), OnFailure::Stop);
    up.returns_to = Some(7);
    let StackCommand::Return(back) = typed(&up) else { panic!("return") };
    assert_eq!((back.name.as_str(), back.number), ("shop", 7));
    let mut down = apply(StackDeed::Down);
    down.plan.wish.volumes = true;
    let StackCommand::Rm(gone) = typed(&down) else { panic!("rm") };
    assert!(gone.volumes && gone.keep_orphans && !gone.forget);
    let mut scale = apply(StackDeed::Up);
    scale.message.clear();
    scale.plan.wish.scale.insert("web".to_owned(), 3);
    scale.plan.wish.services = vec!["web".to_owned()];
    let StackCommand::Scale(scaled) = typed(&scale) else { panic!("scale") };
    assert_eq!((scaled.name.as_str(), scaled.scale[0].count), ("shop", 3));
    for deed in [StackDeed::Start, StackDeed::Stop, StackDeed::Restart, StackDeed::Pull, StackDeed::Build] {
        let verb = match typed(&apply(deed)) {
            StackCommand::Start(verb) if deed == StackDeed::Start => verb,
            StackCommand::Stop(verb) if deed == StackDeed::Stop => verb,
            StackCommand::Restart(verb) if deed == StackDeed::Restart => verb,
            StackCommand::Pull(verb) if deed == StackDeed::Pull => verb,
            StackCommand::Build(verb) if deed == StackDeed::Build => verb,
            _ => panic!("{}", deed.code()),
        };
        assert_eq!(verb.name, "shop");
    }
}
