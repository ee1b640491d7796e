/** One row for each folder of libs and apps; the tests ask for one wrong and one right import for each. */
export const IMPORT_TABLE: readonly { folder: string }[];
