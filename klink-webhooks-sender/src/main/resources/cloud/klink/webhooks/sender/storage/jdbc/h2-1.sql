-- Times are microseconds since 1970-01-01T00:00Z. environment: 0 development, 1 production.
-- state: 0 waiting, 1 succeeded, 2 failed, 3 cancelled, 4 discarded. outcome: 0 succeeded, 1 rejected,
-- 2 timed out, 3 unreachable, 4 refused, 5 TLS, 6 broken, 7 not allowed, 8 internal. status_class: the
-- status's first digit, 0 no answer, 9 other.

CREATE TABLE IF NOT EXISTS klink_schema_version (
  version INTEGER PRIMARY KEY
);

-- One row: whoever writes locks it first, so that no two writers meet anywhere else.
CREATE TABLE IF NOT EXISTS klink_writer (
  id INTEGER PRIMARY KEY
);

MERGE INTO klink_writer (id) KEY (id) VALUES (1);

CREATE TABLE IF NOT EXISTS klink_webhook (
  id VARCHAR(200) PRIMARY KEY,
  environment SMALLINT NOT NULL,
  name VARCHAR NOT NULL,
  method VARCHAR(20) NOT NULL,
  url VARCHAR NOT NULL,
  auth_header VARCHAR NOT NULL,
  auth_value VARCHAR NOT NULL,
  secret VARCHAR NOT NULL,
  pause_cause VARCHAR(20),
  pause_reason VARCHAR,
  paused_at BIGINT,
  active_since BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  secret_version BIGINT NOT NULL,
  auth_version BIGINT NOT NULL
);

CREATE INDEX IF NOT EXISTS klink_webhook_list ON klink_webhook (environment, id);

CREATE INDEX IF NOT EXISTS klink_webhook_active ON klink_webhook (pause_cause, id);

CREATE TABLE IF NOT EXISTS klink_subscription (
  environment SMALLINT NOT NULL,
  selector VARCHAR(200) NOT NULL,
  webhook_id VARCHAR(200) NOT NULL,
  PRIMARY KEY (environment, selector, webhook_id)
);

CREATE INDEX IF NOT EXISTS klink_subscription_webhook ON klink_subscription (webhook_id);

CREATE TABLE IF NOT EXISTS klink_event (
  environment SMALLINT NOT NULL,
  event_id VARCHAR NOT NULL,
  created_at BIGINT NOT NULL,
  body BLOB NOT NULL,
  traceparent VARCHAR,
  PRIMARY KEY (environment, event_id)
);

CREATE INDEX IF NOT EXISTS klink_event_age ON klink_event (created_at);

-- No reference to klink_webhook: the deliveries of a deleted webhook stay.
CREATE TABLE IF NOT EXISTS klink_delivery (
  id VARCHAR(40) PRIMARY KEY,
  webhook_id VARCHAR(200) NOT NULL,
  environment SMALLINT NOT NULL,
  event_id VARCHAR NOT NULL,
  event_name VARCHAR NOT NULL,
  state SMALLINT NOT NULL,
  attempts INTEGER NOT NULL,
  due_at BIGINT NOT NULL,
  lease_until BIGINT,
  token BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  finished_at BIGINT,
  last_outcome SMALLINT,
  status_class SMALLINT,
  last_status INTEGER,
  last_preview VARCHAR,
  redelivery_of VARCHAR(40),
  redelivered_as VARCHAR(40),
  -- The attempt that succeeded, if it is kept.
  started_at BIGINT,
  duration BIGINT,
  retry_after BIGINT,
  sent_again SMALLINT,
  method VARCHAR,
  url VARCHAR,
  auth_header VARCHAR,
  error VARCHAR,
  trace VARCHAR,
  response VARCHAR,
  response_headers VARCHAR,
  connected_to VARCHAR
);

CREATE INDEX IF NOT EXISTS klink_delivery_waiting ON klink_delivery (state, webhook_id, due_at);

-- The log: of a webhook, of an environment, of an event; what failed; what is old.
CREATE INDEX IF NOT EXISTS klink_delivery_log ON klink_delivery (webhook_id, created_at, id);

CREATE INDEX IF NOT EXISTS klink_delivery_time ON klink_delivery (environment, created_at, id);

CREATE INDEX IF NOT EXISTS klink_delivery_event ON klink_delivery (event_id);

CREATE INDEX IF NOT EXISTS klink_delivery_trouble ON klink_delivery (status_class, environment, created_at, id);

CREATE INDEX IF NOT EXISTS klink_delivery_failed ON klink_delivery (webhook_id, state, finished_at);

CREATE INDEX IF NOT EXISTS klink_delivery_finished ON klink_delivery (finished_at);

-- Attempts that failed: one that succeeded stands in the row of its delivery, which is written anyway.
-- token: that of the lease under which the attempt was made.
CREATE TABLE IF NOT EXISTS klink_failed_attempt (
  delivery_id VARCHAR(40) NOT NULL,
  number INTEGER NOT NULL,
  webhook_id VARCHAR(200) NOT NULL,
  started_at BIGINT NOT NULL,
  token BIGINT NOT NULL,
  duration BIGINT NOT NULL,
  failed_at BIGINT NOT NULL,
  status INTEGER,
  outcome SMALLINT NOT NULL,
  retry_after BIGINT,
  sent_again SMALLINT NOT NULL,
  method VARCHAR NOT NULL,
  url VARCHAR NOT NULL,
  auth_header VARCHAR NOT NULL,
  error VARCHAR NOT NULL,
  trace VARCHAR NOT NULL,
  response VARCHAR NOT NULL,
  response_headers VARCHAR NOT NULL,
  connected_to VARCHAR NOT NULL,
  PRIMARY KEY (delivery_id, number)
);

CREATE INDEX IF NOT EXISTS klink_failed_attempt_time ON klink_failed_attempt (webhook_id, failed_at);

-- What became of the attempts that began within 5 minutes, by event name: how many had each outcome
-- (o), each kind of answer (s), each class of durations (d) and the status 200 (ok). webhook_id: ''
-- for all of the environment. slot: transactions at the same time have different ones, and do not
-- wait for each other.
CREATE TABLE IF NOT EXISTS klink_statistics (
  webhook_id VARCHAR NOT NULL,
  environment SMALLINT NOT NULL,
  start_at BIGINT NOT NULL,
  event_name VARCHAR NOT NULL,
  slot SMALLINT NOT NULL,
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
);

-- For what is old; with the webhook, since some databases take it for the last day of a few as well.
CREATE INDEX IF NOT EXISTS klink_statistics_age
  ON klink_statistics (start_at, webhook_id, environment);

-- How many of these attempts were answered with each other HTTP status.
CREATE TABLE IF NOT EXISTS klink_status (
  webhook_id VARCHAR NOT NULL,
  environment SMALLINT NOT NULL,
  start_at BIGINT NOT NULL,
  event_name VARCHAR NOT NULL,
  status INTEGER NOT NULL,
  slot SMALLINT NOT NULL,
  attempts INTEGER NOT NULL,
  PRIMARY KEY (webhook_id, environment, start_at, event_name, status, slot)
);

CREATE INDEX IF NOT EXISTS klink_status_age
  ON klink_status (start_at, webhook_id, environment);

MERGE INTO klink_schema_version (version) KEY (version) VALUES (1);
