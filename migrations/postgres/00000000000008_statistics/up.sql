-- An agreement belongs to one municipality: without being told, the planner takes the two for independent, expects one
-- row where there are eight, and looks for goals and indicators once for each of them.
CREATE STATISTICS sections_of_agreement (dependencies) ON municipality_id, agreement_id FROM sections;
CREATE STATISTICS goals_of_agreement (dependencies) ON municipality_id, agreement_id FROM goals;
CREATE STATISTICS indicators_of_agreement (dependencies) ON municipality_id, agreement_id FROM indicators;
CREATE STATISTICS commitments_of_agreement (dependencies) ON municipality_id, agreement_id FROM commitments;
CREATE STATISTICS comments_of_agreement (dependencies) ON municipality_id, agreement_id FROM comments;
CREATE STATISTICS decisions_of_agreement (dependencies) ON municipality_id, agreement_id FROM decisions;
CREATE STATISTICS section_revisions_of_agreement (dependencies) ON municipality_id, agreement_id FROM section_revisions;
CREATE STATISTICS signatures_of_agreement (dependencies) ON municipality_id, agreement_id FROM signatures;
CREATE STATISTICS agreement_units_of_agreement (dependencies) ON municipality_id, agreement_id FROM agreement_units;
CREATE STATISTICS agreement_readers_of_agreement (dependencies) ON municipality_id, agreement_id FROM agreement_readers;
CREATE STATISTICS route_places_of_agreement (dependencies) ON municipality_id, agreement_id FROM route_places;
