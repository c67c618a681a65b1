-- DropIndex
DROP INDEX "need_grams_idx";

-- AlterTable
ALTER TABLE "need" DROP COLUMN "grams";

-- CreateTable
CREATE TABLE "need_gram" (
    "list" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "need_id" TEXT NOT NULL,

    CONSTRAINT "need_gram_pkey" PRIMARY KEY ("list","at","need_id")
);

-- By hand: what the schema cannot say.
-- Every two characters that stand beside each other: what finds two Chinese characters without an extension.
DROP TRIGGER "need_search_changed" ON "need";
DROP FUNCTION "need_grams"(TEXT, TEXT);
CREATE FUNCTION "need_grams"("words" TEXT) RETURNS SETOF TEXT LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT DISTINCT substr(part, i, 2)
  FROM regexp_split_to_table("words", '[[:space:],.;:!?()"''，。；：、！？（）“”‘’【】《》·—…-]+') part, generate_series(1, length(part) - 1) i
$$;

-- The list of one pair of characters, or of one organisation, in a scope: nothing for the public needs, + for those that wait for a claim.
CREATE FUNCTION "need_list"("corp" TEXT, "scope" TEXT, "gram" TEXT) RETURNS BIGINT LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT ('x' || left(md5("corp" || '/' || "scope" || "gram"), 16))::bit(64)::bigint
$$;

CREATE FUNCTION "need_lists"("corp" TEXT, "scope" TEXT, "search" TEXT, "organisation" TEXT, "library" TEXT) RETURNS SETOF BIGINT LANGUAGE sql IMMUTABLE AS $$
  SELECT need_list("corp", "scope", gram) FROM (SELECT * FROM need_grams("search") UNION SELECT '@' || "organisation" UNION SELECT '@' || "library") g (gram)
$$;

-- Where in the lists of a scope a need stands; null when it stands in none.
CREATE FUNCTION "need_stands_at"("scope" TEXT, "state" TEXT, "opened_at" TIMESTAMPTZ, "published_at" TIMESTAMPTZ) RETURNS TIMESTAMPTZ LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN "scope" = '+' THEN CASE WHEN "state" = 'OPEN' THEN "published_at" END
    WHEN "state" <> 'WITHDRAWN' AND "published_at" IS NOT NULL THEN "opened_at" END
$$;

CREATE OR REPLACE FUNCTION "need_search"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT f."short_name", upper(concat_ws(' ', NEW."summary", array_to_string(NEW."skills", ' '), NEW."place", f."name", f."short_name", l."name", t."name"))
  INTO NEW."from_name", NEW."search"
  FROM "organisation" f LEFT JOIN "organisation" t ON t."id" = f."parent_id" LEFT JOIN "organisation" l ON l."id" = NEW."library_id"
  WHERE f."id" = NEW."organisation_id";
  NEW."from_name" := coalesce(NEW."from_name", '');
  NEW."search" := coalesce(NEW."search", upper(NEW."summary"));
  RETURN NEW;
END $$;
CREATE TRIGGER "need_search_changed" BEFORE UPDATE OF "summary", "skills", "place", "organisation_id", "library_id", "search" ON "need"
FOR EACH ROW WHEN (
  OLD."summary" IS DISTINCT FROM NEW."summary" OR OLD."skills" IS DISTINCT FROM NEW."skills" OR OLD."place" IS DISTINCT FROM NEW."place"
  OR OLD."organisation_id" IS DISTINCT FROM NEW."organisation_id" OR OLD."library_id" IS DISTINCT FROM NEW."library_id" OR NEW."search" = '')
EXECUTE FUNCTION "need_search"();

CREATE FUNCTION "need_listed"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  scope TEXT;
  before TIMESTAMPTZ;
  after TIMESTAMPTZ;
BEGIN
  FOREACH scope IN ARRAY ARRAY['', '+'] LOOP
    before := NULL;
    after := need_stands_at(scope, NEW."state", NEW."opened_at", NEW."published_at");
    IF TG_OP = 'UPDATE' THEN
      before := need_stands_at(scope, OLD."state", OLD."opened_at", OLD."published_at");
      CONTINUE WHEN before IS NOT DISTINCT FROM after AND OLD."search" = NEW."search"
        AND OLD."organisation_id" = NEW."organisation_id" AND OLD."library_id" = NEW."library_id";
    END IF;
    IF before IS NOT NULL THEN
      DELETE FROM "need_gram" WHERE "at" = before AND "need_id" = OLD."id"
        AND "list" = ANY(ARRAY(SELECT need_lists(OLD."corp", scope, OLD."search", OLD."organisation_id", OLD."library_id")));
    END IF;
    IF after IS NOT NULL THEN
      INSERT INTO "need_gram" ("list", "at", "need_id")
      SELECT list, after, NEW."id" FROM need_lists(NEW."corp", scope, NEW."search", NEW."organisation_id", NEW."library_id") list;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER "need_listed_new" AFTER INSERT ON "need" FOR EACH ROW EXECUTE FUNCTION "need_listed"();
CREATE TRIGGER "need_listed_changed" AFTER UPDATE ON "need" FOR EACH ROW WHEN (
  OLD."state" IS DISTINCT FROM NEW."state" OR OLD."published_at" IS DISTINCT FROM NEW."published_at" OR OLD."search" IS DISTINCT FROM NEW."search"
  OR OLD."organisation_id" IS DISTINCT FROM NEW."organisation_id" OR OLD."library_id" IS DISTINCT FROM NEW."library_id")
EXECUTE FUNCTION "need_listed"();

INSERT INTO "need_gram" ("list", "at", "need_id")
SELECT list, need_stands_at(scope, n."state", n."opened_at", n."published_at"), n."id"
FROM "need" n, unnest(ARRAY['', '+']) scope, need_lists(n."corp", scope, n."search", n."organisation_id", n."library_id") list
WHERE need_stands_at(scope, n."state", n."opened_at", n."published_at") IS NOT NULL;
