DROP TABLE route_places;
