//! aftalestyring: the agreement-management system of a municipality. The map, in reading order: what stands later
//! uses what stands earlier, and never the other way round (`tests/structure` holds it).
//!
//! - [`types`] ids, instants, dates, exact numbers, and how both databases keep them
//! - [`text`] what people read, in Danish and English
//! - [`error`] what can go wrong, by meaning, and how it is answered
//! - [`clock`] the only reader of time
//! - [`schema`] the tables
//! - [`db`] both databases: connections, snapshots, transactions, caches, the journal, migrations, copies
//! - [`http`] the conventions of the API: bodies, versions, pages, answers
//! - [`metrics`] what is measured of every request
//! - [`auth`] credentials: passwords, tokens, keys, and how often they may be tried
//! - [`organisation`] municipality, units, people, appointments
//! - [`access`] who asks, and the one table of who may
//! - [`accounts`] log-ins, sessions, machine clients
//! - [`app`] what requests share, and what each of them passes
//! - [`events`] what happened, as it is read: change feed, audit log, check of the chain
//! - [`letters`] what the directorate asks for: strategy letters and their themes
//! - [`templates`] what agreements consist of, who decides and who signs
//! - [`cycles`] a year of agreements: for which units, from which templates, until when
//! - [`agreements`] what a unit will achieve, from the first draft to the signature
//! - [`tasks`] what waits for the reader
//! - [`me`] the reader: who they are and what they may
//! - [`pages`] what a browser or a probe opens: documentation, problems, health, metrics
//! - [`demo`] the demonstration, made from the letter of 2015
//! - [`routes`] every route
//! - [`openapi`] the document, generated from the handlers
//! - [`config`] the settings, and the only reader of the environment
//! - [`cli`] the program: one file per subcommand

pub mod access;
pub mod accounts;
pub mod agreements;
pub mod app;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod config;
pub mod cycles;
pub mod db;
pub mod demo;
pub mod error;
pub mod events;
pub mod http;
pub mod letters;
pub mod me;
pub mod metrics;
pub mod openapi;
pub mod organisation;
pub mod pages;
pub mod routes;
pub mod schema;
pub mod tasks;
pub mod templates;
pub mod text;
pub mod types;
