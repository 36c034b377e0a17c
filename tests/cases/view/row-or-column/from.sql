CREATE TABLE note (
  note text,
  n integer
);
CREATE VIEW counted AS SELECT count(note.*) AS n FROM note;
