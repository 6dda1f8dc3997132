mod observations;
mod status;
mod suppression;
