import { CATALOGUE } from '@ledger/domain/catalogue';
import { Codec, type ReadableEvent } from '@ledger/event-store/codec';
import { StreamDamaged } from '@ledger/event-store/errors';
import { history } from '@ledger/event-store/history';
import type { EventStore, RecordedEvent } from '@ledger/event-store/port';
import { LEDGER_UPCASTERS } from '@ledger/event-store/upcasters';
import type { KeyVault } from '@ledger/privacy/key-vault';
import type { Advance } from '../progress';
import { Survey } from '../survey';
import { fail, ok, warn, type Finding } from './finding';

/** Clocks of two processes may differ by this much without anybody having set one. */
const CLOCK_TOLERANCE_MS = 1_000;
const FUTURE_TOLERANCE_MS = 60_000;

/**
 * What can be learnt about a log by reading it once from beginning to end. In memory are one revision for each stream,
 * and the ids of the keys that erasures are about.
 */
export class LogExamination {
  readonly survey: Survey;
  /** It was read to its end. */
  complete = false;
  private readonly codec: Codec;
  private readonly revisions = new Map<string, bigint>();
  private readonly unreadable = { count: 0, first: '' };
  private readonly clock = { latest: 0, backwards: 0, worst: 0, future: '' };
  /** Keys ordered to be destroyed and not confirmed, and those confirmed, of each incident. */
  private readonly ordered = new Map<string, Set<string>>();
  private readonly destroyed = new Map<string, Set<string>>();

  constructor(private readonly vault: KeyVault) {
    this.survey = new Survey(vault);
    this.codec = new Codec(CATALOGUE, LEDGER_UPCASTERS, vault);
  }

  /** Throws what the store throws, and StreamDamaged where revisions have a gap. */
  async read(store: EventStore, total: number | undefined, advance: Advance, now: Date): Promise<void> {
    for await (const event of history(store)) {
      this.add(event, now);
      advance(this.survey.events, total);
    }
    // Reading a stream makes the store compare its events with the head that it has noted.
    for (const [stream, revision] of this.revisions)
      for await (const last of store.readStream(stream, { backwards: true, limit: 1 }))
        if (last.revision < revision) throw new StreamDamaged(stream, last.revision + 1n);
    this.complete = true;
  }

  private add(event: RecordedEvent, now: Date): void {
    const expected = (this.revisions.get(event.stream) ?? -1n) + 1n;
    if (event.revision !== expected) throw new StreamDamaged(event.stream, expected);
    this.revisions.set(event.stream, event.revision);
    this.survey.add(event);
    const decoded = this.codec.decode(event);
    this.readClock(decoded.meta.recordedAt, now);
    if (decoded.readable) this.readErasure(decoded);
    else {
      this.unreadable.first ||= `${event.type} ${event.id} (${event.stream}@${event.revision}): ${decoded.problem}`;
      this.unreadable.count += 1;
    }
  }

  private readClock(recordedAt: string, now: Date): void {
    const at = Date.parse(recordedAt);
    const back = this.clock.latest - at;
    if (back > CLOCK_TOLERANCE_MS) {
      this.clock.backwards += 1;
      this.clock.worst = Math.max(this.clock.worst, back);
    }
    if (at > this.clock.latest) this.clock.latest = at;
    if (at > now.getTime() + FUTURE_TOLERANCE_MS && recordedAt > this.clock.future) this.clock.future = recordedAt;
  }

  private readErasure({ type, payload }: ReadableEvent): void {
    if (type !== 'erasure-ordered' && type !== 'keys-destroyed') return;
    const { incidentId, kids } = payload as { readonly incidentId: string; readonly kids: readonly string[] };
    const [ordered, destroyed] = [setOf(this.ordered, incidentId), setOf(this.destroyed, incidentId)];
    for (const kid of kids) {
      if (type === 'erasure-ordered') ordered.add(kid);
      else if (ordered.delete(kid)) destroyed.add(kid);
    }
  }

  *findings(): Generator<Finding> {
    const { events, sequence } = this.survey;
    yield ok(
      'log',
      `${events} events, ${sequence} of them open, in ${this.revisions.size} streams: every leaf and every revision holds`,
    );
    yield this.unreadable.count === 0
      ? ok('events', 'this version of the software can read every event')
      : fail(
          'events',
          `${this.unreadable.count} events cannot be read, the first is ${this.unreadable.first}`,
          'they may come from a newer version: use that one. Until then they show as unreadable, and their streams take no commands',
        );
    yield* this.clockFindings();
    yield this.keyFinding();
    yield* this.erasureFindings();
  }

  private *clockFindings(): Generator<Finding> {
    const { backwards, worst, future } = this.clock;
    if (backwards === 0 && future === '')
      yield ok('clock', 'no event was recorded before its predecessor or in the future');
    if (backwards > 0)
      yield warn(
        'clock',
        `${backwards} events were recorded at a time before an earlier event, by up to ${Math.round(worst / 1000)} s`,
        'see that the clocks are kept by NTP. Views as of a time of recording count such events from the later time on',
      );
    if (future !== '')
      yield warn(
        'clock',
        `events were recorded in the future, the last at ${future}`,
        'a clock is wrong, there or here: see that it is kept by NTP. Until then, views as of now may leave out what comes next',
      );
  }

  private keyFinding(): Finding {
    const { missing } = this.survey;
    return missing.size === 0
      ? ok('keys of the log', 'every key that the log names is there or was destroyed on purpose')
      : fail(
          'keys of the log',
          `${missing.size} keys that the log names are missing: what lies under them cannot be read`,
          'restore keys.db from a backup made after these events were recorded, and keep this one until it is done',
        );
  }

  private *erasureFindings(): Generator<Finding> {
    const open = [...this.ordered].filter(([, kids]) => kids.size > 0).map(([incidentId]) => incidentId);
    const back = [...this.destroyed]
      .filter(([, kids]) => [...kids].some((kid) => this.vault.find(kid) instanceof Uint8Array))
      .map(([incidentId]) => incidentId);
    if (open.length === 0 && back.length === 0) yield ok('erasures', 'every erasure that was ordered was carried out');
    if (open.length > 0)
      yield fail(
        'erasures',
        `an erasure was ordered and never confirmed, in incident ${open.join(', ')}`,
        'send the command for it again, with the same commandId: that finishes it',
      );
    if (back.length > 0)
      yield fail(
        'erasures',
        `keys that were destroyed are there again, of incident ${back.join(', ')}: keys.db is older than the erasure`,
        'order the erasure again',
      );
  }
}

const setOf = (sets: Map<string, Set<string>>, name: string): Set<string> => {
  const set = sets.get(name) ?? new Set<string>();
  sets.set(name, set);
  return set;
};
