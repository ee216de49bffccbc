/**
 * Where views hold personal data or free text in clear, complete. Everything else in a view is ids, times, tokens and the
 * event's own bytes, still encrypted. A test holds this list against the views file of the sample.
 */
export const CLEAR_TEXT_IN_VIEWS: Readonly<Record<string, string>> = {
  search_v2_text:
    'statement, quotation, note and the texts of a kind’s own fields, of open facts: a full-text index cannot be searched under encryption',
};
