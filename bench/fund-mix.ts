/**
 * The fund's part of a kill run: cashiers book 企业预存, two contacts of the enterprise confirm or dispute it, its branch applies for
 * money and officers set it aside. What was acknowledged is kept here and compared with the deposits, the vouchers and the balances.
 */
import { dayOf, plusDays } from '../src/kernel/calendar.ts';
import { showMoney, sum, type Fen } from '../src/kernel/money.ts';
import type { Bubble } from '../src/playground/wecom.ts';
import type { Acknowledged, Delivery, Door } from './delivery.ts';
import type { Chance, House } from './house.ts';
import { CORP, many, type Copy, type Extra } from './world.ts';

/** What a message that was carried out, or refused while being carried out, leaves in the audit. */
export type Entry = {
  readonly person: string;
  readonly intent: string;
  readonly subject: string | null;
  readonly outcome: string;
};

/** A button of a card, or words where there is no card; and a word of the question that comes back. */
export type Asking = {
  readonly card: Bubble | undefined;
  readonly button: string;
  readonly words: string;
  readonly asks: string;
};

/** How everybody in the mix acts, and where it is noted what came of it. */
export type Mix = Pick<Delivery, 'say' | 'press'> & {
  readonly isOver: () => boolean;
  readonly doorOf: (chance: Chance) => Door;
  /** The newest card of that title. */
  readonly cardCalled: (userId: string, title: string) => Bubble | undefined;
  /** 确认, in words or by the button of what was asked; undefined when nothing was asked. */
  readonly confirm: (userId: string, asked: Acknowledged, about: string, chance: Chance) => Promise<Acknowledged | undefined>;
  /** Begins what is answered by a question. */
  readonly ask: (userId: string, no: string, asking: Asking, chance: Chance) => Promise<void>;
  /** What changes nothing. */
  readonly idle: (userId: string, chance: Chance) => Promise<void>;
  /** Whoever finds nothing to do. */
  readonly wait: (userId: string, chance: Chance) => Promise<void>;
  readonly note: (answer: Acknowledged, entry: Entry) => void;
  /** A conversation ended in something done. */
  readonly ended: () => void;
  readonly wrong: (userId: string, said: string, words: string) => void;
  readonly losesTalk: boolean;
  readonly defects: string[];
};

/** A town with its cashiers, an enterprise and its branch: owner and secretary both answer for what is booked. */
export type Place = {
  readonly town: string;
  readonly firm: string;
  readonly branch: string;
  readonly cashiers: readonly Extra[];
  readonly contacts: readonly Extra[];
};

type Deposit = {
  readonly no: string;
  readonly place: Place;
  readonly amount: Fen;
  state: 'BOOKED' | 'CONFIRMED' | 'DISPUTED';
  closer?: string;
  reason?: string;
  voucher?: string;
  /** Who said something about it of which nobody knew whether it was carried out. */
  maybe?: string[];
};
type Application = {
  readonly no: string;
  readonly place: Place;
  readonly amount: Fen;
  readonly content: string;
  readonly applicant: string;
  state: 'SUBMITTED' | 'ON_NOTICE';
  decider?: string;
  maybe?: string[];
};

/** What the simulated WeCom is to have been sent once. A card that still waited when its matter was over is withdrawn. */
export type Due = { readonly what: string; readonly maybeWithdrawn: boolean };

type Expect = (what: string, found: unknown, expected: unknown) => void;

/** Paid in and not yet applied for: then there may be another application, of far less. */
const APPLIES_FROM: Fen = 100_000n;

/** Who pays is said without digits. */
export function fundPlace(town: string, n: number): Place {
  const [firm, branch] = [`firm${'abcdefghij'.charAt(n)}`, `${town}p`];
  return {
    town,
    firm,
    branch,
    cashiers: many(2, `${town}k`, '钱', 'CASHIER', town),
    contacts: [...many(1, `${town}e`, '厂', 'OWNER', firm), ...many(1, branch, '支', 'PARTY_SECRETARY', branch)],
  };
}

export function copiesOf({ town, firm, branch }: Place): Copy[] {
  return [
    { id: branch, like: 'branch1', parent: town },
    { id: firm, like: 'enterprise1', parent: town, party: branch },
  ];
}

/** What an application is asked, in this order, as far as the one before does not answer it. */
function answers(yuan: number): readonly (readonly [asked: string, answer: string])[] {
  return [
    ['什么形式', '走访慰问'],
    ['哪天办', plusDays(dayOf(new Date()), 30)],
    ['在哪里办', '瞿溪敬老院'],
    ['多少人参加', '30人'],
    ['预算怎么列', `租车${yuan}元`],
    ['哪次会议', '上周支委会，5人全票同意'],
  ];
}

/** @param officers who sets money aside, each in their town */
export function createFundMix(mix: Mix, places: readonly Place[], officers: readonly Extra[]) {
  const { isOver, doorOf, cardCalled, idle, wait, note, ended, wrong, losesTalk, defects } = mix;
  const deposits = new Map<string, Deposit>();
  const applications = new Map<string, Application>();
  let messages = 0;
  const counted =
    <A extends unknown[], R>(act: (...args: A) => R) =>
    (...args: A): R => {
      messages++;
      return act(...args);
    };
  const say = counted(mix.say);
  const press = counted(mix.press);
  const confirm = counted(mix.confirm);
  const ask = counted(mix.ask);

  /** Every sum is another. */
  let sums = 0n;
  const nextSum = (): Fen => 100_000n + 101n * ++sums;
  /** Of all the towns, or of one. */
  const depositsIn = (state: Deposit['state'], town?: string) =>
    [...deposits.values()].filter((each) => each.state === state && each.place.town === (town ?? each.place.town));
  const applicationsIn = (state: Application['state'], town?: string) =>
    [...applications.values()].filter((each) => each.state === state && each.place.town === (town ?? each.place.town));
  const total = (of: readonly { readonly amount: Fen }[]) => sum(of.map(({ amount }) => amount));
  const paidIn = (town?: string) => total(depositsIn('CONFIRMED', town));
  const setAside = (town?: string) => total(applicationsIn('ON_NOTICE', town));

  // 登记入账: in one sentence, sometimes corrected or cancelled, confirmed in words or by the button.
  async function cashier({ userId }: Extra, place: Place, chance: Chance): Promise<void> {
    while (!isOver()) {
      if (chance() < 0.1) await idle(userId, chance);
      let amount = nextSum();
      let asked = await say(userId, `登记入账 ${place.firm} ${spoken(amount)}`, doorOf(chance), chance);
      if (chance() < 0.2) {
        amount = nextSum();
        asked = await say(userId, `金额改成${spoken(amount)}`, doorOf(chance), chance);
      }
      if (chance() < 0.1) {
        const { words: cancelled } = await say(userId, '取消', doorOf(chance), chance);
        if (!cancelled.includes('已取消')) wrong(userId, '取消', cancelled);
        continue;
      }
      const about = `${place.firm}企业预存${showMoney(amount)}`;
      const answer = await confirm(userId, asked, about, chance);
      if (!answer) continue;
      const no = /已登记 (D-\d{4}-\d{4,})/.exec(answer.words)?.[1];
      if (no === undefined || !answer.words.includes(about)) {
        wrong(userId, `确认 of ${about}`, answer.words);
        continue;
      }
      if (deposits.has(no)) defects.push(`double: ${no} was given out twice`);
      deposits.set(no, { no, place, amount, state: 'BOOKED' });
      note(answer, { person: userId, intent: 'fund.deposit', subject: no, outcome: 'done' });
      ended();
    }
  }

  // Closes what is booked, while the other contact does; and in between the secretary applies for money.
  async function contact({ userId, role }: Extra, place: Place, chance: Chance): Promise<void> {
    while (!isOver()) {
      const { town } = place;
      const reach = paidIn(town) - setAside(town) - total(applicationsIn('SUBMITTED', town));
      const booked = chance.one(depositsIn('BOOKED', town).slice(0, 3));
      if (role === 'PARTY_SECRETARY' && reach >= APPLIES_FROM && chance() < 0.7) await apply(userId, place, chance);
      else if (booked) await close(userId, booked, chance);
      else await wait(userId, chance);
    }
  }

  // 确认入账 and 入账不符.
  async function close(userId: string, deposit: Deposit, chance: Chance): Promise<void> {
    const { no } = deposit;
    const reason = `请写清楚${chance.below(1000)}`;
    const isDispute = chance() < 0.25;
    const card = chance() < 0.5 ? cardCalled(userId, `请确认这笔钱 ${no}`) : undefined;
    let answer: Acknowledged;
    let typed = false;
    if (!isDispute) {
      answer = card ? await press(userId, card, '确认', chance) : await say(userId, `确认入账 ${no}`, doorOf(chance), chance);
    } else if (card || chance() < 0.3) {
      await ask(userId, no, { card, button: '不符', words: `入账不符 ${no}`, asks: '哪里不对？' }, chance);
      answer = await say(userId, reason, doorOf(chance), chance);
      typed = true;
    } else {
      answer = await say(userId, `入账不符 ${no}：${reason}`, doorOf(chance), chance);
    }
    const entry = { person: userId, intent: isDispute ? 'fund.deposit.dispute' : 'fund.deposit.confirm', subject: no };
    if (answer.words.includes(isDispute ? `${no} 已标为不符` : `收据 ${no}`)) {
      if (deposit.closer !== undefined) defects.push(`double: ${no} closed by ${deposit.closer} and ${userId}`);
      deposit.closer = userId;
      deposit.state = isDispute ? 'DISPUTED' : 'CONFIRMED';
      if (isDispute) deposit.reason = reason;
      else deposit.voucher = /P-\d{4}-\d{4,}/.exec(answer.words)?.[0] ?? 'none';
      note(answer, { ...entry, outcome: 'done' });
      if (typed) ended();
      return;
    }
    const closed = new RegExp(`${no} 已经是“(已入账|对方说不符)”`).exec(answer.words)?.[1];
    const isLate = closed !== undefined || answer.words.includes(`${no} 刚刚有人办过了`);
    if (!isLate) return wrong(userId, `${entry.intent} ${no}`, answer.words);
    note(answer, { ...entry, outcome: closed === undefined ? 'fund.changed' : 'fund.closed' });
    if (!answer.unsure) return;
    (deposit.maybe ??= []).push(userId);
    if (closed !== undefined && deposit.state === 'BOOKED') deposit.state = closed === '已入账' ? 'CONFIRMED' : 'DISPUTED';
  }

  let applied = 0;
  // 申请公积金: what the enterprise paid in is enough for it.
  async function apply(userId: string, place: Place, chance: Chance): Promise<void> {
    const yuan = 100 + applied++;
    const amount = BigInt(yuan) * 100n;
    const content = `${userId}第${yuan}次活动`;
    let asked = await say(userId, `申请公积金：${content}`, doorOf(chance), chance);
    for (const [question, answer] of answers(yuan))
      if (asked.words.includes(question)) asked = await say(userId, answer, doorOf(chance), chance);
    const isFilled = () => asked.words.includes('请核对活动项目书和预算');
    if (isFilled() && !asked.words.includes(`预算合计${showMoney(amount)}`))
      asked = await say(userId, `预算改成租车${yuan}元`, doorOf(chance), chance);
    if (!isFilled()) {
      // An answer whose question was forgotten is heard as something else.
      if (!losesTalk) wrong(userId, content, asked.words);
      await say(userId, '取消', doorOf(chance), chance);
      return;
    }
    const answer = await confirm(userId, asked, content, chance);
    if (!answer) return;
    const no = /(F-\d{4}-\d{4,}) 已提交/.exec(answer.words)?.[1];
    if (no === undefined || !answer.words.includes(`${content}，申请${showMoney(amount)}`))
      return wrong(userId, `确认 of ${content}`, answer.words);
    if (applications.has(no)) defects.push(`double: ${no} was given out twice`);
    applications.set(no, { no, place, amount, content, applicant: userId, state: 'SUBMITTED' });
    note(answer, { person: userId, intent: 'fund.apply', subject: no, outcome: 'done' });
    ended();
  }

  // 初审, which sets the money aside.
  async function review({ userId, organisation }: Extra, chance: Chance): Promise<boolean> {
    const application = chance.one(applicationsIn('SUBMITTED', organisation).slice(0, 3));
    if (!application) return false;
    const { no } = application;
    const card = chance() < 0.5 ? cardCalled(userId, `请初审 ${no}`) : undefined;
    const answer = card ? await press(userId, card, '同意', chance) : await say(userId, `同意 ${no}`, doorOf(chance), chance);
    const entry = { person: userId, intent: 'approval.approve', subject: no };
    if (answer.words.includes(`${no} 初审通过`)) {
      if (application.decider !== undefined) defects.push(`double: ${no} decided by ${application.decider} and ${userId}`);
      application.decider = userId;
      application.state = 'ON_NOTICE';
      note(answer, { ...entry, outcome: 'done' });
    } else if (new RegExp(`${no} 已由.+初审通过。`).test(answer.words)) {
      note(answer, { ...entry, outcome: 'fund.decided' });
      if (!answer.unsure) return true;
      (application.maybe ??= []).push(userId);
      application.state = 'ON_NOTICE';
    } else {
      wrong(userId, `同意 ${no}`, answer.words);
    }
    return true;
  }

  async function compare({ client }: House['db'], people: ReadonlyMap<string, string>, expect: Expect): Promise<void> {
    const person = (id: string | null) => people.get(id ?? '');
    const bookings = await client.fundDeposit.findMany({ where: { corp: CORP } });
    for (const row of bookings) {
      const deposit = deposits.get(row.no);
      if (!deposit) {
        defects.push(`double: deposit ${row.no} of ${showMoney(row.amount)} was never acknowledged`);
        continue;
      }
      const closer = person(row.closerId);
      if (deposit.closer === undefined && closer !== undefined && deposit.maybe?.includes(closer)) {
        deposit.closer = closer;
        deposit.state = row.state as Deposit['state'];
        if (row.reason !== null) deposit.reason = row.reason;
      }
      const found = [local(row.payerId), showMoney(row.amount), row.state, closer, row.reason];
      const { place, amount, state, reason = null } = deposit;
      expect(`deposit ${row.no}`, found, [place.firm, showMoney(amount), state, deposit.closer, reason]);
    }
    for (const no of deposits.keys()) if (!bookings.some((row) => row.no === no)) defects.push(`lost: deposit ${no}`);

    const submitted = await client.fundApplication.findMany({ where: { corp: CORP }, include: { decisions: true } });
    for (const row of submitted) {
      const application = applications.get(row.no);
      if (!application) {
        defects.push(`double: application ${row.no} “${row.content}” was never acknowledged`);
        continue;
      }
      const [decider, ...others] = row.decisions.map(({ personId }) => person(personId));
      if (application.decider === undefined && decider !== undefined && application.maybe?.includes(decider)) {
        application.decider = decider;
        application.state = 'ON_NOTICE';
      }
      const found = [row.content, showMoney(row.asked), person(row.applicantId), row.state, decider, ...others];
      const { content, amount, applicant, state } = application;
      expect(`application ${row.no}`, found, [content, showMoney(amount), applicant, state, application.decider]);
    }
    for (const no of applications.keys()) if (!submitted.some((row) => row.no === no)) defects.push(`lost: application ${no}`);

    await compareLedger(client, expect);
  }

  /** Each voucher once, and no other; each balance what was acknowledged; and all of them nothing. */
  async function compareLedger(client: House['db']['client'], expect: Expect): Promise<void> {
    const voucher = (kind: string, subject: string | null, lines: readonly (readonly [account: string, amount: Fen])[]) =>
      `${kind} ${subject}: ${lines
        .map(([account, amount]) => `${account} ${showMoney(amount)}`)
        .sort()
        .join(', ')}`;
    const entries = await client.fundEntry.findMany({
      where: { corp: CORP },
      include: { postings: { include: { account: true } } },
    });
    const found = entries.map(({ kind, subject, postings }) =>
      voucher(
        kind,
        subject,
        postings.map(({ account, amount }) => [accountOf(account), amount]),
      ),
    );
    const confirmed = depositsIn('CONFIRMED');
    const called = [
      ...confirmed.map(({ no, amount, place: { firm } }) =>
        voucher('DEPOSIT', no, [
          ['OUTSIDE', -amount],
          [`SOURCE ${firm}`, amount],
        ]),
      ),
      ...applicationsIn('ON_NOTICE').map(({ no, amount, place: { firm } }) =>
        voucher('HOLD', no, [
          [`SOURCE ${firm}`, -amount],
          [`HOLD ${firm}`, amount],
        ]),
      ),
    ];
    for (const each of called) {
      const at = found.indexOf(each);
      if (at < 0) defects.push(`lost: voucher ${each}`);
      else found.splice(at, 1);
    }
    for (const each of found) defects.push(`double: voucher ${each}, which nothing called for`);
    for (const { no, voucher: told } of confirmed) {
      const own = entries.filter(({ subject }) => subject === no).map((entry) => entry.no);
      if (told !== undefined) expect(`voucher of ${no}`, own, [told]);
    }

    const accounts = await client.fundAccount.findMany({ where: { corp: CORP } });
    const balance = (account: string) =>
      showMoney(sum(accounts.filter((each) => accountOf(each) === account).map((each) => each.balance)));
    for (const { town, firm } of places) {
      expect(`principal of ${firm}`, balance(`SOURCE ${firm}`), showMoney(paidIn(town) - setAside(town)));
      expect(`set aside for ${firm}`, balance(`HOLD ${firm}`), showMoney(setAside(town)));
    }
    expect('money from outside', balance('OUTSIDE'), showMoney(-paidIn()));
    expect('all accounts together', showMoney(sum(accounts.map((each) => each.balance))), showMoney(0n));
  }

  /** Once the comparison has settled who was first. */
  function dues(): Due[] {
    const due = (what: string, no: string, to: readonly string[], maybeWithdrawn = false): Due[] =>
      to.map((userId) => ({ what: `${what} ${no} ${userId}`, maybeWithdrawn }));
    const ofDeposits = [...deposits.values()].flatMap(({ no, place: { contacts, cashiers }, state, closer }) => {
      const told = [...cashiers, ...contacts].map(({ userId }) => userId).filter((userId) => userId !== closer);
      return [
        ...due(
          'card',
          no,
          contacts.map(({ userId }) => userId),
          closer !== undefined,
        ),
        ...(state === 'BOOKED' ? [] : due(state === 'CONFIRMED' ? 'receipt' : 'disputed', no, told)),
      ];
    });
    const ofApplications = [...applications.values()].flatMap(({ no, place: { town }, applicant, decider }) => {
      const asked = officers.filter(({ organisation }) => organisation === town).map(({ userId }) => userId);
      return [
        ...due('card', no, asked, decider !== undefined),
        ...(decider === undefined ? [] : due('decided', no, [applicant])),
      ];
    });
    return [...ofDeposits, ...ofApplications];
  }

  return {
    actors: places.flatMap((place) => [
      ...place.cashiers.map((each) => (chance: Chance) => cashier(each, place, chance)),
      ...place.contacts.map((each) => (chance: Chance) => contact(each, place, chance)),
    ]),
    /** @returns false when there is nothing to review in this officer's town */
    review,
    /** What was acknowledged against the deposits, the applications and the whole ledger. */
    compare,
    dues,
    isClosed: (no: string) => deposits.get(no)?.closer !== undefined || applications.get(no)?.decider !== undefined,
    /** How many numbers of a letter were given out. */
    given(letter: string): number {
      const vouchers = depositsIn('CONFIRMED').length + applicationsIn('ON_NOTICE').length;
      return letter === 'D' ? deposits.size : letter === 'F' ? applications.size : letter === 'P' ? vouchers : 0;
    },
    figures: () => ({
      fundMessages: messages,
      deposits: deposits.size,
      confirmed: depositsIn('CONFIRMED').length,
      disputed: depositsIn('DISPUTED').length,
      applications: applications.size,
      setAside: applicationsIn('ON_NOTICE').length,
    }),
  };
}

export type FundMix = ReturnType<typeof createFundMix>;

/** 1001.01元 */
function spoken(amount: Fen): string {
  return showMoney(amount).replaceAll(',', '');
}

function local(id: string | null): string | undefined {
  return id?.slice(CORP.length + 1);
}

/** Its kind, and whose money is in it. */
function accountOf({ kind, source, ownerId }: { kind: string; source: string; ownerId: string }): string {
  if (kind === 'OUTSIDE') return kind;
  return `${kind} ${source === 'PRINCIPAL' ? local(ownerId) : source}`;
}
