import { actorRef, type Actor } from '../fact/actor';
import type { WhenRecord } from '../fact/times';
import { beginning, ending, type Bounds } from '../time/bounds';
import { boundsOf } from './trace';

/** What views need of one act: its payload without text or names. */
export interface ActTrace {
  /** Ordinal in the log, from 1. */
  readonly sequence: number;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Something that the record lacks, as the acts up to a moment leave it. */
export interface GapRecord {
  readonly gapId: string;
  /** Of the event that opened it. */
  readonly sequence: number;
  readonly reference: string | undefined;
  readonly topic: string;
  readonly about: readonly string[];
  /** `role:id`. */
  readonly actor: string | undefined;
  /** When the record first shows it, where that is said. */
  readonly shows: Bounds | undefined;
  owners: readonly string[];
  /** Of the event that last assigned it. */
  assigned: number | undefined;
  closed: { readonly sequence: number; readonly answeredBy: readonly string[] } | undefined;
}

export interface StanceRecord {
  readonly factId: string;
  readonly stance: string;
  /** Of the event that attributes it. */
  readonly sequence: number;
}

export interface ContestedQuestionRecord {
  readonly questionId: string;
  readonly sequence: number;
  readonly reference: string | undefined;
  /** By fact: the last reading stands. */
  readonly stances: Map<string, StanceRecord>;
  settled: { readonly sequence: number; readonly restsOn: readonly string[] } | undefined;
}

export interface IncidentLinkRecord {
  readonly otherIncidentId: string;
  readonly relation: string;
  readonly sequence: number;
}

/** What the acts of one incident come to. */
export interface IncidentRecord {
  readonly incidentId: string;
  /** Of the event that opened it; 0: it is not on record, or cannot be read. */
  readonly sequence: number;
  readonly reference: string;
  /** `role:id`; empty where the opening is not on record. */
  readonly controller: string;
  readonly zone: string;
  readonly status: 'open' | 'closed';
  readonly gaps: readonly GapRecord[];
  readonly questions: readonly ContestedQuestionRecord[];
  /** Pairs of facts that were found to assert one thing. */
  readonly duplicates: readonly (readonly [string, string])[];
  readonly links: readonly IncidentLinkRecord[];
}

/** The record of an incident as of `sequence`. `acts` are its own, in log order. */
export const recordOf = (incidentId: string, acts: readonly ActTrace[], sequence: number): IncidentRecord => {
  const gaps = new Map<string, GapRecord>();
  const questions = new Map<string, ContestedQuestionRecord>();
  const duplicates: [string, string][] = [];
  const links: IncidentLinkRecord[] = [];
  const record = {
    incidentId,
    sequence: 0,
    reference: '',
    controller: '',
    zone: 'UTC',
    status: 'open' as IncidentRecord['status'],
  };
  for (const act of acts) {
    if (act.sequence > sequence) break;
    const { text, texts, when, actor } = reader(act);
    const gap = gaps.get(text('gapId') ?? '');
    const question = questions.get(text('questionId') ?? '');
    switch (act.type) {
      case 'incident-opened':
        if (record.sequence > 0) break;
        record.sequence = act.sequence;
        record.reference = text('reference') ?? '';
        record.controller = actor('controller') ?? '';
        record.zone = text('zone') ?? 'UTC';
        break;
      case 'incident-closed':
        record.status = 'closed';
        break;
      case 'incident-reopened':
        record.status = 'open';
        break;
      case 'incident-linked':
        links.push({
          otherIncidentId: text('otherIncidentId') ?? '',
          relation: text('relation') ?? '',
          sequence: act.sequence,
        });
        break;
      case 'duplicate-linked':
        duplicates.push([text('factId') ?? '', text('sameThingAs') ?? '']);
        break;
      case 'gap-opened':
        gaps.set(text('gapId') ?? '', {
          gapId: text('gapId') ?? '',
          sequence: act.sequence,
          reference: text('reference'),
          topic: text('topic') ?? 'other',
          about: texts('about'),
          actor: actor('actor'),
          shows: when('shows'),
          owners: texts('owners'),
          assigned: undefined,
          closed: undefined,
        });
        break;
      case 'gap-assigned':
        if (gap !== undefined) Object.assign(gap, { owners: texts('owners'), assigned: act.sequence });
        break;
      case 'gap-closed':
        if (gap !== undefined) gap.closed = { sequence: act.sequence, answeredBy: texts('answeredBy') };
        break;
      case 'contested-question-named':
        questions.set(text('questionId') ?? '', {
          questionId: text('questionId') ?? '',
          sequence: act.sequence,
          reference: text('reference'),
          stances: new Map(),
          settled: undefined,
        });
        break;
      case 'stance-attributed': {
        const factId = text('factId') ?? '';
        question?.stances.set(factId, { factId, stance: text('stance') ?? '', sequence: act.sequence });
        break;
      }
      case 'stance-withdrawn':
        question?.stances.delete(text('factId') ?? '');
        break;
      case 'contested-question-settled':
        if (question !== undefined) question.settled = { sequence: act.sequence, restsOn: texts('restsOn') };
    }
  }
  return { ...record, gaps: [...gaps.values()], questions: [...questions.values()], duplicates, links };
};

/** Reads the clear payload of an act; a field that is not there is undefined or empty. */
export const reader = ({ payload }: ActTrace) => ({
  text: (field: string): string | undefined => payload[field] as string | undefined,
  texts: (field: string): readonly string[] => (payload[field] as string[] | undefined) ?? [],
  when: (field: string): Bounds | undefined => {
    const when = payload[field] as WhenRecord | undefined;
    return when && boundsOf(when);
  },
  /** Of a date of validity: when that begins, or ends. */
  beginning: (field: string): Bounds | undefined => {
    const when = payload[field] as WhenRecord | undefined;
    return when && beginning({ ...boundsOf(when), precision: when.precision });
  },
  ending: (field: string): Bounds | undefined => {
    const when = payload[field] as WhenRecord | undefined;
    return when && ending({ ...boundsOf(when), precision: when.precision });
  },
  actor: (field: string): string | undefined => {
    const actor = payload[field] as Actor | undefined;
    return actor && actorRef(actor);
  },
});
