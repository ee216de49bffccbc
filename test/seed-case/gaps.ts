import { factIdOf, gapIdOf, SAMPLE_INCIDENT_ID, type GapReference, type Reference } from './ids';
import { commandId, type Step } from './step';

const zone = 'Europe/London';

/** The day on which the record first shows them, by what had been published. Which day the article's was is external. */
const SHOWS = {
  inNovember: { zone, local: '2021-11-03', basis: 'EXTERNAL' },
  inFebruary: { zone, local: '2022-02-18', basis: 'PRESS' },
} as const;

interface Gap {
  readonly topic: string;
  readonly missing: string;
  /** The facts at which it shows. */
  readonly about: readonly Reference[];
  /** Functions or organisations, never persons. */
  readonly owners: readonly string[];
  readonly actor?: Readonly<Record<string, string>>;
}

const gap = (reference: GapReference, shows: keyof typeof SHOWS, { about, ...fields }: Gap): Step => ({
  mutation: 'openGap',
  input: {
    commandId: commandId(gapIdOf(reference)),
    incidentId: SAMPLE_INCIDENT_ID,
    gapId: gapIdOf(reference),
    reference,
    ...fields,
    about: about.map(factIdOf),
    shows: SHOWS[shows],
  },
});

/** What the two sources do not say, as records of their own instead of blanks. */
export const gaps: readonly Step[] = [
  // It asks the same as the gap that the ledger opens by itself about F03, and so covers it.
  gap('G01', 'inNovember', {
    topic: 'PROCESSOR_IDENTITY',
    missing: 'The name of the third party.',
    about: ['F01'],
    owners: ['controller'],
    actor: { role: 'PROCESSOR', id: 'unnamed' },
  }),
  gap('G02', 'inNovember', {
    topic: 'TIME_OF_INCIDENT',
    missing: 'When the incident happened, and when the third party itself became aware of it.',
    about: ['F01', 'F03'],
    owners: ['processor'],
  }),
  gap('G03', 'inNovember', {
    topic: 'TIME_OF_NOTICE',
    missing: 'At what time of 29 October the notice came, and over which channel.',
    about: ['F03'],
    owners: ['controller', 'processor'],
  }),
  gap('G04', 'inNovember', {
    topic: 'AUTHORITY_REPORT',
    missing: 'When the ICO was told, under which reference, and what it was told.',
    about: ['F08'],
    owners: ['legal'],
  }),
  gap('G05', 'inNovember', {
    topic: 'AUTHORITY_REPORT',
    missing: 'The same for the NCA and the NCSC, and whether any further authority was told.',
    about: ['F06', 'F07', 'F09'],
    owners: ['legal'],
  }),
  gap('G06', 'inNovember', {
    topic: 'CAUSE_AND_ACTOR',
    missing: 'What caused it and who was behind it; whether data left the systems of the third party or was altered.',
    about: ['F02', 'F26'],
    owners: ['experts', 'NCA'],
  }),
  gap('G07', 'inNovember', {
    topic: 'DATA_CATEGORIES',
    missing: 'Which categories of personal data are concerned.',
    about: ['F14', 'F15', 'F16'],
    owners: ['controller'],
  }),
  gap('G08', 'inNovember', {
    topic: 'NUMBERS',
    missing: 'How many people and records are concerned, and how many e-mails went out.',
    about: ['F19'],
    owners: ['controller'],
  }),
  gap('G09', 'inNovember', {
    topic: 'SPECIAL_CATEGORIES',
    missing:
      'Whether special categories of data are concerned: that somebody belongs to a party can reveal political opinions. An inference from the law; neither source says so.',
    about: ['F14'],
    owners: ['legal'],
  }),
  gap('G10', 'inNovember', {
    topic: 'CONSEQUENCES',
    missing: 'What the incident is likely to mean for the people concerned.',
    about: [],
    owners: ['legal', 'DPO'],
  }),
  gap('G11', 'inNovember', {
    topic: 'RISK_ASSESSMENT',
    missing: 'How high the risk was judged to be, and who decided that.',
    about: ['F19'],
    owners: ['DPO'],
  }),
  gap('G12', 'inNovember', {
    topic: 'MEASURES',
    missing: 'Which particular measures were taken, whether there were backups, how long recovery takes.',
    about: ['F05', 'F18'],
    owners: ['controller', 'processor'],
  }),
  gap('G13', 'inNovember', {
    topic: 'CONTACT_POINT',
    missing: 'A data protection officer, or another contact point with a name.',
    about: ['F24'],
    owners: ['controller'],
  }),
  gap('G14', 'inNovember', {
    topic: 'OUTAGE',
    missing: 'Since when the website was out of service, and until when.',
    about: ['F25'],
    owners: ['IT'],
  }),
  gap('G15', 'inNovember', {
    topic: 'COHORT',
    missing: 'Whether former members are affected or were only contacted, and on what basis their data was kept.',
    about: ['F27', 'F28'],
    owners: ['legal'],
  }),
  gap('G16', 'inNovember', {
    topic: 'COMMUNICATION',
    missing: 'Whether the e-mail went to everybody at once.',
    about: ['F19'],
    owners: ['comms'],
  }),
  gap('G17', 'inFebruary', {
    topic: 'COMMUNICATION',
    missing: 'Whether members were told anything more after 3 November.',
    about: ['F24'],
    owners: ['comms'],
  }),
  gap('G18', 'inFebruary', {
    topic: 'EFFECT',
    missing: 'Since when the lists were out of date, and when they were put right.',
    about: ['F37'],
    owners: ['operations'],
  }),
  gap('G19', 'inFebruary', {
    topic: 'AUTHORITY_OUTCOME',
    missing: 'What the regulator and the police made of it.',
    about: ['F51'],
    owners: ['legal'],
  }),
  gap('G20', 'inNovember', {
    topic: 'PROCESSOR_AGREEMENT',
    missing: 'The contract with the third party, its sub-processors, and where the data lay.',
    about: ['F01'],
    owners: ['procurement'],
  }),
];
