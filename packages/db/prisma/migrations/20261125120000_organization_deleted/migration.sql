-- A migration of its own: PostgreSQL takes a new value of an enum into use only after the transaction that adds it.
ALTER TYPE "organization_status" ADD VALUE 'deleted';
