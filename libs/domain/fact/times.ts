import { z } from 'zod';
import { described, oneOf, text } from '../schema/fields';
import { Actor } from './actor';

/** A canonical instant as stored: RFC 3339, UTC, milliseconds. */
const StoredInstant = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'must be a UTC instant with milliseconds');

/** Shape of an IANA name; whether there is such a zone is asked when a time is made. */
export const ZoneName = described(z.string().regex(/^[A-Za-z0-9_+/-]{1,64}$/, 'must be an IANA time zone'), {
  shape: 'zone',
  description: 'IANA time zone.',
  max: 64,
});

export const PrecisionField = oneOf(
  'Precision',
  {
    millisecond: 'One millisecond, as a machine wrote it.',
    second: 'One second.',
    minute: 'One minute: "3.45pm" is 15:45 up to, not including, 15:46.',
    hour: 'One hour.',
    'part-of-day': 'Part of one local day: "this afternoon".',
    day: 'One local calendar day, as long as that day was.',
    month: 'One calendar month.',
    year: 'One calendar year.',
    interval: 'Two bounds drawn from context: after this, before that.',
    bound: 'Only one bound is known.',
    unknown: 'No bound is known.',
  },
  'How wide the time is.',
);

export const QualifierField = oneOf(
  'Qualifier',
  {
    exact: 'The source gave it without reserve.',
    approximate: 'The source gave it as approximate (EDTF ~).',
    uncertain: 'The source doubts it (EDTF ?).',
    'approximate-uncertain': 'Both (EDTF %).',
  },
  'What reserve the source made.',
);

export const TimeBasisField = oneOf(
  'TimeBasis',
  {
    'document-header': 'The date line or header of a document.',
    'system-log': 'A machine wrote it down.',
    'stated-by-processor': 'The processor said so.',
    'stated-by-controller': 'The controller said so.',
    'stated-by-other': 'Somebody else said so.',
    press: 'A publisher said so.',
    inferred: 'Drawn from other facts of this record.',
    external: 'From a source outside this record.',
  },
  'What the bounds rest on.',
);

/**
 * A time as honest as its source: half-open `[earliest, latest)`, null where no bound is known.
 * Made by `makeWhen`; what is stored is not measured again, because a later time-zone database may differ.
 */
export const WhenField = described(
  z
    .strictObject({
      text: text(200, "The source's own words for the time.").optional(),
      earliest: StoredInstant.nullable(),
      latest: StoredInstant.nullable(),
      zone: ZoneName,
      precision: PrecisionField,
      qualifier: QualifierField,
      edtf: z
        .string()
        .regex(/^[0-9TXYZES:.,+\-/?~%[\]{}]{1,80}$/, 'must be at most 80 characters of EDTF')
        .optional(),
      basis: TimeBasisField,
    })
    .refine((when) => when.earliest === null || when.latest === null || when.earliest < when.latest, {
      path: ['latest'],
      error: 'must be after earliest',
    }),
  { shape: 'when', description: 'A time with its bounds.' },
);
export type WhenRecord = z.infer<typeof WhenField>;

export const OccurrenceField = described(
  z.discriminatedUnion('shape', [
    z.strictObject({ shape: z.literal('moment'), when: WhenField }),
    z.strictObject({
      shape: z.literal('state'),
      start: WhenField,
      observed: z.array(WhenField).min(1).max(50),
      end: WhenField.nullable(),
    }),
  ]),
  {
    shape: 'occurrence',
    description: 'When it happened: a moment, or a state that began, was observed, and ended or has no end on record.',
  },
);
export type OccurrenceRecord = z.infer<typeof OccurrenceField>;

export const KnowledgeField = described(
  z.strictObject({
    by: Actor,
    when: WhenField,
    basis: text(500, 'How the knower came to know, or how we know that.').optional(),
  }),
  { shape: 'knowledge', description: 'Who knew it, since when.' },
);
export type KnowledgeRecord = z.infer<typeof KnowledgeField>;
