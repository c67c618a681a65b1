/** A server in a process of its own: what its parent and it say to each other. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

export type Child = {
  readonly port: number;
  /** Microseconds of processor time used so far. */
  cpu(): Promise<number>;
  /** What it holds after a collection. */
  memory(): Promise<Memory>;
  /** SIGKILL, by its own process id. */
  kill(): Promise<void>;
  /** It ends by itself, and so can write a profile. */
  end(): Promise<void>;
};

/** Bytes, and how many sockets, timers and files are open. */
export type Memory = { readonly heap: number; readonly rss: number; readonly handles: number };

export type ChildOptions = {
  script: string;
  options: object;
  profileInto?: string | undefined;
  onLog?: ((line: string) => void) | undefined;
};

/** Starts a script of this folder; ready when it listens. */
export async function startChild({ script, options, profileInto, onLog }: ChildOptions): Promise<Child> {
  const profile = profileInto === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileInto}`];
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), [JSON.stringify(options)], {
    cwd: ROOT,
    execArgv: ['--import', 'tsx', '--expose-gc', ...profile],
    stdio: ['ignore', onLog ? 'pipe' : 'ignore', 'inherit', 'ipc'],
  });
  if (onLog && child.stdout) createInterface(child.stdout).on('line', onLog);
  const exited = once(child, 'exit');
  const port = await Promise.race([
    answer<number>(child, 'port'),
    exited.then(() => Promise.reject(new Error(`${script} ended before it listened`))),
  ]);
  return {
    port,
    async cpu() {
      const said = answer<number>(child, 'cpu');
      child.send('cpu');
      return said;
    },
    async memory() {
      const said = answer<Memory>(child, 'memory');
      child.send('memory');
      return said;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async end() {
      child.disconnect();
      await exited;
    },
  };
}

async function answer<T>(child: ChildProcess, name: string): Promise<T> {
  for (;;) {
    const [message] = (await once(child, 'message')) as [Record<string, T>];
    if (name in message) return message[name] as T;
  }
}

/** In the child: what the parent gave. */
export function given<T>(): T {
  return JSON.parse(process.argv[2] ?? '{}') as T;
}

/** In the child: listens, tells the parent where, and ends with it. */
export async function serve(handler: RequestListener, port = 0): Promise<void> {
  const server = createServer(handler).listen(port, '127.0.0.1');
  await once(server, 'listening');
  process.on('message', (asked) => {
    if (asked === 'cpu') {
      const { user, system } = process.cpuUsage();
      process.send?.({ cpu: user + system });
    } else {
      gc?.();
      const { heapUsed: heap, rss } = process.memoryUsage();
      process.send?.({ memory: { heap, rss, handles: process.getActiveResourcesInfo().length } satisfies Memory });
    }
  });
  process.on('disconnect', () => process.exit(0));
  if (process.connected) process.send?.({ port: (server.address() as AddressInfo).port });
}
