/** The statements of the job queue. Each runs in a transaction that named its tenant, which is $1. */

export const insertJob = `
  INSERT INTO jobs (tenant_id, job_id, kind, status, key_id, request_key, request_hash, repeat_until, asker, input, total)
  VALUES ($1, $2, $3, 'queued', $4, $5, $6, now() + make_interval(secs => $7), $8, $9, $10)
  ON CONFLICT (tenant_id, job_id) DO NOTHING RETURNING *`;

/** Requests with the same key wait for one another, so that one of them makes the job. */
export const lockRequest = `SELECT pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 9))`;

export const jobOfRequest = `
  SELECT * FROM jobs WHERE tenant_id = $1 AND request_key = $2 AND repeat_until > now() ORDER BY place DESC LIMIT 1`;

export const jobById = `SELECT * FROM jobs WHERE tenant_id = $1 AND job_id = $2`;

export const newestJobs = `
  SELECT * FROM jobs WHERE tenant_id = $1 AND ($2::text[] IS NULL OR kind = ANY($2)) AND ($3::text IS NULL OR key_id = $3)
    AND ($4::uuid IS NULL OR place < (SELECT place FROM jobs WHERE tenant_id = $1 AND job_id = $4))
  ORDER BY place DESC LIMIT $5`;

export const resultsAfter = `
  SELECT item, ok, body FROM job_results WHERE tenant_id = $1 AND job_id = $2 AND item > $3 AND NOT (ok AND $5)
  ORDER BY item LIMIT $4`;

/** A slice that runs ends the job when it ends; otherwise it is over now. */
export const cancelJob = `
  UPDATE jobs SET cancel_requested = true,
    status = CASE WHEN lease IS NULL THEN 'cancelled' ELSE status END,
    finished_at = CASE WHEN lease IS NULL THEN now() ELSE NULL END
  WHERE tenant_id = $1 AND job_id = $2 AND finished_at IS NULL`;

/** Where nothing failed and nothing is left, the input is gone. */
export const retryJob = `
  UPDATE jobs SET status = 'queued', failed = 0, attempts = 0, checkpoint = NULL, summary = NULL, error = NULL,
    due_at = now(), lease = NULL, cancel_requested = false, finished_at = NULL
  WHERE tenant_id = $1 AND job_id = $2 AND finished_at IS NOT NULL AND input IS NOT NULL`;

export const forgetFailures = `DELETE FROM job_results WHERE tenant_id = $1 AND job_id = $2 AND NOT ok`;

const oldestOpen = `
  SELECT job_id FROM jobs WHERE tenant_id = $1 AND kind = $2 AND finished_at IS NULL ORDER BY place LIMIT 1`;

export const isDue = `
  SELECT due_at <= now() AS due FROM jobs WHERE tenant_id = $1 AND job_id = (${oldestOpen})`;

/** Takes the job from whoever had it before. */
export const takeJob = `
  UPDATE jobs SET status = 'running', lease = $3, attempts = attempts + 1, started_at = coalesce(started_at, now())
  WHERE tenant_id = $1 AND job_id = (${oldestOpen} FOR UPDATE) AND due_at <= now() RETURNING *`;

export const heldJob = `
  SELECT cancel_requested FROM jobs WHERE tenant_id = $1 AND job_id = $2 AND lease = $3`;

export const succeededItems = `
  SELECT item FROM job_results WHERE tenant_id = $1 AND job_id = $2 AND ok AND item >= $3 AND item < $4`;

/** What the results that are about to be replaced have counted. */
export const countOfItems = `
  SELECT count(*) FILTER (WHERE ok) AS succeeded, count(*) FILTER (WHERE NOT ok) AS failed
  FROM job_results WHERE tenant_id = $1 AND job_id = $2 AND item = ANY($3::int[])`;

export const writeResults = `
  INSERT INTO job_results (tenant_id, job_id, item, ok, body)
  SELECT $1, $2, item, ok, body FROM unnest($3::int[], $4::boolean[], $5::bytea[]) AS r (item, ok, body)
  ON CONFLICT (tenant_id, job_id, item) DO UPDATE SET ok = excluded.ok, body = excluded.body`;

export const writeProgress = `
  UPDATE jobs SET succeeded = succeeded + $4, failed = failed + $5, total = coalesce($6, total),
    checkpoint = coalesce($7, checkpoint), summary = coalesce($8, summary)
  WHERE tenant_id = $1 AND job_id = $2 AND lease = $3`;

/** $4: seconds until the next slice; $5: whether the slice ended well. */
export const endSlice = `
  UPDATE jobs SET lease = NULL, due_at = now() + make_interval(secs => $4),
    attempts = CASE WHEN $5 THEN 0 ELSE attempts END,
    status = CASE WHEN cancel_requested THEN 'cancelled' ELSE status END,
    finished_at = CASE WHEN cancel_requested THEN now() END
  WHERE tenant_id = $1 AND job_id = $2 AND lease = $3`;

/** What nobody can ask to be done again need not be kept. */
export const finishJob = `
  UPDATE jobs SET lease = NULL, status = $4, error = $5, finished_at = now(),
    input = CASE WHEN $4 = 'completed' AND failed = 0 THEN NULL ELSE input END, checkpoint = NULL
  WHERE tenant_id = $1 AND job_id = $2 AND lease = $3`;

/** Asked without a tenant, by the role that sees of jobs only whether there is work. */
export const lanesWithWork = `
  SELECT DISTINCT tenant_id, kind FROM jobs WHERE finished_at IS NULL AND due_at <= now() AND kind = ANY($1) LIMIT 10000`;

export const tenantsWithOldJobs = `
  SELECT DISTINCT tenant_id FROM jobs WHERE finished_at < now() - make_interval(days => $1)`;

export const deleteOldJobs = `
  DELETE FROM jobs WHERE tenant_id = $1 AND job_id IN (
    SELECT job_id FROM jobs WHERE tenant_id = $1 AND finished_at < now() - make_interval(days => $2) LIMIT 100)`;
