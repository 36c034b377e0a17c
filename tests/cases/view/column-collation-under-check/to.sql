CREATE TABLE public.t0 (
  id integer PRIMARY KEY,
  c0 text COLLATE "C"
);
CREATE VIEW public.v AS SELECT id, c0 FROM public.t0;
