CREATE TABLE public.t (id integer, n integer, m integer);
CREATE TABLE public.child (extra integer) INHERITS (public.t);
ALTER TABLE public.t ALTER m SET STATISTICS 200;
ALTER TABLE public.t ADD CONSTRAINT t_m CHECK (m > 0) NOT VALID;
