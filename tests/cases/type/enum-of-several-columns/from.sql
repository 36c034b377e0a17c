CREATE TYPE public.state AS ENUM ('new', 'held', 'paid', 'sent');
CREATE TABLE public.orders (
  id integer PRIMARY KEY,
  state public.state NOT NULL DEFAULT 'new',
  was public.state,
  note text,
  CONSTRAINT known CHECK (state <> 'paid' OR note IS NOT NULL)
);
CREATE INDEX orders_state ON public.orders (state, id);
CREATE TABLE public.lines (
  id integer PRIMARY KEY,
  state public.state DEFAULT 'sent' NOT NULL,
  n integer,
  CONSTRAINT once UNIQUE (state, n)
);
