mod org_units;
