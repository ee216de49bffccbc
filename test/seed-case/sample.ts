import { contestedQuestions } from './contested';
import { gaps } from './gaps';
import { ACTIVIST_ID, factIdOf, LONDON_MEMBER_ID, PARTY_SOURCE_ID, SAMPLE_INCIDENT_ID, type Reference } from './ids';
import { commandId, type Step } from './step';

export { ACTIVIST_ID, factIdOf, LONDON_MEMBER_ID, PARTY_SOURCE_ID, REFERENCES, SAMPLE_INCIDENT_ID } from './ids';
export type { Reference } from './ids';
export type { Step } from './step';

type Fields = Readonly<Record<string, unknown>>;

// Who appears ---------------------------------------------------------------------------------------------------------

const LABOUR = { role: 'CONTROLLER', id: 'labour' };
const SPOKESPERSON = { role: 'CONTROLLER', id: 'labour_spokesperson' };
const THIRD_PARTY = { role: 'PROCESSOR', id: 'unnamed' };
const BLACKBAUD = { role: 'PROCESSOR', id: 'Blackbaud' };

const NCA = { role: 'AUTHORITY', id: 'NCA' };
const NCSC = { role: 'AUTHORITY', id: 'NCSC' };
const ICO = { role: 'AUTHORITY', id: 'ICO' };
const OTHER_AUTHORITIES = { role: 'AUTHORITY', id: 'unspecified' };

const LABOURLIST = { role: 'MEDIA', id: 'LabourList' };
const POLITICSHOME = { role: 'MEDIA', id: 'PoliticsHome' };
const PUBLICTECHNOLOGY = { role: 'MEDIA', id: 'PublicTechnology' };

const MEMBERS = { role: 'DATA_SUBJECTS', id: 'members' };
const SUPPORTERS = { role: 'DATA_SUBJECTS', id: 'registered_and_affiliated_supporters' };
const OTHER_INDIVIDUALS = { role: 'DATA_SUBJECTS', id: 'other_individuals' };
const FORMER_MEMBERS = { role: 'DATA_SUBJECTS', id: 'former_members' };

const ACTIVISTS = { role: 'GROUP', id: 'activists' };
const LOCAL_GROUPS = { role: 'GROUP', id: 'local_groups' };
const LONDON_GROUPS = { role: 'GROUP', id: 'local_groups_London' };
const ORGANISERS = { role: 'GROUP', id: 'organisers' };
const PAYING_MEMBERS = { role: 'GROUP', id: 'members' };

const LONDON_MEMBER = {
  role: 'PERSON',
  id: LONDON_MEMBER_ID,
  name: 'a party member in London who works on selections',
};
const PARTY_SOURCE = { role: 'PERSON', id: PARTY_SOURCE_ID, name: 'somebody within the party, not named' };
const ACTIVIST = { role: 'PERSON', id: ACTIVIST_ID, name: 'a single party activist, quoted at length' };

const PUBLIC = { role: 'PUBLIC', id: 'public' };
const NOBODY_NAMED = { role: 'UNATTRIBUTED', id: 'unnamed' };
const WHOEVER_CONFIRMED = { role: 'UNATTRIBUTED', id: 'confirmed-to-LabourList' };
const WHOEVER_TOLD = { role: 'UNATTRIBUTED', id: 'told-LabourList' };
const ATTACKER_OF_2019 = { role: 'THREAT_ACTOR', id: 'unknown' };
const ATTACKER_OF_BLACKBAUD = { role: 'THREAT_ACTOR', id: 'unnamed' };

// When it was ---------------------------------------------------------------------------------------------------------

const zone = 'Europe/London';

const NOTICE_DAY = { zone, local: '2021-10-29', basis: 'STATED_BY_CONTROLLER' };
const UNTIL_NOTICE = {
  zone,
  latest: '2021-10-29T23:00:00Z',
  precision: 'BOUND',
  edtf: '[..2021-10-29]',
  basis: 'INFERRED',
};
const FROM_NOTICE_TO_EMAIL = {
  zone,
  earliest: '2021-10-28T23:00:00Z',
  latest: '2021-11-03T15:45:00Z',
  precision: 'INTERVAL',
  basis: 'INFERRED',
};

/** From noon to the article's own update at 3.45pm. Which day that was is external. */
const AFTERNOON = {
  zone,
  earliest: '2021-11-03T12:00:00Z',
  latest: '2021-11-03T15:45:00Z',
  precision: 'PART_OF_DAY',
  basis: 'EXTERNAL',
};
const UNTIL_ARTICLE = { zone, latest: '2021-11-03T15:45:00Z', precision: 'BOUND', basis: 'INFERRED' };
const UPDATE_MINUTE = { zone, local: '2021-11-03T15:45', basis: 'EXTERNAL' };
const DAY_UP_TO_UPDATE = {
  zone,
  earliest: '2021-11-03T00:00:00Z',
  latest: '2021-11-03T15:46:00Z',
  precision: 'PART_OF_DAY',
  basis: 'EXTERNAL',
};

const YEAR_2019 = { zone, local: '2019', basis: 'PRESS' };
const NOVEMBER = { zone, local: '2021-11', basis: 'PRESS' };
const PUBLICATION_DAY = { zone, local: '2022-02-18', basis: 'PRESS' };
/** The day of publication stands for a statement that the article does not date. */
const AS_OF_PUBLICATION = { ...PUBLICATION_DAY, basis: 'INFERRED' };
const UNTIL_PUBLICATION = {
  zone,
  latest: '2022-02-19T00:00:00Z',
  precision: 'BOUND',
  edtf: '[..2022-02-18]',
  basis: 'INFERRED',
};

/** It happened once. `text` is how the source puts the time, where it says anything. */
const once = (when: Fields, text?: string) => ({ moment: text === undefined ? when : { ...when, text } });

/** It began, was observed, and no end is on record. */
const ongoing = (start: Fields, observed: Fields, text?: string) => ({
  state: { start: text === undefined ? start : { ...start, text }, observed: [observed] },
});

// Who knew, since when ------------------------------------------------------------------------------------------------

const PUBLIC_FROM_EMAIL = { by: PUBLIC, when: AFTERNOON, basis: 'the e-mail, that afternoon, before 3.45pm' };
const PUBLIC_FROM_ARTICLE = {
  by: PUBLIC,
  when: AFTERNOON,
  basis: 'the article, that afternoon, before its 3.45pm update',
};
const PUBLIC_FROM_UPDATE = { by: PUBLIC, when: UPDATE_MINUTE, basis: 'update, 3.45pm' };
const PUBLIC_IN_FEBRUARY = { by: PUBLIC, when: PUBLICATION_DAY, basis: 'the article, 18 February 2022' };

const LABOUR_AT_NOTICE = { by: LABOUR, when: NOTICE_DAY, basis: "at the processor's notice" };
const LABOUR_BEFORE_EMAIL = {
  by: LABOUR,
  when: FROM_NOTICE_TO_EMAIL,
  basis: 'some time between the notice and the e-mail',
};
const LABOUR_BY_OWN_ACT = { by: LABOUR, when: FROM_NOTICE_TO_EMAIL, basis: 'its own act or statement' };
const LABOUR_BY_OWN_STATEMENT = { by: LABOUR, when: AFTERNOON, basis: 'its own act or statement' };

// Where it stands: what the facts from one place have in common -------------------------------------------------------

/** In the e-mail, as the article reproduces it. An empty `via`: the author speaks for itself. */
const inEmail = (line: number) => ({
  source: { document: 'S1E', line },
  manner: 'STATED',
  via: [] as Fields[],
  partOf: factIdOf('F19'),
});

/** What Labour says in the e-mail of itself, as it stood that afternoon. */
const labourInEmail = (line: number) => ({
  ...inEmail(line),
  occurred: once(AFTERNOON),
  known: [PUBLIC_FROM_EMAIL, LABOUR_BY_OWN_STATEMENT],
  actor: LABOUR,
});

/** What Labour says in the e-mail that it had done after the notice. */
const labourDid = (line: number, text: string) => ({
  ...inEmail(line),
  occurred: once(FROM_NOTICE_TO_EMAIL, text),
  known: [PUBLIC_FROM_EMAIL, LABOUR_BY_OWN_ACT],
  actor: LABOUR,
});

/** In LabourList's article of 3 November 2021, from whoever told it. */
const inArticle = (line: number, from: Fields) => ({
  source: { document: 'S1', line },
  known: [PUBLIC_FROM_ARTICLE],
  manner: 'REPORTED',
  via: [from, LABOURLIST],
});

/** In the update to that article. */
const inUpdate = (...via: Fields[]) => ({
  source: { document: 'S1U', line: 10 },
  known: [PUBLIC_FROM_UPDATE],
  via,
});

/** In PublicTechnology's article of 18 February 2022, from whoever told it. */
const inFebruary = (line: number, ...from: Fields[]) => ({
  source: { document: 'S2', line },
  known: [PUBLIC_IN_FEBRUARY],
  via: [...from, PUBLICTECHNOLOGY],
});

/** There, as a claim of whoever speaks; `relay` is the publisher that heard it first. */
const claimedInFebruary = (line: number, actor: Fields, ...relay: Fields[]) => ({
  ...inFebruary(line, actor, ...relay),
  occurred: once(AS_OF_PUBLICATION),
  actor,
  manner: 'CLAIMED',
});

/** By the member in London: the article itself shows that it is one and the same. */
const byLondonMember = (line: number) => ({ ...claimedInFebruary(line, LONDON_MEMBER), identity: 'SHOWN' });

/** By the activist, as PoliticsHome heard it. The article does not say that it is the same one each time. */
const byActivist = (line: number) => ({ ...claimedInFebruary(line, ACTIVIST, POLITICSHOME), identity: 'ASSUMED' });

/** Something that the article describes as going on: begun at an unknown time, with no end on record. */
const GOING_ON = { occurred: ongoing(UNTIL_PUBLICATION, AS_OF_PUBLICATION) };

const REDACTED = { redactedInSource: true };
const ONE_ACTIVIST = 'That F45 to F50 come from one and the same activist is an assumption.';

// The steps -----------------------------------------------------------------------------------------------------------

const party = (partyId: string, name: string, sort: 'ORGANISATION' | 'AUTHORITY'): Step => ({
  mutation: 'registerParty',
  input: { commandId: commandId(`party ${partyId}`), partyId, name, sort },
});

const fact = (reference: Reference, mutation: `record${string}`, fields: Fields): Step => ({
  mutation,
  input: {
    commandId: commandId(factIdOf(reference)),
    incidentId: SAMPLE_INCIDENT_ID,
    factId: factIdOf(reference),
    reference,
    ...fields,
  },
});

const opening: readonly Step[] = [
  {
    mutation: 'openIncident',
    input: {
      commandId: commandId(SAMPLE_INCIDENT_ID),
      incidentId: SAMPLE_INCIDENT_ID,
      reference: '2021-10-processor-incident',
      title: 'Cyber incident at an unnamed processor of the Labour Party',
      controller: LABOUR,
      zone,
    },
  },
];

/** Everybody with a name. The processor has none, so nobody could register it. */
const register: readonly Step[] = [
  party('labour', 'The Labour Party', 'ORGANISATION'),
  party('Blackbaud', 'Blackbaud', 'ORGANISATION'),
  party('NCA', 'National Crime Agency', 'AUTHORITY'),
  party('NCSC', 'National Cyber Security Centre', 'AUTHORITY'),
  party('ICO', "Information Commissioner's Office", 'AUTHORITY'),
  party('LabourList', 'LabourList', 'ORGANISATION'),
  party('PublicTechnology', 'PublicTechnology', 'ORGANISATION'),
  party('PoliticsHome', 'PoliticsHome', 'ORGANISATION'),
];

/** How the e-mail is made up. What it says that can be corrected by itself is a fact of its own, part of F19. */
const SECTIONS_OF_EMAIL = [
  {
    key: 'intro',
    summary:
      'Says that there was an incident at a third party, and what the e-mail is for: to tell of it, and to help.',
  },
  {
    key: 'what_happened',
    heading: 'What happened?',
    summary:
      'The notice of 29 October, what the third party said of the effect, whom the Party called in and told, and that its own systems are not concerned.',
  },
  {
    key: 'what_information',
    heading: 'What information was involved?',
    summary: 'Whose information it is, as far as the Party understands. Which categories of data it is, is not said.',
  },
  {
    key: 'what_are_they_doing',
    heading: 'What are the Labour Party doing?',
    summary: 'That the Party takes the matter seriously and does what it can. No particular measure is named.',
  },
  {
    key: 'what_you_can_do',
    heading: 'What you can do',
    summary: 'Four pieces of advice, with references to public guidance.',
  },
  {
    key: 'contact',
    heading: 'For more information',
    summary: 'An address for queries, blacked out in the source, and the prospect of updates on the website.',
  },
];

/** F01 to F24: the notice, what Labour did, and what it told people in its e-mail. */
const noticeAndEmail: readonly Step[] = [
  fact('F01', 'recordIncidentOccurrence', {
    ...inEmail(13),
    occurred: once(UNTIL_NOTICE),
    known: [PUBLIC_FROM_EMAIL, LABOUR_AT_NOTICE],
    actor: THIRD_PARTY,
    via: [THIRD_PARTY, LABOUR],
    statement: 'A third party that processes data for Labour has suffered a cyber incident.',
    quoted: 'cyber incident',
    note: 'The date of the incident is not given. It has an upper bound only: the day on which the processor told Labour, 29 October.',
  }),
  fact('F02', 'recordImpactClaim', {
    ...inEmail(15),
    occurred: once(UNTIL_NOTICE),
    known: [PUBLIC_FROM_EMAIL, LABOUR_BEFORE_EMAIL],
    actor: THIRD_PARTY,
    via: [THIRD_PARTY, LABOUR],
    statement:
      'Because of the incident, a considerable amount of Party data could no longer be reached on the systems of the third party.',
    quoted: 'a significant quantity of Party data',
    note: 'Second-hand: the controller passes on what the processor told it. Only availability is spoken of; nothing is said of confidentiality or integrity, either way.',
    effects: { confidentiality: 'NOT_STATED', integrity: 'NOT_STATED', availability: 'YES' },
  }),
  fact('F03', 'recordProcessorNotification', {
    ...inEmail(15),
    occurred: once(NOTICE_DAY, 'On 29 October 2021'),
    known: [PUBLIC_FROM_EMAIL, LABOUR_AT_NOTICE],
    actor: THIRD_PARTY,
    statement: 'The third party told the Labour Party about the cyber incident.',
    note: 'The event of Art. 33(2). Awareness is provisional from here, and no decision on it is on record. No clock time, no channel, nobody named.',
    channel: 'UNKNOWN',
    stated: ['That there had been a cyber incident.'],
  }),
  fact('F04', 'recordProcessorNotification', {
    ...inArticle(2, LABOUR),
    occurred: once({ ...NOTICE_DAY, basis: 'PRESS' }, 'October 29th'),
    actor: LABOUR,
    statement: 'Labour has said that it learned of the incident on 29 October.',
    note: "F03 again, in the journalist's paraphrase: a second assertion that bears it out, not a second event.",
    sameThingAs: factIdOf('F03'),
    channel: 'UNKNOWN',
  }),
  fact('F05', 'recordResponseAction', {
    ...labourDid(15, 'As soon as'),
    statement: 'Labour called in third-party experts as soon as it had been told.',
    note: '"As soon as" is not a time. The experts are not named, and how far their work goes is unknown.',
  }),
  fact('F06', 'recordAuthorityReport', {
    ...labourDid(15, 'immediately'),
    statement: 'The incident was reported at once to the National Crime Agency.',
    note: '"Immediately" is a claim; there is no time, channel or reference number.',
    recipient: NCA,
    channel: 'UNKNOWN',
  }),
  fact('F07', 'recordAuthorityReport', {
    ...labourDid(15, 'immediately'),
    statement: 'The incident was reported at once to the National Cyber Security Centre.',
    note: 'As for F06.',
    recipient: NCSC,
    channel: 'UNKNOWN',
  }),
  fact('F08', 'recordAuthorityReport', {
    ...labourDid(15, 'immediately'),
    statement: "The incident was reported at once to the Information Commissioner's Office.",
    note: 'The event of Art. 33(1). Whether it fell within 72 hours cannot be shown from the two sources: the upper bound is the e-mail of 3 November, which lies outside that window.',
    recipient: ICO,
    channel: 'UNKNOWN',
  }),
  fact('F09', 'recordAuthorityReport', {
    ...labourDid(15, 'immediately'),
    statement:
      'The NCA, the NCSC and the ICO are introduced by "including": there may be further recipients, and they are not named.',
    note: 'An open-ended list: a gap to be recorded, with no recipient invented.',
    recipient: OTHER_AUTHORITIES,
    channel: 'UNKNOWN',
  }),
  fact('F10', 'recordInvestigationStatus', {
    ...labourInEmail(13),
    statement: 'The investigation by the Party is still under way.',
  }),
  fact('F11', 'recordInvestigationStatus', {
    ...labourInEmail(15),
    statement: 'The Party goes on cooperating closely with every one of those authorities.',
  }),
  fact('F12', 'recordInvestigationStatus', {
    ...labourInEmail(15),
    statement:
      'The Party is working with the third party, closely and as a matter of urgency, to learn the whole nature, circumstances and effect of what happened.',
    note: 'Also quoted in S1, line 3.',
  }),
  fact('F13', 'recordScopeClaim', {
    ...labourInEmail(15),
    statement: 'The data systems that belong to the Party itself were not affected by the incident.',
    note: 'A position in C1, in tension with F25. Also quoted in S1, line 3.',
    affected: 'NO',
    system: 'own-data-systems',
  }),
  fact('F14', 'recordScopeClaim', {
    ...labourInEmail(17),
    manner: 'HEDGED',
    statement: 'As the Party understands it, information that its members gave to it is among the data.',
    quoted: 'We understand',
    note: 'Hedged. One fact for each group of people, so that a later correction can touch one group alone.',
    affected: 'YES',
    cohort: MEMBERS,
  }),
  fact('F15', 'recordScopeClaim', {
    ...labourInEmail(17),
    manner: 'HEDGED',
    statement:
      'As the Party understands it, information that registered supporters and affiliated supporters gave to it is among the data.',
    quoted: 'registered and affiliated supporters',
    affected: 'YES',
    cohort: SUPPORTERS,
  }),
  fact('F16', 'recordScopeClaim', {
    ...labourInEmail(17),
    manner: 'HEDGED',
    statement:
      'As the Party understands it, information from further people who gave theirs to the Party is among the data.',
    quoted: 'We understand',
    note: 'An open group: the only wording that could take in former members (F27).',
    affected: 'YES',
    cohort: OTHER_INDIVIDUALS,
  }),
  fact('F17', 'recordAcknowledgedUnknown', {
    ...labourInEmail(17),
    statement: 'How far the incident reaches, and its whole impact, is under urgent investigation.',
    note: 'The controller itself declares scope and impact unknown.',
  }),
  fact('F18', 'recordPublicStatement', {
    ...labourInEmail(19),
    statement:
      'The Party treats the security of personal information as a very serious matter and does all in its power about the incident, in close contact with law enforcement, the ICO and the third party concerned.',
    note: 'From the section on what the Party is doing, which names no particular measure.',
  }),
  fact('F19', 'recordDataSubjectCommunication', {
    ...inArticle(1, LABOUR),
    occurred: once(AFTERNOON, 'this afternoon'),
    known: [PUBLIC_FROM_ARTICLE, LABOUR_BY_OWN_STATEMENT],
    actor: LABOUR,
    statement: 'Labour told its members by e-mail of a cyber incident at a third party, which is not named.',
    note: 'The bounds are derived: an afternoon begins at noon, and the article precedes its own update at 3.45pm. The calendar day is not in the source; it is external.',
    channel: 'EMAIL',
    cohort: MEMBERS,
    sections: SECTIONS_OF_EMAIL,
  }),
  fact('F20', 'recordAdvice', {
    ...labourInEmail(22),
    statement:
      'Advice 1: watch out, more than usual, for anything suspicious, be it an e-mail, a call or a text; the NCSC has guidance on suspicious e-mails.',
  }),
  fact('F21', 'recordAdvice', {
    ...labourInEmail(23),
    statement:
      'Advice 2: send e-mails that seem doubtful on to SERS, the service to which suspicious ones are reported.',
    note: 'The address is blacked out in the source and must not be filled in.',
    contact: REDACTED,
  }),
  fact('F22', 'recordAdvice', {
    ...labourInEmail(24),
    statement: 'Advice 3: turn on two-factor authentication (2FA) wherever that is possible.',
  }),
  fact('F23', 'recordAdvice', {
    ...labourInEmail(25),
    statement: 'Advice 4: read the guidance of the NCSC on data breaches to know what to be wary of.',
  }),
  fact('F24', 'recordCommitment', {
    ...labourInEmail(28),
    statement:
      'Queries go to a contact address; there will be updates on the website, in keeping with guidance from law enforcement.',
    note: 'An obligation for later: nothing in the two sources shows whether it was kept. The address is blacked out in the source.',
    contact: REDACTED,
  }),
];

/** F25 to F30: what else LabourList reported on 3 November 2021. */
const firstArticle: readonly Step[] = [
  fact('F25', 'recordServiceOutage', {
    ...inArticle(7, NOBODY_NAMED),
    occurred: ongoing(UNTIL_ARTICLE, AFTERNOON, 'in recent days'),
    actor: WHOEVER_CONFIRMED,
    manner: 'CONFIRMED',
    statement: "Labour's website for members has been out of service over the last days, owing to the cyber incident.",
    note: 'Beginning and end are unknown, and whoever confirmed it is not named. In tension with F13.',
    service: 'labourmembership.com',
  }),
  fact('F26', 'recordInvestigationStatus', {
    ...inArticle(8, NOBODY_NAMED),
    occurred: once(AFTERNOON),
    actor: WHOEVER_TOLD,
    statement:
      'Labour is trying to find out what sort of actor was behind it; it is not clear whether somebody hostile was, or whether the incident had nothing to do with political motives.',
    note: 'Who was responsible is unknown as of 3 November. Nothing learned later may be carried back to that day.',
  }),
  fact('F27', 'recordClaim', {
    ...inUpdate(FORMER_MEMBERS, LABOURLIST),
    occurred: once(DAY_UP_TO_UPDATE, 'today'),
    actor: FORMER_MEMBERS,
    manner: 'REPORTED',
    statement:
      'Former members told LabourList that they were contacted about the incident that day, although they had left the party many months earlier.',
    note: 'The only clock time in the two sources: 3.45pm in London, which was 15:45Z, GMT being in force.',
    cohort: FORMER_MEMBERS,
  }),
  fact('F28', 'recordQuestion', {
    ...inUpdate(LABOURLIST),
    occurred: ongoing(UPDATE_MINUTE, UPDATE_MINUTE),
    actor: LABOURLIST,
    manner: 'ASKED',
    statement: 'LabourList put it to the party whether former members are affected, then.',
    note: 'Neither source holds an answer: it stays open.',
    askedOf: LABOUR,
  }),
  fact('F29', 'recordPriorIncident', {
    ...inArticle(9, NOBODY_NAMED),
    occurred: once(YEAR_2019, 'during the 2019 general election campaign'),
    actor: ATTACKER_OF_2019,
    statement: 'Two DDoS attacks hit Labour in the campaign for the general election of 2019.',
    note: 'Two events, neither of them dated.',
    incidents: 2,
  }),
  fact('F30', 'recordPriorIncidentOutcome', {
    ...inArticle(9, NOBODY_NAMED),
    occurred: once(YEAR_2019),
    actor: LABOURLIST,
    statement: "There was no data breach in the attacks of 2019, and the party's website was protected by Cloudflare.",
    note: "The article's own statement, for which it names no source. It covers the DDoS attacks of 2019 alone, not the year.",
    outcomeOf: factIdOf('F29'),
  }),
];

/** F31 to F54: what PublicTechnology reported on 18 February 2022. */
const secondArticle: readonly Step[] = [
  fact('F31', 'recordMediaReport', {
    ...inFebruary(3),
    occurred: once(PUBLICATION_DAY),
    actor: PUBLICTECHNOLOGY,
    manner: 'REPORTED',
    statement: 'The article came out; PoliticsHome had carried a version of it before.',
    note: 'The day on which all facts from S2 became known. PoliticsHome is mentioned in line 40.',
  }),
  fact('F32', 'recordPublicStatement', {
    ...inFebruary(11, LABOUR),
    occurred: once(NOVEMBER, 'in November'),
    actor: LABOUR,
    manner: 'REPORTED',
    statement: 'Labour confirmed particulars of the breach in November, and is quoted on the groups affected.',
    quoted: 'registered and affiliated supports',
    restates: [factIdOf('F14'), factIdOf('F15'), factIdOf('F16')],
    note: 'Misquoted: "supports" for "supporters". Within the two sources, nothing else dates the e-mail, and this only to the month.',
  }),
  fact('F33', 'recordCharacterisation', {
    ...inFebruary(1),
    occurred: once(PUBLICATION_DAY),
    actor: PUBLICTECHNOLOGY,
    manner: 'REPORTED',
    statement: 'The headline speaks of a cyberattack of November.',
    quoted: 'cyberattack',
    restates: [factIdOf('F01')],
    note: 'C6 and C7: the notice of the processor came on 29 October; the e-mail says "cyber incident"; S1 says that it is unclear whether a hostile actor was involved.',
  }),
  fact('F34', 'recordClaim', {
    ...claimedInFebruary(9, ACTIVISTS),
    statement: 'Activists accuse the party of having responded poorly to the data breach.',
  }),
  fact('F35', 'recordImpactClaim', {
    ...inFebruary(9, NOBODY_NAMED),
    occurred: once(PUBLICATION_DAY),
    actor: PUBLICTECHNOLOGY,
    manner: 'REPORTED',
    statement: 'Through the breach, a considerable amount of data of members became inaccessible.',
    quoted: "member's data",
    restates: [factIdOf('F02')],
    note: 'What F02 calls "Party data" has become "member\'s data": C13.',
    effects: { confidentiality: 'NOT_STATED', integrity: 'NOT_STATED', availability: 'YES' },
  }),
  fact('F36', 'recordDownstreamEffect', {
    ...claimedInFebruary(13, ACTIVISTS, POLITICSHOME),
    ...GOING_ON,
    statement: 'The breach is throwing the canvassing for the local elections in May into chaos.',
  }),
  fact('F37', 'recordDownstreamEffect', {
    ...claimedInFebruary(13, ACTIVISTS, POLITICSHOME),
    ...GOING_ON,
    actor: LOCAL_GROUPS,
    statement: 'For their selection interviews, local groups have to rely on membership lists that are out of date.',
    note: "An effect, in integrity or availability, on how the controller's own business runs.",
  }),
  fact('F38', 'recordClaim', {
    ...byLondonMember(15),
    ...GOING_ON,
    statement: "What has been happening with Labour's membership database is exceedingly frustrating.",
    note: 'An anonymous individual, kept under a pseudonym.',
  }),
  fact('F39', 'recordDownstreamEffect', {
    ...byLondonMember(19),
    ...GOING_ON,
    statement:
      'Selections were held up by it, so that candidates and councillors could not yet begin to campaign properly for the elections in May.',
    note: 'Compare F52.',
  }),
  fact('F40', 'recordClaim', {
    ...byLondonMember(19),
    ...GOING_ON,
    statement:
      'Headquarters came up with the solution at the last minute and has communicated poorly with local constituencies.',
  }),
  fact('F41', 'recordDownstreamEffect', {
    ...claimedInFebruary(21, LONDON_GROUPS),
    ...GOING_ON,
    statement:
      'A number of groups in London say that, in choosing candidates for the council, they have fallen significantly behind.',
    note: 'Compare F52.',
  }),
  fact('F42', 'recordClaim', {
    ...claimedInFebruary(21, ORGANISERS),
    ...GOING_ON,
    statement:
      'Poor communication by the central party made the problems worse: it did not supply current information on people who might stand.',
  }),
  fact('F43', 'recordDownstreamEffect', {
    ...claimedInFebruary(23, PAYING_MEMBERS),
    ...GOING_ON,
    manner: 'REPORTED',
    statement: 'Continuing problems with payments for membership are reported.',
    note: 'Whether the incident caused them is contested: F44, F46.',
  }),
  fact('F44', 'recordClaim', {
    ...claimedInFebruary(23, PARTY_SOURCE),
    statement: 'The problems with payments have no link to the recent attack.',
    note: 'An anonymous source in the party, who denies the link.',
  }),
  fact('F45', 'recordClaim', {
    ...byActivist(23),
    statement: 'It is of deep concern that the breach may still be getting in the way of election campaigns.',
    note: ONE_ACTIVIST,
  }),
  fact('F46', 'recordClaim', {
    ...byActivist(25),
    statement:
      'A small number of activists have problems with payments, for all that the party claims there is no link.',
    note: `Sceptical, without asserting the link outright. ${ONE_ACTIVIST}`,
  }),
  fact('F47', 'recordCorrespondence', {
    ...byActivist(25),
    ...GOING_ON,
    statement:
      'The activist is in touch with party headquarters almost every day; the response falls short of adequate.',
    note: ONE_ACTIVIST,
  }),
  fact('F48', 'recordAcknowledgedUnknown', {
    ...byActivist(25),
    statement:
      'Nobody on the side of the activist knows yet how large "this problem" is, and they still work from old data.',
    note: `"This problem" may be that of F43 or the breach: the words are kept, and neither reading is chosen. Reported 112 days after the notice of the processor. ${ONE_ACTIVIST}`,
  }),
  fact('F49', 'recordConcession', {
    ...byActivist(27),
    statement: 'The activist granted that the data breach was not the fault of the party.',
    note: `Clears the controller of the cause, not of the response. The source says no more than "the activist". ${ONE_ACTIVIST}`,
  }),
  fact('F50', 'recordClaim', {
    ...byActivist(29),
    statement:
      'The party ought to have taken charge of matters by now, and to see that activists get the means they need.',
    note: ONE_ACTIVIST,
  }),
  fact('F51', 'recordInvestigationStatus', {
    ...inFebruary(31, NOBODY_NAMED),
    ...GOING_ON,
    actor: NCA,
    manner: 'REPORTED',
    statement: 'The National Crime Agency is investigating the breach.',
    note: 'As it stood on 18 February 2022; the NCA itself is not quoted. S1 says only that the NCA was told.',
  }),
  fact('F52', 'recordPublicStatement', {
    ...inFebruary(35, SPOKESPERSON),
    occurred: once(AS_OF_PUBLICATION),
    actor: SPOKESPERSON,
    manner: 'STATED',
    statement:
      'The campaign has begun throughout the country; hundreds of Labour candidates have been chosen and many more will follow over the next weeks. Members with administrative problems can turn to the membership team.',
    note: 'An answer for the nation to a complaint from London: it does not rebut F41 directly.',
  }),
  fact('F53', 'recordPriorIncident', {
    ...inFebruary(31, NOBODY_NAMED),
    occurred: once(UNTIL_NOTICE, 'just months after'),
    actor: BLACKBAUD,
    manner: 'REPORTED',
    statement:
      "Cybercriminals had targeted Blackbaud, a third party whose customer management system the party used; Labour's breach followed only months later.",
    note: 'A different processor. "Just months" is loose: it yields an upper bound and no more.',
    incidents: 1,
  }),
  fact('F54', 'recordPriorIncidentOutcome', {
    ...inFebruary(33, ATTACKER_OF_BLACKBAUD, BLACKBAUD),
    occurred: once(UNTIL_PUBLICATION, 'later'),
    actor: BLACKBAUD,
    manner: 'REPORTED',
    statement:
      'Blackbaud confirmed afterwards that it had paid a ransom, in return for an undertaking that the personal data taken would be destroyed.',
    note: 'Destruction is what criminals promised, not a verified fact.',
    outcomeOf: factIdOf('F53'),
  }),
];

/** The whole case, in the order in which to send it. */
export const sample: readonly Step[] = [
  ...opening,
  ...register,
  ...noticeAndEmail,
  ...firstArticle,
  ...secondArticle,
  ...gaps,
  ...contestedQuestions,
];
