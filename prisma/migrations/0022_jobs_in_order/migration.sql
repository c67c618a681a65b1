-- By hand: what the schema cannot say.

ALTER TABLE "job" RENAME COLUMN "lease_ends" TO "free_at";
