import fc from 'fast-check';
import { knownBy } from '../time/bounds';
import {
  amends,
  ARCHIVE_REF,
  COUNCIL_REF,
  day,
  known,
  learned,
  log,
  PUBLIC_REF,
  recorded,
  since,
  trace,
  within,
} from '../../../test/support/traces';
import type { KnownSince, Trace } from './trace';
import { viewAt, type AsOf, type Seen } from './view';

const inView = (traces: readonly Trace[], asOf: AsOf): Readonly<Record<string, Seen>> =>
  Object.fromEntries(viewAt(traces, asOf).map((seen) => [seen.trace.factId, seen]));
const shown = (traces: readonly Trace[], asOf: AsOf): string[] => viewAt(traces, asOf).map(({ trace }) => trace.factId);
const knowersOf = (seen: Seen | undefined): [number, string][] | undefined =>
  seen?.knownBy.map(({ index, certainty }) => [index, certainty]);
const texts = (seen: Seen | undefined): string[] | undefined => seen?.versions.map(({ factId }) => factId);

describe('a fact', () => {
  const facts = log({ box: { known: [since(3, 5), since(6, 7, PUBLIC_REF)] }, key: { known: [since(2, 3)] } });

  test('shows from the sequence on at which it was recorded', () => {
    expect(shown(facts, recorded(0))).toEqual([]);
    expect(shown(facts, recorded(1))).toEqual(['box']);
    expect(shown(facts, recorded(2))).toEqual(['box', 'key']);
  });
  test('is certain once its time of knowledge had ended, possible while it may have come, and absent before', () => {
    expect([2, 3, 4, 5, 6].map((at) => inView(facts, known(at))['box']?.certainty)).toEqual([
      undefined,
      'possible',
      'possible',
      'certain',
      'certain',
    ]);
  });
  test('known to one shows to whoever asks what anybody knew, and to nobody else', () => {
    expect(shown(facts, known(5, COUNCIL_REF))).toEqual(['box', 'key']);
    expect(shown(facts, known(5, PUBLIC_REF))).toEqual([]);
    expect(shown(facts, known(7, PUBLIC_REF))).toEqual(['box']);
    expect(shown(facts, known(7, 'person:nobody'))).toEqual([]);
  });
  test('names those whose knowledge shows it', () => {
    expect(knowersOf(inView(facts, known(4))['box'])).toEqual([[0, 'possible']]);
    expect(knowersOf(inView(facts, known(6))['box'])).toEqual([
      [0, 'certain'],
      [1, 'possible'],
    ]);
    expect(knowersOf(inView(facts, known(7, PUBLIC_REF))['box'])).toEqual([[1, 'certain']]);
    expect(knowersOf(inView(facts, recorded(2))['box'])).toEqual([
      [0, 'certain'],
      [1, 'certain'],
    ]);
  });
  test('known since an unknown time may always have been known, and until an unknown time is never certain', () => {
    const open = log({
      start: { known: [since(null, 5)] },
      end: { known: [since(3, null)] },
      both: { known: [since(null, null)] },
    });
    const certainties = (at: number) =>
      Object.values(inView(open, known(at))).map(({ trace, certainty }) => [trace.factId, certainty]);
    expect(certainties(1)).toEqual([
      ['start', 'possible'],
      ['both', 'possible'],
    ]);
    expect(certainties(31)).toEqual([
      ['start', 'certain'],
      ['end', 'possible'],
      ['both', 'possible'],
    ]);
  });
  test('shows whatever anybody knew at any time when no knowledge is asked for', () => {
    const traces = log({ box: { known: [since(31, null)] } });
    expect(inView(traces, recorded(1))['box']).toMatchObject({ certainty: 'certain', standing: 'uncontested' });
  });
});

describe('a correction of substance', () => {
  // Known to the council on the 2nd; on the 6th to the 8th it came to know better.
  const traces = log({
    box: { known: [since(2, 3)] },
    better: { ...amends('box', 'substance', { occurred: within(10, 11), document: 'letter-8' }), known: [since(6, 8)] },
  });

  test('shows only where recording and knowledge both reach it', () => {
    const text = (asOf: AsOf) => texts(inView(traces, asOf)['box']);
    expect(text({ ...known(8), sequence: 1 })).toEqual(['box']);
    expect(text(known(5))).toEqual(['box']);
    expect(text(known(8))).toEqual(['box', 'better']);
    expect(text(recorded(1))).toEqual(['box']);
    expect(text(recorded(2))).toEqual(['box', 'better']);
  });
  test('changes what it names and leaves the rest', () => {
    expect(inView(traces, known(8))['box']).toMatchObject({
      standing: 'corrected',
      certainty: 'certain',
      possiblySupersededBy: undefined,
      inForce: { occurred: within(10, 11), document: 'letter-8', actor: COUNCIL_REF, known: [since(2, 3)] },
    });
  });
  test('that may have been known leaves the old text, and says so', () => {
    const box = inView(traces, known(6))['box'];
    expect(box).toMatchObject({ standing: 'uncontested', inForce: { document: 'letter-7' } });
    expect([texts(box), box?.possiblySupersededBy?.factId]).toEqual([['box'], 'better']);
  });
  test('that changes nothing but the words leaves a mark too', () => {
    const reworded = log({ box: {}, better: { ...amends('box', 'substance'), known: [since(6, 8)] } });
    expect(inView(reworded, known(7))['box']?.possiblySupersededBy?.factId).toBe('better');
  });
  test('that nobody could have known yet leaves no mark', () =>
    expect(inView(traces, known(5))['box']?.possiblySupersededBy).toBeUndefined());
  test('known to another does not change what one knew', () => {
    const leaked = log({
      box: { known: [since(2, 3), since(2, 3, PUBLIC_REF)] },
      better: { ...amends('box', 'substance'), known: [since(4, 5, PUBLIC_REF)] },
    });
    expect(texts(inView(leaked, known(9, COUNCIL_REF))['box'])).toEqual(['box']);
    expect(texts(inView(leaked, known(9, PUBLIC_REF))['box'])).toEqual(['box', 'better']);
    expect(texts(inView(leaked, known(9))['box'])).toEqual(['box', 'better']);
  });
  test('is itself in the list, by its own time of knowledge', () => {
    expect(shown(traces, known(5))).toEqual(['box']);
    expect(inView(traces, known(6))['better']?.certainty).toBe('possible');
  });
  test('of the knowers moves the fact, from where the correction was known', () => {
    const later = log({
      box: { known: [since(2, 3)] },
      better: { ...amends('box', 'substance', { known: [since(20, 21)] }), known: [since(6, 7)] },
    });
    expect([5, 8, 21].map((at) => inView(later, known(at))['box']?.certainty)).toEqual([
      'certain',
      undefined,
      'certain',
    ]);
  });
});

describe('two corrections', () => {
  const traces = log({
    box: {},
    first: {
      ...amends('box', 'substance', { document: 'first', actor: ARCHIVE_REF }),
      known: [since(5, 6)],
    },
    second: { ...amends('box', 'substance', { document: 'second' }), known: [since(7, 9)] },
  });

  test('that are both certain: the last one wins, and what it leaves alone stays as the first had it', () => {
    const box = inView(traces, known(9))['box'];
    expect(texts(box)).toEqual(['box', 'first', 'second']);
    expect(box?.inForce).toMatchObject({ document: 'second', actor: ARCHIVE_REF });
  });
  test('of which only the first is certain: it shows, and the second may have superseded it', () => {
    const box = inView(traces, known(8))['box'];
    expect([texts(box), box?.possiblySupersededBy?.factId]).toEqual([['box', 'first'], 'second']);
  });
  test('are in the order of recording, whichever was known first', () => {
    const swapped = log({
      box: {},
      first: { ...amends('box', 'substance', { document: 'first' }), known: [since(8, 9)] },
      second: { ...amends('box', 'substance', { document: 'second' }), known: [since(4, 5)] },
    });
    expect(inView(swapped, known(9))['box']?.inForce.document).toBe('second');
    expect(inView(swapped, known(8))['box']).toMatchObject({
      inForce: { document: 'second' },
      possiblySupersededBy: undefined,
    });
  });
  test('of which the first is only possible and changes more than the second: the text may lack what the first changed', () => {
    const more = log({
      box: {},
      first: { ...amends('box', 'substance', { actor: ARCHIVE_REF }), known: [since(8, 12)] },
      second: { ...amends('box', 'substance', { document: 'second' }), known: [since(4, 5)] },
    });
    expect(inView(more, known(9))['box']).toMatchObject({
      inForce: { document: 'second', actor: COUNCIL_REF },
      possiblySupersededBy: { factId: 'first' },
    });
  });
});

describe('a transcription correction', () => {
  const traces = log({
    box: { known: [since(2, 4), since(6, 7, PUBLIC_REF)] },
    other: {},
    typed: { ...amends('box', 'transcription', { document: 'letter-9' }), known: [] },
  });

  test('shows wherever the original shows: it has the knowers of that', () => {
    expect(inView(traces, known(3))['box']).toMatchObject({ certainty: 'possible', inForce: { document: 'letter-9' } });
    expect(inView(traces, known(9, PUBLIC_REF))['box']).toMatchObject({ inForce: { document: 'letter-9' } });
    expect(inView(traces, known(3))['typed']).toMatchObject({ certainty: 'possible', knownBy: [{ index: 0 }] });
    expect(inView(traces, known(9, PUBLIC_REF))['typed']).toMatchObject({
      certainty: 'certain',
      knownBy: [{ index: 1 }],
    });
    expect(shown(traces, known(1))).toEqual([]);
  });
  test('never reaches back on recording: what was on record then had the mistake in it', () => {
    for (const at of [3, 4, 31])
      expect(inView(traces, { ...known(at), sequence: 2 })['box']?.inForce.document).toBe('letter-7');
  });
  test('is never only possible', () => expect(inView(traces, known(3))['box']?.possiblySupersededBy).toBeUndefined());
  test('may put right since when it was known', () => {
    const knew = log({
      box: { known: [since(20, 21)] },
      typed: { ...amends('box', 'transcription', { known: [since(2, 3)] }), known: [] },
    });
    expect(inView(knew, known(3))['box']).toMatchObject({ certainty: 'certain', knownBy: [{ index: 0 }] });
    expect(inView(knew, { ...known(3), sequence: 1 })['box']).toBeUndefined();
  });
});

describe('a transcription correction of the knowers', () => {
  const traces = log({
    box: { known: [since(4, 5)] },
    typed: { ...amends('box', 'transcription', { known: [since(6, 10)] }), known: [] },
  });
  test('shows where the original now shows, and not where it was mistyped as known', () => {
    expect(shown(traces, known(5))).toEqual([]);
    expect(shown(traces, known(7))).toEqual(['box', 'typed']);
    expect(inView(traces, known(7))['typed']).toMatchObject({
      certainty: 'possible',
      inForce: { known: [since(6, 10)] },
      knownFrom: [{ sequence: 2, changed: true, length: 1 }],
    });
  });
  test('leaves it to the original to say who knew, where it changes nothing about that', () => {
    const plain = log({ box: {}, typed: { ...amends('box', 'transcription'), known: [] } });
    expect(inView(plain, known(9))['typed']).toMatchObject({
      inForce: { known: [since(2, 3)] },
      knownFrom: [{ sequence: 1, changed: false, length: 1 }],
      knownBy: [{ index: 0, certainty: 'certain' }],
    });
  });
});

describe('a correction of substance', () => {
  test('has the knowers of its own, whatever it says of those of the fact', () => {
    const traces = log({
      box: {},
      corrected: { ...amends('box', 'substance', { known: [since(2, 3, PUBLIC_REF)] }), known: [since(8, 9)] },
    });
    expect(inView(traces, known(9))['corrected']).toMatchObject({
      inForce: { known: [since(8, 9)] },
      knownFrom: [{ sequence: 2, changed: false, length: 1 }],
    });
    expect(inView(traces, known(9))['box']).toMatchObject({
      inForce: { known: [since(2, 3, PUBLIC_REF)] },
      knownFrom: [{ sequence: 2, changed: true, length: 1 }],
    });
  });
});

describe('a retraction', () => {
  const box = { known: [since(2, 3)] };
  const away = { ...amends('box', 'retraction'), known: [since(6, 8)] };

  test('leaves the fact visible, as retracted, where recording and knowledge reach it', () => {
    const traces = log({ box, away });
    expect([5, 7, 8].map((at) => inView(traces, known(at))['box']?.standing)).toEqual([
      'uncontested',
      'uncontested',
      'retracted',
    ]);
    expect(inView(traces, known(8))['box']?.retractedBy?.factId).toBe('away');
    expect(inView(traces, known(7))['box']?.possiblySupersededBy?.factId).toBe('away');
    expect(inView(traces, { ...known(8), sequence: 1 })['box']?.standing).toBe('uncontested');
  });
  test('of a correction restores the old text, from where it was known', () => {
    const traces = log({
      box,
      better: { ...amends('box', 'substance', { document: 'letter-8' }), known: [since(4, 5)] },
      undone: { ...amends('better', 'retraction'), known: [since(7, 8)] },
    });
    expect([3, 5, 8].map((at) => inView(traces, known(at))['box']?.inForce.document)).toEqual([
      'letter-7',
      'letter-8',
      'letter-7',
    ]);
    expect(inView(traces, known(8))['box']).toMatchObject({ standing: 'uncontested', possiblySupersededBy: undefined });
    expect(inView(traces, known(8))['better']?.standing).toBe('retracted');
  });
  test('of a correction that is only possible says so at the fact, whose text hangs on it', () => {
    const traces = log({
      box,
      better: { ...amends('box', 'substance', { document: 'letter-8' }), known: [since(4, 5)] },
      undone: { ...amends('better', 'retraction'), known: [since(7, 9)] },
    });
    expect(inView(traces, known(8))['box']).toMatchObject({
      inForce: { document: 'letter-8' },
      possiblySupersededBy: { factId: 'undone' },
    });
  });
  test('of a retraction lets the fact stand again, and of that one takes it away', () => {
    const traces = log({
      box,
      away: { ...amends('box', 'retraction'), known: [since(4, 5)] },
      back: { ...amends('away', 'retraction'), known: [since(6, 7)] },
      gone: { ...amends('back', 'retraction'), known: [since(8, 9)] },
    });
    expect([3, 5, 7, 9].map((at) => inView(traces, known(at))['box']?.standing)).toEqual([
      'uncontested',
      'retracted',
      'uncontested',
      'retracted',
    ]);
    expect(inView(traces, known(6))['box']).toMatchObject({
      standing: 'retracted',
      possiblySupersededBy: { factId: 'back' },
    });
  });
  test('of a fact with corrections keeps them: what is retracted is the text in force', () => {
    const traces = log({ box, better: { ...amends('box', 'substance', { document: 'letter-8' }) }, away });
    expect(inView(traces, known(8))['box']).toMatchObject({ standing: 'retracted', inForce: { document: 'letter-8' } });
  });
});

describe('a later knower', () => {
  // Known to the council on the 2nd; on the 10th somebody tells the public, which is put on record as number 3.
  const traces = log({ box: {}, other: {}, told: learned('box', since(10, 11, PUBLIC_REF)) });

  test('is shown the fact from when they knew, and not before', () => {
    const certainties = (at: number) => inView(traces, known(at, PUBLIC_REF))['box']?.certainty;
    expect([9, 10, 11, 31].map(certainties)).toEqual([undefined, 'possible', 'certain', 'certain']);
  });
  test('is nobody before that is on record', () => {
    expect(shown(traces, { ...known(31, PUBLIC_REF), sequence: 2 })).toEqual([]);
    expect(inView(traces, recorded(2))['box']?.inForce.known).toEqual([since(2, 3)]);
  });
  test('changes nothing for anybody else, and nothing of what the fact says', () => {
    expect(shown(traces, known(2, COUNCIL_REF))).toEqual(['box', 'other']);
    expect(shown(traces, known(31, 'person:nobody'))).toEqual([]);
    const box = inView(traces, known(31))['box'];
    expect([texts(box), box?.standing, box?.possiblySupersededBy]).toEqual([['box'], 'uncontested', undefined]);
  });
  test('stands behind those who knew before, each part with the event that holds it', () => {
    const box = inView(traces, known(31))['box'];
    expect(box?.inForce.known).toEqual([since(2, 3), since(10, 11, PUBLIC_REF)]);
    expect(box?.knownFrom).toEqual([
      { sequence: 1, changed: false, length: 1 },
      { sequence: 3, changed: false, length: 1 },
    ]);
    expect(knowersOf(inView(traces, known(31, PUBLIC_REF))['box'])).toEqual([[1, 'certain']]);
  });
  test('whose knowing is retracted is a knower no longer', () => {
    const gone = log({
      box: {},
      told: learned('box', since(10, 11, PUBLIC_REF)),
      untold: { ...amends('told', 'retraction'), known: [since(20, 21), since(20, 21, PUBLIC_REF)] },
    });
    expect([11, 19, 21].map((at) => inView(gone, known(at, PUBLIC_REF))['box']?.certainty)).toEqual([
      'certain',
      'certain',
      undefined,
    ]);
    expect(inView(gone, recorded(3))['box']?.inForce.known).toEqual([since(2, 3)]);
    expect(inView(gone, known(20))['box']?.possiblySupersededBy?.factId).toBe('untold');
  });
  test('is gone where the knowers were corrected after that, and not where they had been before', () => {
    const changes = { known: [since(4, 5)] };
    const corrected = { ...amends('box', 'transcription', changes), known: [] };
    const told = learned('box', since(10, 11, PUBLIC_REF));
    const after = log({ box: {}, told, corrected });
    expect(inView(after, known(31))['box']?.inForce.known).toEqual([since(4, 5)]);
    const before = inView(log({ box: {}, corrected, told }), known(31))['box'];
    expect(before?.inForce.known).toEqual([since(4, 5), since(10, 11, PUBLIC_REF)]);
    expect(before?.knownFrom).toEqual([
      { sequence: 2, changed: true, length: 1 },
      { sequence: 3, changed: false, length: 1 },
    ]);
    expect(inView(log({ box: {}, corrected, told }), known(31, PUBLIC_REF))['box']?.certainty).toBe('certain');
  });
  test('knew since when a correction of that says', () => {
    const later = log({
      box: {},
      told: learned('box', since(10, 11, PUBLIC_REF)),
      typed: { ...amends('told', 'transcription', { known: [since(15, 16, PUBLIC_REF)] }), known: [] },
    });
    const certainties = (at: number) => inView(later, known(at, PUBLIC_REF))['box']?.certainty;
    expect([11, 15, 16].map(certainties)).toEqual([undefined, 'possible', 'certain']);
    expect(inView(later, recorded(3))['box']?.knownFrom).toEqual([
      { sequence: 1, changed: false, length: 1 },
      { sequence: 3, changed: true, length: 1 },
    ]);
  });
  test('of a correction reads the corrected text from then on, and one of a retraction sees it retracted', () => {
    const facts = {
      box: { known: [since(2, 3), since(2, 3, PUBLIC_REF)] },
      better: { ...amends('box', 'substance', { document: 'letter-8' }), known: [since(4, 5)] },
      told: learned('better', since(10, 11, PUBLIC_REF)),
      away: { ...amends('box', 'retraction'), known: [since(12, 13)] },
      heard: learned('away', since(20, 21, PUBLIC_REF)),
    };
    const box = (at: number) => inView(log(facts), known(at, PUBLIC_REF))['box'];
    expect([9, 11].map((at) => texts(box(at)))).toEqual([['box'], ['box', 'better']]);
    expect(box(10)?.possiblySupersededBy?.factId).toBe('better');
    expect([13, 21].map((at) => box(at)?.standing)).toEqual(['corrected', 'retracted']);
  });
});

// --- Random logs ------------------------------------------------------------------------------------------------

const boundsOf = fc
  .tuple(fc.option(fc.integer({ min: 1, max: 8 })), fc.option(fc.integer({ min: 1, max: 4 })))
  .map(([from, width]) => within(from, width === null ? null : (from ?? 3) + width));
const knowers = fc.array(
  fc.tuple(fc.constantFrom(COUNCIL_REF, PUBLIC_REF), boundsOf).map(([by, bounds]): KnownSince => ({ by, ...bounds })),
  { minLength: 1, maxLength: 2 },
);
const changesOf = (withKnown: boolean) =>
  fc.record(
    {
      occurred: boundsOf,
      document: fc.constantFrom('letter-8', 'letter-9'),
      actor: fc.constantFrom(ARCHIVE_REF, PUBLIC_REF),
      manner: fc.constantFrom('hedged', 'confirmed'),
      ...(withKnown && { known: knowers }),
    },
    { requiredKeys: [] },
  );

/** Corrections of facts, later knowers and retractions of anything, all of something earlier. */
const anyLog = (withKnown = false): fc.Arbitrary<Trace[]> =>
  fc
    .array(
      fc.record({
        nature: fc.constantFrom(
          ...(['fact', 'fact', 'substance', 'substance', 'transcription', 'retraction', 'retraction'] as const),
          ...(withKnown ? (['knowledge', 'knowledge'] as const) : []),
        ),
        pick: fc.nat(),
        known: knowers,
        changes: changesOf(withKnown),
      }),
      { minLength: 1, maxLength: 9 },
    )
    .map((steps) => {
      const traces: Trace[] = [];
      for (const { nature, pick, known: by, changes } of steps) {
        const correctable = ({ amends: about }: Trace) => about === undefined || about.nature === 'knowledge';
        const targets = nature === 'retraction' || nature === 'knowledge' ? traces : traces.filter(correctable);
        const target = targets[pick % Math.max(1, Math.min(targets.length, 3))];
        const fields = {
          known: nature === 'transcription' && target !== undefined ? [] : by,
          ...(nature !== 'fact' &&
            target !== undefined &&
            (nature === 'knowledge'
              ? learned(target.factId, ...by)
              : amends(target.factId, nature, nature === 'retraction' ? {} : changes))),
        };
        traces.push(trace(traces.length + 1, `f${traces.length + 1}`, fields));
      }
      return traces;
    });
const anyView: fc.Arbitrary<AsOf> = fc.record(
  {
    sequence: fc.nat(10),
    known: fc.record(
      { at: fc.integer({ min: 1, max: 13 }).map(day), by: fc.constantFrom(COUNCIL_REF, PUBLIC_REF) },
      { requiredKeys: ['at'] },
    ),
  },
  { requiredKeys: ['sequence'] },
);

const always = <T>(property: fc.IProperty<T>): void => fc.assert(property, { numRuns: 500 });

describe('in every log', () => {
  test('what a view shows never changes when more is recorded later', () =>
    always(
      fc.property(anyLog(true), anyView, (traces, asOf) => {
        expect(viewAt(traces, asOf)).toEqual(viewAt(traces.slice(0, asOf.sequence), asOf));
      }),
    ));

  test('a fact on record stays on record', () =>
    always(
      fc.property(anyLog(true), fc.nat(9), fc.nat(9), (traces, earlier, later) => {
        const after = shown(traces, recorded(earlier + later));
        expect(shown(traces, recorded(earlier)).filter((factId) => !after.includes(factId))).toEqual([]);
      }),
    ));

  test('what was certain stays certain, and what was possible stays at least that, unless the knowers are corrected', () =>
    always(
      fc.property(anyLog(), anyView, fc.integer({ min: 1, max: 13 }), (traces, asOf, at) => {
        fc.pre(asOf.known !== undefined && asOf.known.at <= day(at));
        const later = inView(traces, { ...asOf, known: { ...asOf.known, at: day(at) } });
        for (const { trace, certainty } of viewAt(traces, asOf))
          expect([certainty, 'certain']).toContain(later[trace.factId]?.certainty);
      }),
    ));

  test('what one knew, somebody knew', () =>
    always(
      fc.property(anyLog(), anyView, (traces, asOf) => {
        fc.pre(asOf.known !== undefined);
        const anybody = inView(traces, { ...asOf, known: { at: asOf.known?.at ?? day(1) } });
        for (const { trace, certainty } of viewAt(traces, asOf))
          expect([certainty, 'certain']).toContain(anybody[trace.factId]?.certainty);
      }),
    ));

  test('each fact shows once, in the order of recording', () =>
    always(
      fc.property(anyLog(true), anyView, (traces, asOf) => {
        const sequences = viewAt(traces, asOf).map(({ trace }) => trace.sequence);
        expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
      }),
    ));

  test('an amendment counts where it is on record, was certainly known and is not retracted by one that counts', () =>
    always(
      fc.property(anyLog(true), anyView, (traces, asOf) => {
        for (const seen of viewAt(traces, asOf)) {
          const counting = traces.filter(
            (one) => one.amends?.target === seen.trace.factId && counts(one, traces, asOf),
          );
          const corrections = counting.filter(({ amends: about }) =>
            /substance|transcription/.test(about?.nature ?? ''),
          );
          expect(texts(seen)).toEqual([seen.trace, ...corrections].map(({ factId }) => factId));
          expect(seen.retractedBy).toBe(counting.find(({ amends: about }) => about?.nature === 'retraction'));
          expect(seen.standing).toBe(
            seen.retractedBy ? 'retracted' : corrections.length > 0 ? 'corrected' : 'uncontested',
          );
        }
      }),
    ));

  test('the knowers are those of its list, the last that counts, then each later knower who counts, and no other', () =>
    always(
      fc.property(anyLog(true), anyView, (traces, asOf) => {
        for (const { trace: one, inForce, knownFrom, knownBy: shownTo, certainty } of viewAt(traces, asOf)) {
          const from = one.amends?.nature === 'transcription' ? byId(traces, one.amends.target) : one;
          const expected = knowersIn(from, traces, asOf);
          expect(inForce.known).toEqual(expected);
          expect(shownTo).toEqual(
            expected.flatMap((entry, index) => {
              const reached = asOf.known === undefined ? 'certain' : reachedBy(entry, asOf);
              return reached === 'impossible' ? [] : [{ index, certainty: reached }];
            }),
          );
          expect(certainty).toBe(shownTo.some((knower) => knower.certainty === 'certain') ? 'certain' : 'possible');
          const held = knownFrom.flatMap(({ sequence, changed, length }) => {
            const holder = traces.find((candidate) => candidate.sequence === sequence);
            const list = changed ? holder?.amends?.changes.known : holder?.known;
            expect(list).toHaveLength(length);
            return list;
          });
          expect(held).toEqual(inForce.known);
        }
      }),
    ));

  test('a text without a mark is the text whichever of the possible amendments were in fact known', () =>
    always(
      fc.property(anyLog(), anyView, fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }), (traces, asOf, coins) => {
        fc.pre(asOf.known !== undefined);
        const resolved = traces.map((trace, index): Trace => {
          const possible = trace.amends !== undefined && certaintyOf(trace, traces, asOf) === 'possible';
          const bounds = coins[index] ? { earliest: null, latest: day(1) } : { earliest: day(31), latest: null };
          return possible ? { ...trace, known: trace.known.map(({ by }) => ({ by, ...bounds })) } : trace;
        });
        const after = inView(resolved, asOf);
        for (const seen of viewAt(traces, asOf))
          if (seen.possiblySupersededBy === undefined && seen.trace.amends === undefined)
            expect(reading(after[seen.trace.factId])).toEqual(reading(seen));
      }),
    ));

  test('a mark names an amendment that may have been known, and not one that certainly was', () =>
    always(
      fc.property(anyLog(true), anyView, (traces, asOf) => {
        for (const { possiblySupersededBy } of viewAt(traces, asOf))
          if (possiblySupersededBy !== undefined)
            expect(certaintyOf(possiblySupersededBy, traces, asOf)).toBe('possible');
      }),
    ));
});

/** What a reader takes from it: the statement is that of the last version, the rest is in force, and it stands or not. */
const reading = (seen: Seen | undefined) => [texts(seen)?.at(-1), seen?.inForce, seen?.standing === 'retracted'];

/** The rules once more, in the plainest way. */
const byId = (traces: readonly Trace[], factId: string): Trace => traces.find((one) => one.factId === factId) as Trace;
const reachedBy = (entry: KnownSince, { known: point }: AsOf) =>
  point === undefined || (point.by !== undefined && point.by !== entry.by) ? 'impossible' : knownBy(entry, point.at);

const certaintyOf = (one: Trace, traces: readonly Trace[], asOf: AsOf) => {
  const asRecorded = one.amends?.nature === 'transcription' || one.amends?.nature === 'knowledge';
  if (asOf.known === undefined || asRecorded) return 'certain';
  const all = knowersIn(one, traces, asOf).map((entry) => reachedBy(entry, asOf));
  return all.includes('certain') ? 'certain' : all.includes('possible') ? 'possible' : 'impossible';
};
const counts = (one: Trace, traces: readonly Trace[], asOf: AsOf): boolean =>
  one.sequence <= asOf.sequence &&
  certaintyOf(one, traces, asOf) === 'certain' &&
  !amending(one, traces, asOf).some(({ amends: about }) => about?.nature === 'retraction');

/** What amends it, and counts. */
const amending = (one: Trace, traces: readonly Trace[], asOf: AsOf): readonly Trace[] =>
  traces.filter((other) => other.amends?.target === one.factId && counts(other, traces, asOf));

const listIn = (one: Trace, traces: readonly Trace[], asOf: AsOf) => {
  const last = amending(one, traces, asOf).findLast(({ amends: about }) => about?.changes.known !== undefined);
  return { from: last?.sequence ?? 0, list: last?.amends?.changes.known ?? one.known };
};
const knowersIn = (one: Trace, traces: readonly Trace[], asOf: AsOf): readonly KnownSince[] => {
  const { from, list } = listIn(one, traces, asOf);
  const later = amending(one, traces, asOf).filter(
    ({ amends: about, sequence }) => about?.nature === 'knowledge' && sequence > from,
  );
  return [...list, ...later.flatMap((knower) => listIn(knower, traces, asOf).list)];
};
