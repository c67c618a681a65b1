-- CreateTable
CREATE TABLE "membership" (
    "id" TEXT NOT NULL,
    "alliance_id" TEXT NOT NULL,
    "enterprise_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "position" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3),

    CONSTRAINT "membership_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "group_demand" (
    "id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "alliance_id" TEXT NOT NULL,
    "enterprise_id" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "item" TEXT NOT NULL,
    "item_key" TEXT NOT NULL,
    "quantity" INTEGER,
    "unit" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "purchase_id" TEXT,

    CONSTRAINT "group_demand_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "group_purchase" (
    "id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "no" TEXT NOT NULL,
    "alliance_id" TEXT NOT NULL,
    "item" TEXT NOT NULL,
    "item_key" TEXT NOT NULL,
    "spec" TEXT,
    "kind" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "pack_size" INTEGER NOT NULL,
    "minimum" INTEGER NOT NULL,
    "target" INTEGER,
    "urgent" BOOLEAN NOT NULL DEFAULT false,
    "state" TEXT NOT NULL,
    "organiser_id" TEXT NOT NULL,
    "organiser_standing_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "open_at" TIMESTAMPTZ(3),
    "close_at" TIMESTAMPTZ(3),
    "quote_id" TEXT,
    "tiers" JSONB NOT NULL,
    "baseline_fen" BIGINT,
    "baseline" TEXT,
    "packs" INTEGER,
    "price_fen" BIGINT,
    "calculation" JSONB,
    "formed_at" TIMESTAMPTZ(3),
    "consent_by" TIMESTAMPTZ(3),
    "ordered_at" TIMESTAMPTZ(3),
    "delivered" INTEGER,
    "settled_at" TIMESTAMPTZ(3),
    "end_reason" TEXT,

    CONSTRAINT "group_purchase_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "group_quote" (
    "id" TEXT NOT NULL,
    "purchase_id" TEXT NOT NULL,
    "supplier" TEXT NOT NULL,
    "price_fen" BIGINT NOT NULL,
    "related" BOOLEAN NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "withdrawn_at" TIMESTAMPTZ(3),

    CONSTRAINT "group_quote_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "group_pledge" (
    "id" TEXT NOT NULL,
    "purchase_id" TEXT NOT NULL,
    "enterprise_id" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "standing_id" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "tolerance" INTEGER NOT NULL,
    "ceiling_fen" BIGINT,
    "state" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "allocated" INTEGER NOT NULL DEFAULT 0,
    "outcome" TEXT,
    "consent" BOOLEAN,
    "received" INTEGER,
    "rating" INTEGER,
    "rating_words" TEXT,

    CONSTRAINT "group_pledge_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "membership_enterprise_id_idx" ON "membership"("enterprise_id");

-- CreateIndex
CREATE UNIQUE INDEX "membership_alliance_id_enterprise_id_since_key" ON "membership"("alliance_id", "enterprise_id", "since");

-- CreateIndex
CREATE UNIQUE INDEX "group_demand_corp_alliance_id_item_key_enterprise_id_key" ON "group_demand"("corp", "alliance_id", "item_key", "enterprise_id");

-- CreateIndex
CREATE INDEX "group_purchase_corp_state_close_at_idx" ON "group_purchase"("corp", "state", "close_at");

-- CreateIndex
CREATE INDEX "group_purchase_corp_alliance_id_state_idx" ON "group_purchase"("corp", "alliance_id", "state");

-- CreateIndex
CREATE UNIQUE INDEX "group_purchase_corp_no_key" ON "group_purchase"("corp", "no");

-- CreateIndex
CREATE UNIQUE INDEX "group_quote_purchase_id_supplier_key" ON "group_quote"("purchase_id", "supplier");

-- CreateIndex
CREATE INDEX "group_pledge_enterprise_id_idx" ON "group_pledge"("enterprise_id");

-- CreateIndex
CREATE UNIQUE INDEX "group_pledge_purchase_id_enterprise_id_key" ON "group_pledge"("purchase_id", "enterprise_id");

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_alliance_id_fkey" FOREIGN KEY ("alliance_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_enterprise_id_fkey" FOREIGN KEY ("enterprise_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "group_quote" ADD CONSTRAINT "group_quote_purchase_id_fkey" FOREIGN KEY ("purchase_id") REFERENCES "group_purchase"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "group_pledge" ADD CONSTRAINT "group_pledge_purchase_id_fkey" FOREIGN KEY ("purchase_id") REFERENCES "group_purchase"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
