-- CreateTable
CREATE TABLE "receipt" (
    "corp" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "reply" JSONB NOT NULL,

    CONSTRAINT "receipt_pkey" PRIMARY KEY ("corp","key")
);

-- CreateTable
CREATE TABLE "job" (
    "id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "key" TEXT,
    "payload" JSONB NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "lease" TEXT,
    "lease_ends" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "dead_at" TIMESTAMPTZ(3),

    CONSTRAINT "job_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit" (
    "id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "person_id" TEXT,
    "standing_id" TEXT,
    "intent" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "message_id" TEXT,
    "subject" TEXT,
    "outcome" TEXT NOT NULL,
    "change" JSONB,

    CONSTRAINT "audit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "counter" (
    "corp" TEXT NOT NULL,
    "letter" TEXT NOT NULL,
    "year" INTEGER NOT NULL,
    "last" INTEGER NOT NULL,

    CONSTRAINT "counter_pkey" PRIMARY KEY ("corp","letter","year")
);

-- CreateTable
CREATE TABLE "need" (
    "id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "no" TEXT NOT NULL,
    "class" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "author_id" TEXT NOT NULL,
    "standing_id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "library_id" TEXT NOT NULL,
    "round" INTEGER NOT NULL DEFAULT 1,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "review_due" TIMESTAMPTZ(3) NOT NULL,
    "decided_at" TIMESTAMPTZ(3),
    "decider_standing_id" TEXT,
    "return_reason" TEXT,
    "published_at" TIMESTAMPTZ(3),
    "claimed_at" TIMESTAMPTZ(3),
    "claimant_id" TEXT,
    "claimant_standing_id" TEXT,
    "merged_into_id" TEXT,

    CONSTRAINT "need_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "need_supporter" (
    "need_id" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "need_supporter_pkey" PRIMARY KEY ("need_id","person_id","kind")
);

-- CreateTable
CREATE TABLE "notice_setting" (
    "person_id" TEXT NOT NULL,
    "level" TEXT NOT NULL DEFAULT 'ALL',
    "digest_at" TIMESTAMPTZ(3),
    "grouped_at" TIMESTAMPTZ(3),

    CONSTRAINT "notice_setting_pkey" PRIMARY KEY ("person_id")
);

-- CreateTable
CREATE TABLE "organisation" (
    "id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "short_name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "parent_id" TEXT,
    "party_organisation_id" TEXT,
    "active" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "organisation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "person" (
    "id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "user_key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "phone_sealed" TEXT,
    "phone_mark" TEXT,
    "phone_tail_mark" TEXT,

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "standing" (
    "id" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3),
    "lender_id" TEXT,

    CONSTRAINT "standing_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "roster_import" (
    "corp" TEXT NOT NULL,
    "no" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by_id" TEXT,
    "plan" JSONB,
    "applied_at" TIMESTAMPTZ(3),

    CONSTRAINT "roster_import_pkey" PRIMARY KEY ("corp","no")
);

-- CreateTable
CREATE TABLE "group_binding" (
    "corp" TEXT NOT NULL,
    "chat_id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "standing_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "group_binding_pkey" PRIMARY KEY ("corp","chat_id")
);

-- CreateTable
CREATE TABLE "parameter" (
    "id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "set_by" TEXT,

    CONSTRAINT "parameter_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sent_card" (
    "corp" TEXT NOT NULL,
    "task_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "key" TEXT,
    "card" JSONB NOT NULL,
    "response_code" TEXT,
    "code_at" TIMESTAMPTZ(3),
    "sent_at" TIMESTAMPTZ(3) NOT NULL,
    "stamped_at" TIMESTAMPTZ(3),
    "replaced_at" TIMESTAMPTZ(3),

    CONSTRAINT "sent_card_pkey" PRIMARY KEY ("corp","task_id")
);

-- CreateTable
CREATE TABLE "photo" (
    "corp" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "photo_pkey" PRIMARY KEY ("corp","sha256")
);

-- CreateIndex
CREATE INDEX "receipt_at_idx" ON "receipt"("at");

-- CreateIndex
CREATE INDEX "job_due_at_id_idx" ON "job"("due_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "job_corp_name_key_key" ON "job"("corp", "name", "key");

-- CreateIndex
CREATE INDEX "audit_corp_subject_at_idx" ON "audit"("corp", "subject", "at");

-- CreateIndex
CREATE INDEX "audit_corp_at_idx" ON "audit"("corp", "at");

-- CreateIndex
CREATE INDEX "need_corp_state_published_at_id_idx" ON "need"("corp", "state", "published_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "need_corp_state_class_published_at_id_idx" ON "need"("corp", "state", "class", "published_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "need_corp_claimant_id_state_idx" ON "need"("corp", "claimant_id", "state");

-- CreateIndex
CREATE INDEX "need_corp_author_id_opened_at_idx" ON "need"("corp", "author_id", "opened_at" DESC);

-- CreateIndex
CREATE INDEX "need_corp_library_id_opened_at_idx" ON "need"("corp", "library_id", "opened_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "need_corp_no_key" ON "need"("corp", "no");

-- CreateIndex
CREATE INDEX "organisation_parent_id_idx" ON "organisation"("parent_id");

-- CreateIndex
CREATE UNIQUE INDEX "organisation_corp_code_key" ON "organisation"("corp", "code");

-- CreateIndex
CREATE INDEX "person_corp_phone_mark_idx" ON "person"("corp", "phone_mark");

-- CreateIndex
CREATE INDEX "person_corp_phone_tail_mark_idx" ON "person"("corp", "phone_tail_mark");

-- CreateIndex
CREATE INDEX "person_corp_name_idx" ON "person"("corp", "name");

-- CreateIndex
CREATE UNIQUE INDEX "person_corp_user_key_key" ON "person"("corp", "user_key");

-- CreateIndex
CREATE INDEX "standing_organisation_id_role_idx" ON "standing"("organisation_id", "role");

-- CreateIndex
CREATE UNIQUE INDEX "standing_person_id_organisation_id_role_since_key" ON "standing"("person_id", "organisation_id", "role", "since");

-- CreateIndex
CREATE INDEX "roster_import_corp_state_applied_at_idx" ON "roster_import"("corp", "state", "applied_at");

-- CreateIndex
CREATE INDEX "parameter_corp_key_since_idx" ON "parameter"("corp", "key", "since");

-- CreateIndex
CREATE INDEX "sent_card_corp_key_idx" ON "sent_card"("corp", "key");

-- AddForeignKey
ALTER TABLE "organisation" ADD CONSTRAINT "organisation_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "organisation"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "standing" ADD CONSTRAINT "standing_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "standing" ADD CONSTRAINT "standing_lender_id_fkey" FOREIGN KEY ("lender_id") REFERENCES "person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "standing" ADD CONSTRAINT "standing_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- By hand: what the schema cannot say.

CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END
$$;

CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
