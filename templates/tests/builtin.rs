//! What comes with Longshore: every template is whole, resolves without a word, and has nothing in it that it must not.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use longshore_compose::{
    engine::{self, There},
    labels::Which,
    load::{Loaded, Request, load},
    model::Project,
    order,
    plan::{self, Deed, Up, Wish, plan},
};
use longshore_templates::{
    builtin,
    fill::{Around, Filled, fill},
    format,
    template::{Deploys, StackFile, Template},
    variable::{Kind, Shape},
};

/// Answers to what has no default.
fn answers(template: &Template) -> BTreeMap<String, String> {
    let open = template.variables.iter().filter(|variable| variable.required && variable.default.is_none());
    open.map(|variable| {
        let answer = match variable.kind {
            Kind::Text { shape: Shape::Email, .. } => "mia@example.com",
            Kind::Text { shape: Shape::Host, .. } => "apps.example.com",
            _ => panic!("{}: {} has neither default nor a usual answer", template.id, variable.name),
        };
        (variable.name.clone(), answer.to_owned())
    })
    .collect()
}

fn filled(template: &Template) -> Filled {
    let mut state = 7_u32;
    let mut random = |bytes: &mut [u8]| {
        for byte in bytes {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *byte = (state >> 24) as u8;
        }
    };
    let mut around = Around { random: &mut random, taken: &|_, _| false };
    fill(template, &answers(template), &mut around)
        .unwrap_or_else(|refused| panic!("{}: {refused:?}", template.id))
}

fn loaded(template: &Template, filled: &Filled) -> Loaded {
    let StackFile::Text { text } = &filled.file else { panic!("{}: the file is elsewhere", template.id) };
    let files = BTreeMap::from([("compose.yaml".to_owned(), text.clone())]);
    let mut request = Request::new(&format!("/srv/{}", template.id), "compose.yaml");
    request.variables = filled.variables.clone();
    request.secret = filled.sealed.clone();
    load(&request, &files)
}

fn projects() -> Vec<(&'static Template, Filled, Project)> {
    builtin::all()
        .iter()
        .map(|template| {
            let filled = filled(template);
            let loaded = loaded(template, &filled);
            assert!(loaded.findings.is_empty(), "{}: {:#?}", template.id, loaded.findings);
            (template, filled, loaded.project.expect("a project without findings"))
        })
        .collect()
}

#[test]
fn every_file_is_a_template() {
    let mut templates = Vec::new();
    for (file, text) in builtin::files() {
        let read = format::read(file, text);
        assert!(
            read.findings.is_empty(),
            "{:#?}",
            read.findings.iter().map(ToString::to_string).collect::<Vec<_>>()
        );
        let template = read.template.expect("a template without findings");
        assert_eq!(format!("{}.yaml", template.id), file);
        templates.push((file.to_owned(), template));
    }
    assert!(templates.len() >= 40, "{}", templates.len());
    assert_eq!(format::twice(&templates), []);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/templates");
    let there: BTreeSet<String> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|file| file.expect("a file").file_name().to_string_lossy().into_owned())
        .collect();
    let listed: BTreeSet<String> = builtin::files().map(|(file, _)| file.to_owned()).collect();
    assert_eq!(there, listed, "the list in `builtin` names what is in the folder");
}

#[test]
fn everything_is_said_in_both_languages() {
    for template in builtin::all() {
        let mut words = vec![&template.title, &template.description];
        words.extend(&template.categories);
        words.extend(template.open.iter().map(|open| &open.label));
        words.extend(template.variables.iter().map(|variable| &variable.label));
        words
            .extend(template.variables.iter().map(|variable| &variable.help).filter(|help| !help.is_empty()));
        for words in words {
            let zh = words.zh.as_deref().unwrap_or_default();
            assert!(!words.en.trim().is_empty() && !zh.trim().is_empty(), "{}: {words:?}", template.id);
        }
        let chinese = template.description.zh.as_deref().unwrap_or_default();
        assert!(
            chinese.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)),
            "{}: {chinese}",
            template.id
        );
        assert_eq!(
            template.notes.en.is_empty(),
            template.notes.zh.iter().all(Vec::is_empty),
            "{}",
            template.id
        );
        assert!(!template.source.is_empty() && !template.categories.is_empty(), "{}", template.id);
    }
}

#[test]
fn every_one_resolves_without_a_word() {
    for (template, filled, project) in projects() {
        for service in project.services.values() {
            let (_, tag) = service.image.rsplit_once(':').unwrap_or_default();
            let fixed = tag.chars().any(|c| c.is_ascii_digit()) && !tag.contains('/') && tag != "latest";
            assert!(fixed, "{}: {} has no fixed tag", template.id, service.image);
            for mount in &service.volumes {
                let named = mount.r#type == "volume" && project.volumes.contains_key(&mount.source);
                assert!(named, "{}: {mount:?} is no named volume", template.id);
            }
            // What ends by itself has nothing to be asked.
            if service.restart != "no" {
                let test = service.healthcheck.as_ref().map(|check| check.test.len()).unwrap_or_default();
                assert!(test >= 2, "{}: a service of {} has no health check", template.id, service.image);
                assert_eq!(service.restart, "unless-stopped", "{}", template.id);
            }
            let limits = service.deploy.as_ref().and_then(|deploy| deploy.resources.limits.as_ref());
            let memory = limits.map(|limits| limits.memory.0).unwrap_or_default();
            assert!((64 << 20..=16 << 30).contains(&memory), "{}: memory of {}", template.id, service.image);
            assert!(!service.privileged && service.cap_add.is_empty() && service.network_mode.is_empty());
        }
        assert_eq!(filled.pages.len(), template.open.len(), "{}", template.id);
    }
}

/// A name or a value that lets somebody in.
fn opens(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    ["PASS", "SECRET", "TOKEN", "MASTER_KEY", "API_KEY", "ENCRYPTION_KEY"]
        .iter()
        .any(|word| name.contains(word))
}

#[test]
fn no_password_stands_in_a_file() {
    for (template, filled, project) in projects() {
        let StackFile::Text { text } = &filled.file else { continue };
        let Deploys::Stack { .. } = &template.deploys else { continue };
        for variable in template.variables.iter().filter(|variable| opens(&variable.name)) {
            assert!(variable.sealed && variable.default.is_none(), "{}: {}", template.id, variable.name);
        }
        let secrets: Vec<_> = filled.sealed.iter().map(|name| filled.variables[name].as_str()).collect();
        assert!(secrets.iter().all(|secret| !text.contains(secret)));
        for service in project.services.values() {
            for (name, value) in service.environment.iter().filter(|(name, _)| opens(name)) {
                let value = value.as_deref().unwrap_or_default();
                let made = secrets.iter().any(|secret| value.contains(secret));
                // The root of a database that only its own service talks to is thrown away by the image.
                let random = name.ends_with("_RANDOM_ROOT_PASSWORD") && value == "1";
                assert!(made || random, "{}: {name} is a word that everybody knows", template.id);
            }
        }
    }
}

#[test]
fn every_one_is_planned_where_nothing_is_there_yet() {
    for (template, filled, project) in projects() {
        let secrets: BTreeSet<String> =
            filled.sealed.iter().map(|name| filled.variables[name].clone()).collect();
        let planned = plan(&project, &plan::There::default(), &Wish::Up(Up::default()), &secrets)
            .unwrap_or_else(|obstacles| panic!("{}: {obstacles:?}", template.id));
        assert!(planned.warnings.is_empty() && planned.again, "{}: {:?}", template.id, planned.warnings);
        let (mut made, mut pulled, mut volumes) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for step in &planned.steps {
            match &step.deed {
                Deed::CreateContainer { service, .. } => _ = made.insert(service.as_str()),
                Deed::PullImage { image, .. } => _ = pulled.insert(image.as_str()),
                Deed::CreateVolume { volume, .. } => _ = volumes.insert(volume.as_str()),
                Deed::CreateNetwork { .. } | Deed::WaitFor { .. } => {}
                other => panic!("{}: {other:?}", template.id),
            }
            let told = serde_json::to_string(step).expect("a step is data");
            assert!(secrets.iter().all(|secret| !told.contains(secret)), "{}: {told}", template.id);
        }
        let services = &project.services;
        assert!(made.iter().copied().eq(services.keys().collect::<BTreeSet<_>>()), "{}", template.id);
        let images: BTreeSet<&str> = services.values().map(|service| service.image.as_str()).collect();
        assert_eq!(pulled, images, "{}", template.id);
        assert_eq!(volumes.len(), project.volumes.len(), "{}", template.id);
    }
}

/// These are shown to all who may see the container; an environment is not.
#[test]
fn no_secret_stands_where_a_container_is_looked_at() {
    for (template, filled, project) in projects() {
        for (name, service) in &project.services {
            let check = service.healthcheck.as_ref().map(|check| &check.test);
            let shown = serde_json::json!([service.command, service.entrypoint, check, service.labels]);
            let shown = shown.to_string();
            for secret in &filled.sealed {
                let stands = shown.contains(&filled.variables[secret]);
                assert!(!stands, "{}: {name} is shown with {secret} in {shown}", template.id);
            }
        }
    }
}

#[test]
fn every_service_is_a_container_that_an_engine_is_asked_for() {
    for (template, filled, project) in projects() {
        let steps: Vec<String> = order::start(&project).into_iter().flatten().collect();
        assert_eq!(steps.len(), project.services.len(), "{}", template.id);
        for name in steps {
            let spec =
                engine::container(&project, &name, Which::Number(1), Some("sha256:abc"), &There::new());
            assert!(spec.is_ok(), "{}: {name}: {spec:?}", template.id);
        }
        // What a person is asked for, or what is made for them, gets somewhere.
        let whole = serde_json::to_string(&project).expect("a project is data");
        for (name, value) in filled.variables.iter().filter(|(name, _)| filled.sealed.contains(*name)) {
            assert!(whole.contains(value), "{}: {name} is used nowhere", template.id);
        }
    }
}
