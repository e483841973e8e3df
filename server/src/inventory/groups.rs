//! The stacks of all hosts, and the lone containers of each: what group rows stand for. A group is there as long as a
//! container is in it.

use std::{cmp::Ordering, collections::HashMap};

use longshore_api::web::RowKey;

use super::state::Keys;

/// All groups by stack.
#[derive(Default)]
pub(super) struct Groups {
    slots: Vec<Option<Group>>,
    free: Vec<u32>,
    by_id: HashMap<String, u32>,
    /// By stack, then by host; lone containers last.
    order: Vec<u32>,
}

/// The containers of a stack on a host, or those of no stack.
pub(super) struct Group {
    pub(super) key: RowKey,
    /// `HOST/STACK`, or `HOST/`.
    pub(super) id: String,
    pub(super) host: String,
    pub(super) stack: Option<String>,
    folded: String,
    members: usize,
}

/// The id of the group of a stack, or of a host's lone containers.
pub(super) fn id(host: &str, stack: Option<&str>) -> String {
    format!("{host}/{}", stack.unwrap_or_default())
}

impl Group {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |group: &Self| group.stack.is_none();
        key(self)
            .cmp(&key(other))
            .then_with(|| self.folded.cmp(&other.folded))
            .then_with(|| self.id.cmp(&other.id))
    }
}

impl Groups {
    /// A container joins the group of its stack.
    pub(super) fn join(&mut self, host: &str, stack: Option<&str>, keys: &mut Keys) -> u32 {
        let id = id(host, stack);
        if let Some(slot) = self.by_id.get(&id) {
            if let Some(group) = self.slots[*slot as usize].as_mut() {
                group.members += 1;
            }
            return *slot;
        }
        let group = Group {
            key: keys.next(),
            id: id.clone(),
            host: host.to_owned(),
            stack: stack.map(str::to_owned),
            folded: stack.unwrap_or_default().to_lowercase(),
            members: 1,
        };
        let place = self.place(&group);
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            u32::try_from(self.slots.len() - 1).expect("fewer groups than containers")
        });
        self.slots[slot as usize] = Some(group);
        self.by_id.insert(id, slot);
        self.order.insert(place, slot);
        slot
    }

    /// A container leaves its group; the last one takes it along.
    pub(super) fn leave(&mut self, slot: u32) {
        let Some(group) = self.slots[slot as usize].as_mut() else { return };
        group.members -= 1;
        if group.members > 0 {
            return;
        }
        if let Some(group) = self.get(slot) {
            let place = self.place(group);
            self.order.remove(place);
        }
        if let Some(group) = self.slots[slot as usize].take() {
            self.by_id.remove(&group.id);
            self.free.push(slot);
        }
    }

    /// Where a group is in the order, or would be.
    fn place(&self, group: &Group) -> usize {
        self.order.partition_point(|slot| self.get(*slot).is_some_and(|other| other.cmp(group).is_lt()))
    }

    pub(super) fn get(&self, slot: u32) -> Option<&Group> {
        self.slots.get(slot as usize)?.as_ref()
    }

    /// The group of an id.
    pub(super) fn find(&self, id: &str) -> Option<u32> {
        self.by_id.get(id).copied()
    }

    /// All of them in order.
    pub(super) fn order(&self) -> &[u32] {
        &self.order
    }

    /// One more than the highest number of a group.
    pub(super) fn bound(&self) -> usize {
        self.slots.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_goes_with_its_last_container() {
        let (mut groups, mut keys) = (Groups::default(), Keys::default());
        let mut join = |groups: &mut Groups, stack| groups.join("quay", stack, &mut keys);
        let lone = join(&mut groups, None);
        let shop = join(&mut groups, Some("shop"));
        assert_eq!(join(&mut groups, Some("shop")), shop);
        let blog = join(&mut groups, Some("Blog"));
        assert_eq!(groups.order(), [blog, shop, lone]);
        groups.leave(shop);
        groups.leave(lone);
        assert_eq!(groups.order(), [blog, shop]);
        groups.leave(shop);
        assert_eq!(groups.order(), [blog]);
        assert_eq!(groups.find("quay/shop"), None);
        // Its place is taken by the next, under a key of its own.
        let again = join(&mut groups, Some("shop"));
        assert_eq!((groups.order(), groups.bound()), (&[blog, again][..], 3));
        assert_eq!(groups.find("quay/shop"), Some(again));
    }
}
