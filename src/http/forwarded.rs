//! Where a request comes from when proxies pass it on: the nearest address that is none of theirs.

use std::net::{IpAddr, SocketAddr};

use actix_web::http::header::{FORWARDED, HeaderMap, HeaderName, X_FORWARDED_FOR};
use ipnet::IpNet;
use rfc7239::NodeName;

/// The header in which the proxies write whom they speak for. A proxy passes on the other one as a stranger sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ForwardedHeader {
    /// `X-Forwarded-For`.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// The proxies in front of the server.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    trusted: Vec<IpNet>,
    header: ForwardedHeader,
}

impl Proxies {
    /// Proxies at some addresses, with the header that they write.
    pub fn new(trusted: Vec<IpNet>, header: ForwardedHeader) -> Self {
        Proxies { trusted, header }
    }

    /// Where a request comes from. Each proxy adds the address that it was asked from at the right; what stands left of
    /// the first address that is none of a proxy was written by a stranger.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        if !self.trusts(client) {
            return client;
        }
        for hop in self.hops(headers).into_iter().rev() {
            let Some(hop) = hop.filter(|_| self.trusts(client)) else { break };
            client = hop.to_canonical();
        }
        client
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(&address))
    }

    /// The addresses in the header, none for what is no address.
    fn hops(&self, headers: &HeaderMap) -> Vec<Option<IpAddr>> {
        match self.header {
            ForwardedHeader::XForwardedFor => {
                lines(headers, X_FORWARDED_FOR).flat_map(|line| line.split(',')).map(address).collect()
            }
            ForwardedHeader::Forwarded => lines(headers, FORWARDED).flat_map(rfc7239::parse).map(node).collect(),
        }
    }
}

fn lines(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    headers.get_all(name).map(|line| line.to_str().unwrap_or_default())
}

fn node(read: Result<rfc7239::Forwarded<'_>, rfc7239::RfcError>) -> Option<IpAddr> {
    match read.ok()?.forwarded_for?.name {
        NodeName::Ip(address) => Some(address),
        _ => None,
    }
}

/// An address, with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn client(header: ForwardedHeader, peer: &str, lines: &[&str]) -> String {
        let trusted = ["10.0.0.0/8", "2001:db8:1::/48"].map(|text| text.parse().expect("a network"));
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(X_FORWARDED_FOR, HeaderValue::from_str(line).expect("a value"));
            headers.append(FORWARDED, HeaderValue::from_str(line).expect("a value"));
        }
        Proxies::new(trusted.to_vec(), header).client(peer.parse().expect("an address"), &headers).to_string()
    }

    #[test]
    fn the_nearest_address_that_is_no_proxys_counts() {
        let told = |peer: &str, lines: &[&str]| client(ForwardedHeader::XForwardedFor, peer, lines);
        assert_eq!(told("10.0.0.1", &["192.0.2.7"]), "192.0.2.7");
        assert_eq!(told("::ffff:10.0.0.1", &["192.0.2.7:4711"]), "192.0.2.7");
        assert_eq!(told("10.0.0.1", &["203.0.113.9, 192.0.2.7, 10.0.0.2"]), "192.0.2.7");
        assert_eq!(told("10.0.0.1", &["203.0.113.9", "192.0.2.7", "10.0.0.2"]), "192.0.2.7");
        assert_eq!(told("2001:db8:1::1", &["[2001:db8:2::7]:80"]), "2001:db8:2::7");
        assert_eq!(told("10.0.0.1", &["10.0.0.3, 10.0.0.2"]), "10.0.0.3", "there are proxies alone");
        assert_eq!(told("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(told("10.0.0.1", &["192.0.2.7, who knows, 10.0.0.2"]), "10.0.0.2");
    }

    #[test]
    fn a_stranger_is_not_believed() {
        for header in [ForwardedHeader::XForwardedFor, ForwardedHeader::Forwarded] {
            assert_eq!(client(header, "203.0.113.9", &["192.0.2.7"]), "203.0.113.9");
            assert_eq!(client(header, "203.0.113.9", &["for=192.0.2.7"]), "203.0.113.9");
        }
        // The proxies write one header, and pass on the other as it was sent.
        assert_eq!(client(ForwardedHeader::XForwardedFor, "10.0.0.1", &["for=192.0.2.7"]), "10.0.0.1");
        assert_eq!(client(ForwardedHeader::Forwarded, "10.0.0.1", &["192.0.2.7"]), "10.0.0.1");
    }

    #[test]
    fn the_standard_header_is_understood() {
        let told = |lines: &[&str]| client(ForwardedHeader::Forwarded, "10.0.0.1", lines);
        assert_eq!(told(&["for=203.0.113.9, For=192.0.2.7;proto=https;by=10.0.0.1"]), "192.0.2.7");
        assert_eq!(
            told(&["for=203.0.113.9", "proto=https;for=\"[2001:db8:2::7]:4711\"", "for=10.0.0.2"]),
            "2001:db8:2::7"
        );
        assert_eq!(told(&["for=192.0.2.7, for=_hidden, for=10.0.0.2"]), "10.0.0.2");
        assert_eq!(told(&["for=192.0.2.7, for=unknown"]), "10.0.0.1");
    }
}
