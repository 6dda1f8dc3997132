//! The operations of the API: their ids, methods, addresses and query parameters, read off the document.

use std::collections::{BTreeMap, HashMap};

use actix_web::http::Method;

use crate::error::Result;
use crate::http::query_fault;

/// An operation as the document describes it.
pub struct DocumentedOperation {
    /// The path template.
    pub path: String,
    /// The method, in lower case.
    pub method: String,
    /// The operation's id.
    pub id: String,
    /// The names of its query parameters.
    pub query_parameters: Vec<String>,
}

/// An operation of the API, with the query parameters it takes.
#[derive(Debug)]
pub struct Operation {
    /// Its id, which the authorization table names.
    pub id: &'static str,
    /// The path template.
    pub path: &'static str,
    method: Method,
    parameters: Vec<String>,
}

impl Operation {
    /// Refuses query parameters that are not documented.
    pub(super) fn refuse_unknown_parameters(&self, query: &str) -> Result<()> {
        for part in query.split('&').filter(|part| !part.is_empty()) {
            let name = part.split('=').next().unwrap_or_default();
            if !self.parameters.iter().any(|known| known == name) {
                return Err(query_fault(name, "unknown-parameter"));
            }
            if name == "dry_run" && !matches!(part, "dry_run=true" | "dry_run=false") {
                return Err(query_fault(name, "not-a-boolean"));
            }
        }
        Ok(())
    }
}

/// The operations of a path template.
struct Templated {
    /// Its parts, between slashes.
    parts: Vec<&'static str>,
    operations: Vec<&'static Operation>,
}

impl Templated {
    fn matches(&self, path: &str) -> bool {
        let fits = |(part, given): (&&str, &str)| *part == given || part.starts_with('{') && !given.is_empty();
        self.parts.iter().zip(path.split('/')).all(fits)
    }
}

/// All operations, found by method and path. The router has a search of its own, by expressions, which costs more than
/// all else that is done before a handler.
pub struct Operations {
    /// By the number of their parts; those with the fewest parameters first.
    by_length: HashMap<usize, Vec<Templated>>,
}

impl Operations {
    /// Keeps them for as long as the process lives.
    pub fn of(documented: Vec<DocumentedOperation>) -> Self {
        let mut by_path: BTreeMap<&'static str, Vec<&'static Operation>> = BTreeMap::new();
        for found in documented {
            let path = leak(found.path);
            by_path.entry(path).or_default().push(Box::leak(Box::new(Operation {
                id: leak(found.id),
                path,
                method: Method::from_bytes(found.method.to_uppercase().as_bytes()).unwrap_or(Method::GET),
                parameters: found.query_parameters,
            })));
        }
        let mut by_length: HashMap<usize, Vec<Templated>> = HashMap::new();
        for (path, operations) in by_path {
            let parts: Vec<&'static str> = path.split('/').collect();
            by_length.entry(parts.len()).or_default().push(Templated { parts, operations });
        }
        for all in by_length.values_mut() {
            all.sort_by_key(|one| one.parts.iter().filter(|part| part.starts_with('{')).count());
        }
        Operations { by_length }
    }

    fn at<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a Templated> {
        let of_length = self.by_length.get(&path.split('/').count());
        of_length.into_iter().flatten().filter(move |one| one.matches(path))
    }

    /// The operation of a path.
    pub(super) fn find(&self, method: &Method, path: &str) -> Option<&'static Operation> {
        self.at(path).flat_map(|one| &one.operations).find(|op| op.method == *method).copied()
    }

    /// The methods that an address has.
    pub(super) fn methods(&self, path: &str) -> Vec<&'static str> {
        let found = self.at(path).flat_map(|one| &one.operations);
        let mut methods: Vec<&'static str> = found.filter_map(|op| name_of(&op.method)).collect();
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        methods.sort_unstable();
        methods.dedup();
        methods
    }
}

fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

/// The methods that are known, though not all of them are offered: those of RFC 9110 §9, of RFC 5789, and
/// QUERY, which the HTTP working group defines and clients begin to try.
const METHODS: [&str; 10] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY"];

/// The name of a method, when it is known.
pub(super) fn name_of(method: &Method) -> Option<&'static str> {
    METHODS.into_iter().find(|known| *known == method.as_str())
}
