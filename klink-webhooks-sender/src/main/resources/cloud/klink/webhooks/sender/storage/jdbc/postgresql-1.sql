-- Times are microseconds since 1970-01-01T00:00Z. environment: 0 development, 1 production.
-- state: 0 waiting, 1 succeeded, 2 failed, 3 cancelled, 4 discarded.

CREATE TABLE IF NOT EXISTS klink_schema_version (
  version INTEGER PRIMARY KEY
);

CREATE TABLE IF NOT EXISTS klink_webhook (
  id TEXT COLLATE "C" PRIMARY KEY,
  environment SMALLINT NOT NULL,
  name TEXT NOT NULL,
  method TEXT NOT NULL,
  url TEXT NOT NULL,
  auth_kind TEXT NOT NULL,
  auth_header TEXT NOT NULL,
  auth_value TEXT NOT NULL,
  secret TEXT NOT NULL,
  pause_cause TEXT,
  pause_reason TEXT,
  paused_at BIGINT,
  active_since BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);

CREATE INDEX IF NOT EXISTS klink_webhook_list ON klink_webhook (environment, id);

CREATE TABLE IF NOT EXISTS klink_subscription (
  environment SMALLINT NOT NULL,
  selector TEXT COLLATE "C" NOT NULL,
  webhook_id TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (environment, selector, webhook_id)
);

CREATE INDEX IF NOT EXISTS klink_subscription_webhook ON klink_subscription (webhook_id);

-- A body of a few kilobytes stays in its row as it is: to compress it, or to fetch it from
-- elsewhere, costs more than it saves.
CREATE TABLE IF NOT EXISTS klink_event (
  environment SMALLINT NOT NULL,
  event_id TEXT COLLATE "C" NOT NULL,
  body BYTEA NOT NULL,
  PRIMARY KEY (environment, event_id)
) WITH (toast_tuple_target = 8160);

ALTER TABLE klink_event ALTER COLUMN body SET STORAGE EXTERNAL;

-- No reference to klink_webhook: the deliveries of a deleted webhook stay.
CREATE TABLE IF NOT EXISTS klink_delivery (
  due_at BIGINT NOT NULL,
  token BIGINT NOT NULL,
  lease_until BIGINT,
  created_at BIGINT NOT NULL,
  finished_at BIGINT,
  attempts INTEGER NOT NULL,
  state SMALLINT NOT NULL,
  environment SMALLINT NOT NULL,
  id TEXT COLLATE "C" PRIMARY KEY,
  webhook_id TEXT COLLATE "C" NOT NULL,
  event_id TEXT COLLATE "C" NOT NULL,
  event_name TEXT NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);

CREATE INDEX IF NOT EXISTS klink_delivery_waiting
  ON klink_delivery (webhook_id, due_at) WHERE state = 0;

CREATE INDEX IF NOT EXISTS klink_delivery_log ON klink_delivery (webhook_id, id);

CREATE TABLE IF NOT EXISTS klink_attempt (
  started_at BIGINT NOT NULL,
  duration BIGINT NOT NULL,
  failed_at BIGINT,
  number INTEGER NOT NULL,
  status INTEGER,
  delivery_id TEXT COLLATE "C" NOT NULL,
  webhook_id TEXT COLLATE "C" NOT NULL,
  error TEXT NOT NULL,
  trace TEXT NOT NULL,
  response TEXT NOT NULL,
  PRIMARY KEY (delivery_id, number)
);

CREATE INDEX IF NOT EXISTS klink_attempt_failed
  ON klink_attempt (webhook_id, failed_at) WHERE failed_at IS NOT NULL;

INSERT INTO klink_schema_version (version) VALUES (1) ON CONFLICT DO NOTHING;
