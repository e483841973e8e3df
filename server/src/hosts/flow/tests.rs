use std::{
    fmt::Debug,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use http::{Method, StatusCode};
use http_body::Body as _;
use http_body_util::BodyExt as _;
use proptest::prelude::*;
use tokio::{
    io::{DuplexStream, duplex},
    net::UnixStream,
};

use super::{super::socket::Socket, *};
use crate::hosts::connector::Io;

impl Io for DuplexStream {}

/// All that a decoder makes of bytes which arrive in these pieces, and whether the body is over then.
fn decoded<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Result<(Vec<u8>, bool), FlowError> {
    let (mut chunks, mut raw, mut all) = (Chunks::Size, BytesMut::new(), Vec::new());
    for piece in pieces {
        raw.extend_from_slice(piece);
        let taken = chunks.take(&mut raw)?;
        all.extend_from_slice(&taken);
    }
    Ok((all, matches!(chunks, Chunks::Over)))
}

/// An answer of these bytes, after which the engine ends the stream.
async fn answer(method: Method, bytes: &[u8]) -> Result<Response<Flow>, FlowError> {
    let (ours, mut theirs) = duplex(1 << 20);
    theirs.write_all(bytes).await.expect("room for all");
    let request = Request::builder().method(method).uri("/x").body(()).expect("a request");
    // Its end of input is the end of the answer; it still reads what is asked.
    theirs.shutdown().await.expect("an end");
    let answer = open(Box::new(ours), request).await;
    drop(theirs);
    answer
}

async fn body(bytes: &str) -> Result<Vec<u8>, FlowError> {
    let answer = answer(Method::GET, bytes.as_bytes()).await?;
    Ok(answer.into_body().collect().await?.to_bytes().to_vec())
}

fn garbled<T: Debug>(result: Result<T, FlowError>) {
    assert!(matches!(result, Err(FlowError::Garbled(_))), "{result:?}");
}

const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

#[test]
fn a_chunked_body_may_be_split_anywhere() {
    let raw = b"5\r\nhello\r\n1;name=\"value\"\r\n \r\n00A\r\n0123456789\r\n0\r\nSum: 1\r\n\r\n";
    for at in 0..raw.len() {
        let (one, two) = raw.split_at(at);
        let (all, over) = decoded([one, two]).expect("well-formed");
        assert_eq!((all.as_slice(), over), (b"hello 0123456789".as_slice(), true), "split at {at}");
        let (_, over) = decoded([one]).expect("well-formed as far as it goes");
        assert!(!over, "the first {at} bytes are not all");
    }
    let (all, over) = decoded(raw.chunks(1)).expect("well-formed");
    assert_eq!((all.as_slice(), over), (b"hello 0123456789".as_slice(), true));
}

#[test]
fn chunks_that_arrive_together_are_one_piece() {
    let mut raw = BytesMut::from("3\r\none\r\n3\r\ntwo\r\n5\r\nth".as_bytes());
    let mut chunks = Chunks::Size;
    assert_eq!(chunks.take(&mut raw).expect("well-formed"), "onetwoth");
    raw.extend_from_slice(b"ree\r\n0\r\n");
    assert_eq!(chunks.take(&mut raw).expect("well-formed"), "ree");
    raw.extend_from_slice(b"\r\nHTTP/1.1");
    assert_eq!(chunks.take(&mut raw).expect("well-formed"), "");
    assert!(matches!(chunks, Chunks::Over));
}

#[test]
fn hostile_chunks_are_refused() {
    for bad in [
        "\r\n",
        "x\r\n",
        "-1\r\n",
        "+1\r\n",
        "0x1\r\n",
        " 1\r\n",
        "1g\r\n",
        "1\n",
        "11111111111111111\r\n",
        "00000000000000001\r\n",
        "2\r\nabc\r\n",
        "1\r\na\rb",
        "1\r\na\n",
        "0\r\nSum: 1\n\r\n",
    ] {
        garbled(decoded([bad.as_bytes()]));
        garbled(decoded(bad.as_bytes().chunks(1)));
    }
    garbled(decoded([format!("1;{}", "x".repeat(300)).as_bytes()]));
    garbled(decoded([format!("0\r\n{}", "x".repeat(20_000)).as_bytes()]));
    garbled(decoded([format!("0\r\n{}", "a: b\r\n".repeat(4_000)).as_bytes()]));
    // The largest that can be said is waited for, not made room for.
    assert_eq!(
        decoded([b"ffffffffffffffff\r\nabc".as_slice()]).expect("as long as it says"),
        (b"abc".to_vec(), false)
    );
}

proptest! {
    #[test]
    fn what_was_chunked_comes_out_whole(
        pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..300), 0..20),
        cut in 1_usize..400,
    ) {
        let mut raw = Vec::new();
        for piece in &pieces {
            raw.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
            raw.extend_from_slice(piece);
            raw.extend_from_slice(b"\r\n");
        }
        raw.extend_from_slice(b"0\r\n\r\n");
        let (all, over) = decoded(raw.chunks(cut)).expect("well-formed");
        prop_assert_eq!(all, pieces.concat());
        prop_assert!(over);
    }

    #[test]
    fn nothing_that_comes_is_a_panic(raw in prop::collection::vec(any::<u8>(), 0..200), cut in 1_usize..50) {
        let _ = decoded(raw.chunks(cut));
        let _ = head::take(&mut BytesMut::from(raw.as_slice()), &Method::GET);
        let digits = [b"1f".as_slice(), &raw].concat();
        let _ = decoded(digits.chunks(cut));
    }
}

#[tokio::test]
async fn bodies_end_as_their_heads_say() {
    assert_eq!(body(&format!("{CHUNKED}3\r\nabc\r\n0\r\n\r\n")).await.expect("whole"), b"abc");
    assert_eq!(body("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef").await.expect("whole"), b"abc");
    assert_eq!(body("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.expect("whole"), b"");
    assert_eq!(body("HTTP/1.0 200 OK\r\n\r\nabc").await.expect("whole"), b"abc");
    assert_eq!(body("HTTP/1.1 204 No Content\r\n\r\n").await.expect("whole"), b"");
    let early = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
    assert_eq!(body(&format!("{early}HTTP/1.1 200 OK\r\n\r\nabc")).await.expect("whole"), b"abc");
    let head = answer(Method::HEAD, b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n").await.expect("a head");
    assert!(head.body().is_end_stream());
    assert_eq!(head.headers()["content-length"], "3");
}

#[tokio::test]
async fn an_answer_that_ends_too_early_breaks() {
    for short in [
        CHUNKED.to_owned(),
        format!("{CHUNKED}3\r\nab"),
        format!("{CHUNKED}3\r\nabc\r\n"),
        format!("{CHUNKED}3\r\nabc\r\n0\r\n"),
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc".to_owned(),
        "HTTP/1.1 200 OK\r\nContent-".to_owned(),
        String::new(),
    ] {
        let broken = body(&short).await;
        assert!(matches!(broken, Err(FlowError::Short)), "{short:?}: {broken:?}");
    }
}

#[tokio::test]
async fn heads_that_can_be_read_in_two_ways_are_refused() {
    for bad in [
        "Content-Length: 3\r\nContent-Length: 4",
        "Content-Length: 3\r\nTransfer-Encoding: chunked",
        "Content-Length: +3",
        "Content-Length: 3, 3",
        "Content-Length:",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "no header",
    ] {
        garbled(body(&format!("HTTP/1.1 200 OK\r\n{bad}\r\n\r\nabc")).await);
    }
    garbled(body("HTTP/1.1 101 Switching Protocols\r\nUpgrade: tcp\r\n\r\n").await);
    garbled(body("no HTTP at all\r\n\r\n").await);
    garbled(body(&format!("HTTP/1.1 200 OK\r\n{}", "A: b\r\n".repeat(101))).await);
    garbled(body(&format!("HTTP/1.1 200 OK\r\nA: {}", "b".repeat(70_000))).await);
}

#[tokio::test]
async fn the_request_is_written_as_it_was_built() {
    let request =
        |method: &str| Request::builder().method(method).uri("/a/b?c=d").header("x-y", "z").body(());
    let get = written(&request("GET").expect("a request"));
    assert_eq!(get, b"GET /a/b?c=d HTTP/1.1\r\nx-y: z\r\n\r\n");
    let post = written(&request("POST").expect("a request"));
    assert_eq!(post, b"POST /a/b?c=d HTTP/1.1\r\nx-y: z\r\ncontent-length: 0\r\n\r\n");
}

#[tokio::test]
async fn a_torrent_of_lines_comes_out_whole_and_what_follows_it_at_once() {
    let (ours, theirs) = UnixStream::pair().expect("a pair");
    let lines = 20_000;
    let engine = tokio::spawn(async move {
        let mut engine = theirs;
        engine.write_all(CHUNKED.as_bytes()).await?;
        for n in 0..lines {
            engine.write_all(format!("7\r\n{n:06}\n\r\n").as_bytes()).await?;
        }
        Ok::<_, io::Error>(engine)
    });
    let request = Request::get("/x").body(()).expect("a request");
    let answer = open(Box::new(Socket::from(ours)), request).await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    let (mut body, mut all) = (answer.into_body(), Vec::new());
    while all.len() < lines * 7 {
        let frame = body.frame().await.expect("not the end").expect("unbroken");
        all.extend_from_slice(&frame.into_data().expect("no trailers"));
    }
    let wanted: String = (0..lines).map(|n| format!("{n:06}\n")).collect();
    assert!(all == wanted.as_bytes(), "every line, once and in order");
    // After the torrent the stream is watched again: a single line arrives, and so does the end.
    let mut engine = engine.await.expect("no panic").expect("unbroken");
    let (next, ()) = tokio::join!(body.frame(), async {
        tokio::task::yield_now().await;
        engine.write_all(b"1\r\n!\r\n").await.expect("room");
    });
    assert_eq!(next.expect("not the end").expect("unbroken").into_data().expect("no trailers"), "!");
    drop(engine);
    let broken = body.frame().await.expect("not the end").expect_err("no last chunk came");
    assert!(matches!(broken, FlowError::Short | FlowError::Io(_)), "{broken:?}");
}

#[tokio::test]
async fn who_does_not_read_lets_the_engine_wait() {
    const HELD: usize = 4096;
    let (ours, mut theirs) = duplex(HELD);
    let sent = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&sent);
    let endless = tokio::spawn(async move {
        theirs.write_all(CHUNKED.as_bytes()).await.expect("somebody reads");
        while theirs.write_all(b"1\r\nx\r\n").await.is_ok() {
            counted.fetch_add(6, Ordering::Relaxed);
        }
    });
    let answer =
        open(Box::new(ours), Request::get("/x").body(()).expect("a request")).await.expect("an answer");
    for _ in 0..1000 {
        tokio::task::yield_now().await;
    }
    assert!(sent.load(Ordering::Relaxed) <= ROOM + HELD, "{sent:?} bytes were taken");
    drop(answer);
    endless.await.expect("it ends when nobody is there any more");
}
