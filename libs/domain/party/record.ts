import { reader, type ActTrace } from '../as-of/record';
import { knownBy, type Bounds, type Certainty } from '../time/bounds';
import type { Instant } from '../time/instant';

export interface AgreementRecord {
  readonly agreementId: string;
  /** Of the event that records it. */
  readonly sequence: number;
  readonly sort: string;
  readonly counterparty: string;
  readonly validFrom: Bounds;
  /** The agreed end; undefined: none is agreed. */
  readonly validUntil: Bounds | undefined;
  /** Ended before, or without, an agreed end. */
  ended: { readonly when: Bounds; readonly sequence: number } | undefined;
}

/** Whether an agreement was in force: certain where it had begun and had not ended, whatever lies within the bounds. */
export const inForceAt = ({ validFrom, validUntil, ended }: AgreementRecord, at: Instant): Certainty => {
  const begun = knownBy(validFrom, at);
  const over = [validUntil, ended?.when].flatMap((end) => (end === undefined ? [] : [knownBy(end, at)]));
  if (begun === 'impossible' || over.includes('certain')) return 'impossible';
  return begun === 'certain' && !over.includes('possible') ? 'certain' : 'possible';
};

export interface SubProcessorRecord {
  readonly subProcessor: string;
  readonly sequence: number;
  readonly since: Bounds;
  until: Bounds | undefined;
}

/** What the acts of one party come to. */
export interface PartyRecord {
  readonly partyId: string;
  readonly sequence: number;
  readonly sort: string;
  readonly agreements: readonly AgreementRecord[];
  readonly subProcessors: readonly SubProcessorRecord[];
  /** Sequences of the acts that added those in use, by id. */
  readonly contacts: ReadonlyMap<string, number>;
}

/** The register's entry as of `sequence`; undefined before its registration. `acts` are the party's own, in log order. */
export const partyRecordOf = (acts: readonly ActTrace[], sequence: number): PartyRecord | undefined => {
  const agreements: AgreementRecord[] = [];
  const subProcessors: SubProcessorRecord[] = [];
  const contacts = new Map<string, number>();
  let registered: ActTrace | undefined;
  for (const act of acts) {
    if (act.sequence > sequence) break;
    const { text, beginning, ending } = reader(act);
    const unknown: Bounds = { earliest: null, latest: null };
    switch (act.type) {
      case 'party-registered':
        registered ??= act;
        break;
      case 'agreement-recorded':
        agreements.push({
          agreementId: text('agreementId') ?? '',
          sequence: act.sequence,
          sort: text('sort') ?? 'other',
          counterparty: text('counterparty') ?? '',
          validFrom: beginning('validFrom') ?? unknown,
          validUntil: ending('validUntil'),
          ended: undefined,
        });
        break;
      case 'agreement-ended': {
        const ended = agreements.findLast(({ agreementId }) => agreementId === text('agreementId'));
        if (ended !== undefined) ended.ended = { when: ending('ended') ?? unknown, sequence: act.sequence };
        break;
      }
      case 'sub-processor-engaged':
        subProcessors.push({
          subProcessor: text('subProcessor') ?? '',
          sequence: act.sequence,
          since: beginning('since') ?? unknown,
          until: undefined,
        });
        break;
      case 'sub-processor-released': {
        const released = subProcessors.findLast(({ subProcessor }) => subProcessor === text('subProcessor'));
        if (released !== undefined) released.until = ending('until') ?? unknown;
        break;
      }
      case 'contact-point-added':
        contacts.set(text('contactId') ?? '', act.sequence);
        break;
      case 'contact-point-removed':
        contacts.delete(text('contactId') ?? '');
    }
  }
  if (registered === undefined) return undefined;
  const { text } = reader(registered);
  return {
    partyId: text('partyId') ?? '',
    sequence: registered.sequence,
    sort: text('sort') ?? 'organisation',
    agreements,
    subProcessors,
    contacts,
  };
};
