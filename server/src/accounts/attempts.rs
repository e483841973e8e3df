//! How often a password may be tried: per account, so that many addresses do not help, and per address, so that one
//! cannot try many accounts.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    time::Duration,
};

use governor::{
    DefaultKeyedRateLimiter, NotUntil, Quota,
    clock::{Clock as _, DefaultClock, QuantaInstant},
};

use super::AccountError;

/// On one account from one address.
const PER_PAIR: NonZeroU32 = NonZeroU32::new(10).expect("10 is not 0");
/// On one account from everywhere: far more, so that a stranger's wrong guesses do not lock its owner out.
const PER_ACCOUNT: NonZeroU32 = NonZeroU32::new(100).expect("100 is not 0");
const PER_ADDRESS: NonZeroU32 = NonZeroU32::new(20).expect("20 is not 0");
/// Codes of one account from one address, and from within a session of it.
///
/// A code has six digits, and three of a million hold at a time. Who knows the password gets `CODES_OF_STRANGERS` guesses and
/// one more every five minutes, 288 a day, from however many addresses that are strange to the account: a chance of
/// (50 + 288) · 3 / 1,000,000, one in a thousand, on the first day, and less on each further one. Who sits in a network that
/// the account has signed in from has 10 and 288 more, at most, and nobody else can use those up: whatever strangers do, the
/// owner's code lets in from where they were before. Every guess is in the audit log. Recovery codes are not counted, for 80
/// random bits are not guessed.
const CODES_PER_PAIR: NonZeroU32 = NonZeroU32::new(10).expect("10 is not 0");
/// Codes of one account from all addresses that it has not signed in from lately: so many more than one of them has that a
/// stranger alone does not use them up.
const CODES_OF_STRANGERS: NonZeroU32 = NonZeroU32::new(50).expect("50 is not 0");
/// One more of either comes after so many seconds.
const CODE_EVERY_S: u64 = 300;

/// Answers of providers that an address brings. There is nothing in them to guess: it is against load alone, and a whole
/// office may come from one address on a morning.
const ANSWERS: NonZeroU32 = NonZeroU32::new(200).expect("200 is not 0");
const ANSWERS_PER_S: NonZeroU32 = NonZeroU32::new(2).expect("2 is not 0");

/// From where a code is shown.
#[derive(Clone, Copy, Debug)]
pub(super) enum ShownFrom {
    /// An address that the account has signed in from lately.
    Known(IpAddr),
    /// Any other.
    Strange(IpAddr),
    /// A session of the account, which wants to change something.
    Within,
}

/// Counts attempts. Forgets by itself; nothing is stored.
pub(super) struct Attempts {
    pairs: DefaultKeyedRateLimiter<(String, IpAddr)>,
    accounts: DefaultKeyedRateLimiter<String>,
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    code_pairs: DefaultKeyedRateLimiter<(String, IpAddr)>,
    codes_of_strangers: DefaultKeyedRateLimiter<String>,
    codes_within: DefaultKeyedRateLimiter<String>,
    answers: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
}

impl Attempts {
    pub(super) fn new() -> Self {
        let every = |seconds, burst| {
            Quota::with_period(Duration::from_secs(seconds)).expect("a period above zero").allow_burst(burst)
        };
        Self {
            pairs: DefaultKeyedRateLimiter::keyed(every(30, PER_PAIR)),
            accounts: DefaultKeyedRateLimiter::keyed(every(6, PER_ACCOUNT)),
            addresses: DefaultKeyedRateLimiter::keyed(every(10, PER_ADDRESS)),
            code_pairs: DefaultKeyedRateLimiter::keyed(every(CODE_EVERY_S, CODES_PER_PAIR)),
            codes_of_strangers: DefaultKeyedRateLimiter::keyed(every(CODE_EVERY_S, CODES_OF_STRANGERS)),
            codes_within: DefaultKeyedRateLimiter::keyed(every(CODE_EVERY_S, CODES_PER_PAIR)),
            answers: DefaultKeyedRateLimiter::keyed(Quota::per_second(ANSWERS_PER_S).allow_burst(ANSWERS)),
            clock: DefaultClock::default(),
        }
    }

    /// Takes one attempt of an address on nobody's account: a set-up link, a name that no account can have.
    pub(super) fn take_from(&self, address: IpAddr) -> Result<(), AccountError> {
        self.forget();
        self.addresses.check_key(&network_of(address)).map_err(|until| self.wait(&until))
    }

    /// Takes one attempt on an account, or says when the next is free.
    pub(super) fn take(&self, folded_name: &str, address: IpAddr) -> Result<(), AccountError> {
        self.take_from(address)?;
        let pair = (folded_name.to_owned(), network_of(address));
        self.pairs.check_key(&pair).map_err(|until| self.wait(&until))?;
        self.accounts.check_key(&pair.0).map_err(|until| self.wait(&until))
    }

    /// Takes one attempt at a code of an account's app. The address has paid already.
    pub(super) fn take_code(&self, folded_name: &str, from: ShownFrom) -> Result<(), AccountError> {
        let name = folded_name.to_owned();
        let (ShownFrom::Known(address) | ShownFrom::Strange(address)) = from else {
            return self.codes_within.check_key(&name).map_err(|until| self.wait(&until));
        };
        let pair = (name, network_of(address));
        self.code_pairs.check_key(&pair).map_err(|until| self.wait(&until))?;
        match from {
            ShownFrom::Strange(_) => {
                self.codes_of_strangers.check_key(&pair.0).map_err(|until| self.wait(&until))
            }
            _ => Ok(()),
        }
    }

    /// Takes one answer of a provider that an address brings.
    pub(super) fn take_answer(&self, address: IpAddr) -> Result<(), AccountError> {
        self.forget();
        self.answers.check_key(&network_of(address)).map_err(|until| self.wait(&until))
    }

    /// Forgetting here bounds the memory by what a flood can keep fresh, without a task of its own.
    fn forget(&self) {
        let addresses = self.addresses.len() + self.answers.len();
        let codes = self.code_pairs.len() + self.codes_of_strangers.len() + self.codes_within.len();
        if self.pairs.len() + self.accounts.len() + addresses + codes > 10_000 {
            self.pairs.retain_recent();
            self.accounts.retain_recent();
            self.addresses.retain_recent();
            self.code_pairs.retain_recent();
            self.codes_of_strangers.retain_recent();
            self.codes_within.retain_recent();
            self.answers.retain_recent();
        }
    }

    fn wait(&self, until: &NotUntil<QuantaInstant>) -> AccountError {
        let wait = until.wait_time_from(self.clock.now());
        AccountError::TooManyAttempts { seconds: u32::try_from(wait.as_secs() + 1).unwrap_or(u32::MAX) }
    }
}

/// An IPv6 customer has a whole /64 to try from: it counts as one address.
pub fn network_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_not_tried_for_ever_even_from_many_addresses() {
        let attempts = Attempts::new();
        let refused =
            (0..=255u8).filter(|n| attempts.take("mara", IpAddr::from([10, 0, 0, *n])).is_err()).count();
        assert!(refused >= 150, "{refused} of 256 refused");
    }

    #[test]
    fn a_strangers_wrong_guesses_do_not_lock_the_owner_out() {
        let attempts = Attempts::new();
        let refused =
            (0..50).filter(|_| attempts.take("mara", IpAddr::from([10, 0, 0, 66])).is_err()).count();
        assert!(refused >= 35, "{refused} of 50 refused");
        assert!(attempts.take("mara", IpAddr::from([10, 0, 0, 1])).is_ok());
    }

    #[test]
    fn an_address_does_not_try_account_after_account() {
        let attempts = Attempts::new();
        let address = IpAddr::from([10, 0, 0, 1]);
        let refused = (0..100).filter(|n| attempts.take(&format!("user{n}"), address).is_err()).count();
        assert!(refused >= 75, "{refused} of 100 refused");
        assert!(attempts.take("mara", IpAddr::from([10, 0, 0, 2])).is_ok());
    }

    #[test]
    fn codes_are_tried_rarely_from_wherever() {
        let attempts = Attempts::new();
        let address = |n: u8| IpAddr::from([10, 0, 0, n]);
        let strange = |name: &str, n: u8| attempts.take_code(name, ShownFrom::Strange(address(n)));
        let refused = (0..30).filter(|_| strange("mara", 1).is_err()).count();
        assert!(refused >= 19, "{refused} of 30 refused");
        assert!(strange("mara", 2).is_ok() && strange("mia", 1).is_ok());
        let refused = (0..=255).filter(|n| strange("mara", *n).is_err()).count();
        assert!(refused >= 200, "{refused} of 256 refused");
    }

    #[test]
    fn strangers_do_not_use_up_the_codes_of_the_owner() {
        let attempts = Attempts::new();
        for n in 0..=255 {
            let _ = attempts.take_code("mara", ShownFrom::Strange(IpAddr::from([10, 0, 0, n])));
        }
        let home = IpAddr::from([192, 168, 0, 1]);
        assert!(attempts.take_code("mara", ShownFrom::Strange(home)).is_err());
        assert!(attempts.take_code("mara", ShownFrom::Known(home)).is_ok());
        assert!(attempts.take_code("mara", ShownFrom::Within).is_ok());
        let refused = (0..30).filter(|_| attempts.take_code("mara", ShownFrom::Known(home)).is_err()).count();
        assert!(refused >= 19, "{refused} of 30 refused");
    }

    #[test]
    fn an_ipv6_network_counts_as_one_address() {
        let attempts = Attempts::new();
        let refused = (0..100u16)
            .filter(|n| {
                let address = IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, *n]);
                attempts.take(&format!("user{n}"), address).is_err()
            })
            .count();
        assert!(refused >= 75, "{refused} of 100 refused");
    }
}
