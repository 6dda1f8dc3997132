mod authorization;
mod conventions;
mod document;
mod problems;
mod rights;
