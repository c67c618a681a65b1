-- CreateTable
CREATE TABLE "inspection_plan" (
    "id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "county_id" TEXT NOT NULL,
    "quarter" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "due" TIMESTAMPTZ(3) NOT NULL,
    "seed" TEXT NOT NULL,
    "population" JSONB NOT NULL,
    "sampled" INTEGER NOT NULL,

    CONSTRAINT "inspection_plan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inspection" (
    "plan_id" TEXT NOT NULL,
    "need_id" TEXT NOT NULL,
    "class" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "verdict" TEXT,
    "score" INTEGER,
    "points" INTEGER[],
    "note" TEXT,
    "at" TIMESTAMPTZ(3),
    "standing_id" TEXT,

    CONSTRAINT "inspection_pkey" PRIMARY KEY ("plan_id","need_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "inspection_plan_corp_county_id_quarter_key" ON "inspection_plan"("corp", "county_id", "quarter");

-- CreateIndex
CREATE INDEX "inspection_plan_id_body_verdict_need_id_idx" ON "inspection"("plan_id", "body", "verdict", "need_id");

-- CreateIndex
CREATE INDEX "inspection_need_id_idx" ON "inspection"("need_id");
