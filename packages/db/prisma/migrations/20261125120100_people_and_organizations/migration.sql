-- DropIndex
DROP INDEX "organization_nameKey_key";

-- AlterTable
ALTER TABLE "organization" ADD COLUMN     "createdById" UUID,
ADD COLUMN     "oversightSince" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "instance" ADD COLUMN     "addressTries" INTEGER NOT NULL DEFAULT 100,
ADD COLUMN     "administratorNetworks" cidr[] NOT NULL DEFAULT '{}'::cidr[],
ADD COLUMN     "apiKeyRoles" "role"[] DEFAULT ARRAY['administrator', 'manager']::"role"[],
ADD COLUMN     "changeAtFirstSignIn" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "defaultNetworks" cidr[] NOT NULL DEFAULT '{}'::cidr[],
ADD COLUMN     "freeTries" INTEGER NOT NULL DEFAULT 5,
ADD COLUMN     "managerNetworks" cidr[] NOT NULL DEFAULT '{}'::cidr[],
ADD COLUMN     "passwordMin" INTEGER NOT NULL DEFAULT 8,
ADD COLUMN     "secondFactorRoles" "role"[] DEFAULT ARRAY[]::"role"[],
ADD COLUMN     "secretCheck" BYTEA,
ADD COLUMN     "securityVersion" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "sessionAbsoluteSeconds" INTEGER NOT NULL DEFAULT 2592000,
ADD COLUMN     "sessionIdleSeconds" INTEGER NOT NULL DEFAULT 604800;

-- AlterTable
ALTER TABLE "notice" ADD COLUMN     "workspaceIds" UUID[] DEFAULT ARRAY[]::UUID[];

-- AlterTable
ALTER TABLE "session" ADD COLUMN     "provedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- AlterTable
ALTER TABLE "user" ADD COLUMN     "factorResetAt" TIMESTAMPTZ(3),
ADD COLUMN     "factorResetById" UUID,
ADD COLUMN     "secondFactor" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "statusVersion" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "timeFormat" TEXT;

-- AlterTable
ALTER TABLE "workspace" ADD COLUMN     "archiveVersion" INTEGER NOT NULL DEFAULT 1;

-- CreateTable
CREATE TABLE "totp" (
    "userId" UUID NOT NULL,
    "secret" BYTEA NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "confirmedAt" TIMESTAMPTZ(3),
    "lastStep" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "totp_pkey" PRIMARY KEY ("userId")
);

-- CreateTable
CREATE TABLE "passkey" (
    "id" UUID NOT NULL,
    "userId" UUID NOT NULL,
    "credentialId" BYTEA NOT NULL,
    "publicKey" BYTEA NOT NULL,
    "counter" BIGINT NOT NULL,
    "transports" TEXT[],
    "backedUp" BOOLEAN NOT NULL,
    "name" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastUsedAt" TIMESTAMPTZ(3),

    CONSTRAINT "passkey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "recovery_code" (
    "userId" UUID NOT NULL,
    "codeHash" BYTEA NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "usedAt" TIMESTAMPTZ(3),

    CONSTRAINT "recovery_code_pkey" PRIMARY KEY ("userId","codeHash")
);

-- CreateTable
CREATE TABLE "challenge" (
    "id" UUID NOT NULL,
    "tokenHash" BYTEA NOT NULL,
    "kind" TEXT NOT NULL,
    "userId" UUID,
    "challenge" BYTEA,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "challenge_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "import" (
    "id" UUID NOT NULL,
    "organizationId" UUID NOT NULL,
    "fileName" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdById" UUID NOT NULL,
    "status" TEXT NOT NULL,
    "credential" TEXT NOT NULL,
    "rowCount" INTEGER NOT NULL,
    "startedAt" TIMESTAMPTZ(3),
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "import_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "import_row" (
    "importId" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "values" JSONB NOT NULL,
    "outcome" TEXT NOT NULL,
    "refusal" JSONB,
    "userId" UUID,

    CONSTRAINT "import_row_pkey" PRIMARY KEY ("importId","number")
);

-- CreateTable
CREATE TABLE "invitation" (
    "id" UUID NOT NULL,
    "organizationId" UUID NOT NULL,
    "tokenHash" BYTEA NOT NULL,
    "role" "role" NOT NULL,
    "note" TEXT,
    "uses" INTEGER NOT NULL DEFAULT 1,
    "used" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdById" UUID NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "revokedAt" TIMESTAMPTZ(3),
    "revokedById" UUID,

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invitation_workspace" (
    "organizationId" UUID NOT NULL,
    "invitationId" UUID NOT NULL,
    "workspaceId" UUID NOT NULL,

    CONSTRAINT "invitation_workspace_pkey" PRIMARY KEY ("invitationId","workspaceId")
);

-- CreateTable
CREATE TABLE "member_request" (
    "id" UUID NOT NULL,
    "organizationId" UUID NOT NULL,
    "workspaceId" UUID NOT NULL,
    "requestedById" UUID NOT NULL,
    "colleague" TEXT NOT NULL,
    "note" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "decidedAt" TIMESTAMPTZ(3),
    "decidedById" UUID,
    "accepted" BOOLEAN,
    "userId" UUID,

    CONSTRAINT "member_request_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "passkey_credentialId_key" ON "passkey"("credentialId");

-- CreateIndex
CREATE INDEX "passkey_userId_idx" ON "passkey"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "challenge_tokenHash_key" ON "challenge"("tokenHash");

-- CreateIndex
CREATE INDEX "challenge_userId_idx" ON "challenge"("userId");

-- CreateIndex
CREATE INDEX "challenge_expiresAt_idx" ON "challenge"("expiresAt");

-- CreateIndex
CREATE INDEX "import_organizationId_createdAt_id_idx" ON "import"("organizationId", "createdAt" DESC, "id");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_tokenHash_key" ON "invitation"("tokenHash");

-- CreateIndex
CREATE INDEX "invitation_organizationId_createdAt_id_idx" ON "invitation"("organizationId", "createdAt" DESC, "id");

-- CreateIndex
CREATE INDEX "invitation_createdById_idx" ON "invitation"("createdById");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_organizationId_id_key" ON "invitation"("organizationId", "id");

-- CreateIndex
CREATE INDEX "invitation_workspace_organizationId_workspaceId_idx" ON "invitation_workspace"("organizationId", "workspaceId");

-- CreateIndex
CREATE INDEX "member_request_organizationId_createdAt_id_idx" ON "member_request"("organizationId", "createdAt" DESC, "id");

-- CreateIndex
CREATE INDEX "member_request_organizationId_workspaceId_idx" ON "member_request"("organizationId", "workspaceId");

-- CreateIndex
CREATE INDEX "member_request_requestedById_idx" ON "member_request"("requestedById");

-- CreateIndex
CREATE INDEX "organization_nameKey_id_idx" ON "organization"("nameKey", "id");

-- AddForeignKey
ALTER TABLE "totp" ADD CONSTRAINT "totp_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "passkey" ADD CONSTRAINT "passkey_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recovery_code" ADD CONSTRAINT "recovery_code_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "challenge" ADD CONSTRAINT "challenge_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "import" ADD CONSTRAINT "import_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "import_row" ADD CONSTRAINT "import_row_importId_fkey" FOREIGN KEY ("importId") REFERENCES "import"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation_workspace" ADD CONSTRAINT "invitation_workspace_organizationId_invitationId_fkey" FOREIGN KEY ("organizationId", "invitationId") REFERENCES "invitation"("organizationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation_workspace" ADD CONSTRAINT "invitation_workspace_organizationId_workspaceId_fkey" FOREIGN KEY ("organizationId", "workspaceId") REFERENCES "workspace"("organizationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member_request" ADD CONSTRAINT "member_request_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member_request" ADD CONSTRAINT "member_request_organizationId_workspaceId_fkey" FOREIGN KEY ("organizationId", "workspaceId") REFERENCES "workspace"("organizationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member_request" ADD CONSTRAINT "member_request_requestedById_fkey" FOREIGN KEY ("requestedById") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma's schema can't say.

-- The name of a deleted organization is free at once.
CREATE UNIQUE INDEX "organization_name" ON "organization" ("caselessName") WHERE "status" <> 'deleted';
ALTER TABLE "organization" ALTER COLUMN "nameKey" TYPE text COLLATE "C";

ALTER TABLE "instance"
  ALTER COLUMN "secondFactorRoles" SET NOT NULL,
  ALTER COLUMN "apiKeyRoles" SET NOT NULL,
  ADD CONSTRAINT "instance_password_min" CHECK ("passwordMin" BETWEEN 8 AND 64),
  ADD CONSTRAINT "instance_session_lifetimes" CHECK ("sessionIdleSeconds" BETWEEN 300 AND "sessionAbsoluteSeconds" AND "sessionAbsoluteSeconds" <= 31536000),
  ADD CONSTRAINT "instance_tries" CHECK ("freeTries" BETWEEN 3 AND 20 AND "addressTries" BETWEEN 10 AND 1000);
ALTER TABLE "user" ADD CONSTRAINT "user_time_format" CHECK ("timeFormat" IN ('12', '24'));
ALTER TABLE "passkey" ALTER COLUMN "transports" SET DEFAULT '{}', ALTER COLUMN "transports" SET NOT NULL;
ALTER TABLE "notice" ALTER COLUMN "workspaceIds" SET NOT NULL;
ALTER TABLE "challenge" ADD CONSTRAINT "challenge_kind" CHECK ("kind" IN ('sign-in', 'passkey-sign-in', 'passkey-registration', 'passkey-proof'));
ALTER TABLE "invitation"
  ADD CONSTRAINT "invitation_uses" CHECK ("uses" BETWEEN 1 AND 1000 AND "used" BETWEEN 0 AND "uses"),
  ADD CONSTRAINT "invitation_note" CHECK (char_length("note") <= 500);
ALTER TABLE "member_request" ADD CONSTRAINT "member_request_decided" CHECK (("decidedAt" IS NULL) = ("accepted" IS NULL));
ALTER TABLE "import" ADD CONSTRAINT "import_status" CHECK ("status" IN ('ready', 'running', 'done')),
  ADD CONSTRAINT "import_credential" CHECK ("credential" IN ('link', 'password'));
ALTER TABLE "import_row" ADD CONSTRAINT "import_row_outcome" CHECK ("outcome" IN ('create', 'refused', 'created', 'failed'));

-- Who has no second factor, for the list's filter and the policy that requires one.
CREATE INDEX "user_without_second_factor" ON "user" ("organizationId", "username") WHERE "status" <> 'deleted' AND NOT "secondFactor";
-- A colleague's open requests are few among all that were ever decided.
CREATE INDEX "member_request_open" ON "member_request" ("organizationId", "createdAt" DESC, "id") WHERE "decidedAt" IS NULL;
-- Memberships that end by themselves are few; the sweep that writes them down looks every few seconds.
CREATE INDEX "member_until" ON "member" ("until") WHERE "until" IS NOT NULL;
