/**
 * The fund's part of a kill run: cashiers book 企业预存, two contacts of the enterprise confirm or dispute it, its branch applies for
 * money and takes back what it does not want any more, officers set money aside, return, refuse and approve, cashiers pay. What was
 * acknowledged is kept here and compared with the deposits, the vouchers and the balances.
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

/** A town with its cashiers and supervisors, an enterprise and its branch: owner and secretary both answer for what is booked. */
export type Place = {
  readonly town: string;
  readonly firm: string;
  readonly branch: string;
  readonly cashiers: readonly Extra[];
  readonly contacts: readonly Extra[];
  /** 监督小组: without it nothing is paid. */
  readonly supervisors: readonly Extra[];
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
/** What is done to an application, each at most once here. RETURN, REFUSE, WITHDRAW and PAY end it for the mix. */
const ACTS = {
  REVIEW: '初审通过',
  APPROVE: '终审通过',
  RETURN: '已退回补正',
  REFUSE: '已驳回',
  WITHDRAW: '已撤回',
  PAY: '已拨付',
} as const;
type Act = keyof typeof ACTS;
type ApplicationState = 'SUBMITTED' | 'RETURNED' | 'REJECTED' | 'WITHDRAWN' | 'ON_NOTICE' | 'CLEARED' | 'APPROVED' | 'PAID';
type Application = {
  readonly no: string;
  readonly place: Place;
  readonly amount: Fen;
  readonly content: string;
  readonly applicant: string;
  /** Its 公示 is over before anything is killed. */
  readonly isCleared: boolean;
  /** Who did what. */
  readonly acts: Map<Act, string>;
  /** What somebody said of which nobody knew whether it was carried out; it is left alone then. */
  readonly maybe: { readonly act: Act; readonly userId: string }[];
};

/** What the simulated WeCom is to have been sent once. A card that still waited when its matter was over is withdrawn. */
export type Due = { readonly what: string; readonly maybeWithdrawn: boolean };

type Expect = (what: string, found: unknown, expected: unknown) => void;

/** Paid in and not yet applied for: then there may be another application, of far less. */
const APPLIES_FROM: Fen = 100_000n;

/** Applications of each town whose 公示 is over when the run begins. */
const PREPARED = 4;

function stateOf({ acts, isCleared }: Application): ApplicationState {
  if (acts.has('PAY')) return 'PAID';
  if (acts.has('WITHDRAW')) return 'WITHDRAWN';
  if (acts.has('REFUSE')) return 'REJECTED';
  if (acts.has('RETURN')) return 'RETURNED';
  if (acts.has('APPROVE')) return 'APPROVED';
  if (acts.has('REVIEW')) return isCleared ? 'CLEARED' : 'ON_NOTICE';
  return 'SUBMITTED';
}

function isReleased({ acts }: Application): boolean {
  return acts.has('REVIEW') && (acts.has('RETURN') || acts.has('REFUSE') || acts.has('WITHDRAW'));
}

function isHeld(application: Application): boolean {
  return application.acts.has('REVIEW') && !isReleased(application) && !application.acts.has('PAY');
}

function aboutDeposit({ firm }: Place, amount: Fen): string {
  return `${firm}企业预存${showMoney(amount)}`;
}

/** Who pays is said without digits. */
export function fundPlace(town: string, n: number): Place {
  const [firm, branch] = [`firm${'abcdefghij'.charAt(n)}`, `${town}p`];
  return {
    town,
    firm,
    branch,
    cashiers: many(2, `${town}k`, '钱', 'CASHIER', town),
    contacts: [...many(1, `${town}e`, '厂', 'OWNER', firm), ...many(1, branch, '支', 'PARTY_SECRETARY', branch)],
    supervisors: [...many(2, `${town}x`, '工', 'WORKER', firm), ...many(3, `${town}y`, '员', 'PARTY_MEMBER', branch)].map(
      (each) => ({
        ...each,
        also: { role: 'SUPERVISOR', organisation: town },
      }),
    ),
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
  const applicationsOf = (town?: string) => [...applications.values()].filter(({ place }) => place.town === (town ?? place.town));
  const applicationsIn = (states: readonly ApplicationState[], town?: string) =>
    applicationsOf(town).filter((each) => each.maybe.length === 0 && states.includes(stateOf(each)));
  const total = (of: readonly { readonly amount: Fen }[]) => sum(of.map(({ amount }) => amount));
  const paidIn = (town?: string) => total(depositsIn('CONFIRMED', town));
  const setAside = (town?: string) => total(applicationsOf(town).filter(isHeld));
  const paidOut = (town?: string) => total(applicationsOf(town).filter(({ acts }) => acts.has('PAY')));

  // 登记入账: in one sentence, sometimes corrected or cancelled, confirmed in words or by the button.
  async function cashier({ userId }: Extra, place: Place, chance: Chance): Promise<void> {
    while (!isOver()) {
      if (chance() < 0.1) await idle(userId, chance);
      const approved = chance.one(applicationsIn(['APPROVED'], place.town).slice(0, 3));
      if (approved && chance() < 0.7) {
        await pay(userId, approved, chance);
        continue;
      }
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
      await book(userId, place, amount, asked, chance);
    }
  }

  async function book(userId: string, place: Place, amount: Fen, asked: Acknowledged, chance: Chance): Promise<void> {
    const answer = await confirm(userId, asked, aboutDeposit(place, amount), chance);
    if (!answer) return;
    const about = aboutDeposit(place, amount);
    const no = /已登记 (D-\d{4}-\d{4,})/.exec(answer.words)?.[1];
    if (no === undefined || !answer.words.includes(about)) return wrong(userId, `确认 of ${about}`, answer.words);
    if (deposits.has(no)) defects.push(`double: ${no} was given out twice`);
    deposits.set(no, { no, place, amount, state: 'BOOKED' });
    note(answer, { person: userId, intent: 'fund.deposit', subject: no, outcome: 'done' });
    ended();
  }

  // Closes what is booked, while the other contact does; in between the secretary applies for money, or takes an application back.
  async function contact({ userId, role }: Extra, place: Place, chance: Chance): Promise<void> {
    while (!isOver()) {
      const { town } = place;
      const reach = paidIn(town) - paidOut(town) - setAside(town) - total(applicationsIn(['SUBMITTED', 'RETURNED'], town));
      const booked = chance.one(depositsIn('BOOKED', town).slice(0, 3));
      const given = chance.one(applicationsIn(['SUBMITTED', 'RETURNED', 'ON_NOTICE', 'CLEARED', 'APPROVED'], town));
      const isSecretary = role === 'PARTY_SECRETARY';
      if (isSecretary && given && chance() < 0.1) await withdraw(userId, given, chance);
      else if (isSecretary && reach >= APPLIES_FROM && chance() < 0.7) await apply(userId, place, chance);
      else if (booked) await close(userId, booked, chance);
      else await wait(userId, chance);
    }
  }

  // 确认入账 and 入账不符.
  async function close(userId: string, deposit: Deposit, chance: Chance, isDispute = chance() < 0.25): Promise<void> {
    const { no } = deposit;
    const reason = `请写清楚${chance.below(1000)}`;
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
  async function apply(userId: string, place: Place, chance: Chance, isCleared = false): Promise<void> {
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
    applications.set(no, { no, place, amount, content, applicant: userId, isCleared, acts: new Map(), maybe: [] });
    note(answer, { person: userId, intent: 'fund.apply', subject: no, outcome: 'done' });
    ended();
  }

  /** What came of it: done, or somebody was first. @param late codes of the refusals, by what they say */
  function acted(
    userId: string,
    { no, acts, maybe }: Application,
    act: Act,
    intent: string,
    answer: Acknowledged,
    late: readonly (readonly [RegExp, string])[],
  ): boolean {
    const entry = { person: userId, intent, subject: no };
    if (answer.words.includes(`${no} ${ACTS[act]}`)) {
      const before = acts.get(act);
      if (before !== undefined) defects.push(`double: ${act} of ${no} by ${before} and ${userId}`);
      acts.set(act, userId);
      note(answer, { ...entry, outcome: 'done' });
      return true;
    }
    const code = late.find(([pattern]) => pattern.test(answer.words))?.[1];
    if (code === undefined) wrong(userId, `${intent} ${no}`, answer.words);
    else note(answer, { ...entry, outcome: code });
    if (code !== undefined && answer.unsure) maybe.push({ act, userId });
    return false;
  }

  const decidedBefore = (no: string) =>
    [[new RegExp(`${no} (?:已由.+(?:初审通过|终审同意|退回补正|驳回|拨付)。|现在是“)`), 'fund.decided']] as const;

  // 初审, which sets the money aside, and 终审; or 退回补正 and 驳回, which let it go.
  async function review({ userId, organisation }: Extra, chance: Chance): Promise<boolean> {
    const application = chance.one(applicationsIn(['SUBMITTED', 'CLEARED'], organisation).slice(0, 3));
    if (!application) return false;
    const dice = chance();
    const go = application.acts.has('REVIEW') ? 'APPROVE' : 'REVIEW';
    await decide(userId, application, dice < 0.1 ? 'RETURN' : dice < 0.2 ? 'REFUSE' : go, chance);
    return true;
  }

  async function decide(userId: string, application: Application, act: Act, chance: Chance): Promise<void> {
    const { no, acts } = application;
    const isFinal = acts.has('REVIEW');
    const card = chance() < 0.5 ? cardCalled(userId, `请${isFinal ? '终审' : '初审'} ${no}`) : undefined;
    if (act === 'REVIEW' || act === 'APPROVE') {
      const answer = card ? await press(userId, card, '同意', chance) : await say(userId, `同意 ${no}`, doorOf(chance), chance);
      acted(userId, application, act, 'approval.approve', answer, decidedBefore(no));
      return;
    }
    const [button, word] = act === 'RETURN' ? (['退回补正', '退回'] as const) : (['驳回', '驳回'] as const);
    const reason = `请写清楚${chance.below(1000)}`;
    const isAsked = card !== undefined || chance() < 0.3;
    if (isAsked) await ask(userId, no, { card, button, words: `${word} ${no}`, asks: '理由' }, chance);
    const answer = await say(userId, isAsked ? reason : `${word} ${no}：${reason}`, doorOf(chance), chance);
    if (acted(userId, application, act, 'approval.reject', answer, decidedBefore(no)) && isAsked) ended();
  }

  // 拨付, by the card or in words.
  async function pay(userId: string, application: Application, chance: Chance): Promise<void> {
    const { no } = application;
    const card = chance() < 0.5 ? cardCalled(userId, `请拨付 ${no}`) : undefined;
    const late = new RegExp(`${no} 现在是“.+终审通过、还没有拨付的才能拨付`, 's');
    const asked = card ? await press(userId, card, '拨付', chance) : await say(userId, `拨付 ${no}`, doorOf(chance), chance);
    if (asked.words.includes('请核对拨付'))
      await carryOut(userId, application, 'PAY', 'fund.pay', [late, 'fund.not-payable'], chance);
    // Too late to be asked even.
    else if (!late.test(asked.words)) wrong(userId, `拨付 ${no}`, asked.words);
  }

  // 撤回: what was set aside is free again; what was paid is not taken back.
  async function withdraw(userId: string, application: Application, chance: Chance): Promise<void> {
    const { no } = application;
    const late = new RegExp(`${no} 现在是“.+(?:不能再撤回|钱已经拨付)`, 's');
    const { words } = await say(userId, `撤回 ${no}`, doorOf(chance), chance);
    if (!words.includes('请核对要撤回的申请')) return wrong(userId, `撤回 ${no}`, words);
    await carryOut(userId, application, 'WITHDRAW', 'fund.withdraw', [late, 'fund.too-late'], chance);
  }

  /** 确认 of what was asked; who comes too late gives it up. */
  async function carryOut(
    userId: string,
    application: Application,
    act: Act,
    intent: string,
    late: readonly [RegExp, string],
    chance: Chance,
  ): Promise<void> {
    const answer = await say(userId, '确认', doorOf(chance), chance);
    if (acted(userId, application, act, intent, answer, [late])) return ended();
    await say(userId, '取消', doorOf(chance), chance);
  }

  /** Long ago, before anything is killed: money in every fund, and applications on public notice. */
  async function prepare(fresh: () => Chance): Promise<void> {
    await Promise.all(
      places.map(async (place) => {
        const chance = fresh();
        const { town, firm, cashiers, contacts } = place;
        const officer = officers.find(({ organisation }) => organisation === town);
        const [[cashierOf], [owner, secretary]] = [cashiers, contacts];
        if (!cashierOf || !owner || !secretary || !officer) throw new Error(`nobody acts in ${town}`);
        const amount = nextSum();
        const asked = await say(cashierOf.userId, `登记入账 ${firm} ${spoken(amount)}`, doorOf(chance), chance);
        await book(cashierOf.userId, place, amount, asked, chance);
        for (const deposit of depositsIn('BOOKED', town)) await close(owner.userId, deposit, chance, false);
        for (let n = 0; n < PREPARED; n++) await apply(secretary.userId, place, chance, true);
        for (const application of applicationsOf(town)) await decide(officer.userId, application, 'REVIEW', chance);
        if (applicationsIn(['CLEARED'], town).length < PREPARED) throw new Error(`${town} is not prepared`);
      }),
    );
  }

  /** Whether the final decision has been asked for everywhere. */
  const isPrepared = () =>
    applicationsIn(['CLEARED']).every(({ no, place: { town } }) =>
      officers.every(({ userId, organisation }) => organisation !== town || cardCalled(userId, `请终审 ${no}`) !== undefined),
    );

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
      const { content, amount, applicant, acts, maybe } = application;
      const decided = row.decisions.map(({ step, personId }) => ({ act: step as Act, userId: person(personId) }));
      const withdrawn = maybe.filter(({ act }) => act === 'WITHDRAW' && row.state === 'WITHDRAWN');
      for (const { act, userId } of [...decided, ...withdrawn])
        if (!acts.has(act) && maybe.some((each) => each.act === act && each.userId === userId)) acts.set(act, userId ?? '');
      const steps = decided.map(({ act, userId }) => `${act} ${userId}`).sort();
      const known = [...acts].filter(([act]) => act !== 'WITHDRAW').map(([act, userId]) => `${act} ${userId}`);
      const found = [row.content, showMoney(row.asked), person(row.applicantId), row.state, steps];
      expect(`application ${row.no}`, found, [content, showMoney(amount), applicant, stateOf(application), known.sort()]);
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
      ...applicationsOf().flatMap((application) => {
        const { no, amount, place, acts } = application;
        const move = (kind: string, from: string, to: string) =>
          voucher(kind, no, [
            [`${from} ${place.firm}`, -amount],
            [`${to} ${place.firm}`, amount],
          ]);
        return [
          ...(acts.has('REVIEW') ? [move('HOLD', 'SOURCE', 'HOLD')] : []),
          ...(isReleased(application) ? [move('RELEASE', 'HOLD', 'SOURCE')] : []),
          ...(acts.has('PAY') ? [move('CAPTURE', 'HOLD', 'SPENT')] : []),
        ];
      }),
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
      expect(`principal of ${firm}`, balance(`SOURCE ${firm}`), showMoney(paidIn(town) - setAside(town) - paidOut(town)));
      expect(`paid to ${firm}`, balance(`SPENT ${firm}`), showMoney(paidOut(town)));
      expect(`set aside for ${firm}`, balance(`HOLD ${firm}`), showMoney(setAside(town)));
    }
    expect('money from outside', balance('OUTSIDE'), showMoney(-paidIn()));
    expect('all accounts together', showMoney(sum(accounts.map((each) => each.balance))), showMoney(0n));
  }

  /** What its card asks for is done, or no longer wanted. */
  function isClosed(notice: string, no: string): boolean {
    const application = applications.get(no);
    if (!application) return deposits.get(no)?.closer !== undefined;
    const ends: readonly Act[] = notice === 'card' ? ['REVIEW'] : notice === 'final' ? ['APPROVE'] : ['PAY'];
    return [...ends, 'RETURN' as const, 'REFUSE' as const, 'WITHDRAW' as const].some((act) => application.acts.has(act));
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
    const ofApplications = [...applications.values()].flatMap(({ no, place: { town, cashiers }, applicant, isCleared, acts }) => {
      const asked = officers.filter(({ organisation }) => organisation === town).map(({ userId }) => userId);
      const payers = cashiers.map(({ userId }) => userId);
      const isFinal = isCleared && acts.has('REVIEW');
      const told = (act: Act, what: string) => (acts.has(act) ? due(what, no, [applicant]) : []);
      // Whoever had to act next when it was withdrawn.
      const hands = acts.has('RETURN') ? [] : acts.has('APPROVE') ? payers : isFinal || !acts.has('REVIEW') ? asked : [];
      return [
        ...due('card', no, asked, isClosed('card', no)),
        ...told('REVIEW', 'decided'),
        ...(isFinal ? [...due('final', no, asked, isClosed('final', no)), ...due('cleared', no, [applicant])] : []),
        ...told('RETURN', 'returned'),
        ...told('REFUSE', 'refused'),
        ...(acts.has('APPROVE') ? due('pay', no, payers, isClosed('pay', no)) : []),
        ...told('APPROVE', 'approved'),
        ...told('PAY', 'paid'),
        ...(acts.has('WITHDRAW') ? due('withdrawn', no, hands) : []),
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
    isClosed,
    prepare,
    isPrepared,
    /** How many numbers of a letter were given out. */
    given(letter: string): number {
      const all = applicationsOf();
      const moved = [
        all.filter(({ acts }) => acts.has('REVIEW')),
        all.filter(isReleased),
        all.filter(({ acts }) => acts.has('PAY')),
      ];
      const vouchers = depositsIn('CONFIRMED').length + moved.flat().length;
      return letter === 'D' ? deposits.size : letter === 'F' ? applications.size : letter === 'P' ? vouchers : 0;
    },
    figures: () => ({
      fundMessages: messages,
      deposits: deposits.size,
      confirmed: depositsIn('CONFIRMED').length,
      disputed: depositsIn('DISPUTED').length,
      applications: applications.size,
      ...Object.fromEntries(
        (Object.keys(ACTS) as Act[]).map((act) => [
          act.toLowerCase(),
          applicationsOf().filter(({ acts }) => acts.has(act)).length,
        ]),
      ),
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
