//! aftalestyring: the agreement-management system of a municipality. The map, in reading order:
//!
//! - [`text`] what people read, in Danish and English
//! - [`error`] what can go wrong, by meaning, and how it is answered
//! - [`clock`] the only reader of time
//! - [`db`] both databases behind one door: snapshots, transactions, column types, migrations
//! - [`schema`] the tables
//! - [`events`] what happened: audit log, change feed, dry runs, idempotency
//! - [`http`] the conventions of the API: bodies, versions, pages, answers
//! - [`auth`] who asks, and the one table of who may
//! - [`organisation`] municipality, units, people, appointments
//! - [`sessions`] logging in and out
//! - [`users`] the log-ins of people
//! - [`clients`] machine clients, their secrets and their tokens
//! - [`me`] the reader: who they are and what they may
//! - [`letters`] what the directorate asks for: strategy letters and their themes
//! - [`templates`] what agreements consist of, who decides and who signs
//! - [`cycles`] a year of agreements: for which units, from which templates, until when
//! - [`agreements`] what a unit will achieve: who sees it, who writes in it, drafts, lists and search
//! - [`sections`] what an agreement consists of: states, content, frozen revisions
//! - [`goals`] the effects a section aims at, and their indicators
//! - [`commitments`] what units promise each other
//! - [`comments`] what people ask and answer about a section
//! - [`workflow`] submit, decide, sign: routes, readiness, and who may take which step
//! - [`demo`] the demonstration, made from the letter of 2015
//! - [`app`] what requests share, and the list of routes
//! - [`pages`] what a browser or a probe opens: documentation, problems, health, metrics
//! - [`openapi`] the document, generated from the handlers
//! - [`metrics`] what is measured of every request
//! - [`config`] the settings, and the only reader of the environment
//! - [`cli`] the program: one file per subcommand

pub mod agreements;
pub mod app;
pub mod auth;
pub mod cli;
pub mod clients;
pub mod clock;
pub mod comments;
pub mod commitments;
pub mod config;
pub mod cycles;
pub mod db;
pub mod demo;
pub mod error;
pub mod events;
pub mod goals;
pub mod http;
pub mod letters;
pub mod me;
pub mod metrics;
pub mod openapi;
pub mod organisation;
pub mod pages;
pub mod schema;
pub mod sections;
pub mod sessions;
pub mod templates;
pub mod text;
pub mod users;
pub mod workflow;
