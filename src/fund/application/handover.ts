/** 人走事不走: whose office a decision lies in changes, and the new holder gets its cards; a new secretary hears what goes on. */
import type { Ctx } from '../../bot/ctx.ts';
import type { Handover } from '../../bot/succession.ts';
import { APPLICATION_LIFE } from './life.ts';
import { askDecision, askPay, askReceived, askRuling, inHands } from './steps.ts';
import { listApplications, type Application } from './store.ts';
import { lineOf } from './talk/mine.ts';
import type { ApplicationState } from './words.ts';

const UNDER_WAY = (Object.keys(APPLICATION_LIFE) as ApplicationState[]).filter((state) => APPLICATION_LIFE[state].length > 0);
/** What an office holds that is not the applicant's. */
const IN_OFFICE: readonly ApplicationState[] = ['SUBMITTED', 'CONTESTED', 'CLEARED', 'APPROVED', 'REFUNDING'];
const SHOWN = 8;

/** 委托 and 交接: what the new holder may decide, pay or carry on is shown to them. */
export async function handover(ctx: Ctx, { to, organisation, role }: Handover): Promise<void> {
  for (const application of await listApplications(ctx, { states: IN_OFFICE })) {
    const { holders } = await inHands(ctx, application);
    if (holders.some(({ id }) => id === to.person)) await askAnew(ctx, application, to.person);
  }
  if (role !== 'PARTY_SECRETARY') return;
  const own = await listApplications(ctx, { organisationIds: [organisation], states: UNDER_WAY });
  if (own.length === 0) return;
  const lines = await Promise.all(own.slice(0, SHOWN).map((each) => lineOf(ctx, each)));
  const more = own.length > SHOWN ? '\n其余的说“我的申请到哪了”看。' : '';
  ctx.notify([to], { text: `您接手的公积金申请有${own.length}笔在办：\n${lines.join('\n')}${more}` });
}

/** Somebody has left: who decides now, or the superior where nobody can, is asked anew. */
export async function leaver(ctx: Ctx, personId: string): Promise<void> {
  for (const application of await listApplications(ctx, { states: IN_OFFICE })) {
    const wasTheirs = application.assigneeId === personId || application.cosignerId === personId;
    if (wasTheirs || (await inHands(ctx, application)).holders.length === 0) await askAnew(ctx, application);
  }
}

async function askAnew(ctx: Ctx, application: Application, newcomer?: string): Promise<void> {
  if (application.state === 'APPROVED') return askPay(ctx, application, newcomer);
  if (application.state === 'REFUNDING') return askReceived(ctx, application, newcomer);
  if (application.state === 'CONTESTED') return askRuling(ctx, application, newcomer);
  return askDecision(ctx, application, newcomer);
}
