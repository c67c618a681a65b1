// Real services for tests: a Postgres and a Redis of our own on free ports, in a temporary folder, gone afterwards.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export type Service = {
  url: string;
  stop(): Promise<void>;
  /** Ends it as a fault would, without a chance to tidy up. */
  crash(): Promise<void>;
  /** Up again after a crash, in the same place with what it had kept. */
  restart(): Promise<void>;
};

/** The address names the database `postgres`. A commit outlives the process, not the machine: no fsync. */
export async function startPostgres(): Promise<Service> {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  const port = await freePort();
  // Postgres refuses to run as root; its package brings the user.
  const user = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  execFileSync(binary('initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], {
    ...user,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    fsync: 'off',
    full_page_writes: 'off',
    max_connections: 200,
    deadlock_timeout: '100ms',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // SIGQUIT is Postgres's immediate shutdown: the next start recovers as after a crash, and no child of it is left behind.
  const signals = { stop: 'SIGINT', crash: 'SIGQUIT' } as const;
  const running = await start(binary('postgres'), ['-D', data, ...options], { ...user, cwd: folder }, signals);
  return { url: `postgresql://postgres@127.0.0.1:${port}/postgres`, ...running };
}

export async function startRedis(): Promise<Service> {
  const folder = mkdtempSync(join(tmpdir(), 'redis-'));
  const port = await freePort();
  const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const running = await start(binary('redis-server'), options, { cwd: folder }, { stop: 'SIGTERM', crash: 'SIGKILL' });
  return { url: `redis://127.0.0.1:${port}`, ...running };
}

/** Both servers say the same words when they are ready. Stopping removes the folder they ran in. */
async function start(
  command: string,
  args: string[],
  how: { cwd: string; uid?: number; gid?: number },
  signals: { stop: NodeJS.Signals; crash: NodeJS.Signals },
): Promise<Omit<Service, 'url'>> {
  const launch = async () => {
    const child = spawn(command, args, { ...how, stdio: ['ignore', 'pipe', 'pipe'] });
    const kill = () => void child.kill(signals.stop);
    process.on('exit', kill);
    const exited = once(child, 'exit');
    let said = '';
    await new Promise<void>((ready, failed) => {
      const listen = (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-10_000);
        if (/ready to accept connections/i.test(said)) ready();
      };
      child.stdout.on('data', listen);
      child.stderr.on('data', listen);
      void exited.then(() => failed(new Error(`${command} stopped:\n${said}`)), failed);
    });
    return async (signal: NodeJS.Signals) => {
      process.off('exit', kill);
      child.kill(signal);
      await exited;
    };
  };
  let end = await launch();
  return {
    async stop() {
      await end(signals.stop);
      rmSync(how.cwd, { recursive: true, force: true });
    },
    crash: () => end(signals.crash),
    async restart() {
      end = await launch();
    },
  };
}

/** Debian keeps Postgres's own programs out of PATH. */
function binary(name: string): string {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...(process.env['PATH'] ?? '').split(delimiter)];
  const found = folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
  if (!found) throw new Error(`${name} is not installed: on Debian, apt-get install postgresql redis-server`);
  return found;
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
