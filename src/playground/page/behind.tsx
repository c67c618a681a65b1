/** What happened: how each message was understood, what it wrote, what waits, what was logged, and the wire, clear and sealed. */
import { signal, useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import type { WireRecord } from '../callbacks.ts';
import { behind, dateTime, time, wire, world, type Behind, type Sent } from './model.ts';

const DOORS = { bot: '机器人', app: '应用', api: '接口' } as const;
const BY: Readonly<Record<string, string>> = {
  press: '按了按钮：按钮里写着要办什么',
  words: '固定说法或句式：说得准，不用猜',
  router: '意图路由猜的：只打开确认，不直接办',
  model: '大模型建议的：只打开确认，不直接办',
};
const COMMANDS: Readonly<Record<string, string>> = {
  start: '开始办一件事',
  choose: '有几种可能，请人选',
  answer: '回答刚才的问题',
  fill: '填一项',
  edit: '改一项',
  confirm: '确认',
  cancel: '取消',
  plan: '一句话里有几件事',
  help: '帮助',
  lost: '没听懂',
  unbuilt: '知道，但还不能办',
  why: '问为什么',
  wait: '等一等',
  repeat: '再说一遍',
  resume: '接着办',
  thanks: '道谢',
  skip: '跳过',
  negate: '排除一项',
  long: '太长',
};
const tab = signal<'turns' | 'wire' | 'rows' | 'tally' | 'waiting' | 'log'>('turns');
const TABS = { turns: '消息', wire: '线上', rows: '数据', tally: '账目', waiting: '待办', log: '日志' } as const;

function pretty(text: string): string {
  if (text.startsWith('{')) {
    try {
      return JSON.stringify(JSON.parse(text), undefined, 2);
    } catch {
      return text;
    }
  }
  return text.startsWith('<') ? text.replaceAll('><', '>\n<') : text;
}

function Part({ title, text, kind }: { title: string; text: string | undefined; kind?: string }): JSX.Element | null {
  if (!text) return null;
  return (
    <>
      <h4>{title}</h4>
      <pre class={kind} tabIndex={0}>
        {kind === 'cipher' ? text : pretty(text)}
      </pre>
    </>
  );
}

function Wire({ entry }: { entry: Sent<WireRecord> }): JSX.Element {
  const isOut = entry.direction === 'to-bot';
  const query = Object.entries(entry.query).map(([name, value]) => `${name} = ${value}`);
  return (
    <Row
      head={
        <>
          <span class={`where ${entry.door}`}>{`${isOut ? '→' : '←'} ${DOORS[entry.door]}`}</span>
          <span class="what">{entry.attempt > 1 ? `${entry.what}（第 ${entry.attempt} 次）` : entry.what}</span>
          <span class="ms">{entry.ms} ms</span>
          {entry.failure && <span class="failure">⚠ {entry.failure}</span>}
        </>
      }
    >
      <Part title="请求" text={[`${entry.method} ${entry.path}`, ...query].join('\n')} />
      <Part title={isOut ? '发出的明文' : '请求内容'} text={entry.asked.clear} />
      <Part title="发出的密文" text={entry.asked.cipher} kind="cipher" />
      <Part title={`应答 HTTP ${entry.status}`} text={entry.answered.clear || '（空）'} />
      <Part title="应答的密文" text={entry.answered.cipher} kind="cipher" />
    </Row>
  );
}

function Row({ head, children }: { head: ComponentChildren; children: ComponentChildren }): JSX.Element {
  const open = useSignal(false);
  return (
    <li>
      <details onToggle={(event) => (open.value = event.currentTarget.open)}>
        <summary>{head}</summary>
        {open.value && <div>{children}</div>}
      </details>
    </li>
  );
}

type Written = Behind['units'][number]['rows'][number];

/** Only what changed, where it was known before. */
function changeOf({ row, before }: Written): string {
  if (!before) return JSON.stringify(row, undefined, 2);
  const fields = Object.keys(row).filter((name) => JSON.stringify(row[name]) !== JSON.stringify(before[name]));
  return fields.map((name) => `${name}: ${JSON.stringify(before[name])} → ${JSON.stringify(row[name])}`).join('\n');
}

function Rows({ rows }: { rows: readonly Written[] }): JSX.Element {
  return (
    <>
      {rows.map((written) => (
        <Part title={`${written.before ? '改' : '写'} ${written.table}`} text={changeOf(written)} />
      ))}
    </>
  );
}

function TurnRow({ turn }: { turn: Behind['turns'][number] }): JSX.Element {
  const entry = wire.value.find(({ id }) => id === turn.wire);
  const unit = behind.value.units.filter(({ message }) => message === turn.message);
  const jobs = new Set(
    unit.flatMap(({ rows }) => rows.filter(({ table }) => table === 'job').map(({ row }) => String(row['id']))),
  );
  const log = [...turn.log, ...behind.value.log.filter(({ fields }) => jobs.has(String((fields as { job?: string }).job)))];
  const state = (value: unknown): string => (value === undefined ? '（没有）' : JSON.stringify(value, undefined, 2));
  return (
    <Row
      head={
        <>
          <span class="where">{time(turn.at)}</span>
          <span class="what">{entry?.what ?? turn.channel}</span>
          <span class="ms">{turn.ms} ms</span>
          <span class="why">
            {turn.title ?? COMMANDS[turn.command ?? ''] ?? turn.kind}
            {turn.refused && `　被拒：${turn.refused}`}
          </span>
        </>
      }
    >
      <h4>怎么听懂的</h4>
      <p>{BY[turn.by ?? ''] ?? '没有走到这一步'}</p>
      <p>
        {COMMANDS[turn.command ?? ''] ?? turn.command}
        {turn.intent && (
          <>
            ：{turn.title} <code>{turn.intent}</code>
          </>
        )}
      </p>
      {turn.guesses.length > 0 && (
        <>
          <h4>意图路由的把握</h4>
          <dl class="guesses">
            {turn.guesses.map(({ intent, title, confidence }) => [
              <dt>
                {title} <code>{intent}</code>
              </dt>,
              <dd>
                <meter min={0} max={1} value={confidence} aria-label={title} /> {(confidence * 100).toFixed(1)}%
              </dd>,
            ])}
          </dl>
        </>
      )}
      {unit.length === 0 ? <p>没有写数据。</p> : unit.map(({ rows }) => <Rows rows={rows} />)}
      <Part title="对话状态：之前" text={state(turn.before)} />
      <Part title="对话状态：之后" text={state(turn.after)} />
      <Part
        title="同一条消息的日志"
        text={log.map((line) => `${line.at} ${line.level} ${line.words} ${JSON.stringify(line.fields)}`).join('\n')}
        kind="log"
      />
      {entry && <Part title="发出的明文" text={entry.asked.clear} />}
      {entry && <Part title="发出的密文" text={entry.asked.cipher} kind="cipher" />}
      {entry && <Part title="应答" text={entry.answered.clear || '（空）'} />}
    </Row>
  );
}

const LISTS: Readonly<Record<keyof typeof TABS, () => JSX.Element>> = {
  turns: () => (
    <List of={behind.value.turns.toReversed()} empty="还没有消息。">
      {(turn) => <TurnRow key={turn.message + turn.at} turn={turn} />}
    </List>
  ),
  wire: () => (
    <List of={wire.value.toReversed()} empty="还没有回调。">
      {(entry) => <Wire key={entry.id} entry={entry} />}
    </List>
  ),
  rows: () => (
    <List of={behind.value.units.toReversed()} empty="还没有写过数据。">
      {({ id, rows }) => {
        const audit = rows.find(({ table }) => table === 'audit')?.row;
        const tables = [...new Set(rows.map(({ table }) => table))].join('、');
        return (
          <Row
            key={id}
            head={
              <>
                <span class="where">{rows.length} 行</span>
                <span class="what">
                  {audit ? ['intent', 'subject', 'outcome'].map((name) => audit[name] as string | null).join(' ') : tables}
                </span>
                <span class="ms">#{id}</span>
                {audit && <span class="why">{tables}</span>}
              </>
            }
          >
            <Rows rows={rows} />
          </Row>
        );
      }}
    </List>
  ),
  tally: () => (
    <>
      <h3>公积金账目</h3>
      <Lines of={behind.value.tally.books} empty="还没有钱进出。" />
      <h3>有多少</h3>
      <Lines of={behind.value.tally.figures} empty="还没有需求、申请和团购。" />
    </>
  ),
  waiting: () => (
    <List of={behind.value.waiting} empty="没有要发的消息，也没有定时要办的事。">
      {(job) => (
        <li key={job.id} class="flat">
          <span class={job.isDead ? 'where dead' : 'where'}>{job.isDead ? '放弃了' : dateTime(job.dueAt)}</span>
          <span class="what">{job.name}</span>
          <span class="ms">{job.attempts > 0 ? `试过 ${job.attempts} 次` : ''}</span>
          {job.lastError && <span class="failure">⚠ {job.lastError}</span>}
        </li>
      )}
    </List>
  ),
  log: () => (
    <List of={behind.value.log.toReversed()} empty="还没有日志。">
      {(line) => (
        <li class="flat">
          <span class={`where ${line.level}`}>{line.level}</span>
          <span class="what">{line.words}</span>
          <span class="ms">{time(line.at)}</span>
          <code class="why">{JSON.stringify(line.fields)}</code>
        </li>
      )}
    </List>
  ),
};

function Lines({ of, empty }: { of: readonly string[]; empty: string }): JSX.Element {
  return (
    <List of={of} empty={empty}>
      {(line) => {
        const at = line.lastIndexOf(' ');
        return (
          <li key={line} class="sum">
            <span>{line.slice(0, at)}</span>
            <strong>{line.slice(at + 1)}</strong>
          </li>
        );
      }}
    </List>
  );
}

function List<T>({ of, empty, children }: { of: readonly T[]; empty: string; children: (one: T) => JSX.Element }): JSX.Element {
  return of.length === 0 ? <p class="note">{empty}</p> : <ol class="rows">{of.map(children)}</ol>;
}

export function BehindPanel(): JSX.Element {
  const { violations } = world.value;
  const names = (world.value.now === undefined ? ['wire'] : Object.keys(TABS)) as (keyof typeof TABS)[];
  const shown = names.includes(tab.value) ? tab.value : 'wire';
  return (
    <aside class="behind" aria-labelledby="behind-title">
      <h2 id="behind-title">发生了什么</h2>
      <div class="tabs" role="tablist" aria-label="看哪一面">
        {names.map((name, at) => (
          <button
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={shown === name}
            aria-controls="behind-panel"
            tabIndex={shown === name ? 0 : -1}
            onClick={() => (tab.value = name)}
            onKeyDown={(event) => {
              const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
              const next = names[(at + step + names.length) % names.length];
              if (step === 0 || next === undefined) return;
              tab.value = next;
              document.getElementById(`tab-${next}`)?.focus();
            }}
          >
            {TABS[name]}
          </button>
        ))}
      </div>
      {violations.length > 0 && (
        <details class="violations">
          <summary>⚠ 真的企业微信会截断、丢掉或拒绝：{violations.length} 处</summary>
          {violations.map((each) => (
            <p>
              {time(each.at)} {DOORS[each.where]}：{each.words}
            </p>
          ))}
        </details>
      )}
      <div id="behind-panel" role="tabpanel" aria-labelledby={`tab-${shown}`}>
        {LISTS[shown]()}
      </div>
    </aside>
  );
}
