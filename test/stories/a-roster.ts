/** 名册 as a file that a story changes and sends. */
import type { Ctx } from '../../src/bot/ctx.ts';
import { asSystem } from '../../src/bot/system.ts';
import { createIds } from '../../src/kernel/ids.ts';
import { createVault } from '../../src/kernel/vault.ts';
import { arrangeNotices } from '../../src/notices/index.ts';
import { exportRoster } from '../../src/people/index.ts';
import { readWorkbook, writeRoster } from '../../src/people/roster/workbook.ts';
import { read, type Chat } from '../chat.ts';

export const vault = createVault();

export const script = <T>(chat: Chat, work: (ctx: Ctx) => Promise<T>): Promise<T> =>
  asSystem(
    { db: chat.db, corp: chat.corp, vault, arrange: arrangeNotices, now: chat.now(), id: createIds(() => chat.now()) },
    'test',
    work,
  );

/** The roster as it is, without some people and with phones for others. */
export async function fileWithout(
  chat: Chat,
  gone: readonly string[],
  phones: Readonly<Record<string, string>> = {},
): Promise<Buffer> {
  const { lines } = await readWorkbook(await script(chat, exportRoster));
  const cells = <T extends { cells: Readonly<Record<string, string | undefined>> }>(rows: readonly T[]) =>
    rows.map((row) => row.cells as Record<string, string>).filter(({ account }) => !gone.includes(account ?? ''));
  const people = cells(lines.people).map((row) => ({ ...row, phone: phones[row['account'] ?? ''] ?? null }));
  return writeRoster({ organisations: cells(lines.organisations), people, standings: cells(lines.standings) }, { notes: false });
}

/** The roster as it is, with other words in the column 联盟 of these enterprises, by their short names. */
export async function fileWithAlliances(chat: Chat, alliances: Readonly<Record<string, string | null>>): Promise<Buffer> {
  const { lines } = await readWorkbook(await script(chat, exportRoster));
  const organisations = lines.organisations.map(({ cells }) => ({
    ...cells,
    ...(cells.shortName !== undefined && cells.shortName in alliances ? { alliances: alliances[cells.shortName] } : {}),
  }));
  const rest = { people: lines.people.map(({ cells }) => cells), standings: lines.standings.map(({ cells }) => cells) };
  return writeRoster({ organisations, ...rest }, { notes: false });
}

/** The roster as it is, with these words in the column 特长 by account, and with none in it for everybody else. */
export async function fileWithSkills(chat: Chat, skills: Readonly<Record<string, string>>): Promise<Buffer> {
  const { lines } = await readWorkbook(await script(chat, exportRoster));
  const people = lines.people.map(({ cells }) => ({ ...cells, skills: skills[cells.account ?? ''] ?? null }));
  const rest = {
    organisations: lines.organisations.map(({ cells }) => cells),
    standings: lines.standings.map(({ cells }) => cells),
  };
  return writeRoster({ people, ...rest }, { notes: false });
}

/** Sends the file to the bot; what it answers. */
export async function send(chat: Chat, userId: string, bytes: Uint8Array): Promise<string> {
  const { bubbles } = await chat.wecom.say(userId, { file: bytes }, 'bot');
  await chat.settle();
  const [answer] = bubbles.slice(-1);
  return answer ? read(answer) : '';
}
