import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { COMMANDS } from '../../apps/ledgerctl/commands';
import { ledgerctl as run } from '../../apps/ledgerctl/program';

export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

type Env = Readonly<Record<string, string>>;

/**
 * The command line within this process, which saves its start. Only where nothing of the ledger is open in this process:
 * closing a file lets go of every lock that the process has on it (POSIX).
 */
export const ledgerctl = async (args: readonly string[], env: Env = {}): Promise<Ended> => {
  const written = { out: '', err: '' };
  const status = await run(COMMANDS, args, {
    env,
    out: { write: (text) => (written.out += text) },
    err: { write: (text) => (written.err += text) },
  });
  return { status, ...written };
};

/** The command line, or another program, as a process of its own: beside a server, and to be killed. */
export class LedgerctlProcess {
  private readonly folder = mkdtempSync(join(tmpdir(), 'ledgerctl-'));

  constructor(program = 'apps/ledgerctl/main.ts') {
    execFileSync(process.execPath, [join(__dirname, 'build.cjs'), this.folder, program], { stdio: 'inherit' });
  }

  /** The built program, for a shell. */
  get program(): string {
    return join(this.folder, 'main.js');
  }

  /** Only what is given is in its environment. */
  start(args: readonly string[], env: Env = {}): ChildProcess {
    const { PATH = '' } = process.env;
    return spawn(process.execPath, [this.program, ...args], { env: { PATH, ...env } });
  }

  async run(args: readonly string[], env: Env = {}): Promise<Ended> {
    const child = this.start(args, env);
    const [out, err, [status]] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'close')]);
    return { status: status as number | null, out, err };
  }

  /** Kills it (SIGKILL) as soon as `half` holds; false when it had ended before. */
  async killWhen(half: () => boolean | Promise<boolean>, args: readonly string[], env: Env = {}): Promise<boolean> {
    const child = this.start(args, env);
    const closed = once(child, 'close');
    child.stdout!.resume();
    child.stderr!.resume();
    while (child.exitCode === null && !(await half())) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGKILL');
    await closed;
    return child.signalCode === 'SIGKILL';
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
