mod authorization;
mod conventions;
mod problems;
