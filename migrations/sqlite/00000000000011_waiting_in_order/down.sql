DROP INDEX route_places_in_order;
