mod appointments;
mod org_units;
mod people;
