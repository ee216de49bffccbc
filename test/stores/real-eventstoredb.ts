import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A real EventStoreDB, where there is one: the throwaway server that EVENTSTORE_URL names, or a command `eventstored` on
 * the PATH, started on a free loopback port with its data in a temporary directory.
 */
export interface RealEventStoreDb {
  readonly url: string;
  readonly version: string;
  /** Absent when the server is not ours to kill. */
  readonly process?: {
    /** SIGKILL. */
    kill(): Promise<void>;
    /** On the same port with the same data; returns once it is healthy. */
    restart(): Promise<void>;
  };
  stop(): Promise<void>;
}

const onPath = (command: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, command), constants.X_OK);
      return directory !== '';
    } catch {
      return false;
    }
  });

export const ownEventStoreDb = !process.env['EVENTSTORE_URL'] && onPath('eventstored');
export const realEventStoreDb = Boolean(process.env['EVENTSTORE_URL']) || ownEventStoreDb;
export const REAL_NOT_RUN = 'REAL EVENTSTOREDB NOT RUN: no EVENTSTORE_URL and no eventstored on the PATH';

/** Past jest, which would fold the line away. */
export const loudly = (line: string): void => void process.stderr.write(`\n${line}\n`);

export const startRealEventStoreDb = async (): Promise<RealEventStoreDb> => {
  const url = process.env['EVENTSTORE_URL'];
  if (url) return { url, version: 'named by EVENTSTORE_URL', stop: () => Promise.resolve() };

  const directory = mkdtempSync(join(tmpdir(), 'eventstoredb-'));
  const port = await freePort();
  let server = await launch(directory, port);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.kill(signal);
    await exited;
  };
  return {
    url: `esdb://127.0.0.1:${port}?tls=false`,
    version: await versionOf(port),
    process: {
      kill: () => end('SIGKILL'),
      restart: async () => {
        await end('SIGKILL');
        server = await launch(directory, port);
      },
    },
    stop: async () => {
      await end('SIGKILL');
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

const launch = async (directory: string, port: number): Promise<ChildProcess> => {
  const options = [
    '--insecure',
    '--run-projections',
    'None',
    '--node-ip',
    '127.0.0.1',
    '--replication-ip',
    '127.0.0.1',
  ];
  const places = ['--db', join(directory, 'db'), '--log', join(directory, 'log'), '--node-port', String(port)];
  const server = spawn('eventstored', [...options, ...places], {
    stdio: 'ignore',
    env: { ...process.env, EVENTSTORE_TELEMETRY_OPTOUT: 'true', TMPDIR: directory },
  });
  const endWithUs = (): unknown => server.kill('SIGKILL');
  process.once('exit', endWithUs);
  server.once('exit', () => process.off('exit', endWithUs));
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(25)) {
    if (server.exitCode !== null) break;
    const health = await fetch(`http://127.0.0.1:${port}/health/live`).catch(() => undefined);
    if (health?.status === 204) return server;
  }
  server.kill('SIGKILL');
  throw new Error(`eventstored did not become healthy on port ${port}`);
};

const versionOf = async (port: number): Promise<string> => {
  const response = await fetch(`http://127.0.0.1:${port}/info`);
  const { esVersion } = (await response.json()) as { esVersion?: string };
  return esVersion ?? 'of unknown version';
};

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
};
