CREATE TABLE public.t0 (
  id integer PRIMARY KEY,
  c0 text,
  CONSTRAINT t0_c0_ok CHECK (c0 <> '-')
);
CREATE VIEW public.v AS SELECT id, c0 FROM public.t0;
