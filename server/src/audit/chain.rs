//! The chain: what a MAC is made of. Each covers all that its row says, the row's number, and the MAC before it, so that
//! no row can be changed, moved, added or left out without the key.

use std::{fmt, str::FromStr};

use aws_lc_rs::{constant_time, hmac};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::entry::{Draft, Segment};

/// What the first row is chained to.
pub const GENESIS: [u8; 32] = [0; 32];

/// The last row: its number and its MAC. Whoever has noted it elsewhere can tell that nothing up to it is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The number; 0 before the first row.
    pub seq: i64,
    /// The MAC.
    pub mac: Vec<u8>,
}

impl Head {
    /// That of an empty log.
    pub fn none() -> Self {
        Self { seq: 0, mac: GENESIS.to_vec() }
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, URL_SAFE_NO_PAD.encode(&self.mac))
    }
}

impl FromStr for Head {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "a head is written NUMBER:MAC, as the log of the server has it";
        let (seq, mac) = text.trim().split_once(':').ok_or(wrong)?;
        let seq = seq.parse().map_err(|_| wrong)?;
        let mac = URL_SAFE_NO_PAD.decode(mac).map_err(|_| wrong)?;
        if seq < 0 || mac.len() != GENESIS.len() {
            return Err(wrong);
        }
        Ok(Self { seq, mac })
    }
}

/// Makes MACs.
pub struct Chain(hmac::Key);

impl Chain {
    /// With the 32 bytes of the key file.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// The MAC of a row after the row whose MAC is `before`.
    pub fn entry(&self, before: &[u8], seq: i64, draft: &Draft) -> Vec<u8> {
        // Without a rest pattern: a new field must be covered too.
        let Draft {
            at,
            kind,
            intent,
            request_id,
            account_id,
            account_name,
            door,
            key,
            address,
            operation,
            host,
            target,
            detail,
            outcome,
            status,
            times,
        } = draft;
        // Rows of the time before keys were named verify as they are; those without a key are like them.
        let form = if key.is_empty() { "longshore audit entry 1" } else { "longshore audit entry 2" };
        let mut made = Made::of(&self.0, form, before);
        made.number(seq).number(*at).text(kind).maybe_number(*intent);
        made.text(request_id).text(account_id).text(account_name).text(door).text(address).text(operation);
        made.maybe_text(host.as_deref()).text(target).text(detail).text(outcome);
        made.maybe_number(*status).number(*times);
        if !key.is_empty() {
            made.text(key);
        }
        made.end()
    }

    /// The MAC of a segment after the segment whose MAC is `before`.
    pub fn segment(&self, before: &[u8], segment: &Segment) -> Vec<u8> {
        let Segment { from_seq, to_seq, entries, faults, from_at, to_at, last_mac, sealed_at, mac: _ } =
            segment;
        let mut made = Made::of(&self.0, "longshore audit segment 1", before);
        made.number(*from_seq).number(*to_seq).number(*entries).number(*faults);
        made.number(*from_at).number(*to_at).bytes(last_mac).number(*sealed_at);
        made.end()
    }
}

/// Whether two MACs are one. Takes as long for any two.
pub fn same(one: &[u8], other: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(one, other).is_ok()
}

/// A MAC in the making. Every value goes in with its length before it, so that no two rows are the same bytes.
struct Made(hmac::Context);

impl Made {
    fn of(key: &hmac::Key, what: &str, before: &[u8]) -> Self {
        let mut made = Self(hmac::Context::with_key(key));
        made.text(what).bytes(before);
        made
    }

    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.update(&(bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
        self
    }

    fn text(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes())
    }

    fn number(&mut self, number: i64) -> &mut Self {
        self.bytes(&number.to_be_bytes())
    }

    /// What is not there is no length at all.
    fn none(&mut self) -> &mut Self {
        self.0.update(&u64::MAX.to_be_bytes());
        self
    }

    fn maybe_text(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.text(text),
            None => self.none(),
        }
    }

    fn maybe_number(&mut self, number: Option<i64>) -> &mut Self {
        match number {
            Some(number) => self.number(number),
            None => self.none(),
        }
    }

    fn end(self) -> Vec<u8> {
        self.0.sign().as_ref().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft { at: 1, ..Draft::of_the_house("server-start", "0.1.0") }
    }

    #[test]
    fn a_mac_covers_every_field_the_number_and_what_stood_before() {
        let chain = Chain::new(&[7; 32]);
        let mac = chain.entry(&GENESIS, 1, &draft());
        assert!(same(&mac, &chain.entry(&GENESIS, 1, &draft())));
        let text = || "x".to_owned();
        let others = [
            Draft { at: 2, ..draft() },
            Draft { kind: text(), ..draft() },
            Draft { intent: Some(0), ..draft() },
            Draft { request_id: text(), ..draft() },
            Draft { account_id: text(), ..draft() },
            Draft { account_name: text(), ..draft() },
            Draft { door: text(), ..draft() },
            Draft { key: text(), ..draft() },
            Draft { address: text(), ..draft() },
            Draft { operation: text(), ..draft() },
            Draft { host: Some(String::new()), ..draft() },
            Draft { target: text(), ..draft() },
            Draft { detail: text(), ..draft() },
            Draft { outcome: text(), ..draft() },
            Draft { status: Some(0), ..draft() },
            Draft { times: 2, ..draft() },
        ];
        for other in others {
            assert!(!same(&mac, &chain.entry(&GENESIS, 1, &other)), "{other:?}");
        }
        assert!(!same(&mac, &chain.entry(&GENESIS, 2, &draft())));
        assert!(!same(&mac, &chain.entry(&mac, 1, &draft())));
        assert!(!same(&mac, &Chain::new(&[8; 32]).entry(&GENESIS, 1, &draft())));
    }

    #[test]
    fn what_moves_from_one_field_to_the_next_is_another_row() {
        let chain = Chain::new(&[7; 32]);
        let of = |target: &str, detail: &str| {
            let draft = Draft { target: target.to_owned(), detail: detail.to_owned(), ..draft() };
            chain.entry(&GENESIS, 1, &draft)
        };
        assert!(!same(&of("ab", "c"), &of("a", "bc")));
        assert!(!same(&of("", "abc"), &of("abc", "")));
    }

    #[test]
    fn a_head_reads_as_it_is_written() {
        let head = Head { seq: 48_211, mac: vec![9; 32] };
        assert_eq!(head.to_string().parse(), Ok(head));
        for wrong in ["", "1", "1:", "x:AAAA", "-1:AAAA", "7:AAAA"] {
            assert!(wrong.parse::<Head>().is_err(), "{wrong}");
        }
    }
}
