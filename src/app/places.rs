//! Where the pages that are no part of the API are served.

use std::net::SocketAddr;

/// Where a page that is no part of the API is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Place {
    /// With the API.
    #[default]
    Here,
    /// Nowhere.
    Nowhere,
    /// On a listener of its own.
    At(SocketAddr),
}

impl Place {
    /// Whether it is served to whoever asks at an address that the server listens on.
    pub fn is_at(self, address: SocketAddr, own: &[SocketAddr]) -> bool {
        match self {
            Place::Here => !own.contains(&address),
            Place::Nowhere => false,
            Place::At(place) => place == address,
        }
    }

    /// Reads `on`, `off`, or an address to listen on; none for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "on" => Some(Place::Here),
            "off" => Some(Place::Nowhere),
            address => address.parse().ok().map(Place::At),
        }
    }
}

/// Where the pages that are no part of the API are served.
#[derive(Debug, Clone, Copy, Default)]
pub struct Places {
    /// The documentation page.
    pub docs: Place,
    /// What is measured.
    pub metrics: Place,
}

impl Places {
    /// The listeners beside that of the API.
    pub fn own(&self) -> Vec<SocketAddr> {
        let mut all: Vec<SocketAddr> = [self.docs, self.metrics]
            .into_iter()
            .filter_map(|place| if let Place::At(address) = place { Some(address) } else { None })
            .collect();
        all.dedup();
        all
    }
}
