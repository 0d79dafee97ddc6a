-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "organization_status" AS ENUM ('active', 'suspended');

-- CreateEnum
CREATE TYPE "manager_scope" AS ENUM ('organization', 'assigned');

-- CreateEnum
CREATE TYPE "role" AS ENUM ('administrator', 'manager', 'default');

-- CreateEnum
CREATE TYPE "user_status" AS ENUM ('active', 'suspended', 'deleted');

-- CreateTable
CREATE TABLE "audit_text" (
    "eventId" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actorName" TEXT,
    "targetName" TEXT,
    "before" JSONB,
    "after" JSONB,
    "address" TEXT,

    CONSTRAINT "audit_text_pkey" PRIMARY KEY ("eventId")
);

-- CreateTable
CREATE TABLE "refusal_count" (
    "minute" TIMESTAMPTZ(0) NOT NULL,
    "subject" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "organizationId" UUID,
    "actorId" UUID,
    "throughId" UUID,
    "targetKind" TEXT,
    "targetId" UUID,
    "actorName" TEXT,
    "address" TEXT,
    "count" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "refusal_count_pkey" PRIMARY KEY ("minute","subject","action","code")
);

-- CreateTable
CREATE TABLE "notice" (
    "id" BIGSERIAL NOT NULL,
    "xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "organizationId" UUID,
    "capability" TEXT NOT NULL,
    "targetId" UUID,
    "workspaceId" UUID,

    CONSTRAINT "notice_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "organization" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "nameKey" TEXT NOT NULL,
    "caselessName" TEXT NOT NULL,
    "status" "organization_status" NOT NULL DEFAULT 'active',
    "timeZone" TEXT NOT NULL DEFAULT 'UTC',
    "managerScope" "manager_scope" NOT NULL DEFAULT 'organization',
    "oversight" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "organization_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "instance" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "name" TEXT NOT NULL DEFAULT 'Roster',
    "namedAt" TIMESTAMPTZ(3),
    "supportAddress" TEXT,
    "defaultTimeZone" TEXT NOT NULL DEFAULT 'UTC',
    "hmacKey" BYTEA NOT NULL,
    "setupCodeHash" BYTEA,
    "setUpAt" TIMESTAMPTZ(3),

    CONSTRAINT "instance_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" UUID NOT NULL,
    "tokenHash" BYTEA NOT NULL,
    "organizationId" UUID NOT NULL,
    "userId" UUID NOT NULL,
    "device" TEXT,
    "address" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastSeenAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "absoluteEndAt" TIMESTAMPTZ(3) NOT NULL,
    "endedAt" TIMESTAMPTZ(3),
    "endReason" TEXT,
    "endedById" UUID,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "known_browser" (
    "tokenHash" BYTEA NOT NULL,
    "userId" UUID NOT NULL,
    "lastUsedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "known_browser_pkey" PRIMARY KEY ("tokenHash", "userId")
);

-- CreateTable
CREATE TABLE "link" (
    "id" UUID NOT NULL,
    "organizationId" UUID NOT NULL,
    "userId" UUID NOT NULL,
    "tokenHash" BYTEA NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdById" UUID,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "usedAt" TIMESTAMPTZ(3),
    "revokedAt" TIMESTAMPTZ(3),

    CONSTRAINT "link_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "throttle" (
    "key" BYTEA NOT NULL,
    "tries" INTEGER NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "retryAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "throttle_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "user" (
    "id" UUID NOT NULL,
    "organizationId" UUID NOT NULL,
    "username" TEXT,
    "displayName" TEXT,
    "displayNameKey" TEXT NOT NULL DEFAULT '',
    "searchKey" TEXT NOT NULL DEFAULT '',
    "about" TEXT,
    "role" "role" NOT NULL,
    "status" "user_status" NOT NULL DEFAULT 'active',
    "dailyLimit" INTEGER,
    "language" TEXT,
    "theme" TEXT,
    "passwordHash" TEXT,
    "passwordChangeRequired" BOOLEAN NOT NULL DEFAULT false,
    "passwordSetAt" TIMESTAMPTZ(3),
    "passwordSetById" UUID,
    "passwordChosenById" UUID,
    "version" INTEGER NOT NULL DEFAULT 1,
    "editedAt" TIMESTAMPTZ(3),
    "editedById" UUID,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdById" UUID,
    "lastSeenAt" TIMESTAMPTZ(3),

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workspace" (
    "id" UUID NOT NULL,
    "organizationId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "nameKey" TEXT NOT NULL,
    "caselessName" TEXT NOT NULL,
    "archivedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdById" UUID,

    CONSTRAINT "workspace_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "member" (
    "organizationId" UUID NOT NULL,
    "workspaceId" UUID NOT NULL,
    "userId" UUID NOT NULL,
    "addedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "addedById" UUID,
    "until" TIMESTAMPTZ(3),
    "mayAddDocuments" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "member_pkey" PRIMARY KEY ("workspaceId","userId")
);

-- CreateIndex
CREATE INDEX "notice_xid_idx" ON "notice"("xid");

-- CreateIndex
CREATE UNIQUE INDEX "organization_nameKey_key" ON "organization"("nameKey");

-- CreateIndex
CREATE UNIQUE INDEX "session_tokenHash_key" ON "session"("tokenHash");

-- CreateIndex
CREATE INDEX "session_userId_createdAt_idx" ON "session"("userId", "createdAt");

-- CreateIndex
CREATE INDEX "known_browser_userId_idx" ON "known_browser"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "link_tokenHash_key" ON "link"("tokenHash");

-- CreateIndex
CREATE INDEX "link_userId_idx" ON "link"("userId");

-- CreateIndex
CREATE INDEX "throttle_expiresAt_idx" ON "throttle"("expiresAt");

-- CreateIndex
CREATE UNIQUE INDEX "user_username_key" ON "user"("username");

-- CreateIndex
CREATE INDEX "user_organizationId_role_idx" ON "user"("organizationId", "role");

-- CreateIndex
CREATE UNIQUE INDEX "user_organizationId_id_key" ON "user"("organizationId", "id");

-- CreateIndex
CREATE INDEX "workspace_nameKey_id_idx" ON "workspace"("nameKey", "id");

-- CreateIndex
CREATE INDEX "workspace_organizationId_nameKey_id_idx" ON "workspace"("organizationId", "nameKey", "id");

-- CreateIndex
CREATE UNIQUE INDEX "workspace_organizationId_caselessName_key" ON "workspace"("organizationId", "caselessName");

-- CreateIndex
CREATE UNIQUE INDEX "workspace_organizationId_id_key" ON "workspace"("organizationId", "id");

-- CreateIndex
CREATE INDEX "member_userId_idx" ON "member"("userId");

-- CreateIndex
CREATE INDEX "member_organizationId_userId_idx" ON "member"("organizationId", "userId");

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "known_browser" ADD CONSTRAINT "known_browser_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "link" ADD CONSTRAINT "link_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user" ADD CONSTRAINT "user_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workspace" ADD CONSTRAINT "workspace_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_organizationId_workspaceId_fkey" FOREIGN KEY ("organizationId", "workspaceId") REFERENCES "workspace"("organizationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_organizationId_userId_fkey" FOREIGN KEY ("organizationId", "userId") REFERENCES "user"("organizationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

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
-- With the end in their key, members are counted, and looked for, in the index alone.
ALTER TABLE "member" DROP CONSTRAINT "member_pkey", ADD CONSTRAINT "member_pkey" PRIMARY KEY ("workspaceId", "userId") INCLUDE ("until");
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
