mod imports;
mod observations;
mod status;
mod suppression;
