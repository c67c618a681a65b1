/** All intents of all modules, and what is derived from the list: help for one person, the boot checks. */
import type { Person } from './actor.ts';
import type { Ctx } from './ctx.ts';
import { approvalIntents } from './approval.ts';
import type { Intent } from './intent.ts';
import type { Library, Module } from './module.ts';
import { nearestOf, type Near } from './near.ts';
import type { Relay } from './relay.ts';
import { undoIntent } from './undo.ts';

export type Catalogue = {
  readonly intents: readonly Intent[];
  readonly relay?: Relay;
  readonly library?: Library;
  find(name: string): Intent | undefined;
  /** How near words come to what the intents say of themselves. */
  near(words: string): readonly Near[];
  /** What waits for the actor, in the order of the modules. */
  waits(ctx: Ctx): Promise<readonly string[]>;
  /** What this person may do now. */
  for(person: Person): readonly Intent[];
};

/** @throws Error naming every clash: two intents of one name or title, a pattern that names an unknown slot. */
export function createCatalogue(modules: readonly Module[]): Catalogue {
  const approvals = approvalIntents(modules.flatMap((module) => module.decides ?? []));
  const matters: readonly Intent[] = [...approvals, ...modules.flatMap((module) => module.intents)];
  const timed = modules.some((module) => 'undoMinutes' in module);
  const minutes = async (ctx: Ctx) => {
    for (const module of modules) if (module.undoMinutes) return module.undoMinutes(ctx);
    return 0;
  };
  const undo = timed ? [undoIntent(matters, minutes)] : [];
  const intents: readonly Intent[] = [...matters, ...undo];
  const faults = [
    ...repeated(intents.map((intent) => intent.name)).map((name) => `two intents are named ${name}`),
    ...repeated(intents.map((intent) => intent.title)).map((title) => `two intents are titled ${title}`),
    ...intents.flatMap(unknownGroups),
  ];
  if (faults.length > 0) throw new Error(`catalogue: ${faults.join('; ')}`);
  const byName = new Map(intents.map((intent) => [intent.name, intent]));
  // Read when somebody speaks freely for the first time.
  let nearest: ReturnType<typeof nearestOf> | undefined;
  const [relay] = modules.flatMap((module) => module.relay ?? []);
  const [library] = modules.flatMap((module) => module.library ?? []);
  return {
    intents,
    ...(relay ? { relay } : {}),
    ...(library ? { library } : {}),
    find: (name) => byName.get(name),
    near: (words) => (nearest ??= nearestOf(intents))(words),
    async waits(ctx) {
      const lines: string[] = [];
      for (const module of modules) lines.push(...((await module.waits?.(ctx)) ?? []));
      return lines;
    },
    for: (person) => intents.filter((intent) => intent.who.standings(person).length > 0),
  };
}

function repeated(words: readonly string[]): string[] {
  return [...new Set(words.filter((word, i) => words.indexOf(word) !== i))];
}

function unknownGroups(intent: Intent): string[] {
  const groups = intent.matches.flatMap((pattern) => [...pattern.source.matchAll(/\(\?<(\w+)>/gu)].map((m) => m[1] ?? ''));
  return groups
    .filter((group) => !(group in intent.slots))
    .map((group) => `a pattern of ${intent.name} names the unknown slot ${group}`);
}
