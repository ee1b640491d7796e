/**
 * Version of how a text becomes what an index holds of it: its words (`tokenize`), what is read of it besides
 * (`readTurn`) and the views of it. Raised whenever the same text gives something else; every installation then makes
 * its index again beside the one that answers. A test holds the readings of some texts against this number.
 */
export const READING_VERSION = 1;
