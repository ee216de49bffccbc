import { accessSync, constants, existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AccessDenied, StoreUnavailable } from '@ledger/event-store/errors';
import type { EventStore } from '@ledger/event-store/port';
import { checkLogFile, countEvents } from '@ledger/event-store/sqlite/log-copy';
import { lockHolder, type LockHolder } from '@ledger/event-store/sqlite/lock-file';
import type { KeyVault } from '@ledger/privacy/key-vault';
import { openKeysToRead } from '@ledger/privacy/sqlite/key-file';
import { PROJECTIONS } from '@ledger/projections/ledger-views';
import { buildingViews, nextViews, readCheckpoints, type StoredCheckpoint } from '@ledger/projections/sqlite/views';
import { ConfigError, readConfig, type Config } from '../../ledger/config';
import { ledgerFiles } from '../../ledger/ledger-resources';
import { requireNode } from '../../ledger/process';
import type { Terminal } from '../command';
import { nameOf, openToRead, placeOfLog } from '../places';
import { UNFINISHED } from '../unfinished-folder';
import { fail, ok, warn, type Finding } from './finding';
import { LogExamination } from './log-examination';
import { messageOf } from '../message-of';

const MiB = 1024 * 1024;
const SPACE_NEEDED = 64 * MiB;
const SPACE_WANTED = 1024 * MiB;
const ANSWER_WITHIN_MS = 10_000;

/** Looks at everything there is of the configured ledger, and changes none of it. A finding at a time, in a fixed order. */
export async function* examine(terminal: Terminal): AsyncGenerator<Finding> {
  const node = checkNode();
  yield node;
  if (node.grade === 'FAIL') return; // the database driver would end the process without a word
  const { config, findings } = checkConfig(terminal);
  yield* findings;
  if (config === undefined) return;
  if (!existsSync(config.data)) {
    yield warn(
      'folder',
      `${config.data} does not exist`,
      'the server makes it when it is first started. If there should be a ledger, set LEDGER_DATA to its folder',
    );
    return;
  }
  const files = ledgerFiles(config.data);
  const folder = checkFolder(config.data);
  yield folder;
  if (folder.grade === 'FAIL') return;
  yield* checkPermissions(config.data);
  yield checkSpace(config.data);
  const { server, finding } = checkServer(files.lock);
  yield finding;
  yield* checkLeftovers(config.data, server);

  const { vault, problem } = openKeys(files.keys);
  try {
    const examination = new LogExamination(vault ?? NO_KEYS);
    yield* checkLog(config, examination, terminal);
    yield checkKeyFile(files.keys, problem, examination.survey.events);
    yield* checkViews(config, examination.complete ? examination.survey.sequence : undefined, server);
  } finally {
    vault?.close();
  }
}

const checkNode = (): Finding => {
  try {
    requireNode();
    return ok('Node', `version ${process.versions.node}`);
  } catch (error) {
    return fail('Node', messageOf(error), 'install Node 24');
  }
};

const checkConfig = ({ env }: Terminal): { config: Config | undefined; findings: readonly Finding[] } => {
  try {
    const config = readConfig(env);
    const told = ok('configuration', `valid; the log lies in ${nameOf(placeOfLog(config))}`);
    const kept = warn(
      'configuration',
      'LEDGER_LOST_KEYS is set: were keys.db to get lost, new keys would be made in silence',
      'unset it; it is meant for one start',
    );
    return { config, findings: config.lostKeysAccepted ? [told, kept] : [told] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const findings = error.faults.map((fault) => fail('configuration', fault, 'correct this variable'));
    return { config: undefined, findings };
  }
};

const checkFolder = (data: string): Finding => {
  if (!statSync(data).isDirectory()) return fail('folder', `${data} is not a folder`, 'set LEDGER_DATA to a folder');
  return isUsable(data)
    ? ok('folder', `${data} is there and writable`)
    : fail('folder', `${data} may not be written by this user`, 'run as the user of the server, or give it the folder');
};

const isUsable = (path: string): boolean => {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

/** The precious files, and the views, whose full-text index holds texts in clear. */
function* checkPermissions(data: string): Generator<Finding> {
  const { log, keys, identity, views } = ledgerFiles(data);
  const present = [log, keys, identity, views].filter((file) => existsSync(file));
  const readable = [data, ...present].filter((path) => (statSync(path).mode & 0o077) !== 0);
  const unusable = present.filter((file) => !isUsable(file));
  for (const file of unusable)
    yield fail('permissions', `${file} may not be read and written by this user`, 'give it to the user of the server');
  for (const path of readable) {
    const todo = `chmod ${path === data ? '700' : '600'} ${path}`;
    const what = `${path} is open to other users of this machine`;
    yield path === keys ? fail('permissions', what, todo) : warn('permissions', what, todo);
  }
  if (readable.length + unusable.length === 0) yield ok('permissions', 'folder and files are for their owner only');
}

/** Exported for its test: a full disk is hard to come by. */
export const gradeSpace = (folder: string, free: number): Finding => {
  const what = `${Math.floor(free / MiB)} MiB are free on the disk of ${folder}`;
  const todo = 'make room: with a full disk nothing can be recorded';
  if (free < SPACE_NEEDED) return fail('space', what, todo);
  return free < SPACE_WANTED ? warn('space', what, todo) : ok('space', what);
};

const checkSpace = (data: string): Finding => {
  const { bavail, bsize } = statfsSync(data);
  return gradeSpace(data, bavail * bsize);
};

const checkServer = (lock: string): { readonly server?: LockHolder; readonly finding: Finding } => {
  try {
    const server = lockHolder(lock);
    if (server === undefined) return { finding: ok('server', 'none runs on this folder') };
    return { server, finding: ok('server', `one runs on this folder${processOf(server)}`) };
  } catch (error) {
    return {
      finding: fail('server', messageOf(error), 'see that no server runs on this folder, then delete that file'),
    };
  }
};

const processOf = ({ pid }: LockHolder): string => (pid === undefined ? '' : ` (process ${pid})`);

function* checkLeftovers(data: string, server: LockHolder | undefined): Generator<Finding> {
  const { views, rebuildLock } = ledgerFiles(data);
  const rebuilding = lockHolder(rebuildLock);
  if (existsSync(nextViews(views)))
    yield server === undefined
      ? ok('rebuild', 'rebuilt read models wait: the server takes them over when it is started')
      : warn('rebuild', 'rebuilt read models wait for a start of the server', 'start the server anew when it suits');
  if (rebuilding !== undefined) yield ok('rebuild', `one is at work${processOf(rebuilding)}`);

  const building = basename(buildingViews(views));
  const inside = readdirSync(data).filter(
    (name) => (name.startsWith(building) && rebuilding === undefined) || /^development-identity\.json\.\d+$/.test(name),
  );
  const beside = readdirSync(dirname(resolve(data))).filter(
    (name) => name.startsWith(`${basename(resolve(data))}${UNFINISHED}`) && !isRunning(Number(name.split('-').at(-1))),
  );
  const left = [...inside.map((name) => join(data, name)), ...beside.map((name) => join(dirname(resolve(data)), name))];
  yield left.length === 0
    ? ok('leftovers', 'no files of killed runs')
    : warn(
        'leftovers',
        `a killed run has left ${left.join(', ')}`,
        'delete it: it is not finished, and may hold keys or texts',
      );
}

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: unknown }).code === 'EPERM';
  }
};

/** Stands in for keys that are not there: every one is missing. */
const NO_KEYS: KeyVault = {
  ledgerKey: Buffer.alloc(0),
  find: () => 'missing',
  take: () => {
    throw new Error('there are no keys');
  },
  destroy: () => undefined,
  close: () => undefined,
};

const openKeys = (file: string): { readonly vault?: KeyVault; readonly problem?: string } => {
  if (!existsSync(file) || statSync(file).size === 0) return { problem: `${file} is not there` };
  try {
    return { vault: openKeysToRead(file) };
  } catch (error) {
    return { problem: messageOf(error) };
  }
};

const checkKeyFile = (file: string, problem: string | undefined, events: number): Finding => {
  if (problem === undefined) return ok('key file', 'keys.db opens and is whole');
  if (events === 0 && !existsSync(file))
    return warn('key file', problem, 'the server makes it when it is first started');
  return fail('key file', problem, 'restore it from the backup: without it no text can be read');
};

async function* checkLog(config: Config, examination: LogExamination, terminal: Terminal): AsyncGenerator<Finding> {
  const place = placeOfLog(config);
  const { log, keys } = ledgerFiles(config.data);
  if (place.kind === 'folder' && !existsSync(log)) {
    yield existsSync(keys)
      ? fail(
          'log',
          `${log} is not there, but keys are`,
          'restore it from the backup. If the log lies in an EventStoreDB, set EVENTSTORE_URL',
        )
      : warn('log', `${log} is not there`, 'the server makes it when it is first started');
    return;
  }
  if (place.kind === 'eventstoredb' && holdsEvents(log))
    yield warn(
      'log',
      `${log} holds events too, which nobody reads while EVENTSTORE_URL is set`,
      'if the ledger has moved, put it away; otherwise unset EVENTSTORE_URL',
    );
  try {
    if (place.kind === 'folder') checkLogFile(log);
    const { store, total } = await openToRead(place);
    try {
      if (place.kind === 'eventstoredb') yield await reached(store, nameOf(place));
      await examination.read(store, total, terminal.progress('Examining the log', 'events'), new Date());
    } finally {
      await store.close();
    }
  } catch (error) {
    yield error instanceof StoreUnavailable || error instanceof AccessDenied
      ? fail(
          'log',
          messageOf(error),
          'see that the database runs, that EVENTSTORE_URL names it, and its user and password',
        )
      : fail(
          'log',
          messageOf(error),
          'stop the server and keep this log as it is. Restore the last backup into another folder and compare',
        );
    return;
  }
  yield* examination.findings();
}

const holdsEvents = (log: string): boolean => {
  try {
    return existsSync(log) && countEvents(log) > 0;
  } catch {
    return false; // whatever it is, it is no log
  }
};

const reached = async (store: EventStore, name: string): Promise<Finding> => {
  const late = sleep(ANSWER_WITHIN_MS, undefined, { ref: false }).then(() => {
    throw new StoreUnavailable(`${name} did not answer within ${ANSWER_WITHIN_MS / 1000} s`);
  });
  await Promise.race([store.readAll({ limit: 1 }), late]);
  return ok('EventStoreDB', `${name} answers`);
};

/** `sequence`: of the last open event; unknown when the log could not be read to its end. */
async function* checkViews(
  config: Config,
  sequence: number | undefined,
  server: LockHolder | undefined,
): AsyncGenerator<Finding> {
  const { views } = ledgerFiles(config.data);
  if (!existsSync(views)) {
    yield ok('read models', 'not built yet: the server builds them when it is started');
    return;
  }
  let checkpoints: readonly StoredCheckpoint[];
  try {
    checkpoints = readCheckpoints(views);
  } catch (error) {
    yield warn('read models', `${views} cannot be read: ${messageOf(error)}`, 'ledgerctl rebuild');
    return;
  }
  const log = await openToRead(placeOfLog(config)).catch(() => undefined);
  if (log === undefined) return; // said above
  try {
    for (const { name, version } of PROJECTIONS) {
      const checkpoint = checkpoints.find((row) => row.name === name && row.version === version);
      yield await checkProjection(name, checkpoint, log.store, sequence, server);
    }
  } catch (error) {
    yield warn('read models', `cannot be compared with the log: ${messageOf(error)}`, 'mend the log first');
  } finally {
    await log.store.close();
  }
}

const checkProjection = async (
  name: string,
  checkpoint: StoredCheckpoint | undefined,
  store: EventStore,
  sequence: number | undefined,
  server: LockHolder | undefined,
): Promise<Finding> => {
  const check = `read model ${name}`;
  if (checkpoint === undefined) return ok(check, 'not built yet: the server builds it when it is started');
  if (!(await isOfLog(checkpoint, store)))
    return warn(
      check,
      'shows another log, or one from before a restore',
      'the server builds it anew when it is started',
    );
  if (sequence === undefined) return ok(check, `has come to event ${checkpoint.sequence}`);
  const behind = sequence - checkpoint.sequence;
  if (behind <= 0) return ok(check, `has come to the end of the log, event ${checkpoint.sequence}`);
  return server === undefined
    ? ok(check, `${behind} events behind: the server catches up when it is started`)
    : warn(
        check,
        `${behind} events behind, while a server is running`,
        'look at /health and at what the server prints; if it stays so, ledgerctl rebuild',
      );
};

/** As the server finds out: by reading back the last event that it counts. */
const isOfLog = async ({ stream, revision, ...known }: StoredCheckpoint, store: EventStore): Promise<boolean> => {
  if (stream === null || revision === null || known.leaf === null) return true;
  for await (const event of store.readStream(stream, { from: BigInt(revision), limit: 1 }))
    return (
      event.id === known.event_id && event.position === known.position && Buffer.compare(event.leaf, known.leaf) === 0
    );
  return false;
};
