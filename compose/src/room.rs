//! How much all that is made of a stack's files may be together. What references, variables, extended services and env
//! files make of a few lines has no bound of its own, so that each of them takes what it adds from one room.

/// The bytes that are left for what is made of files. One that was asked for more than it has stays without.
#[derive(Clone, Debug)]
pub struct Room {
    left: usize,
}

impl Room {
    /// What there is at the beginning.
    pub const MOST: usize = 16 << 20;

    /// Takes so many bytes. Whether there were so many.
    #[must_use]
    pub fn take(&mut self, bytes: usize) -> bool {
        let left = self.left.checked_sub(bytes);
        self.left = left.unwrap_or(0);
        left.is_some()
    }

    /// What is left.
    pub fn left(&self) -> usize {
        self.left
    }
}

impl Default for Room {
    fn default() -> Self {
        Self { left: Self::MOST }
    }
}
