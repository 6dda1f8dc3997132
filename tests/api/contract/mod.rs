mod authorization;
mod conventions;
mod problems;
mod rights;
