import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LearnedVector } from '../search-index.js';
import type { TextVectors } from '../text-vectors.js';
import { tinyVector } from './tiny-embedder.fixture.js';

export interface TextVectorsUnderTest {
  vectors: TextVectors;
  vectorsElsewhere: TextVectors;
  /** Of another model. */
  ofOtherModel: TextVectors;
  /** A document of a tenant. @returns its id */
  write(tenantId: string, text: string): Promise<string>;
  erase(tenantId: string, id: string): Promise<void>;
  stop(): Promise<void>;
}

/** The promises of `TextVectors`, where texts are read later, one test each. */
export function textVectorsContract(name: string, start: () => Promise<TextVectorsUnderTest>): void {
  describe(`${name} keeps the promises of TextVectors`, () => {
    let subject: TextVectorsUnderTest;
    beforeAll(async () => {
      subject = await start();
    });
    afterAll(() => subject.stop());

    let documents = 0;
    const kept = async (tenantId: string, text: string): Promise<LearnedVector> => {
      documents += 1;
      const id = await subject.write(tenantId, `Document ${documents} is about nothing.`);
      const learned = { id, text, vector: tinyVector(text) };
      await subject.vectors.keep(tenantId, [learned]);
      return learned;
    };

    it('tells every process what was kept, in the order asked, and null for the rest', async () => {
      const { vectors, vectorsElsewhere } = subject;
      const [tea, boat] = [await kept('acme', 'green tea'), await kept('acme', 'a boat')];
      const asked = ['a boat', 'never said', 'green tea', 'a boat'];
      const expected = [boat.vector, null, tea.vector, boat.vector];
      for (const one of [vectors, vectorsElsewhere]) expect(await one.known('acme', asked)).toEqual(expected);
      expect(await vectors.known('acme', [])).toEqual([]);
    });

    it('tells no vector of another tenant, nor of another model', async () => {
      await kept('acme', 'the secret garden');
      expect(await subject.vectors.known('other', ['the secret garden'])).toEqual([null]);
      expect(await subject.ofOtherModel.known('acme', ['the secret garden'])).toEqual([null]);
    });

    it('forgets the vector with its document, and keeps none for one that is gone', async () => {
      const learned = await kept('acme', 'to be forgotten');
      const also = await kept('acme', 'said twice');
      const second = await kept('acme', 'said twice');
      await subject.erase('acme', learned.id);
      await subject.erase('acme', second.id);
      expect(await subject.vectors.known('acme', ['to be forgotten', 'said twice'])).toEqual([null, also.vector]);
      await subject.vectors.keep('acme', [learned]);
      expect(await subject.vectors.known('acme', ['to be forgotten'])).toEqual([null]);
    });

    it('tells every process what is expected, of this tenant and model, until its time is over', async () => {
      const { vectors, vectorsElsewhere, ofOtherModel } = subject;
      await vectors.expect('acme', ['d1', 'd2'], 60);
      for (const one of [vectors, vectorsElsewhere]) expect((await one.expected('acme')).sort()).toEqual(['d1', 'd2']);
      expect([await vectors.expected('other'), await ofOtherModel.expected('acme')]).toEqual([[], []]);
      await vectorsElsewhere.expectOn('acme', 0);
      expect(await vectors.expected('acme')).toEqual([]);
      await vectors.expectOn('acme', 60);
      expect(await vectors.expected('acme')).toHaveLength(2);
      await vectors.expect('acme', ['d3'], 60);
      expect(await vectorsElsewhere.expected('acme')).toEqual(['d3']);
      await vectors.expect('acme', [], 0);
      expect(await vectors.expected('acme')).toEqual([]);
      await vectors.expectOn('other', 60);
      expect(await vectors.expected('other')).toEqual([]);
    });

    it('takes any text', async () => {
      for (const text of ['', '\ud800', '🙂', 'tea '.repeat(20_000)]) {
        expect(await subject.vectors.known('acme', [text])).toEqual([null]);
      }
    });
  });
}
