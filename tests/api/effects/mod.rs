mod coverage;
mod imports;
mod inherited;
mod observations;
mod status;
mod suppression;
