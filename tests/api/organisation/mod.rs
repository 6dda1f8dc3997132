mod org_units;
mod people;
