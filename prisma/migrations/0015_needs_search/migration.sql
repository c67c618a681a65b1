-- AlterTable
ALTER TABLE "need" ADD COLUMN     "from_name" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "grams" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "search" TEXT NOT NULL DEFAULT '';

-- DropIndex
DROP INDEX "need_corp_claimant_id_state_idx";

-- CreateIndex
CREATE INDEX "need_corp_claimant_id_opened_at_id_idx" ON "need"("corp", "claimant_id", "opened_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "need_corp_opened_at_id_idx" ON "need"("corp", "opened_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "need_corp_state_library_id_review_due_id_idx" ON "need"("corp", "state", "library_id", "review_due", "id");

-- CreateIndex
CREATE INDEX "need_organisation_id_idx" ON "need"("organisation_id");

-- CreateIndex
CREATE INDEX "need_grams_idx" ON "need" USING GIN ("grams");

-- By hand: what the schema cannot say.
-- Every two characters that stand beside each other, each with the prefix: what finds two Chinese characters without an extension.
CREATE FUNCTION "need_grams"("words" TEXT, "prefix" TEXT) RETURNS TEXT[] LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT coalesce(array_agg(DISTINCT "prefix" || substr(part, i, 2)), ARRAY[]::TEXT[])
  FROM regexp_split_to_table(upper("words"), '[[:space:],.;:!?()"''，。；：、！？（）“”‘’【】《》·—…-]+') part,
    generate_series(1, length(part) - 1) i
$$;

CREATE FUNCTION "need_search"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT f."short_name", upper(concat_ws(' ', NEW."summary", array_to_string(NEW."skills", ' '), NEW."place", f."name", f."short_name", l."name", t."name"))
  INTO NEW."from_name", NEW."search"
  FROM "organisation" f LEFT JOIN "organisation" t ON t."id" = f."parent_id" LEFT JOIN "organisation" l ON l."id" = NEW."library_id"
  WHERE f."id" = NEW."organisation_id";
  NEW."from_name" := coalesce(NEW."from_name", '');
  NEW."search" := coalesce(NEW."search", upper(NEW."summary"));
  NEW."grams" := need_grams(NEW."search", '');
  IF NEW."state" = 'OPEN' THEN
    NEW."grams" := NEW."grams" || need_grams(NEW."search", '+');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER "need_search_new" BEFORE INSERT ON "need" FOR EACH ROW EXECUTE FUNCTION "need_search"();
CREATE TRIGGER "need_search_changed" BEFORE UPDATE OF "state", "summary", "skills", "place", "organisation_id", "library_id", "search" ON "need"
FOR EACH ROW WHEN (
  (OLD."state" = 'OPEN') IS DISTINCT FROM (NEW."state" = 'OPEN') OR OLD."summary" IS DISTINCT FROM NEW."summary"
  OR OLD."skills" IS DISTINCT FROM NEW."skills" OR OLD."place" IS DISTINCT FROM NEW."place"
  OR OLD."organisation_id" IS DISTINCT FROM NEW."organisation_id" OR OLD."library_id" IS DISTINCT FROM NEW."library_id" OR NEW."search" = '')
EXECUTE FUNCTION "need_search"();

-- An organisation of another name is found by it from then on.
CREATE FUNCTION "need_search_renamed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "need" SET "search" = '' WHERE "organisation_id" = NEW."id" OR "library_id" = NEW."id"
    OR "organisation_id" IN (SELECT "id" FROM "organisation" WHERE "parent_id" = NEW."id");
  RETURN NULL;
END $$;
CREATE TRIGGER "need_search_renamed" AFTER UPDATE OF "name", "short_name", "parent_id" ON "organisation"
FOR EACH ROW WHEN (OLD."name" <> NEW."name" OR OLD."short_name" <> NEW."short_name" OR OLD."parent_id" IS DISTINCT FROM NEW."parent_id")
EXECUTE FUNCTION "need_search_renamed"();

-- What is not sorted in yet is read by every search: little of it.
ALTER INDEX "need_grams_idx" SET (gin_pending_list_limit = 64);
UPDATE "need" SET "search" = '';
