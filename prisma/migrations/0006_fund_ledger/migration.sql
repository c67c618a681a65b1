-- CreateTable
CREATE TABLE "fund" (
    "id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "host_id" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "fund_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fund_account" (
    "id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "fund_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "beneficiary_id" TEXT NOT NULL,
    "tag" TEXT NOT NULL,
    "from_id" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3),
    "balance" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "fund_account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fund_entry" (
    "id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "fund_id" TEXT NOT NULL,
    "no" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "memo" TEXT NOT NULL,
    "subject" TEXT,
    "standing_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "input_hash" TEXT NOT NULL,
    "reverses_id" TEXT,
    "reason" TEXT,
    "lines" INTEGER NOT NULL,

    CONSTRAINT "fund_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fund_posting" (
    "entry_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,

    CONSTRAINT "fund_posting_pkey" PRIMARY KEY ("entry_id","account_id")
);

-- CreateTable
CREATE TABLE "fund_deposit" (
    "id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "no" TEXT NOT NULL,
    "fund_id" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "payer_id" TEXT,
    "donor" TEXT,
    "earmark" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "state" TEXT NOT NULL,
    "opened_by" TEXT NOT NULL,
    "opener_id" TEXT NOT NULL,
    "standing_id" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "closer_id" TEXT,
    "closed_at" TIMESTAMPTZ(3),
    "reason" TEXT,
    "locked_until" TEXT,

    CONSTRAINT "fund_deposit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fund_refund" (
    "id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "no" TEXT NOT NULL,
    "fund_id" TEXT NOT NULL,
    "enterprise_id" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "is_closed" BOOLEAN NOT NULL,
    "state" TEXT NOT NULL,
    "asker_id" TEXT NOT NULL,
    "standing_id" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "approver_id" TEXT,
    "approved_at" TIMESTAMPTZ(3),
    "payer_id" TEXT,
    "paid_at" TIMESTAMPTZ(3),
    "reason" TEXT,

    CONSTRAINT "fund_refund_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fund_year_end" (
    "fund_id" TEXT NOT NULL,
    "year" INTEGER NOT NULL,
    "corp" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "standing_id" TEXT NOT NULL,
    "earned" BIGINT NOT NULL,
    "paid" BIGINT NOT NULL,
    "lines" JSONB NOT NULL,

    CONSTRAINT "fund_year_end_pkey" PRIMARY KEY ("fund_id","year")
);

-- CreateTable
CREATE TABLE "fund_report" (
    "fund_id" TEXT NOT NULL,
    "half" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "seed" TEXT NOT NULL,
    "population" INTEGER NOT NULL,
    "sample" JSONB NOT NULL,
    "opinion" TEXT,
    "filer_id" TEXT,
    "filed_at" TIMESTAMPTZ(3),

    CONSTRAINT "fund_report_pkey" PRIMARY KEY ("fund_id","half")
);

-- CreateTable
CREATE TABLE "fund_finding" (
    "id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "no" TEXT NOT NULL,
    "fund_id" TEXT NOT NULL,
    "about" TEXT NOT NULL,
    "what" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "finder_id" TEXT NOT NULL,
    "standing_id" TEXT NOT NULL,
    "found_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "answer" TEXT,
    "answerer_id" TEXT,
    "answered_at" TIMESTAMPTZ(3),
    "closer_id" TEXT,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "fund_finding_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "fund_corp_host_id_key" ON "fund"("corp", "host_id");

-- CreateIndex
CREATE UNIQUE INDEX "fund_account_fund_id_kind_source_owner_id_beneficiary_id_ta_key" ON "fund_account"("fund_id", "kind", "source", "owner_id", "beneficiary_id", "tag", "from_id");

-- CreateIndex
CREATE UNIQUE INDEX "fund_entry_reverses_id_key" ON "fund_entry"("reverses_id");

-- CreateIndex
CREATE INDEX "fund_entry_corp_subject_at_idx" ON "fund_entry"("corp", "subject", "at");

-- CreateIndex
CREATE INDEX "fund_entry_fund_id_at_idx" ON "fund_entry"("fund_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "fund_entry_corp_no_key" ON "fund_entry"("corp", "no");

-- CreateIndex
CREATE UNIQUE INDEX "fund_entry_corp_key_key" ON "fund_entry"("corp", "key");

-- CreateIndex
CREATE INDEX "fund_posting_account_id_idx" ON "fund_posting"("account_id");

-- CreateIndex
CREATE INDEX "fund_deposit_fund_id_state_opened_at_idx" ON "fund_deposit"("fund_id", "state", "opened_at");

-- CreateIndex
CREATE UNIQUE INDEX "fund_deposit_corp_no_key" ON "fund_deposit"("corp", "no");

-- CreateIndex
CREATE INDEX "fund_refund_fund_id_state_idx" ON "fund_refund"("fund_id", "state");

-- CreateIndex
CREATE UNIQUE INDEX "fund_refund_corp_no_key" ON "fund_refund"("corp", "no");

-- CreateIndex
CREATE INDEX "fund_finding_fund_id_state_idx" ON "fund_finding"("fund_id", "state");

-- CreateIndex
CREATE UNIQUE INDEX "fund_finding_corp_no_key" ON "fund_finding"("corp", "no");

-- AddForeignKey
ALTER TABLE "fund_account" ADD CONSTRAINT "fund_account_fund_id_fkey" FOREIGN KEY ("fund_id") REFERENCES "fund"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "fund_entry" ADD CONSTRAINT "fund_entry_fund_id_fkey" FOREIGN KEY ("fund_id") REFERENCES "fund"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "fund_posting" ADD CONSTRAINT "fund_posting_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "fund_entry"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "fund_posting" ADD CONSTRAINT "fund_posting_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "fund_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- By hand: what the schema cannot say.

-- Entries and postings are written once (append_only() is the foundation's).
CREATE TRIGGER fund_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fund_entry
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER fund_posting_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fund_posting
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER fund_account_kept BEFORE DELETE OR TRUNCATE ON fund_account
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
ALTER TABLE fund_posting ADD CONSTRAINT fund_posting_amount CHECK (amount <> 0);

-- No sub-account falls below zero; only the world outside may owe.
ALTER TABLE fund_account ADD CONSTRAINT fund_account_balance CHECK (balance >= 0 OR kind = 'OUTSIDE');

-- A balance is changed by a posting and by nothing else; what an account is never changes.
CREATE FUNCTION fund_posting_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE fund_account SET balance = balance + NEW.amount WHERE id = NEW.account_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER fund_posting_counts AFTER INSERT ON fund_posting FOR EACH ROW EXECUTE FUNCTION fund_posting_counts();

CREATE FUNCTION fund_account_guarded() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE origin fund_account;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.balance <> 0 THEN RAISE EXCEPTION 'an account starts at zero'; END IF;
    IF NEW.kind IN ('HOLD', 'SPENT') THEN
      SELECT * INTO origin FROM fund_account WHERE id = NEW.from_id;
      IF origin.kind IS DISTINCT FROM 'SOURCE' OR (origin.fund_id, origin.source, origin.owner_id) <> (NEW.fund_id, NEW.source, NEW.owner_id)
      THEN RAISE EXCEPTION 'an account draws on a source of its own fund and owner'; END IF;
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.balance <> OLD.balance AND pg_trigger_depth() < 2 THEN RAISE EXCEPTION 'a balance changes by a posting only'; END IF;
  IF (NEW.id, NEW.corp, NEW.fund_id, NEW.kind, NEW.source, NEW.owner_id, NEW.beneficiary_id, NEW.tag, NEW.from_id)
    <> (OLD.id, OLD.corp, OLD.fund_id, OLD.kind, OLD.source, OLD.owner_id, OLD.beneficiary_id, OLD.tag, OLD.from_id)
  THEN RAISE EXCEPTION 'what an account is never changes'; END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER fund_account_guarded BEFORE INSERT OR UPDATE ON fund_account FOR EACH ROW EXECUTE FUNCTION fund_account_guarded();

-- At the end of the work an entry balances, is whole and stays in one fund.
CREATE FUNCTION fund_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  whole text;
  entry fund_entry;
  total numeric;
  lines integer;
  strangers integer;
BEGIN
  whole := CASE TG_TABLE_NAME WHEN 'fund_entry' THEN to_jsonb(NEW) ->> 'id' ELSE to_jsonb(NEW) ->> 'entry_id' END;
  SELECT * INTO entry FROM fund_entry WHERE id = whole;
  SELECT coalesce(sum(p.amount), 0), count(*), count(*) FILTER (WHERE a.fund_id <> entry.fund_id)
    INTO total, lines, strangers FROM fund_posting p JOIN fund_account a ON a.id = p.account_id WHERE p.entry_id = whole;
  IF total <> 0 THEN RAISE EXCEPTION 'entry % does not balance', entry.no; END IF;
  IF lines < 2 OR lines <> entry.lines THEN RAISE EXCEPTION 'entry % has % postings', entry.no, lines; END IF;
  IF strangers > 0 THEN RAISE EXCEPTION 'entry % posts to another fund', entry.no; END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER fund_entry_balances AFTER INSERT ON fund_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fund_entry_balances();
CREATE CONSTRAINT TRIGGER fund_posting_balances AFTER INSERT ON fund_posting
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fund_entry_balances();
