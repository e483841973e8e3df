//! `longshore stack`: stacks of a server from afar, for people at a terminal and for scripts: how each command ends is a
//! code of its own.

mod apply;
mod far;
mod logs;
mod print;
mod source;
mod talk;
mod within;

use std::{collections::BTreeMap, process::ExitCode};

use longshore_api::{
    web::stack::{NewPlan, StackDeed, StackWish},
    words::say,
};
use longshore_compose::load::is_project_name;

use super::{
    kept::{self, Kept},
    login::warn_if_plain,
    remote::{Trouble, block_on},
};
use crate::{
    hosts,
    settings::{
        DeployArgs, FilesArgs, ForgetArgs, PlanArgs, ReturnArgs, RmArgs, Scale, ScaleArgs, StackArgs,
        StackCommand, UpArgs, VerbArgs,
    },
};
use apply::{Asked, agreed, carry_out};
use far::Far;
use print::Voice;
use source::{Gathered, gather};

/// How it ended, as a script is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    /// As it was asked for.
    Done,
    /// Otherwise.
    Failed,
    /// The command line asked for what cannot be.
    Misused,
    /// Something would be done.
    Differs,
    /// Something is another than what was shown.
    Changed,
    /// Somebody did not wait for it.
    Left,
    /// As the command ended that was run.
    With(i64),
}

impl From<Ended> for ExitCode {
    fn from(ended: Ended) -> Self {
        Self::from(match ended {
            Ended::Done => 0,
            Ended::Failed => 1,
            Ended::Misused => 2,
            Ended::Differs => 3,
            Ended::Changed => 4,
            Ended::Left => 130,
            // None that engines tell is out of bounds.
            Ended::With(code) => u8::try_from(code).unwrap_or(1),
        })
    }
}

/// The command line asks for what cannot be.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Misused(String);

impl Misused {
    fn because(why: impl Into<String>) -> anyhow::Error {
        Self(why.into()).into()
    }
}

/// Does what is asked, and says how it ended.
pub fn run(args: &StackArgs) -> ExitCode {
    let ended = work(args).unwrap_or_else(|error| {
        print::aside(format_args!("longshore: {error:#}"));
        match error.downcast_ref::<Trouble>() {
            Some(Trouble::Refused { code, .. }) if *code == say::stack_changed().code => Ended::Changed,
            _ if error.is::<Misused>() => Ended::Misused,
            _ => Ended::Failed,
        }
    });
    ended.into()
}

fn work(args: &StackArgs) -> anyhow::Result<Ended> {
    hosts::check_slug(&args.host).map_err(|error| Misused::because(error.to_string()))?;
    let kept = Kept::read(&kept::folder()?)?;
    let server = kept.meant(args.server.as_ref())?;
    let far = Far::of(server, &args.host)?;
    let voice = Voice { json: args.json };
    if let Ok(address) = server.url.parse() {
        warn_if_plain(&address);
    }
    block_on(async {
        match &args.command {
            StackCommand::Plan(args) => plan(&far, voice, args).await,
            StackCommand::Deploy(args) => deploy(&far, voice, args).await,
            StackCommand::Ls => print::list(voice, &far.stacks().await?),
            StackCommand::Ps(of) => {
                let found = far.stack(named(&of.name)?).await?;
                print::stack(voice, &found.ok_or_else(|| anyhow::anyhow!(say::stack_unknown(&of.name)))?)
            }
            StackCommand::Releases(of) => print::releases(voice, &far.releases(named(&of.name)?).await?),
            StackCommand::Return(args) => return_to(&far, voice, args).await,
            StackCommand::Rm(args) => remove(&far, voice, args).await,
            StackCommand::Forget(args) => forget(&far, voice, args).await,
            StackCommand::Start(args) => verb(&far, voice, StackDeed::Start, args).await,
            StackCommand::Stop(args) => verb(&far, voice, StackDeed::Stop, args).await,
            StackCommand::Restart(args) => verb(&far, voice, StackDeed::Restart, args).await,
            StackCommand::Scale(args) => scale(&far, voice, args).await,
            StackCommand::Pull(args) => verb(&far, voice, StackDeed::Pull, args).await,
            StackCommand::Build(args) => verb(&far, voice, StackDeed::Build, args).await,
            StackCommand::Config(args) => config(&far, voice, args).await,
            StackCommand::Logs(args) => logs::run(&far, named(&args.name)?, args).await,
            StackCommand::Exec(args) => within::exec(&far, named(&args.name)?, args).await,
            StackCommand::Run(args) => within::run(&far, named(&args.name)?, args).await,
        }
    })
}

/// A stack's name, as it may stand in an address.
fn named(name: &str) -> anyhow::Result<&str> {
    if is_project_name(name) { Ok(name) } else { Err(Misused::because(say::stack_name(name).to_string())) }
}

fn wish(up: &UpArgs) -> StackWish {
    StackWish {
        services: up.services.clone(),
        recreate: up.recreate,
        pull: up.pull,
        build: up.build,
        orphans: !up.keep_orphans,
        scale: counts(&up.scale),
        ..StackWish::new(StackDeed::Up)
    }
}

fn counts(scale: &[Scale]) -> BTreeMap<String, u32> {
    scale.iter().map(|it| (it.service.clone(), it.count)).collect()
}

/// What is asked for by files, and of which stack; nothing where files have errors, which were said.
fn asked(files: &FilesArgs, wish: StackWish, voice: Voice) -> anyhow::Result<Option<(String, NewPlan)>> {
    let (name, source) = match (&files.name, files.kept) {
        (Some(name), true) => (name.clone(), None),
        _ => match gather(files)? {
            Gathered::Whole { name, source } => (name, Some(source)),
            Gathered::Wrong(findings) => {
                print::findings(&findings);
                voice.json(&print::nothing_but(findings));
                return Ok(None);
            }
        },
    };
    named(&name)?;
    Ok(Some((name, NewPlan { source, base: None, wish })))
}

async fn plan(far: &Far, voice: Voice, args: &PlanArgs) -> anyhow::Result<Ended> {
    let Some((name, question)) = asked(&args.files, wish(&args.up), voice)? else { return Ok(Ended::Failed) };
    let plan = far.plan(&name, &question).await?;
    voice.json(&plan);
    Ok(match print::plan(voice, &plan) {
        false => Ended::Failed,
        true if args.exit_code && print::does_anything(&plan) => Ended::Differs,
        true => Ended::Done,
    })
}

async fn config(far: &Far, voice: Voice, args: &FilesArgs) -> anyhow::Result<Ended> {
    let wish = StackWish::new(StackDeed::Up);
    let Some((name, question)) = asked(args, wish, voice)? else { return Ok(Ended::Failed) };
    let plan = far.plan(&name, &question).await?;
    voice.json(&plan);
    print::findings(&plan.findings);
    if !voice.json {
        plan.resolved.lines().for_each(|line| voice.line(line));
    }
    Ok(if plan.resolved.is_empty() { Ended::Failed } else { Ended::Done })
}

async fn deploy(far: &Far, voice: Voice, args: &DeployArgs) -> anyhow::Result<Ended> {
    let Some((name, plan)) = asked(&args.files, wish(&args.up), voice)? else { return Ok(Ended::Failed) };
    let known = far.stack(&name).await?;
    // The first release is made even of what is there already: from then on its files are kept.
    let is_first = known.is_none_or(|stack| stack.row.release.is_none());
    let asked = Asked {
        record: is_first || args.message.is_some(),
        message: args.message.clone().unwrap_or_default(),
        digest: args.plan.as_deref(),
        ..Asked::of(&name, plan, &args.how)
    };
    carry_out(far, voice, asked).await
}

async fn return_to(far: &Far, voice: Voice, args: &ReturnArgs) -> anyhow::Result<Ended> {
    let name = named(&args.name)?;
    let release = far.release(name, args.number).await?;
    let newest = far.stack(name).await?.and_then(|stack| stack.row.release).map(|head| head.number);
    let wish = StackWish { orphans: true, ..StackWish::new(StackDeed::Up) };
    let plan = NewPlan { source: Some(release.source), base: Some(args.number), wish };
    let asked = Asked {
        record: newest != Some(args.number),
        message: args.message.clone().unwrap_or_default(),
        returns_to: Some(args.number),
        ..Asked::of(name, plan, &args.how)
    };
    carry_out(far, voice, asked).await
}

async fn remove(far: &Far, voice: Voice, args: &RmArgs) -> anyhow::Result<Ended> {
    let name = named(&args.name)?;
    let wish =
        StackWish { volumes: args.volumes, orphans: !args.keep_orphans, ..StackWish::new(StackDeed::Down) };
    let plan = NewPlan { source: None, base: None, wish };
    let ended = carry_out(far, voice, Asked::of(name, plan, &args.how)).await?;
    if args.forget && ended == Ended::Done {
        forgotten(far, voice, name).await?;
    }
    Ok(ended)
}

async fn forgotten(far: &Far, voice: Voice, name: &str) -> anyhow::Result<Ended> {
    far.forget(name).await?;
    voice.line(format_args!("{name} is forgotten, with its files and releases."));
    Ok(Ended::Done)
}

async fn forget(far: &Far, voice: Voice, args: &ForgetArgs) -> anyhow::Result<Ended> {
    let name = named(&args.name)?;
    if !args.yes && !agreed()? {
        eprintln!("Nothing was done.");
        return Ok(Ended::Failed);
    }
    forgotten(far, voice, name).await
}

async fn scale(far: &Far, voice: Voice, args: &ScaleArgs) -> anyhow::Result<Ended> {
    let name = named(&args.name)?;
    let scale = counts(&args.scale);
    let services = scale.keys().cloned().collect();
    let wish = StackWish { services, scale, ..StackWish::new(StackDeed::Up) };
    let plan = NewPlan { source: None, base: None, wish };
    carry_out(far, voice, Asked::of(name, plan, &args.how)).await
}

async fn verb(far: &Far, voice: Voice, deed: StackDeed, args: &VerbArgs) -> anyhow::Result<Ended> {
    let name = named(&args.name)?;
    let wish = StackWish { services: args.services.clone(), ..StackWish::new(deed) };
    let plan = NewPlan { source: None, base: None, wish };
    carry_out(far, voice, Asked::of(name, plan, &args.how)).await
}
