import { GUIDE_FILE, writeGuide } from './guide';

/** Not a test of anything: `npm run guide` writes the guide to the queries into the repository. */
it(`writes ${GUIDE_FILE}`, writeGuide);
