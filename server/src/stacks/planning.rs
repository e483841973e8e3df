//! What would be done with a stack: its files read, its host asked, and the two held against each other.

use std::collections::{BTreeMap, BTreeSet};

use longshore_api::{
    sentence::Sentence,
    web::stack::{
        NewPlan, PlanAct, PlanField, PlanRow, PlanThing, ReleaseHead, ReleaseState, StackDeed, StackFinding,
        StackPlan, StackWish,
    },
    words::say,
};
use longshore_compose::{
    load::Loaded,
    model::Project,
    plan::{self, Deed, Down, Field, Obstacle, Plan, Pull, Recreate, Step, There, Up, Warning, Why, Wish},
    problem::Finding,
};

use super::{
    beside::Beside,
    held, judged,
    logic::{self, Standing},
    place, ports,
    source::Source,
    there,
};
use crate::{access::Pass, fault::Fault, house::House};

/// A plan, with all that is needed to carry it out.
pub(super) struct Planned {
    pub(super) source: Source,
    pub(super) project: Project,
    pub(super) there: There,
    pub(super) wish: Wish,
    pub(super) plan: Plan,
    /// Where its files start, if that is not ours.
    pub(super) root: Option<String>,
    /// The folder that paths in its files start from.
    pub(super) folder: String,
    /// Its record, if there is one yet.
    pub(super) stack_id: Option<String>,
}

/// What came of looking at it.
pub(super) struct Looked {
    loaded: Vec<Finding>,
    asked: Vec<String>,
    resolved: String,
    obstacles: Vec<Obstacle>,
    /// What is good to know besides.
    said: Vec<Sentence>,
    /// What whoever asks may not have.
    refused: Vec<Sentence>,
    pub(super) planned: Option<Planned>,
}

/// What would be done.
pub(super) async fn plan(house: &House, pass: &Pass, name: &str, form: NewPlan) -> Result<StackPlan, Fault> {
    Ok(look(house, pass, name, form).await?.shown())
}

/// Reads the files, asks the engine, and plans.
pub(super) async fn look(house: &House, pass: &Pass, name: &str, form: NewPlan) -> Result<Looked, Fault> {
    let standing = logic::whole(house, pass, name)?;
    let (mut source, returns_to) = source(house, &standing, name, &form).await?;
    let mut lost = Vec::new();
    for reference in held::gone(house, pass, &source.held).await? {
        source.held.remove(&reference);
        lost.push(say::stack_image_gone(reference));
    }
    if let Some(release) = returns_to {
        let read = load(house, pass, (name, &[]), &standing, source.clone()).await?;
        if let Some(project) = read.loaded.project {
            let found = held::find(house, pass, &project, &release.images).await?;
            for (reference, image) in found.held {
                source.held.entry(reference).or_insert(image);
            }
            lost.extend(found.lost.into_iter().map(|image| say::stack_image_lost(image, release.number)));
        }
    }
    let mut looked = compare(house, pass, name, &standing, source, wish(form.wish)).await?;
    if let Some(planned) = &looked.planned {
        let used = |image: &&String| planned.project.services.values().any(|it| it.image == **image);
        let used = planned.source.held.iter().filter(|(_, image)| used(image));
        looked.said = used.map(|(reference, image)| say::stack_image_held(image, reference)).collect();
    }
    looked.said.extend(lost);
    Ok(looked)
}

/// The same for a release, as it is kept.
pub(super) async fn look_at_release(
    house: &House,
    pass: &Pass,
    name: &str,
    number: u64,
    wish: Wish,
) -> Result<Looked, Fault> {
    let standing = logic::whole(house, pass, name)?;
    let kept = standing.known.as_ref().map(|known| &known.kept);
    let source = match kept {
        Some(kept) => house.stacks.source(kept, Some(number)).await?,
        None => None,
    };
    let source = source.ok_or_else(|| Fault::not_found(say::release_unknown(name, number)))?;
    compare(house, pass, name, &standing, source, wish).await
}

async fn compare(
    house: &House,
    pass: &Pass,
    name: &str,
    standing: &Standing,
    source: Source,
    wish: Wish,
) -> Result<Looked, Fault> {
    let Readable { source, loaded, shown: resolved, root, beside } =
        load(house, pass, (name, &[]), standing, source).await?;
    let account = pass.principal().account_id();
    let Loaded { project, findings, asked, .. } = loaded;
    let mut looked = Looked {
        loaded: findings,
        asked: asked.into_keys().collect(),
        resolved,
        obstacles: Vec::new(),
        said: Vec::new(),
        refused: Vec::new(),
        planned: None,
    };
    let Some(project) = project else { return Ok(looked) };
    if let Some(obstacle) = plan::too_many(&project, &wish) {
        looked.obstacles.push(obstacle);
        return Ok(looked);
    }
    let there = there::gather(house, pass, &project, standing, &wish).await?;
    let untold = source.untold();
    let plan = move || {
        let plan = plan::plan(&project, &there, &wish, &untold);
        (project, there, wish, plan)
    };
    let (project, there, wish, plan) = house.desk.ask(account, plan).await?;
    match plan {
        Ok(plan) => {
            looked.refused = judged::refusals(house, pass, &project, &plan).await?;
            looked.refused.extend(ports::taken(house, pass, &project, &plan)?);
            looked.refused.extend(beside.missing(&project, &plan));
            if looked.refused.is_empty() {
                let stack_id = standing.known.as_ref().map(|known| known.kept.id.clone());
                let folder = beside.folder;
                looked.planned = Some(Planned { source, project, there, wish, plan, root, folder, stack_id });
            }
        }
        Err(obstacles) => looked.obstacles = obstacles,
    }
    Ok(looked)
}

/// A source that was read.
pub(super) struct Readable {
    pub(super) source: Source,
    /// What came of it.
    pub(super) loaded: Loaded,
    /// The project as it is shown.
    pub(super) shown: String,
    /// Where its files start, if that is not ours.
    pub(super) root: Option<String>,
    /// Where its files are.
    beside: Beside,
}

/// Reads the files of a source to a project.
pub(super) async fn load(
    house: &House,
    pass: &Pass,
    (name, services): (&str, &[String]),
    standing: &Standing,
    source: Source,
) -> Result<Readable, Fault> {
    let root = place::root(house, pass, name, standing).await?;
    let beside = Beside::of(house, pass, name, root.as_deref()).await?;
    let (key, name, services) = (house.desk.key(), name.to_owned(), services.to_vec());
    let read = move || {
        let folder = &beside.folder;
        let mut loaded = source.load(&name, folder, &services);
        let mut shown = String::new();
        if let Some(project) = &mut loaded.project {
            (shown, project.veiled) = source.veiled(project, (&name, &services), folder);
            project.key = key;
            beside.tell(project, &source);
        }
        Readable { source, loaded, shown, root, beside }
    };
    house.desk.ask(pass.principal().account_id(), read).await
}

/// The same plan again, after something of it was done: what is there is asked anew.
pub(super) async fn again(
    house: &House,
    pass: &Pass,
    name: &str,
    project: &Project,
    wish: &Wish,
    secrets: &BTreeSet<String>,
) -> Result<(Plan, There), Fault> {
    let standing = logic::standing(house, pass, name)?;
    let there = there::gather(house, pass, project, &standing, wish).await?;
    let (project, wish, secrets) = (project.clone(), wish.clone(), secrets.clone());
    let plan = move || (plan::plan(&project, &there, &wish, &secrets), there);
    let (plan, there) = house.desk.go_on(pass.principal().account_id(), plan).await?;
    let plan = plan.map_err(|obstacles| {
        let first = obstacles.first().map_or_else(say::internal, Obstacle::sentence);
        Fault::new(http::StatusCode::CONFLICT, first)
    })?;
    judged::spares_us(house, pass.host()?, &plan)?;
    Ok((plan, there))
}

/// What is planned with; and the release that it returns to, if it is one that was applied before the newest.
async fn source(
    house: &House,
    standing: &Standing,
    name: &str,
    form: &NewPlan,
) -> Result<(Source, Option<ReleaseHead>), Fault> {
    let kept = standing.known.as_ref().map(|known| &known.kept);
    let base = match kept {
        Some(kept) => house.stacks.source(kept, form.base).await?,
        None => None,
    };
    let (mut source, base) = match (&form.source, base) {
        (Some(sent), base) => (Source::read(sent.clone(), base.as_ref())?, base),
        (None, Some(base)) => (base.clone(), Some(base)),
        (None, None) => return Err(Fault::not_found(say::stack_no_files(name))),
    };
    let asks =
        matches!(form.wish.deed, StackDeed::Pull | StackDeed::Build) || form.wish.pull || form.wish.build;
    let sent_anew = form.source.is_some() && form.base.is_none();
    if asks || sent_anew {
        // What its references stand for now is asked for.
        source.held.clear();
        return Ok((source, None));
    }
    let same = base.as_ref().is_some_and(|base| source.says_the_same(base));
    source.held = base.map(|base| base.held).unwrap_or_default();
    let (Some(kept), Some(number), true) = (kept, form.base, same && form.wish.deed == StackDeed::Up) else {
        return Ok((source, None));
    };
    if house.stacks.applied(kept).await? == Some(number) {
        return Ok((source, None));
    }
    let release = house.stacks.head(kept, number).await?;
    Ok((source, release.filter(|it| it.state == ReleaseState::Applied)))
}

fn wish(asked: StackWish) -> Wish {
    let StackWish { deed, services, recreate, pull, build, orphans, volumes, scale } = asked;
    match deed {
        StackDeed::Up => Wish::Up(Up {
            services,
            recreate: if recreate { Recreate::Always } else { Recreate::WhatDiffers },
            pull: if pull { Pull::Always } else { Pull::AsPolicySays },
            scale: scale.into_iter().map(|(service, count)| (service, u64::from(count))).collect(),
            build,
            remove_orphans: orphans,
            ..Up::default()
        }),
        StackDeed::Down => Wish::Down(Down { volumes, orphans }),
        StackDeed::Start => Wish::Start { services },
        StackDeed::Stop => Wish::Stop { services },
        StackDeed::Restart => Wish::Restart { services },
        StackDeed::Pull => Wish::Pull { services },
        StackDeed::Build => Wish::Build { services },
    }
}

impl Looked {
    /// What stands in the way of a plan.
    pub(super) fn obstacles(&self) -> &[Obstacle] {
        &self.obstacles
    }

    /// As it is shown.
    pub(super) fn shown(&self) -> StackPlan {
        let plan = self.planned.as_ref().map(|planned| &planned.plan);
        let mut findings: Vec<StackFinding> = self.loaded.iter().map(Finding::shown).collect();
        findings.extend(plan.iter().flat_map(|plan| &plan.warnings).map(Warning::sentence).map(warning));
        findings.extend(self.said.iter().cloned().map(warning));
        let mut unchanged: BTreeMap<&str, ()> = BTreeMap::new();
        for it in plan.iter().flat_map(|plan| &plan.unchanged) {
            if it.kind == plan::Kind::Container {
                unchanged.insert(&it.of, ());
            }
        }
        StackPlan {
            findings,
            obstacles: self.obstacles.iter().map(Obstacle::sentence).chain(self.refused.clone()).collect(),
            rows: plan.iter().flat_map(|plan| &plan.steps).map(row).collect(),
            unchanged: unchanged.into_keys().map(str::to_owned).collect(),
            digest: plan.map(Plan::digest).unwrap_or_default(),
            resolved: self.resolved.clone(),
            asked: self.asked.clone(),
        }
    }
}

fn warning(what: Sentence) -> StackFinding {
    StackFinding { what, warning: true, file: String::new(), line: 0, column: 0, path: String::new() }
}

/// A step as it is shown.
fn row(step: &Step) -> PlanRow {
    let (act, on, name, service) = about(&step.deed);
    let differs = step.why.iter().filter_map(|why| match why {
        Why::Differs { fields } => Some(fields),
        _ => None,
    });
    PlanRow {
        key: step.key.clone(),
        act,
        on,
        name: name.to_owned(),
        service: service.to_owned(),
        why: step.why.iter().map(Why::sentence).collect::<Vec<Sentence>>(),
        fields: differs.flatten().map(field).collect(),
        after: step.after.clone(),
    }
}

fn field(field: &Field) -> PlanField {
    PlanField {
        path: field.path.clone(),
        was: field.was.clone(),
        will: field.will.clone(),
        hidden: field.hidden,
    }
}

/// What a step does, to what, what that is called, and of which service it is.
pub(super) fn about(deed: &Deed) -> (PlanAct, PlanThing, &str, &str) {
    use PlanAct as Act;
    use PlanThing as On;
    match deed {
        Deed::PullImage { image, services, .. } => {
            (Act::Pull, On::Image, image, services.first().map_or("", String::as_str))
        }
        Deed::BuildImage { image, service } => (Act::Create, On::Image, image, service),
        Deed::CreateNetwork { name, .. } => (Act::Create, On::Network, name, ""),
        Deed::RecreateNetwork { name, .. } => (Act::Replace, On::Network, name, ""),
        Deed::RemoveNetwork { name, .. } => (Act::Remove, On::Network, name, ""),
        Deed::CreateVolume { name, .. } => (Act::Create, On::Volume, name, ""),
        Deed::RemoveVolume { name } => (Act::Remove, On::Volume, name, ""),
        Deed::CreateContainer { service, name, .. } => (Act::Create, On::Container, name, service),
        Deed::RecreateContainer { service, name, .. } => (Act::Replace, On::Container, name, service),
        Deed::StartContainer { service, name, .. } | Deed::UnpauseContainer { service, name, .. } => {
            (Act::Start, On::Container, name, service)
        }
        Deed::StopContainer { service, name, .. } => (Act::Stop, On::Container, name, service),
        Deed::RestartContainer { service, name, .. } => (Act::Restart, On::Container, name, service),
        Deed::RemoveContainer { service, name, .. } => (Act::Remove, On::Container, name, service),
        Deed::WaitFor { service, .. } => (Act::Wait, On::Service, service, service),
    }
}
