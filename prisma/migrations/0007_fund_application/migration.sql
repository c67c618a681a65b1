-- CreateTable
CREATE TABLE "fund_application" (
    "id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "no" TEXT NOT NULL,
    "fund_id" TEXT NOT NULL,
    "host_id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "enterprise_id" TEXT,
    "applicant_id" TEXT NOT NULL,
    "standing_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "round" INTEGER NOT NULL DEFAULT 1,
    "content" TEXT NOT NULL,
    "form" TEXT NOT NULL,
    "place" TEXT NOT NULL,
    "held_on" TEXT NOT NULL,
    "people" INTEGER NOT NULL,
    "minutes" TEXT NOT NULL,
    "budget" JSONB NOT NULL,
    "budget_total" BIGINT NOT NULL,
    "asked" BIGINT NOT NULL,
    "credit" BIGINT NOT NULL DEFAULT 0,
    "credit_year" INTEGER NOT NULL,
    "proposed" BIGINT,
    "paid" BIGINT,
    "spent" BIGINT,
    "snapshot" JSONB NOT NULL,
    "rule_version" INTEGER NOT NULL,
    "part_of" TEXT,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "queued_at" TIMESTAMPTZ(3),
    "due_at" TIMESTAMPTZ(3),
    "assignee_id" TEXT,
    "cosigner_id" TEXT,
    "sharer_id" TEXT,
    "reason" TEXT,
    "notice_from" TIMESTAMPTZ(3),
    "notice_until" TIMESTAMPTZ(3),
    "stopped_at" TIMESTAMPTZ(3),
    "payer_id" TEXT,
    "paid_at" TIMESTAMPTZ(3),
    "settle_due" TIMESTAMPTZ(3),
    "settled_at" TIMESTAMPTZ(3),
    "attended" INTEGER,
    "summary" TEXT,
    "photos" TEXT[],
    "rating" INTEGER,
    "nudged_at" TIMESTAMPTZ(3),

    CONSTRAINT "fund_application_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fund_decision" (
    "id" TEXT NOT NULL,
    "application_id" TEXT NOT NULL,
    "round" INTEGER NOT NULL,
    "step" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "standing_id" TEXT NOT NULL,
    "reason" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "fund_decision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fund_objection" (
    "id" TEXT NOT NULL,
    "application_id" TEXT NOT NULL,
    "round" INTEGER NOT NULL,
    "objector_id" TEXT,
    "mark" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,

    CONSTRAINT "fund_objection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fund_ruling" (
    "id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "application_id" TEXT NOT NULL,
    "round" INTEGER NOT NULL,
    "verdict" TEXT NOT NULL,
    "amount" BIGINT,
    "reason" TEXT NOT NULL,
    "ruler_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "cosigner_id" TEXT,

    CONSTRAINT "fund_ruling_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fund_rule_chapter" (
    "id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "chapter" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "standing_id" TEXT NOT NULL,

    CONSTRAINT "fund_rule_chapter_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "star_evidence" (
    "id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "item" TEXT NOT NULL,
    "times" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "ref" TEXT NOT NULL,
    "standing_id" TEXT,

    CONSTRAINT "star_evidence_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "star_rating" (
    "id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "year" INTEGER NOT NULL,
    "score" INTEGER NOT NULL,
    "stars" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "proposed_at" TIMESTAMPTZ(3) NOT NULL,
    "proposer_id" TEXT NOT NULL,
    "confirmer_id" TEXT,
    "notice_until" TIMESTAMPTZ(3),
    "appeal" TEXT,
    "appealed_at" TIMESTAMPTZ(3),
    "appellant_id" TEXT,
    "since" TIMESTAMPTZ(3),

    CONSTRAINT "star_rating_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "fund_application_corp_organisation_id_opened_at_idx" ON "fund_application"("corp", "organisation_id", "opened_at" DESC);

-- CreateIndex
CREATE INDEX "fund_application_corp_host_id_state_idx" ON "fund_application"("corp", "host_id", "state");

-- CreateIndex
CREATE UNIQUE INDEX "fund_application_corp_no_key" ON "fund_application"("corp", "no");

-- CreateIndex
CREATE UNIQUE INDEX "fund_decision_application_id_round_step_person_id_key" ON "fund_decision"("application_id", "round", "step", "person_id");

-- CreateIndex
CREATE UNIQUE INDEX "fund_objection_application_id_round_mark_key" ON "fund_objection"("application_id", "round", "mark");

-- CreateIndex
CREATE INDEX "fund_ruling_application_id_round_idx" ON "fund_ruling"("application_id", "round");

-- CreateIndex
CREATE UNIQUE INDEX "fund_rule_chapter_corp_version_key" ON "fund_rule_chapter"("corp", "version");

-- CreateIndex
CREATE INDEX "star_evidence_corp_organisation_id_at_idx" ON "star_evidence"("corp", "organisation_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "star_evidence_corp_organisation_id_item_ref_key" ON "star_evidence"("corp", "organisation_id", "item", "ref");

-- CreateIndex
CREATE INDEX "star_rating_corp_organisation_id_state_since_idx" ON "star_rating"("corp", "organisation_id", "state", "since" DESC);

-- CreateIndex
CREATE INDEX "star_rating_corp_state_idx" ON "star_rating"("corp", "state");

-- AddForeignKey
ALTER TABLE "fund_decision" ADD CONSTRAINT "fund_decision_application_id_fkey" FOREIGN KEY ("application_id") REFERENCES "fund_application"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "fund_objection" ADD CONSTRAINT "fund_objection_application_id_fkey" FOREIGN KEY ("application_id") REFERENCES "fund_application"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
