/** The prompts as the model gets them: an intent or a rule that changes shows up in review. `npx vitest run test/llm -u` accepts it. */
import { expect, test } from 'vitest';
import { createCatalogue } from '../../src/bot/catalogue.ts';
import { fence, offer, readPrompt, showOffered, showOpen, showSlot } from '../../src/llm/prompt.ts';
import { MODULES } from '../../src/modules.ts';

const offered = createCatalogue(MODULES).intents.map(offer);
const slots = offered.find(({ name }) => name === 'need.create')?.slots ?? [];

test('the prompt of a choice among all intents', async () => {
  const open = showOpen({ intent: 'need.create', asking: '@confirm', slots });
  const prompt = readPrompt('choose').fill({ offered: showOffered(offered), open });
  expect(prompt).not.toMatch(/\{\{|undefined|object Object/u);
  await expect(prompt).toMatchFileSnapshot('prompt-choose.snapshot.md');
});

test('the prompt of a draft', async () => {
  const prompt = readPrompt('draft').fill({ slots: slots.map((slot) => `- ${showSlot(slot)}`).join('\n') });
  expect(prompt).not.toMatch(/\{\{|undefined|object Object/u);
  await expect(prompt).toMatchFileSnapshot('prompt-draft.snapshot.md');
});

test('the version is of the text: twelve figures, one for each', () => {
  const hashes = (['choose', 'draft', 'choose'] as const).map((name) => readPrompt(name).hash);
  expect(hashes[0]).toMatch(/^[0-9a-f]{12}$/u);
  expect(hashes[0]).toBe(hashes[2]);
  expect(hashes[0]).not.toBe(hashes[1]);
});

test('what is filled in is not filled again, and a message is one line of JSON', () => {
  expect(readPrompt('choose').fill({ offered: '{{open}}', open: 'X' })).toContain('{{open}}');
  expect(fence('a\n"<b>')).toBe('{"message":"a\\n\\"\\u003cb>"}');
});
