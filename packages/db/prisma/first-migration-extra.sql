
-- What Prisma's schema can't say.

ALTER TABLE "instance" ADD CONSTRAINT "instance_is_one" CHECK ("id" = 1);

-- Ordering and prefix search must mean the same on every server, whatever its locale.
ALTER TABLE "user"
  ALTER COLUMN "username" TYPE text COLLATE "C",
  ALTER COLUMN "displayNameKey" TYPE text COLLATE "C",
  ALTER COLUMN "searchKey" TYPE text COLLATE "C";
ALTER TABLE "workspace" ALTER COLUMN "nameKey" TYPE text COLLATE "C";

ALTER TABLE "user"
  ADD CONSTRAINT "user_username_shape" CHECK ("username" ~ '^[a-z0-9][a-z0-9._-]{1,63}$'),
  ADD CONSTRAINT "user_about_length" CHECK (char_length("about") <= 1000),
  ADD CONSTRAINT "user_limit_positive" CHECK ("dailyLimit" >= 1),
  ADD CONSTRAINT "user_limit_not_for_administrators" CHECK ("role" <> 'administrator' OR "dailyLimit" IS NULL),
  ADD CONSTRAINT "user_deleted_is_empty" CHECK (
    ("status" = 'deleted') = ("username" IS NULL)
    AND ("status" <> 'deleted' OR ("displayName" IS NULL AND "about" IS NULL AND "passwordHash" IS NULL))
  );
ALTER TABLE "workspace" ADD CONSTRAINT "workspace_name_length" CHECK (char_length("name") BETWEEN 1 AND 80);

-- The list of users: one index per sort, within an organization and over the instance; deleted users are in none.
CREATE INDEX "user_by_username" ON "user" ("organizationId", "username") WHERE "status" <> 'deleted';
CREATE INDEX "user_by_display_name" ON "user" ("organizationId", "displayNameKey", "id") WHERE "status" <> 'deleted';
CREATE INDEX "user_by_created" ON "user" ("organizationId", "createdAt", "id") WHERE "status" <> 'deleted';
CREATE INDEX "user_by_last_seen" ON "user" ("organizationId", (COALESCE("lastSeenAt", '-infinity'::timestamptz)), "id") WHERE "status" <> 'deleted';
CREATE INDEX "user_all_by_display_name" ON "user" ("displayNameKey", "id") WHERE "status" <> 'deleted';
CREATE INDEX "user_all_by_created" ON "user" ("createdAt", "id") WHERE "status" <> 'deleted';
CREATE INDEX "user_all_by_last_seen" ON "user" ((COALESCE("lastSeenAt", '-infinity'::timestamptz)), "id") WHERE "status" <> 'deleted';

-- Contains-search from three letters.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX "user_search" ON "user" USING gin ("searchKey" gin_trgm_ops) WHERE "status" <> 'deleted';

-- The administrators who could get in, counted under the instance's lock.
CREATE INDEX "user_administrators" ON "user" ("id") WHERE "role" = 'administrator' AND "status" = 'active';
CREATE INDEX "session_open" ON "session" ("userId") WHERE "endedAt" IS NULL;

-- Audit events: partitions by month, append-only for everybody who is not the partitions' owner dropping a whole one.
DROP TABLE "audit_event";
CREATE TABLE "audit_event" (
  "id" UUID NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "organizationId" UUID,
  "actorId" UUID,
  "through" TEXT NOT NULL,
  "throughId" UUID,
  "action" TEXT NOT NULL,
  "targetKind" TEXT,
  "targetId" UUID,
  "workspaceId" UUID,
  "outcome" TEXT NOT NULL CHECK ("outcome" IN ('allowed', 'refused')),
  "code" TEXT,
  "count" INTEGER NOT NULL DEFAULT 1,
  "batchId" UUID,
  CONSTRAINT "audit_event_pkey" PRIMARY KEY ("id", "at")
) PARTITION BY RANGE ("at");
CREATE INDEX "audit_event_organizationId_at_idx" ON "audit_event" ("organizationId", "at" DESC);
CREATE INDEX "audit_event_targetId_at_idx" ON "audit_event" ("targetId", "at" DESC);
CREATE INDEX "audit_event_actorId_at_idx" ON "audit_event" ("actorId", "at" DESC);

CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit rows are append-only: % on % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER "audit_event_append_only" BEFORE UPDATE OR DELETE ON "audit_event" FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER "audit_event_no_truncate" BEFORE TRUNCATE ON "audit_event" FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

-- Makes the partition of the month that `day` lies in, if it isn't there. Called at start and once a day for the months to come.
CREATE FUNCTION audit_partition(day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  first date := date_trunc('month', day)::date;
  part text := 'audit_event_' || to_char(first, 'YYYY_MM');
BEGIN
  IF to_regclass(quote_ident(part)) IS NOT NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(hashtext('audit_partition'));
  IF to_regclass(quote_ident(part)) IS NOT NULL THEN RETURN; END IF;
  EXECUTE format('CREATE TABLE %I PARTITION OF audit_event FOR VALUES FROM (%L) TO (%L)', part, first::timestamp AT TIME ZONE 'UTC', (first + interval '1 month')::timestamp AT TIME ZONE 'UTC');
  EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()', part || '_no_truncate', part);
END $$;
SELECT audit_partition(((now() AT TIME ZONE 'UTC')::date + make_interval(months => m))::date) FROM (VALUES (0), (1), (2)) AS months (m);

-- Erasure may empty the personal text of an event, and nothing else may be done to it.
CREATE FUNCTION audit_text_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW."eventId" = OLD."eventId" AND NEW."at" = OLD."at"
    AND num_nonnulls(NEW."actorName", NEW."targetName", NEW."before", NEW."after", NEW."address") = 0 THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'audit rows are append-only: % on % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER "audit_text_erasure_only" BEFORE UPDATE OR DELETE ON "audit_text" FOR EACH ROW EXECUTE FUNCTION audit_text_guard();
CREATE TRIGGER "audit_text_no_truncate" BEFORE TRUNCATE ON "audit_text" FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
