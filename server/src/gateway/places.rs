//! How many carried connections each account holds: what waits on them waits in our memory.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use http::StatusCode;
use longshore_api::words::say;

use crate::fault::Fault;

/// An account holds so many at once: twice what one `longshore connect` opens.
const MAX: usize = 512;

/// Of all front threads, by account.
#[derive(Clone, Default)]
pub struct Places(Arc<Mutex<HashMap<String, usize>>>);

/// One of them, held until it is dropped.
pub struct Place {
    places: Places,
    account: String,
}

impl Places {
    /// One more for an account.
    ///
    /// # Errors
    /// It holds as many as it may.
    pub fn take(&self, account: &str) -> Result<Place, Fault> {
        let mut held = self.lock();
        let count = held.entry(account.to_owned()).or_default();
        if *count >= MAX {
            return Err(Fault::new(StatusCode::TOO_MANY_REQUESTS, say::connections_too_many(MAX)));
        }
        *count += 1;
        drop(held);
        Ok(Place { places: self.clone(), account: account.to_owned() })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Entry::Occupied(mut count) = self.places.lock().entry(std::mem::take(&mut self.account)) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_so_many_and_gets_them_back() {
        let places = Places::default();
        let mut held: Vec<Place> = (0..MAX).map(|_| places.take("mia").expect("room")).collect();
        assert!(places.take("mia").is_err() && places.take("bob").is_ok());
        held.pop();
        assert!(places.take("mia").is_ok());
        drop(held);
        assert!(places.lock().is_empty(), "who has left is not remembered");
    }
}
