mod appointments;
mod names;
mod org_units;
mod people;
