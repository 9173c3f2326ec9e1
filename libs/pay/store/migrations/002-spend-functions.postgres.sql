-- The arithmetic of limits on PostgreSQL; SQLite's twin is libs/pay/limits/src/sqlite-spend.ts. Exact under concurrency: the lock
-- is taken by a statement of its own, so that those which read see what its last holder wrote (READ COMMITTED only).

CREATE FUNCTION spend_lock() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'spend functions need READ COMMITTED: an older snapshot would not see the last holder''s rows';
  END IF;
  -- 'afpay' in ASCII, the lock of the original.
  PERFORM pg_advisory_xact_lock(x'6166706179'::bigint);
END $$;

-- What counts now for the rules of these buckets (NULL: of all), and since when the oldest of it.
CREATE FUNCTION spend_status(p_now bigint, p_buckets text[])
RETURNS TABLE (rule_id text, bucket text, window_ms bigint, max_spend numeric, said text, origin text, spent numeric, oldest_at_ms bigint)
LANGUAGE sql STABLE AS $$
  SELECT r.rule_id, r.bucket, r.window_ms, r.max_spend, r.said, r.origin,
    coalesce(b.held, 0) + coalesce(b.total, 0) - coalesce(o.total_after, 0),
    (SELECT e.at_ms FROM spend_events e
      WHERE e.bucket = r.bucket AND e.at_ms > greatest(p_now, b.last_at_ms) - r.window_ms
      ORDER BY e.at_ms, e.event_seq LIMIT 1)
  FROM spend_rules r
  LEFT JOIN spend_buckets b ON b.bucket = r.bucket
  LEFT JOIN LATERAL (SELECT e.total_after FROM spend_events e
    WHERE e.bucket = r.bucket AND e.at_ms <= greatest(p_now, b.last_at_ms) - r.window_ms
    ORDER BY e.at_ms DESC, e.event_seq DESC LIMIT 1) o ON true
  WHERE p_buckets IS NULL OR r.bucket = ANY (p_buckets)
  ORDER BY r.rule_id
$$;

-- ok | exists | conflict | limit_exceeded: the first rule that would break, then nothing is held.
CREATE FUNCTION spend_reserve(p_op text, p_hash text, p_state text, p_buckets text[], p_amounts numeric[], p_now bigint)
RETURNS TABLE (result text, state text, rule_id text, bucket text, window_ms bigint, max_spend numeric, said text, origin text,
  spent numeric, remaining_ms bigint)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_hash text;
  v_state text;
  s record;
BEGIN
  PERFORM spend_lock();
  SELECT r.request_hash, r.state INTO v_hash, v_state FROM spend_reservations r WHERE r.op_id = p_op;
  IF FOUND THEN
    result := CASE WHEN v_hash = p_hash THEN 'exists' ELSE 'conflict' END;
    state := v_state;
    RETURN NEXT;
    RETURN;
  END IF;
  SELECT st.* INTO s FROM spend_status(p_now, p_buckets) st
    JOIN unnest(p_buckets, p_amounts) d (bucket, amount) ON d.bucket = st.bucket
    WHERE st.spent + d.amount > st.max_spend
    ORDER BY st.rule_id COLLATE "C" LIMIT 1;
  IF FOUND THEN
    RETURN QUERY SELECT 'limit_exceeded', NULL::text, s.rule_id, s.bucket, s.window_ms, s.max_spend, s.said, s.origin,
      s.spent, greatest(coalesce(s.oldest_at_ms + s.window_ms - p_now, 0), 0)::bigint;
    RETURN;
  END IF;
  INSERT INTO spend_reservations (op_id, request_hash, state, created_at_ms) VALUES (p_op, p_hash, p_state, p_now);
  INSERT INTO spend_holds (op_id, bucket, amount)
    SELECT p_op, d.bucket, d.amount FROM unnest(p_buckets, p_amounts) d (bucket, amount);
  INSERT INTO spend_buckets AS b (bucket, held, total, last_at_ms)
    SELECT d.bucket, d.amount, 0, 0 FROM unnest(p_buckets, p_amounts) d (bucket, amount)
    ON CONFLICT (bucket) DO UPDATE SET held = b.held + excluded.held;
  result := 'ok';
  RETURN NEXT;
END $$;

-- Ends a payment with what really left. It checks no limit: the money is gone or not. sent overrides not_sent, nothing overrides
-- sent. What was recorded for the payment before (a fee that burned) is not recorded twice.
CREATE FUNCTION spend_settle(p_op text, p_outcome text, p_buckets text[], p_amounts numeric[], p_now bigint)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_state text;
BEGIN
  PERFORM spend_lock();
  SELECT state INTO v_state FROM spend_reservations WHERE op_id = p_op;
  IF NOT FOUND THEN RAISE EXCEPTION 'no reservation %', p_op; END IF;
  IF v_state = 'sent' OR (v_state = 'not_sent' AND p_outcome = 'not_sent') THEN RETURN 'already'; END IF;
  UPDATE spend_buckets b SET held = b.held - h.amount FROM spend_holds h WHERE h.op_id = p_op AND b.bucket = h.bucket;
  DELETE FROM spend_holds WHERE op_id = p_op;
  WITH news AS (
    SELECT d.bucket, d.amount - coalesce((SELECT sum(e.amount) FROM spend_events e WHERE e.op_id = p_op AND e.bucket = d.bucket), 0) AS amount
    FROM unnest(p_buckets, p_amounts) d (bucket, amount)
  ), moved AS (
    INSERT INTO spend_buckets AS b (bucket, held, total, last_at_ms)
      SELECT bucket, 0, amount, p_now FROM news WHERE amount > 0
      ON CONFLICT (bucket) DO UPDATE
        SET total = b.total + excluded.total, last_at_ms = greatest(b.last_at_ms, excluded.last_at_ms)
      RETURNING b.bucket, b.total, b.last_at_ms
  )
  INSERT INTO spend_events (bucket, at_ms, event_seq, op_id, amount, total_after)
    SELECT m.bucket, m.last_at_ms,
      (SELECT coalesce(max(e.event_seq), 0) + 1 FROM spend_events e WHERE e.bucket = m.bucket AND e.at_ms = m.last_at_ms),
      p_op, n.amount, m.total
    FROM moved m JOIN news n ON n.bucket = m.bucket;
  UPDATE spend_reservations SET state = p_outcome, finished_at_ms = p_now WHERE op_id = p_op;
  RETURN 'ok';
END $$;
