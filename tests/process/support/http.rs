//! One request on one connection.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use serde_json::Value;

use super::PATIENCE;

/// A connection that gives up some time.
pub fn connect(address: SocketAddr) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// The head of a request.
pub fn head(method: &str, path: &str, token: &str, length: usize) -> String {
    let authorization = if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
    format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{authorization}\
         Content-Type: application/json\r\nContent-Length: {length}\r\n"
    )
}

/// Sends a request and reads the whole answer: its status and its body, null when that is not JSON.
pub fn send(
    address: SocketAddr,
    place: (&str, &str),
    token: &str,
    body: Option<&Value>,
) -> std::io::Result<(u16, Value)> {
    ask(address, place, token, body).map(|(status, _, answer)| (status, answer))
}

/// Sends a request; gives the status, what `Retry-After` says, and the body.
pub fn ask(
    address: SocketAddr,
    (method, path): (&str, &str),
    token: &str,
    body: Option<&Value>,
) -> std::io::Result<(u16, Option<String>, Value)> {
    let body = body.map(Value::to_string).unwrap_or_default();
    let mut stream = connect(address)?;
    stream.write_all(format!("{}\r\n{body}", head(method, path, token, body.len())).as_bytes())?;
    let (status, head, body) = read_whole(stream)?;
    let later = head.lines().find_map(|line| line.strip_prefix("retry-after: ")).map(str::to_owned);
    Ok((status, later, body))
}

/// Reads an answer to its end. One that breaks off is an error: nothing was acknowledged.
pub fn read_answer(stream: TcpStream) -> std::io::Result<(u16, Value)> {
    let (status, _, body) = read_whole(stream)?;
    Ok((status, body))
}

fn read_whole(mut stream: TcpStream) -> std::io::Result<(u16, String, Value)> {
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    let broken = || std::io::Error::other(format!("the answer broke off: {text}"));
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(broken)?;
    let status = head.split_whitespace().nth(1).and_then(|status| status.parse().ok()).ok_or_else(broken)?;
    Ok((status, head.to_ascii_lowercase(), serde_json::from_str(body).unwrap_or_default()))
}

/// What the server measured so far.
pub fn metrics(address: SocketAddr) -> String {
    let mut stream = connect(address).expect("a connection");
    let head = head("GET", "/metrics", "", 0);
    stream.write_all(format!("{head}\r\n").as_bytes()).expect("a request");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("an answer");
    text
}
