import { stringify } from 'csv-stringify/sync';
import { TEMPLATE_COLUMNS } from './columns';

type Example = Readonly<Partial<Record<(typeof TEMPLATE_COLUMNS)[number], string>>>;

/** A made-up case: a council that does not exist, and the archive that kept its tapes. */
const EXAMPLES: readonly Example[] = [
  {
    reference: 'M1',
    kind: 'processor-notification',
    occurred: '2031-01-03 15:45',
    occurred_text: 'Fri 3 Jan 2031, 3.45pm',
    known_by: 'controller:example-council',
    known: '2031-01-03 16:10',
    known_basis: 'opened in the incidents mailbox',
    known_by_2: 'processor:example-archive',
    known_2: '..2031-01-03',
    source: 'mail-0017',
    line: '1',
    actor: 'processor:example-archive',
    actor_name: 'Example Archive Ltd',
    manner: 'stated',
    statement: 'The archive told the council that a box of tapes cannot be found.',
    quoted: 'we are unable to locate one box',
    channel: 'email',
  },
  {
    reference: 'M1-a',
    kind: 'impact-claim',
    occurred: '2030-12-20..2031-01-03',
    occurred_text: 'since the move',
    known_by: 'controller:example-council',
    known: '2031-01-03 16:10',
    source: 'mail-0017',
    line: '4',
    actor: 'processor:example-archive',
    manner: 'hedged',
    statement: 'No tape is believed to have been read by anybody.',
    note: 'Said of all tapes in the box; how many there were is not said.',
    part_of: 'M1',
    'effects.confidentiality': 'suspected',
    'effects.integrity': 'not-stated',
    'effects.availability': 'yes',
  },
  {
    reference: 'N1',
    kind: 'service-outage',
    occurred: '..2031-01-06',
    observed: '2031-01-06 09:00; 2031-01-08',
    occurred_ended: '2031-01-09',
    known_by: 'public:public',
    known: '2031-01-06',
    source: 'notice-2',
    actor: 'controller:example-council',
    manner: 'reported',
    via: 'media:example-gazette',
    service: 'copies',
    statement: 'Requests for copies of old letters could not be answered.',
  },
];

/** A table to start from: the columns that most rows need, and three rows to be replaced. */
export const template = (): string => stringify([...EXAMPLES], { header: true, columns: [...TEMPLATE_COLUMNS] });
