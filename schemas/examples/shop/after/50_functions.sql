CREATE FUNCTION touch() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

CREATE FUNCTION order_total(wanted bigint) RETURNS numeric
    LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(line_total), 0) FROM public.order_items WHERE order_id = wanted
$$;
COMMENT ON FUNCTION order_total(bigint) IS 'What the items of an order cost together.';
GRANT EXECUTE ON FUNCTION order_total(bigint) TO shop_app;

CREATE FUNCTION note_status() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    INSERT INTO order_events (order_id, happened_at, what)
    VALUES (NEW.id, clock_timestamp(), 'status ' || NEW.status);
    RETURN NULL;
END
$$;

CREATE TRIGGER products_touch BEFORE UPDATE ON products
    FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER orders_touch BEFORE UPDATE ON orders
    FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER orders_note_status AFTER UPDATE OF status ON orders
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION note_status();
