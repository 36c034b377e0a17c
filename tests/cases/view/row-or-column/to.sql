CREATE TABLE note (
  note text,
  n integer
);
CREATE VIEW counted AS SELECT count(note) AS n FROM note;
CREATE TABLE pin (
  n integer
);
CREATE TABLE board (
  pin text
);
CREATE VIEW of_another AS SELECT count(pin) AS n FROM pin, board;
