/** As `map`; after so many milliseconds of it, requests and answers that wait have their turn. */
export async function inSlices<Item, Result>(
  items: Iterable<Item>,
  work: (item: Item) => Result,
  sliceMs = 5,
): Promise<Result[]> {
  const results: Result[] = [];
  let sliceStartMs = performance.now();
  for (const item of items) {
    results.push(work(item));
    if (performance.now() - sliceStartMs < sliceMs) continue;
    await new Promise((resolve) => setImmediate(resolve));
    sliceStartMs = performance.now();
  }
  return results;
}
