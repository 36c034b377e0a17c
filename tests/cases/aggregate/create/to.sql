CREATE TABLE readings (place text, value numeric);
CREATE FUNCTION final_median(numeric[]) RETURNS numeric LANGUAGE sql IMMUTABLE
  AS $$ SELECT avg(v) FROM (SELECT v FROM unnest($1) v ORDER BY v LIMIT 2 - mod(array_upper($1, 1), 2)
        OFFSET ceil(array_upper($1, 1) / 2.0) - 1) s $$;
CREATE AGGREGATE median(numeric) (
  SFUNC = array_append, STYPE = numeric[], INITCOND = '{}', FINALFUNC = public.final_median
);
COMMENT ON AGGREGATE median(numeric) IS 'the middle one';
CREATE AGGREGATE collected(anycompatible) (
  SFUNC = array_append, STYPE = anycompatiblearray, INITCOND = '{}', PARALLEL = UNSAFE
);
CREATE AGGREGATE total(*) (sfunc1 = int8inc, STYPE = int8, initcond = '0', finalfunc_modify = read_only);
REVOKE ALL ON FUNCTION total() FROM PUBLIC;
CREATE AGGREGATE top_share(share double precision ORDER BY value anyelement) (
  SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final,
  FINALFUNC_EXTRA
);
CREATE VIEW medians AS SELECT place, median(value) AS median FROM readings GROUP BY place;
