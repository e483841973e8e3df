//! What was changed by hand since a release was applied: what it would take to have it again.

use longshore_api::web::{
    adopt::{DriftHead, StackDrift},
    stack::{PlanAct, PlanThing},
};
use longshore_compose::plan::{Obstacle, Pull, Up, Wish};

use super::{logic, planning};
use crate::{access::Pass, fault::Fault, house::House, store::now};

/// Holds the newest release that was applied against what is there. The last that was seen is kept for who looks next.
pub(super) async fn drift(house: &House, pass: &Pass, name: &str) -> Result<StackDrift, Fault> {
    let kept = logic::kept(house, pass, name)?;
    let mut drift = StackDrift {
        release: house.stacks.applied(&kept).await?,
        at: now(),
        rows: Vec::new(),
        obstacles: Vec::new(),
    };
    let Some(number) = drift.release.filter(|_| !kept.down) else { return Ok(drift) };
    // That there may be newer images is no change of what is there.
    let wish = |pull| Wish::Up(Up { pull, remove_orphans: true, ..Up::default() });
    let mut looked = planning::look_at_release(house, pass, name, number, wish(Pull::Never)).await?;
    if looked.obstacles().iter().any(|why| matches!(why, Obstacle::ImageMissing { .. })) {
        looked = planning::look_at_release(house, pass, name, number, wish(Pull::AsPolicySays)).await?;
    }
    let shown = looked.shown();
    drift.obstacles = shown.obstacles;
    drift.rows = shown.rows;
    // Starts and stops are no drift: the live state shows them.
    drift.rows.retain(|row| {
        let made = matches!(row.act, PlanAct::Create | PlanAct::Replace | PlanAct::Remove);
        made && row.on != PlanThing::Image
    });
    let things = u32::try_from(drift.rows.len()).unwrap_or(u32::MAX);
    house.stacks.drifted(&kept, DriftHead { at: drift.at, things });
    Ok(drift)
}
