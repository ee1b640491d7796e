/** Which embedder an installation has; without its secrets, because it is kept beside what was embedded. */
export type EmbedderSettings =
  | { name: 'none' | 'static' }
  /** A folder of a model in the layout of sentence-transformers, exported to ONNX. */
  | { name: 'onnx'; folder: string }
  /** Base of an OpenAI-compatible API, such as `https://host/v1`; the model there, and the length of its vectors. */
  | { name: 'openai'; url: string; model: string; dimensions: number };
