mod authorization;
mod conventions;
mod document;
mod events;
mod problems;
mod rights;
