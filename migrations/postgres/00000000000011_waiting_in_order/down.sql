DROP INDEX route_places_in_order;
ALTER TABLE route_places ALTER COLUMN section_key TYPE text COLLATE "default";
