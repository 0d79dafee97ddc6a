-- Names that other programs and stored rows rely on change once, here, and stay.
-- The owner of the tables runs this. The append-only triggers are off inside this transaction and nowhere else; a failure rolls that back too.

-- Tables
ALTER TABLE "notice" RENAME TO "outbox_event";
ALTER TABLE "outbox_event" RENAME CONSTRAINT "notice_pkey" TO "outbox_event_pkey";
ALTER INDEX "notice_xid_idx" RENAME TO "outbox_event_xid_idx";
ALTER SEQUENCE "notice_id_seq" RENAME TO "outbox_event_id_seq";

ALTER TABLE "known_browser" RENAME TO "device_cookie";
ALTER TABLE "device_cookie" RENAME CONSTRAINT "known_browser_pkey" TO "device_cookie_pkey";
ALTER TABLE "device_cookie" RENAME CONSTRAINT "known_browser_userId_fkey" TO "device_cookie_userId_fkey";
ALTER INDEX "known_browser_userId_idx" RENAME TO "device_cookie_userId_idx";

ALTER TABLE "throttle" RENAME TO "rate_limit";
ALTER TABLE "rate_limit" RENAME CONSTRAINT "throttle_pkey" TO "rate_limit_pkey";
ALTER INDEX "throttle_expiresAt_idx" RENAME TO "rate_limit_expiresAt_idx";

-- Columns
ALTER TABLE "rate_limit" RENAME COLUMN "tries" TO "attempts";
ALTER TABLE "challenge" RENAME COLUMN "tries" TO "attempts";
ALTER TABLE "session" RENAME COLUMN "provedAt" TO "reauthenticatedAt";
ALTER TABLE "member" RENAME COLUMN "until" TO "expiresAt";
ALTER INDEX "member_until" RENAME TO "member_expiresAt";
ALTER TABLE "instance" RENAME COLUMN "freeTries" TO "freeAttempts";
ALTER TABLE "instance" RENAME COLUMN "addressTries" TO "addressAttempts";
ALTER TABLE "instance" RENAME CONSTRAINT "instance_tries" TO "instance_attempts";

-- Values that a check lists
ALTER TABLE "challenge" DROP CONSTRAINT "challenge_kind";
UPDATE "challenge" SET "kind" = 'passkey-reauthentication' WHERE "kind" = 'passkey-proof';
ALTER TABLE "challenge" ADD CONSTRAINT "challenge_kind"
  CHECK ("kind" IN ('sign-in', 'passkey-sign-in', 'passkey-registration', 'passkey-reauthentication'));

-- Stored names: actions, refusal codes, and the fields of what was before and after
CREATE TEMPORARY TABLE "new_name" ("old" text PRIMARY KEY, "new" text NOT NULL) ON COMMIT DROP;
INSERT INTO "new_name" ("old", "new") VALUES
  ('session.prove', 'session.reauthenticate'),
  ('session.beginProof', 'session.beginReauthentication'),
  ('session.signIns', 'session.signInHistory'),
  ('factor.newRecoveryCodes', 'factor.replaceRecoveryCodes'),
  ('factor.change', 'factor.manage'),
  ('profile.edit', 'profile.update'),
  ('user.edit', 'user.update'),
  ('user.makeLink', 'user.createLink'),
  ('user.bulk', 'user.applyBulk'),
  ('system.change', 'system.update'),
  ('security.change', 'security.update'),
  ('member.change', 'member.update'),
  ('member.setUntil', 'member.setExpiry'),
  ('member.ended', 'member.expired'),
  ('import.look', 'import.preview'),
  ('link.look', 'link.inspect'),
  ('invitation.look', 'invitation.inspect'),
  ('notice.stream', 'changes.subscribe'),
  ('PROOF_REQUIRED', 'REAUTHENTICATION_REQUIRED'),
  ('NOT_IN_CELL', 'TARGET_NOT_ALLOWED'),
  ('STALE', 'CONFLICT'),
  ('CHANGED_SINCE', 'CONFLICT'),
  ('SELECTION_CHANGED', 'PREVIEW_OUTDATED'),
  ('TOO_MANY_TRIES', 'TOO_MANY_ATTEMPTS'),
  ('CREDENTIALS_WRONG', 'INVALID_CREDENTIALS'),
  ('CURRENT_PASSWORD_WRONG', 'INVALID_CURRENT_PASSWORD'),
  ('SETUP_CODE_WRONG', 'INVALID_SETUP_CODE'),
  ('LINK_INVALID', 'INVALID_LINK'),
  ('FACTOR_WRONG', 'INVALID_CODE'),
  ('CHALLENGE_OVER', 'CHALLENGE_EXPIRED'),
  ('PASSKEY_KNOWN', 'PASSKEY_EXISTS'),
  ('INVITATION_OVER', 'INVITATION_INACTIVE'),
  ('INVITATION_BEYOND_REACH', 'INVITATION_OUT_OF_SCOPE'),
  ('OWN_MEMBERSHIP_END', 'OWN_MEMBERSHIP_EXPIRY'),
  ('DAY_OVER', 'DATE_IN_PAST'),
  ('ROW_REPEATS', 'DUPLICATE_ROW'),
  ('CSV_UNREADABLE', 'FILE_UNREADABLE'),
  ('UNEXPECTED', 'INTERNAL_ERROR'),
  ('until', 'expiresAt'),
  ('people', 'users'),
  ('freeTries', 'freeAttempts'),
  ('addressTries', 'addressAttempts');

ALTER TABLE "audit_event" DISABLE TRIGGER "audit_event_append_only";
UPDATE "audit_event" e SET "action" = n."new" FROM "new_name" n WHERE e."action" = n."old";
UPDATE "audit_event" e SET "code" = n."new" FROM "new_name" n WHERE e."code" = n."old";
ALTER TABLE "audit_event" ENABLE TRIGGER "audit_event_append_only";

ALTER TABLE "audit_text" DISABLE TRIGGER "audit_text_erasure_only";
UPDATE "audit_text" t SET
  "before" = CASE jsonb_typeof(t."before") WHEN 'object' THEN
    (SELECT COALESCE(jsonb_object_agg(COALESCE(n."new", f."key"), f."value"), '{}') FROM jsonb_each(t."before") f LEFT JOIN "new_name" n ON n."old" = f."key") ELSE t."before" END,
  "after" = CASE jsonb_typeof(t."after") WHEN 'object' THEN
    (SELECT COALESCE(jsonb_object_agg(COALESCE(n."new", f."key"), f."value"), '{}') FROM jsonb_each(t."after") f LEFT JOIN "new_name" n ON n."old" = f."key") ELSE t."after" END
WHERE t."before" ?| ARRAY['until', 'people', 'freeTries', 'addressTries'] OR t."after" ?| ARRAY['until', 'people', 'freeTries', 'addressTries'];
ALTER TABLE "audit_text" ENABLE TRIGGER "audit_text_erasure_only";

UPDATE "refusal_count" r SET "action" = n."new" FROM "new_name" n WHERE r."action" = n."old";
UPDATE "refusal_count" r SET "code" = n."new" FROM "new_name" n WHERE r."code" = n."old";

-- The code alone changes: no import wrote STALE or CHANGED_SINCE, the two refusals that carry other details today.
UPDATE "import_row" r SET "refusal" = jsonb_set(r."refusal", '{code}', to_jsonb(n."new")) FROM "new_name" n WHERE r."refusal"->>'code' = n."old";

-- A field's problem is a code with parameters now. Rows of imports have it as an English sentence: these are all that a row could have.
CREATE TEMPORARY TABLE "new_problem" ("old" text PRIMARY KEY, "code" text NOT NULL, "params" jsonb NOT NULL, "message" text NOT NULL) ON COMMIT DROP;
INSERT INTO "new_problem" ("old", "code", "params", "message") VALUES
  ('At least 2 characters.', 'TOO_SHORT', '{"min": 2}', 'At least 2 characters.'),
  ('At most 64 characters.', 'TOO_LONG', '{"max": 64}', 'At most 64 characters.'),
  ('At most 80 characters.', 'TOO_LONG', '{"max": 80}', 'At most 80 characters.'),
  ('At most 100 characters.', 'TOO_LONG', '{"max": 100}', 'At most 100 characters.'),
  ('At most 1000 characters.', 'TOO_LONG', '{"max": 1000}', 'At most 1,000 characters.'),
  ('Only a–z, 0–9, dot, underscore and hyphen.', 'INVALID_USERNAME_CHARACTERS', '{}', 'Use only lowercase letters, numbers, dots, underscores and hyphens.'),
  ('Start with a letter or a digit.', 'INVALID_USERNAME_START', '{}', 'Start with a letter or a number.'),
  ('This contains characters that can’t be shown.', 'INVALID_CHARACTERS', '{}', 'Remove invisible or unsupported characters.'),
  ('This is none of the roles.', 'UNKNOWN_ROLE', '{}', 'Unknown role. Use Default User, Manager or Administrator.'),
  ('A whole number of 1 or more.', 'NOT_WHOLE_NUMBER', '{"min": 1}', 'Enter a whole number, 1 or higher.'),
  ('At most 1,000,000.', 'NUMBER_TOO_LARGE', '{"max": 1000000}', 'At most 1,000,000.'),
  ('An administrator has no daily limit.', 'LIMIT_NOT_FOR_ADMINISTRATOR', '{}', 'An administrator has no daily limit.'),
  ('At most 50 workspaces.', 'TOO_MANY_WORKSPACES', '{"max": 50}', 'At most 50 workspaces.'),
  ('Enter a name.', 'REQUIRED_NAME', '{}', 'Enter a name.'),
  ('The row has more cells than the header.', 'TOO_MANY_CELLS', '{}', 'The row has more cells than the header.');

-- Any other sentence stays as it is, under the general code.
UPDATE "import_row" r SET "refusal" = jsonb_set(r."refusal", '{details,issues}', (
  SELECT COALESCE(jsonb_agg(jsonb_build_object('path', i."value"->'path', 'code', COALESCE(p."code", 'INVALID_VALUE'),
    'params', COALESCE(p."params", '{}'), 'message', COALESCE(p."message", i."value"->>'message')) ORDER BY i."ordinality"), '[]')
  FROM jsonb_array_elements(r."refusal"#>'{details,issues}') WITH ORDINALITY i LEFT JOIN "new_problem" p ON p."old" = i."value"->>'message'))
WHERE r."refusal"->>'code' = 'BAD_INPUT' AND jsonb_typeof(r."refusal"#>'{details,issues}') = 'array';
