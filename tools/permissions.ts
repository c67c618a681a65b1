// `tsx tools/permissions.ts` writes docs/permissions.md: every intent × every role, from the declarations themselves.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createCatalogue } from '../src/bot/catalogue.ts';
import { MODULES } from '../src/modules.ts';
import { ROLE, type Role } from '../src/people/index.ts';

const FILE = fileURLToPath(new URL('../docs/permissions.md', import.meta.url));

const WHERE = { private: '私聊', group: '群', anywhere: '群、私聊' };

/** Which roles may start an intent. Whether the matter is theirs is decided when it is known, again in the transaction. */
export function permissions(): string {
  const roles = Object.keys(ROLE) as Role[];
  const organisation = { id: 'o', name: 'o', shortName: 'o', kind: 'BRANCH' };
  const may = (who: { standings(person: never): readonly unknown[] }, role: string) => {
    const standing = { id: role, role, title: role, organisation, called: role };
    const person = { id: 'p', userId: 'p', name: 'p', called: 'p', standings: role === '' ? [] : [standing] };
    return who.standings(person as never).length > 0;
  };
  const { intents } = createCatalogue(MODULES);
  const rows = intents.map(
    ({ title, name, who, where }) =>
      `| ${title} | \`${name}\` | ${WHERE[where]} | ${roles.map((role) => (may(who, role) ? '✓' : '')).join(' | ')} |`,
  );
  const strangers = intents.filter(({ who }) => may(who, '')).map(({ name }) => name);
  if (strangers.length > 0) throw new Error(`who has no standing may ${strangers.join(', ')}`);
  return [
    '# 谁能办什么 · Who may do what',
    '',
    'Written by `tsx tools/permissions.ts` from the intents themselves; a test compares it. What is not ticked is refused with whom to ask. Who has no standing, or is not on the roster, may do nothing. A tick opens the matter; whether this need, this library or this group is theirs is checked when it is known, and again in the transaction that acts.',
    '',
    `| 事项 | intent | 在哪办 | ${roles.map((role) => `${ROLE[role]} \`${role}\``).join(' | ')} |`,
    `|---|---|---|${'---|'.repeat(roles.length)}`,
    ...rows,
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(FILE, permissions());
