//! The walk: every operation of the table by every role on what is their own, their team's, public and another's, compared
//! with one matrix that a person can read: `tests/matrix/gateway.txt`. What it says is what holds, cell by cell;
//! `INSTA_UPDATE=always` writes it anew, to be read like code.

mod calls;
mod crew;
mod gateway;
mod matrix;
mod things;
