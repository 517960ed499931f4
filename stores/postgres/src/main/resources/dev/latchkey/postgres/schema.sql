-- Latchkey's sessions and revoked tokens in PostgreSQL, version 1.
--
-- One statement, so that it happens as a whole or not at all. It may be run again, and by many nodes at once; an older
-- version is brought up to date.
--
-- Texts are kept as their UTF-8 bytes, so that neither the encoding nor the collation of the database has a say:
--     SELECT convert_from(label, 'UTF8'), used_at FROM latchkey.session;
-- A subject's key is the SHA-256 of issuer and subject, as these are longer than an index takes. Every row is kept two
-- minutes longer than expires_at says (TokenStore.SLACK), as the clocks of nodes and server may differ.
--
-- Whoever changes rows of several sessions locks the subject's row first, and sweep never waits: no deadlocks. A query
-- with a plan worth keeping is in PL/pgSQL, as SQL functions are planned with each call.
DO $latchkey$
BEGIN
    PERFORM pg_advisory_xact_lock(7809647127384876409); -- nodes that start together take turns

    IF to_regnamespace('latchkey') IS NULL THEN
        CREATE SCHEMA latchkey;
    END IF;
    CREATE TABLE IF NOT EXISTS latchkey.version (
        one boolean PRIMARY KEY DEFAULT true CHECK (one),
        number integer NOT NULL,
        -- Tokens without a session that are older are refused: what was revoked before is not known.
        since timestamptz NOT NULL DEFAULT date_trunc('second', clock_timestamp())
    );
    IF (SELECT number FROM latchkey.version) > 1 THEN
        RAISE EXCEPTION 'schema latchkey has version %, which a newer Latchkey made, and not 1: update latchkey-postgres',
            (SELECT number FROM latchkey.version);
    END IF;

    -- The row to lock for a subject, and up to which second all of its tokens were ended.
    CREATE TABLE IF NOT EXISTS latchkey.subject (
        key bytea PRIMARY KEY,
        generation bigint NOT NULL DEFAULT 0,
        expires_at timestamptz NOT NULL
    );
    CREATE TABLE IF NOT EXISTS latchkey.session (
        subject bytea NOT NULL,
        id bytea NOT NULL,
        label bytea NOT NULL,
        started_at timestamptz NOT NULL,
        used_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        -- The refresh token, and the id of the one before it.
        token bytea NOT NULL,
        issued_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        previous bytea,
        PRIMARY KEY (subject, id)
    );
    CREATE TABLE IF NOT EXISTS latchkey.revoked (
        key bytea PRIMARY KEY,
        expires_at timestamptz NOT NULL
    );
    CREATE INDEX IF NOT EXISTS subject_expires_at ON latchkey.subject (expires_at);
    CREATE INDEX IF NOT EXISTS session_expires_at ON latchkey.session (expires_at);
    CREATE INDEX IF NOT EXISTS revoked_expires_at ON latchkey.revoked (expires_at);

    CREATE OR REPLACE FUNCTION latchkey.generation(p_subject bytea) RETURNS bigint STABLE LANGUAGE plpgsql AS $$
    BEGIN
        RETURN coalesce((SELECT generation FROM latchkey.subject WHERE key = p_subject), 0);
    END $$;

    -- The id of the session and those of the ones that had to go; no row if the generation has moved. The subject's row
    -- is always written, so that whoever waited for it with an older snapshot (REPEATABLE READ) is told to try again.
    CREATE OR REPLACE FUNCTION latchkey.open_session(
        p_subject bytea, p_generation bigint, p_session bytea, p_label bytea, p_started timestamptz, p_used timestamptz,
        p_ends timestamptz, p_token bytea, p_issued timestamptz, p_expires timestamptz, p_most integer
    ) RETURNS SETOF bytea LANGUAGE plpgsql AS $$
    DECLARE
        v_generation bigint;
        v_now timestamptz;
    BEGIN
        INSERT INTO latchkey.subject AS s (key, expires_at) VALUES (p_subject, p_ends)
            ON CONFLICT (key) DO UPDATE SET expires_at = greatest(s.expires_at, excluded.expires_at)
            RETURNING s.generation INTO v_generation;
        IF v_generation <> p_generation THEN
            RETURN;
        END IF;
        v_now := clock_timestamp(); -- after the wait for the row
        RETURN NEXT p_session;
        IF (SELECT count(*) FROM latchkey.session WHERE subject = p_subject) >= p_most THEN
            RETURN QUERY DELETE FROM latchkey.session
                WHERE subject = p_subject AND id IN (
                    SELECT id FROM latchkey.session
                        WHERE subject = p_subject AND expires_at >= v_now - interval '2 minutes'
                        ORDER BY used_at DESC OFFSET greatest(p_most - 1, 0))
                RETURNING id;
        END IF;
        INSERT INTO latchkey.session (subject, id, label, started_at, used_at, ends_at, token, issued_at, expires_at)
            VALUES (p_subject, p_session, p_label, p_started, p_used, p_ends, p_token, p_issued, p_expires);
        PERFORM latchkey.sweep_at_times();
    END $$;

    CREATE OR REPLACE FUNCTION latchkey.rotate(
        p_subject bytea, p_session bytea, p_presented bytea, p_token bytea, p_issued timestamptz, p_expires timestamptz,
        p_grace_millis bigint, OUT presented text, OUT token bytea, OUT issued timestamptz, OUT expires timestamptz
    ) LANGUAGE plpgsql AS $$
    DECLARE
        v_session latchkey.session;
        v_now timestamptz;
    BEGIN
        SELECT * INTO v_session FROM latchkey.session WHERE subject = p_subject AND id = p_session FOR UPDATE;
        v_now := clock_timestamp(); -- after the wait for the lock
        IF v_session.id IS NULL OR v_session.expires_at < v_now - interval '2 minutes' THEN
            presented := 'ENDED';
        ELSIF v_session.token = p_presented THEN
            UPDATE latchkey.session s
                SET previous = s.token, used_at = v_now, token = p_token, issued_at = p_issued,
                    expires_at = least(p_expires, s.ends_at)
                WHERE s.subject = p_subject AND s.id = p_session
                RETURNING 'ROTATED', s.token, s.issued_at, s.expires_at INTO presented, token, issued, expires;
        ELSIF v_session.previous = p_presented
                AND v_now <= v_session.used_at + p_grace_millis * interval '1 millisecond' THEN
            presented := 'REPEATED';
            token := v_session.token;
            issued := v_session.issued_at;
            expires := v_session.expires_at;
        ELSE
            DELETE FROM latchkey.session WHERE subject = p_subject AND id = p_session;
            presented := 'REUSED';
        END IF;
    END $$;

    CREATE OR REPLACE FUNCTION latchkey.revoke(p_key bytea, p_until timestamptz) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO latchkey.revoked AS r (key, expires_at) VALUES (p_key, p_until)
            ON CONFLICT (key) DO UPDATE SET expires_at = greatest(r.expires_at, excluded.expires_at);
        PERFORM latchkey.sweep_at_times();
    END $$;

    CREATE OR REPLACE FUNCTION latchkey.end_session(p_subject bytea, p_session bytea) RETURNS boolean
    LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM latchkey.session
            WHERE subject = p_subject AND id = p_session AND expires_at >= now() - interval '2 minutes';
        RETURN found;
    END $$;

    CREATE OR REPLACE FUNCTION latchkey.end_all(p_subject bytea, p_keep bytea, p_until timestamptz)
    RETURNS bigint LANGUAGE plpgsql AS $$
    DECLARE
        v_ended bigint;
    BEGIN
        -- The clock is read in SET, after the wait for the row.
        INSERT INTO latchkey.subject AS s (key, generation, expires_at)
            VALUES (p_subject, floor(extract(epoch FROM clock_timestamp())), p_until)
            ON CONFLICT (key) DO UPDATE
            SET generation = greatest(s.generation + 1, floor(extract(epoch FROM clock_timestamp()))),
                expires_at = greatest(s.expires_at, excluded.expires_at);
        WITH ended AS (
            DELETE FROM latchkey.session WHERE subject = p_subject AND id IS DISTINCT FROM p_keep
                RETURNING expires_at >= clock_timestamp() - interval '2 minutes' AS was_open)
            SELECT count(*) FILTER (WHERE was_open) INTO v_ended FROM ended;
        PERFORM latchkey.sweep_at_times();
        RETURN v_ended;
    END $$;

    CREATE OR REPLACE FUNCTION latchkey.is_live(
        p_token bytea, p_subject bytea, p_session bytea, p_issued timestamptz
    ) RETURNS boolean STABLE LANGUAGE plpgsql AS $$
    BEGIN
        RETURN NOT EXISTS (SELECT FROM latchkey.revoked WHERE key = p_token) AND CASE
            WHEN p_session IS NOT NULL THEN EXISTS (
                SELECT FROM latchkey.session
                    WHERE subject = p_subject AND id = p_session AND expires_at >= now() - interval '2 minutes')
            ELSE p_issued >= (SELECT since FROM latchkey.version)
                AND floor(extract(epoch FROM p_issued)) > latchkey.generation(p_subject)
            END;
    END $$;

    CREATE OR REPLACE FUNCTION latchkey.is_current(p_subject bytea, p_session bytea, p_token bytea) RETURNS boolean
    STABLE LANGUAGE plpgsql AS $$
    BEGIN
        RETURN EXISTS (
            SELECT FROM latchkey.session
                WHERE subject = p_subject AND id = p_session AND p_token IN (token, previous)
                    AND expires_at >= now() - interval '2 minutes');
    END $$;

    -- Those of these sessions that are open; the subject of each has its place in the other array.
    CREATE OR REPLACE FUNCTION latchkey.live(p_subjects bytea[], p_sessions bytea[]) RETURNS SETOF bytea
    STABLE LANGUAGE sql AS $$
        SELECT id FROM unnest(p_subjects, p_sessions) AS asked (subject, id) JOIN latchkey.session USING (subject, id)
            WHERE expires_at >= now() - interval '2 minutes'
    $$;

    CREATE OR REPLACE FUNCTION latchkey.sessions(p_subject bytea)
    RETURNS TABLE (id bytea, label bytea, started_at timestamptz, used_at timestamptz, ends_at timestamptz)
    STABLE LANGUAGE sql AS $$
        SELECT id, label, started_at, used_at, ends_at FROM latchkey.session
            WHERE subject = p_subject AND expires_at >= now() - interval '2 minutes' ORDER BY used_at DESC
    $$;

    -- Removes at most this many rows of each table that are over, but none that somebody has locked; how many it were.
    CREATE OR REPLACE FUNCTION latchkey.sweep(p_most integer) RETURNS bigint LANGUAGE sql AS $$
        WITH sessions AS (
            DELETE FROM latchkey.session WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM latchkey.session WHERE expires_at < now() - interval '2 minutes'
                    ORDER BY expires_at LIMIT p_most FOR UPDATE SKIP LOCKED)) RETURNING 1),
        tokens AS (
            DELETE FROM latchkey.revoked WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM latchkey.revoked WHERE expires_at < now() - interval '2 minutes'
                    ORDER BY expires_at LIMIT p_most FOR UPDATE SKIP LOCKED)) RETURNING 1),
        subjects AS (
            DELETE FROM latchkey.subject WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM latchkey.subject WHERE expires_at < now() - interval '2 minutes'
                    ORDER BY expires_at LIMIT p_most FOR UPDATE SKIP LOCKED)) RETURNING 1)
        SELECT count(*) FROM (TABLE sessions UNION ALL TABLE tokens UNION ALL TABLE subjects) AS swept
    $$;

    -- What writes end with, as it locks rows and must wait for none after that.
    CREATE OR REPLACE FUNCTION latchkey.sweep_at_times() RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        IF random() < 1.0 / 64 THEN
            PERFORM latchkey.sweep(256);
        END IF;
    EXCEPTION WHEN others THEN -- what fails here is no reason to refuse a login or a logout
        RAISE WARNING 'expired sessions were not removed: %', SQLERRM;
    END $$;

    CREATE OR REPLACE FUNCTION latchkey.warnings() RETURNS SETOF text STABLE LANGUAGE sql AS $$
        SELECT 'PostgreSQL has synchronous_commit = off: a crash brings back sessions and tokens that were ended just '
            'before; ALTER ROLE ... SET synchronous_commit = on'
            WHERE current_setting('synchronous_commit') = 'off'
        UNION ALL
        SELECT 'PostgreSQL has fsync or full_page_writes = off: a crash of its machine can destroy the database; set '
            'both to on in postgresql.conf'
            WHERE 'off' IN (current_setting('fsync'), current_setting('full_page_writes'))
        UNION ALL
        SELECT 'PostgreSQL takes no writes, being a standby or told to be read-only: logins, refreshes and logouts are '
            'refused with 503, and sessions that ended are let in until the standby has caught up; connect to the '
            'primary, with targetServerType=primary in the URL'
            WHERE current_setting('transaction_read_only') = 'on'
    $$;

    INSERT INTO latchkey.version (number) VALUES (1) ON CONFLICT (one) DO UPDATE SET number = excluded.number;
END $latchkey$;
