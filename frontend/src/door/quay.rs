//! The resting quay under the forms before sign-in: a drawing, it says nothing.

use leptos::prelude::*;

const PALE: &str = "M0 29h24v13h-24zM45 61h24v13h-24zM90 77h24v13h-24zM117 77h24v13h-24zM117 45h24v13h-24z\
    M162 61h24v13h-24zM189 77h24v13h-24zM261 77h24v13h-24zM333 77h24v13h-24zM360 77h24v13h-24z\
    M432 77h24v13h-24zM549 45h24v13h-24zM576 61h24v13h-24zM603 45h24v13h-24zM630 77h24v13h-24z\
    M630 45h24v13h-24zM774 77h24v13h-24zM828 77h24v13h-24zM873 77h24v13h-24zM900 77h24v13h-24z\
    M945 29h24v13h-24zM972 45h24v13h-24zM972 29h24v13h-24zM1017 77h24v13h-24zM1017 61h24v13h-24z\
    M1017 29h24v13h-24zM1017 13h24v13h-24zM1044 29h24v13h-24zM1098 61h24v13h-24zM1098 45h24v13h-24z\
    M1188 77h24v13h-24zM1215 77h24v13h-24zM1269 77h24v13h-24zM1314 77h24v13h-24zM1368 77h24v13h-24z\
    M1368 61h24v13h-24zM1413 77h24v13h-24zM1413 61h24v13h-24zM1413 45h24v13h-24zM1440 45h24v13h-24z\
    M1440 29h24v13h-24zM1440 13h24v13h-24zM1467 45h24v13h-24zM1539 77h24v13h-24zM1566 77h24v13h-24z\
    M1593 77h24v13h-24z";
const DEEP: &str = "M0 77h24v13h-24zM0 61h24v13h-24zM0 45h24v13h-24zM45 77h24v13h-24zM90 61h24v13h-24zM216 77h24v13h-24z\
    M216 61h24v13h-24zM405 77h24v13h-24zM405 61h24v13h-24zM405 45h24v13h-24zM432 45h24v13h-24z\
    M432 29h24v13h-24zM459 77h24v13h-24zM504 77h24v13h-24zM504 61h24v13h-24zM504 29h24v13h-24z\
    M549 77h24v13h-24zM576 77h24v13h-24zM576 45h24v13h-24zM603 77h24v13h-24zM603 61h24v13h-24z\
    M603 29h24v13h-24zM630 61h24v13h-24zM675 77h24v13h-24zM747 77h24v13h-24zM945 77h24v13h-24z\
    M945 61h24v13h-24zM945 45h24v13h-24zM972 61h24v13h-24zM1044 77h24v13h-24zM1044 61h24v13h-24z\
    M1044 45h24v13h-24zM1071 29h24v13h-24zM1098 29h24v13h-24zM1143 77h24v13h-24zM1242 77h24v13h-24z\
    M1341 77h24v13h-24zM1413 29h24v13h-24zM1440 61h24v13h-24zM1467 77h24v13h-24zM1467 61h24v13h-24z\
    M1467 29h24v13h-24z";
const EMPTY: &str = "M0 13h24v13h-24zM45 45h24v13h-24zM90 45h24v13h-24zM117 61h24v13h-24zM162 77h24v13h-24z\
    M306 77h24v13h-24zM432 61h24v13h-24zM459 45h24v13h-24zM549 61h24v13h-24zM549 29h24v13h-24z\
    M702 77h24v13h-24zM801 77h24v13h-24zM945 13h24v13h-24zM972 77h24v13h-24zM1017 45h24v13h-24z\
    M1071 77h24v13h-24zM1071 61h24v13h-24zM1071 45h24v13h-24zM1071 13h24v13h-24zM1098 77h24v13h-24z\
    M1413 13h24v13h-24zM1440 77h24v13h-24z";
const CHOSEN: &str = "M459 61h24v13h-24zM504 45h24v13h-24zM1512 77h24v13h-24z";
const EDGE: &str = "M0 93H1600";

/// Blocks along the foot of the page.
#[component]
pub(super) fn RestingQuay() -> impl IntoView {
    view! {
        <svg class="door__quay" viewBox="0 0 1600 96" preserveAspectRatio="xMidYMax slice" aria-hidden="true">
            <path d=PALE fill="var(--door-a)" />
            <path d=DEEP fill="var(--door-b)" />
            <path d=EMPTY fill="none" stroke="var(--door-c)" />
            <path d=CHOSEN fill="var(--accent)" />
            <path d=EDGE stroke="var(--text-2)" stroke-width="3" />
        </svg>
    }
}
