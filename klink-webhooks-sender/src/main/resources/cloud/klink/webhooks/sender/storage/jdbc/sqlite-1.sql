-- Times are microseconds since 1970-01-01T00:00Z. environment: 0 development, 1 production.
-- state: 0 waiting, 1 succeeded, 2 failed, 3 cancelled, 4 discarded. outcome: 0 succeeded, 1 rejected,
-- 2 timed out, 3 unreachable, 4 refused, 5 TLS, 6 broken, 7 not allowed, 8 internal. status_class: the
-- status's first digit, 0 no answer, 9 other.

CREATE TABLE IF NOT EXISTS klink_schema_version (
  version INTEGER PRIMARY KEY
);

CREATE TABLE IF NOT EXISTS klink_webhook (
  id TEXT NOT NULL PRIMARY KEY,
  environment INTEGER NOT NULL,
  name TEXT NOT NULL,
  method TEXT NOT NULL,
  url TEXT NOT NULL,
  auth_header TEXT NOT NULL,
  auth_value TEXT NOT NULL,
  secret TEXT NOT NULL,
  pause_cause TEXT,
  pause_reason TEXT,
  paused_at INTEGER,
  active_since INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  version INTEGER NOT NULL,
  secret_version INTEGER NOT NULL,
  auth_version INTEGER NOT NULL
);

CREATE INDEX IF NOT EXISTS klink_webhook_list ON klink_webhook (environment, id);

CREATE INDEX IF NOT EXISTS klink_webhook_active ON klink_webhook (id) WHERE pause_cause IS NULL;

CREATE TABLE IF NOT EXISTS klink_subscription (
  environment INTEGER NOT NULL,
  selector TEXT NOT NULL,
  webhook_id TEXT NOT NULL,
  PRIMARY KEY (environment, selector, webhook_id)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS klink_subscription_webhook ON klink_subscription (webhook_id);

CREATE TABLE IF NOT EXISTS klink_event (
  environment INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  body BLOB NOT NULL,
  traceparent TEXT,
  PRIMARY KEY (environment, event_id)
);

CREATE INDEX IF NOT EXISTS klink_event_age ON klink_event (created_at);

-- No reference to klink_webhook: the deliveries of a deleted webhook stay.
CREATE TABLE IF NOT EXISTS klink_delivery (
  id TEXT NOT NULL PRIMARY KEY,
  webhook_id TEXT NOT NULL,
  environment INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  event_name TEXT NOT NULL,
  state INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  lease_until INTEGER,
  token INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  finished_at INTEGER,
  last_outcome INTEGER,
  status_class INTEGER,
  last_status INTEGER,
  last_preview TEXT,
  redelivery_of TEXT,
  redelivered_as TEXT,
  -- The attempt that succeeded, if it is kept.
  started_at INTEGER,
  duration INTEGER,
  retry_after INTEGER,
  sent_again INTEGER,
  method TEXT,
  url TEXT,
  auth_header TEXT,
  error TEXT,
  trace TEXT,
  response TEXT,
  response_headers TEXT,
  connected_to TEXT
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS klink_delivery_waiting
  ON klink_delivery (webhook_id, due_at) WHERE state = 0;

-- The log: of a webhook, of an environment, of an event; what failed; what is old.
CREATE INDEX IF NOT EXISTS klink_delivery_log ON klink_delivery (webhook_id, created_at, id);

CREATE INDEX IF NOT EXISTS klink_delivery_time ON klink_delivery (environment, created_at, id);

CREATE INDEX IF NOT EXISTS klink_delivery_event ON klink_delivery (event_id);

CREATE INDEX IF NOT EXISTS klink_delivery_trouble
  ON klink_delivery (status_class, environment, created_at, id) WHERE status_class <> 2;

CREATE INDEX IF NOT EXISTS klink_delivery_failed
  ON klink_delivery (webhook_id, finished_at) WHERE state = 2 AND redelivered_as IS NULL;

CREATE INDEX IF NOT EXISTS klink_delivery_finished
  ON klink_delivery (finished_at) WHERE state <> 0;

-- Attempts that failed: one that succeeded stands in the row of its delivery, which is written anyway.
-- token: that of the lease under which the attempt was made.
CREATE TABLE IF NOT EXISTS klink_failed_attempt (
  delivery_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  webhook_id TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  token INTEGER NOT NULL,
  duration INTEGER NOT NULL,
  failed_at INTEGER NOT NULL,
  status INTEGER,
  outcome INTEGER NOT NULL,
  retry_after INTEGER,
  sent_again INTEGER NOT NULL,
  method TEXT NOT NULL,
  url TEXT NOT NULL,
  auth_header TEXT NOT NULL,
  error TEXT NOT NULL,
  trace TEXT NOT NULL,
  response TEXT NOT NULL,
  response_headers TEXT NOT NULL,
  connected_to TEXT NOT NULL,
  PRIMARY KEY (delivery_id, number)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS klink_failed_attempt_time
  ON klink_failed_attempt (webhook_id, failed_at);

-- What became of the attempts that began within 5 minutes, by event name: how many had each outcome
-- (o), each kind of answer (s), each class of durations (d) and the status 200 (ok). webhook_id: ''
-- for all of the environment. slot: transactions at the same time have different ones, and do not
-- wait for each other.
CREATE TABLE IF NOT EXISTS klink_statistics (
  webhook_id TEXT NOT NULL,
  environment INTEGER NOT NULL,
  start_at INTEGER NOT NULL,
  event_name TEXT NOT NULL,
  slot INTEGER NOT NULL,
  o0 INTEGER NOT NULL,
  o1 INTEGER NOT NULL,
  o2 INTEGER NOT NULL,
  o3 INTEGER NOT NULL,
  o4 INTEGER NOT NULL,
  o5 INTEGER NOT NULL,
  o6 INTEGER NOT NULL,
  o7 INTEGER NOT NULL,
  o8 INTEGER NOT NULL,
  s0 INTEGER NOT NULL,
  s2 INTEGER NOT NULL,
  s3 INTEGER NOT NULL,
  s4 INTEGER NOT NULL,
  s5 INTEGER NOT NULL,
  s9 INTEGER NOT NULL,
  d0 INTEGER NOT NULL,
  d1 INTEGER NOT NULL,
  d2 INTEGER NOT NULL,
  d3 INTEGER NOT NULL,
  d4 INTEGER NOT NULL,
  d5 INTEGER NOT NULL,
  d6 INTEGER NOT NULL,
  d7 INTEGER NOT NULL,
  d8 INTEGER NOT NULL,
  d9 INTEGER NOT NULL,
  d10 INTEGER NOT NULL,
  d11 INTEGER NOT NULL,
  d12 INTEGER NOT NULL,
  d13 INTEGER NOT NULL,
  d14 INTEGER NOT NULL,
  d15 INTEGER NOT NULL,
  d16 INTEGER NOT NULL,
  d17 INTEGER NOT NULL,
  d18 INTEGER NOT NULL,
  d19 INTEGER NOT NULL,
  ok INTEGER NOT NULL,
  PRIMARY KEY (webhook_id, environment, start_at, event_name, slot)
) WITHOUT ROWID;

-- For what is old; with the webhook, since some databases take it for the last day of a few as well.
CREATE INDEX IF NOT EXISTS klink_statistics_age
  ON klink_statistics (start_at, webhook_id, environment);

-- How many of these attempts were answered with each other HTTP status.
CREATE TABLE IF NOT EXISTS klink_status (
  webhook_id TEXT NOT NULL,
  environment INTEGER NOT NULL,
  start_at INTEGER NOT NULL,
  event_name TEXT NOT NULL,
  status INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  PRIMARY KEY (webhook_id, environment, start_at, event_name, status, slot)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS klink_status_age
  ON klink_status (start_at, webhook_id, environment);

INSERT OR IGNORE INTO klink_schema_version (version) VALUES (1);
