/** Figures for Prometheus: what the doors and the runner count, and what waits in the outbox when somebody asks. */
import { createServer, type Server } from 'node:http';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Db } from './db/db.ts';
import { waitingJobs } from './jobs/store.ts';
import type { Api } from './wecom/api.ts';
import type { Meter } from './wecom/meter.ts';

export type Metrics = {
  readonly meter: Meter;
  readonly jobEnded: (name: string, end: string) => void;
  readonly messageRepeated: () => void;
  /** Queues and token, read when somebody asks. */
  watch(sources: { db: Db; corp: string; api?: Api | undefined; clock: () => Date }): void;
  text(): Promise<string>;
};

/** Seconds; WeCom gives up after 5 (protocol A.7). */
const BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3.5, 5];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Gauge({ name, help, labelNames, registers });
  collectDefaultMetrics({ register: registry });

  const callbacks = new Histogram({
    name: 'wecom_callback_seconds',
    help: 'Callbacks answered, by door, kind and outcome',
    labelNames: ['door', 'kind', 'outcome'],
    buckets: BUCKETS,
    registers,
  });
  const firstFrames = new Histogram({
    name: 'wecom_first_frame_seconds',
    help: 'From a message to the first thing a person sees',
    buckets: BUCKETS,
    registers,
  });
  const repeats = counter('wecom_callback_repeats_total', 'The same bytes delivered once more', ['door']);
  const messageRepeats = counter('message_repeats_total', 'Messages that came once more, under whatever envelope', []);
  const refused = counter('wecom_callback_refused_total', 'Callbacks refused, by reason', ['door', 'code']);
  const calls = counter('wecom_api_calls_total', 'Calls of the server API by errcode; none: no answer', ['path', 'errcode']);
  const unreachable = counter('wecom_unreachable_total', 'Messages that WeCom accepted and somebody did not get', []);
  const jobs = counter('job_ends_total', 'How jobs ended: done, retried, waiting or dead', ['name', 'end']);
  const depth = gauge('job_waiting', 'Jobs that are due', ['name']);
  const age = gauge('job_oldest_seconds', 'How long the oldest due job has waited', ['name']);
  const dead = gauge('job_dead', 'Dead letters', ['name']);
  const tokenAge = gauge('wecom_token_age_seconds', 'Since the access token in use was given out');
  let look: () => Promise<void> = () => Promise.resolve();

  return {
    meter: {
      callback: (door, kind, outcome, seconds) => callbacks.observe({ door, kind, outcome }, seconds),
      refused: (door, code) => refused.inc({ door, code }),
      repeated: (door) => repeats.inc({ door }),
      firstFrame: (seconds) => firstFrames.observe(seconds),
      called: (path, errcode) => calls.inc({ path, errcode }),
      unreachable: () => unreachable.inc(),
    },
    jobEnded: (name, end) => jobs.inc({ name, end }),
    messageRepeated: () => messageRepeats.inc(),
    watch({ db, corp, api, clock }) {
      look = async () => {
        const now = clock();
        const seconds = await api?.tokenAge();
        if (seconds !== undefined) tokenAge.set(seconds);
        for (const each of [depth, age, dead]) each.reset();
        for (const row of await waitingJobs(db.client, corp, now)) {
          depth.set({ name: row.name }, row.waiting);
          dead.set({ name: row.name }, row.dead);
          if (row.oldest) age.set({ name: row.name }, (now.getTime() - row.oldest.getTime()) / 1000);
        }
      };
    },
    async text() {
      // What cannot be read just now is missing; the rest is still worth telling.
      await look().catch(() => undefined);
      return registry.metrics();
    },
  };
}

/** On a port of its own, which is not for the outside. */
export function metricsServer(metrics: Metrics): Server {
  return createServer((request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end();
    metrics.text().then(
      (text) => response.setHeader('content-type', 'text/plain; version=0.0.4').end(text),
      () => response.writeHead(500).end(),
    );
  });
}
