-- What waits for a person is counted and read in the order of the list, however much there is of it.
CREATE INDEX route_places_in_order
    ON route_places (municipality_id, person_id, cycle_id, duty, waiting_since, agreement_id, section_key);
