/** 人走事不走: what lay in somebody's hands goes to others. `people` schedules it, every module does its part. */
import { defineJob, type Ctx, type Job } from './ctx.ts';

/** Somebody has left, or lost a standing. */
export type Leaver = { readonly person: string };

/** A standing has gone to somebody else: lent for a time, or for good. Ids, and for the messages the new holder's WeCom id. */
export type Handover = {
  readonly from: { readonly person: string; readonly standing: string };
  readonly to: { readonly person: string; readonly standing: string; readonly userId: string; readonly called: string };
  readonly organisation: string;
  readonly role: string;
  readonly isLent: boolean;
};

export type Successions = {
  leaver?(ctx: Ctx, personId: string): Promise<void>;
  handover?(ctx: Ctx, handover: Handover): Promise<void>;
};

/** The two jobs over every module's part, each in a unit of work of its own: an import of thousands waits for none of them. */
export function successionJobs(modules: readonly Successions[]): readonly [leaver: Job<Leaver>, handover: Job<Handover>] {
  const leaver = defineJob<Leaver>({
    name: 'people.leaver',
    async run(ctx, { person }) {
      for (const module of modules) await module.leaver?.(ctx, person);
    },
  });
  const handover = defineJob<Handover>({
    name: 'people.handover',
    async run(ctx, payload) {
      for (const module of modules) await module.handover?.(ctx, payload);
    },
  });
  return [leaver, handover];
}

/** To schedule by; the service runs those of all modules, which have the same names. */
export const [LEAVER, HANDOVER] = successionJobs([]);
