-- SQLite keeps it as text anyway.
SELECT 1;
