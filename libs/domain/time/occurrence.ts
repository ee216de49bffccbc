import { Fault, fault, faultUnder } from '../fault';
import { type Bounds, before } from './bounds';
import { formatWhen } from './in-words';
import { type When, type WhenInput, makeWhen } from './when';

/** A moment, or a state that began, was observed, and ended or has no end on record. */
export type Occurrence =
  | { readonly shape: 'moment'; readonly when: When }
  | {
      readonly shape: 'state';
      readonly start: When;
      /** At least one. */
      readonly observed: readonly When[];
      /** Null = no end is on record, which does not say that it goes on. */
      readonly end: When | null;
    };

export type OccurrenceInput =
  | { readonly shape: 'moment'; readonly when: WhenInput }
  | {
      readonly shape: 'state';
      readonly start: WhenInput;
      readonly observed: readonly WhenInput[];
      readonly end?: WhenInput | null;
    };

/**
 * All faults at once: those of `makeWhen` under `when`, `start`, `observed.N` and `end`; `state-unobserved`; and, of a
 * state that cannot have been, `end-before-start`, `observed-before-start`, `observed-after-end`. Only what is certain is
 * refused: bounds that overlap may be in either order.
 */
export const makeOccurrence = (input: OccurrenceInput): Occurrence | Fault[] => {
  const faults: Fault[] = [];
  const made = (path: Fault['path'], when: WhenInput): When | undefined => {
    const result = makeWhen(when);
    if (!Array.isArray(result)) return result;
    faults.push(...result.map((found) => faultUnder(path, found)));
    return undefined;
  };
  if (input.shape === 'moment') {
    const when = made(['when'], input.when);
    return when === undefined ? faults : { shape: 'moment', when };
  }

  const start = made(['start'], input.start);
  const observed = input.observed.map((when, index) => made(['observed', index], when));
  const end = input.end ? made(['end'], input.end) : null;
  if (observed.length === 0) faults.push(fault('state-unobserved', ['observed'], 'must hold at least one observation'));
  if (certainlyBefore(end, start)) faults.push(fault('end-before-start', ['end'], 'is certainly before start'));
  observed.forEach((when, index) => {
    const path = ['observed', index];
    if (certainlyBefore(when, start)) faults.push(fault('observed-before-start', path, 'is certainly before start'));
    if (certainlyBefore(end, when)) faults.push(fault('observed-after-end', path, 'is certainly after end'));
  });
  return faults.length > 0 || start === undefined || end === undefined
    ? faults
    : { shape: 'state', start, observed: observed.filter((when) => when !== undefined), end };
};

const certainlyBefore = (a: Bounds | null | undefined, b: Bounds | null | undefined): boolean =>
  Boolean(a && b && before(a, b) === 'certain');

/** Where it stands in order: the moment, or the state's start. */
export const occurrenceBounds = (occurrence: Occurrence): Bounds =>
  occurrence.shape === 'moment' ? occurrence.when : occurrence.start;

/** In words, as `formatWhen`: `start unknown; observed 15:45 on 3 Nov 2021; no end on record`. */
export const formatOccurrence = (occurrence: Occurrence, zone?: string): string =>
  occurrence.shape === 'moment'
    ? formatWhen(occurrence.when, zone)
    : [
        `start ${formatWhen(occurrence.start, zone)}`,
        `observed ${occurrence.observed.map((when) => formatWhen(when, zone)).join(' and ')}`,
        occurrence.end === null ? 'no end on record' : `end ${formatWhen(occurrence.end, zone)}`,
      ].join('; ');
