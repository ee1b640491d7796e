/** The tables that the search documents of one generation of the index stand in. */
export class SearchTables {
  readonly documents: string;
  readonly sources: string;
  readonly conversations: string;
  readonly frequencies: string;
  readonly totals: string;

  constructor(readonly generation: number) {
    this.documents = `search_documents_${generation}`;
    this.sources = `search_sources_${generation}`;
    this.conversations = `search_conversations_${generation}`;
    this.frequencies = `word_frequencies_${generation}`;
    this.totals = `search_totals_${generation}`;
  }

  get all(): readonly string[] {
    return [this.documents, this.sources, this.conversations, this.frequencies, this.totals];
  }
}
