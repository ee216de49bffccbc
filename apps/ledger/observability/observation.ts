import { PRIVILEGED_PREFIX } from '@ledger/application/streams';
import type { LedgerViews } from '@ledger/projections/ledger-views';
import type { OnCommit, OnProblem } from '@ledger/projections/runner';
import { activity, now, type Activity, type Problem } from './activity';
import { isError, type Log } from './log';
import type { Metrics } from './metrics';
import type { Append } from './observed-store';
import type { Traces } from './traces';

/** How a command ended. */
export interface CommandEnd {
  /** Absent: it was carried out. */
  readonly code?: string;
  readonly replayed?: boolean;
  /** Of INVALID_INPUT: what was wrong with it. */
  readonly issues?: readonly Problem[];
}

/** How a request ended. */
export interface RequestEnd {
  readonly method: string;
  /** The template, never the address that was asked for; absent where there is nothing at it. */
  readonly route: string | undefined;
  /** `aborted`: the caller went away; `refused`: an upgrade that the protocol did not allow, as from a foreign page. */
  readonly status: number | 'aborted' | 'refused';
  readonly seconds: number;
}

/**
 * What is seen of a ledger from outside, and where it goes: log, metrics, traces. It hears and answers nothing: without it
 * everything would be recorded and shown as with it.
 *
 * What is privileged has its line in the log like everything else, and is absent from metrics and traces: numbers could be
 * compared with the open record.
 */
export class Observation {
  /** The fields of inputs. A path may hold what a client took for a field. */
  fields: ReadonlySet<string> = new Set();
  private views: LedgerViews | undefined;

  constructor(
    readonly log: Log,
    readonly metrics: Metrics,
    private readonly traces: Traces | undefined,
  ) {}

  /** From here on the read models are asked, and told how far the log goes. */
  watch(views: LedgerViews): void {
    this.views = views;
    this.metrics.watch(views);
  }

  readonly onAppend = (append: Append): void => {
    if (append.stream.startsWith(PRIVILEGED_PREFIX)) return;
    if (append.position !== undefined) this.views?.announce(append.position);
    this.metrics.append(append);
    this.traces?.append(append);
  };

  readonly onProblem: OnProblem = (projection, error, status) => {
    this.metrics.failure(projection);
    // The words of the database name tables and columns, never values.
    const words = isError(error) && error.name === 'SqliteError' ? { words: error.message } : {};
    this.log[status === 'stopped' ? 'error' : 'warn']({ projection, status, ...words, err: error }, 'projection');
  };

  readonly onCommit: OnCommit = (projection, events, from, to) => this.traces?.projection(projection, events, from, to);

  /** `name` is one of ours. The answer and the error are handed on as they are. */
  async command<Answer extends CommandEnd>(
    name: string,
    privileged: boolean,
    run: () => Promise<Answer>,
  ): Promise<Answer> {
    const traces = privileged ? undefined : this.traces;
    const current = activity.getStore();
    const span = traces?.newSpanId();
    const from = now();
    let end: CommandEnd | undefined;
    try {
      end = await (current === undefined ? run() : activity.run({ ...current, span }, run));
      return end as Answer;
    } finally {
      const to = now();
      const outcome = outcomeOf(end);
      const issues = end?.issues && this.withoutWords(end.issues);
      const level = outcome === 'failed' ? 'warn' : 'info';
      this.log[level]({ command: name, outcome, code: end?.code, issues, ms: inMs(to - from) }, 'command');
      if (!privileged && outcome !== 'invalid-input') this.metrics.command(name, outcome, (to - from) / 1000);
      if (span !== undefined && current !== undefined) traces?.command(name, span, current, outcome, from, to);
    }
  }

  request(end: RequestEnd, { correlationId, operation, problems }: Activity): void {
    const { method, route, status, seconds } = end;
    const ours = problems.some((problem) => problem.ours);
    const level = ours || Number(status) >= 500 ? 'warn' : isProbe(route) ? 'debug' : 'info';
    const asked = problems.length > 0 ? { problems: this.withoutWords(problems) } : {};
    const line = { correlationId, method, route, status, operation, ...asked, ms: inMs(seconds * 1000) };
    this.log[level](line, 'request');
    this.metrics.request(method, route ?? 'none', status, seconds);
    if (route !== GRAPHQL || method !== 'POST') return;
    const outcome = status === 'aborted' ? status : ours ? 'failed' : problems.length > 0 ? 'refused' : 'ok';
    this.metrics.operation(operation ?? 'none', outcome, seconds);
  }

  async close(): Promise<void> {
    await this.traces?.close();
  }

  private withoutWords(problems: readonly Problem[]): readonly Problem[] {
    const known = (step: string): string => (this.fields.has(step) || /^\d{1,6}$/.test(step) ? step : '?');
    return problems.slice(0, MAX_PROBLEMS).map(({ code, path }) => ({ code, ...(path && { path: path.map(known) }) }));
  }
}

const GRAPHQL = '/graphql';
const MAX_PROBLEMS = 20;

/** Asked every few seconds by a machine. */
const isProbe = (route: string | undefined): boolean => route === '/metrics' || route?.startsWith('/health') === true;

const OUTCOMES: Readonly<Record<string, string>> = {
  INVALID_INPUT: 'invalid-input',
  REVISION_CONFLICT: 'revision-conflict',
  COMMAND_REUSED: 'command-reused',
};

const outcomeOf = (end: CommandEnd | undefined): string => {
  if (end === undefined) return 'failed';
  if (end.code !== undefined) return OUTCOMES[end.code] ?? 'rejected';
  return end.replayed === true ? 'replayed' : 'accepted';
};

const inMs = (duration: number): number => Math.round(duration * 10) / 10;
