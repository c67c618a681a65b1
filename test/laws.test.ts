/** The architecture, checked: who may import whom, where effects live, and what every intent must have. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createCatalogue } from '../src/bot/catalogue.ts';
import { understandText } from '../src/bot/understand.ts';
import { MODULES } from '../src/modules.ts';

const SRC = fileURLToPath(new URL('../src', import.meta.url));
const STORIES = fileURLToPath(new URL('stories', import.meta.url));

/**
 * What each part may import besides itself and node's own. The parts stand from the bottom up; the files of `src` itself
 * put everything together. A module below is entered through its index only.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  db: ['kernel'],
  state: ['kernel'],
  nlu: ['kernel'],
  bot: ['kernel', 'db', 'state', 'nlu'],
  llm: ['kernel', 'nlu', 'bot'],
  jobs: ['kernel', 'db', 'bot'],
  wecom: ['kernel', 'db', 'state', 'bot', 'jobs'],
  playground: ['kernel'],
  people: ['kernel', 'db', 'nlu', 'bot'],
  stars: ['kernel', 'db', 'bot', 'people'],
  fund: ['kernel', 'db', 'nlu', 'bot', 'people', 'stars'],
  needs: ['kernel', 'db', 'nlu', 'bot', 'people', 'stars'],
  purchase: ['kernel', 'db', 'nlu', 'bot', 'people'],
  handoff: ['kernel', 'db', 'nlu', 'bot', 'people'],
  rulebook: ['kernel', 'nlu', 'bot', 'people'],
  notices: ['kernel', 'db', 'bot', 'people', 'needs', 'purchase'],
  pages: ['kernel', 'db', 'state', 'bot', 'people', 'fund'],
};
const MODULE_FOLDERS = ['people', 'stars', 'fund', 'handoff', 'needs', 'purchase', 'notices', 'rulebook'];

/** Effects and the files they may stand in. */
const HOMES: readonly { what: string; pattern: RegExp; home: RegExp }[] = [
  { what: 'the clock', pattern: /new Date\(\)|Date\.now\(\)/, home: /^boot\.ts$/ },
  { what: 'random ids', pattern: /randomUUID/, home: /^db\/(folder-lock|migrate)\.ts$/ },
  {
    what: 'timers',
    pattern: /setTimeout|setInterval/,
    home: /^((?:main|stage)\.ts|jobs\/runner\.ts|state\/(memory|redis)\.ts|db\/db\.ts|playground\/.*)$/,
  },
  { what: 'the environment', pattern: /process\.env/, home: /^(config|main|terminal|seed)\.ts$/ },
  { what: 'Prisma', pattern: /generated\/client|\.tx\.|\$queryRaw|\$executeRaw/, home: /^db\/|\/(store|ledger|checks)\.ts$/ },
];

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts') && !path.startsWith('db/generated/'))
  .map((path) => ({ path, source: readFileSync(join(SRC, path), 'utf8') }));

const imports = files.flatMap(({ path, source }) =>
  [...source.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, target = '']) => ({
    path,
    target: relative(SRC, resolve(SRC, dirname(path), target)).replaceAll('\\', '/'),
  })),
);

const partOf = (path: string) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '');

describe('the house', () => {
  test('every part is in the table', () => {
    expect([...new Set(files.map(({ path }) => partOf(path)))].filter((part) => part && !(part in MAY_IMPORT))).toEqual([]);
  });

  test('imports go one way', () => {
    const wrong = imports.filter(({ path, target }) => {
      const [from, to] = [partOf(path), partOf(target)];
      return from !== '' && from !== to && !MAY_IMPORT[from]?.includes(to);
    });
    expect(wrong).toEqual([]);
  });

  test('where a real WeCom is configured, the simulated one is not even loaded', () => {
    const loaded = new Set<string>();
    const load = (path: string) => {
      if (loaded.has(path)) return;
      loaded.add(path);
      const source = files.find((file) => file.path === path)?.source ?? '';
      for (const [, target = ''] of source.matchAll(/(?:import|export) (?!type)[^;]*?from '(\.[^']+)'/g))
        load(relative(SRC, resolve(SRC, dirname(path), target)).replaceAll('\\', '/'));
    };
    load('main.ts');
    expect(loaded).toContain('service.ts');
    expect([...loaded].filter((path) => path === 'stage.ts' || path.startsWith('playground/'))).toEqual([]);
  });

  test('a module is entered through its index', () => {
    const wrong = imports.filter(({ path, target }) => {
      const to = partOf(target);
      return MODULE_FOLDERS.includes(to) && partOf(path) !== to && target !== `${to}/index.ts`;
    });
    expect(wrong).toEqual([]);
  });

  test('nothing is imported in a circle', () => {
    const next = new Map<string, string[]>();
    for (const { path, target } of imports) next.set(path, [...(next.get(path) ?? []), target]);
    const types = new Set(
      files.flatMap(({ path, source }) =>
        [...source.matchAll(/import type [^;]*?from '(\.[^']+)'/g)].map(([, target = '']) => {
          return `${path}>${relative(SRC, resolve(SRC, dirname(path), target)).replaceAll('\\', '/')}`;
        }),
      ),
    );
    const circles: string[] = [];
    const done = new Set<string>();
    const walk = (path: string, trail: readonly string[]) => {
      if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
      if (done.has(path) || trail.includes(path)) return;
      for (const target of next.get(path) ?? []) if (!types.has(`${path}>${target}`)) walk(target, [...trail, path]);
      done.add(path);
    };
    for (const { path } of files) walk(path, []);
    expect(circles).toEqual([]);
  });

  test.each(HOMES)('$what has its home', ({ pattern, home }) => {
    expect(files.filter(({ path, source }) => pattern.test(code(source)) && !home.test(path)).map(({ path }) => path)).toEqual(
      [],
    );
  });

  test('rules are pure', () => {
    const rules = files.filter(({ path }) => path.endsWith('/rules.ts'));
    expect(rules.length).toBeGreaterThan(0);
    expect(rules.filter(({ source }) => /\basync\b|\bawait\b|Ctx\b/.test(code(source))).map(({ path }) => path)).toEqual([]);
  });

  test('a picture lives as long as the records that name it: 留存 asks every table that has photos', () => {
    const schema = fileURLToPath(new URL('../prisma/schema', import.meta.url));
    const tables = readdirSync(schema)
      .flatMap((name) => readFileSync(join(schema, name), 'utf8').match(/^model [^}]+^\}/gmu) ?? [])
      .filter((model) => /^ {2}photos\s/mu.test(model) || (/^ {2}sha256\s/mu.test(model) && !model.startsWith('model Photo ')))
      .map((model) => /@@map\("(\w+)"\)/u.exec(model)?.[1] ?? '');
    const store = files.find(({ path }) => path === 'people/store.ts')?.source ?? '';
    const asked = /DELETE FROM photo[^`]+/u.exec(store)?.[0] ?? '';
    expect(tables.length).toBeGreaterThan(3);
    expect(tables.filter((table) => !asked.includes(`FROM ${table}`))).toEqual([]);
  });

  test('no Chinese in identifiers', () => {
    const wrong = files.filter(({ source }) =>
      /(?:const|let|function|class|type|interface) [^\s(=:]*\p{Script=Han}/u.test(code(source)),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });
});

describe('the intents', () => {
  const catalogue = createCatalogue(MODULES);
  const examples = catalogue.intents.flatMap((intent) => intent.says.map((says) => ({ says, name: intent.name })));

  test.each(examples)('“$says” is $name', ({ says, name }) => {
    expect(understandText(says, {}, catalogue)).toMatchObject({ do: 'start', intent: name });
  });

  test('every pattern is anchored at both ends', () => {
    const loose = catalogue.intents.flatMap((intent) =>
      intent.matches.filter(({ source }) => !/^\^\(\?:.*\)\$$/su.test(source)).map(({ source }) => `${intent.name} ${source}`),
    );
    expect(loose).toEqual([]);
  });

  test('every intent has a story', () => {
    const stories = readdirSync(STORIES)
      .map((file) => readFileSync(join(STORIES, file), 'utf8'))
      .join('\n');
    const said = [...stories.matchAll(/say\('[^']+', '(?:@党建助手 )?([^']+)'/g)].map(([, words = '']) =>
      understandText(words, {}, catalogue),
    );
    const started = new Set(said.flatMap((command) => (command.do === 'start' ? [command.intent] : [])));
    expect(catalogue.intents.map(({ name }) => name).filter((name) => !started.has(name))).toEqual([]);
  });

  test('two intents of one name or title, or a pattern with an unknown slot, stop the start', () => {
    const [first] = MODULES;
    if (!first) throw new Error('no module');
    expect(() => createCatalogue([first, { ...first, decides: undefined as never }])).toThrow(
      /two intents are named need\.create/,
    );
    const [intent] = first.intents;
    if (!intent) throw new Error('no intent');
    const broken = { ...intent, matches: [/^(?<nothing>.+)$/u] };
    expect(() => createCatalogue([{ ...first, intents: [broken] }])).toThrow(/unknown slot nothing/);
  });
});

/** The source without comments. */
function code(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}
