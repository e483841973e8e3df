//! Names from before names were normalised.

use super::{queries::FOLDED, rules::fold};
use crate::store::Store;

/// Has names that were stored before names were normalised be compared as all others are.
pub(super) async fn compare_normalised(store: &Store) -> sqlx::Result<()> {
    for table in &FOLDED {
        for (id, name, folded) in table.all(store.read()).await? {
            let normal = fold(&name);
            if normal == folded {
                continue;
            }
            let mut tx = store.begin().await?;
            if table.set(&mut tx, &id, &normal).await? {
                tx.commit().await?;
            } else {
                tracing::warn!(name, "another one has the same name in other bytes: rename one of the two");
            }
        }
    }
    Ok(())
}
