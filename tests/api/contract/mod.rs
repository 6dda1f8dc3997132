mod authorization;
mod conventions;
mod document;
mod events;
mod foreign;
mod problems;
mod references;
mod rights;
