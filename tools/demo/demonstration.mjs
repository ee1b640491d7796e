// What sets the log of events apart, in one story: a belief is wrongly retired by hand, its lineage says who, when and
// why, undo brings it back, and the same question asked as of each moment has its own right answer.

/**
 * Plays the story against a running server.
 * @param {{baseUrl: string, apiKey: string, tell: (line: string) => void}} server
 * @returns {Promise<{before: string, during: string, after: string}>} what was answered as of each moment
 * @throws {Error} when a request is refused, or an answer is not the right one
 */
export async function demonstrate({ baseUrl, apiKey, tell }) {
  const ask = client(baseUrl, apiKey);
  // Its own end user, so that it can be played again on the same server.
  const who = { user_id: `maria-${Date.now().toString(36)}`, agent_name: 'concierge' };
  const question = 'Where does Maria live, and where has she moved?';
  /** What of her home was believed then, the best answer first; superseded beliefs are not among them. */
  const answerAsOf = async (position) => {
    const asked = { query: question, ...who, as_of: position, include_episodes: false };
    const { results } = await ask('POST', '/memories/search', asked);
    return results.map(({ content }) => content).find((content) => /\b(?:lives?|moved)\b/.test(content)) ?? 'nothing';
  };

  tell('1. A conversation is ingested');
  const talk = await ask('POST', '/memories', {
    ...who,
    messages: [
      { role: 'user', name: 'Maria', content: 'I live in Lisbon. I prefer tea, and I am allergic to nuts.' },
      { role: 'assistant', content: 'Noted!' },
    ],
  });
  const residence = (await listed(ask, who)).find(({ content }) => content.includes('Lisbon'));
  tell(`   ${talk.memories_created} memories at position ${talk.event_offset}, among them: "${residence.content}"`);

  tell('2. Somebody retires the belief by hand, wrongly');
  const wrong = await ask('POST', '/memories/update-belief', {
    ...{ ...who, content: 'Maria lives in Porto', strategy: 'supersede', contradicting_memory_id: residence.id },
    metadata: { ticket: 'T-4711', note: 'mixed up with another Maria' },
  });
  tell(`   "${residence.content}" gave way to "Maria lives in Porto" at position ${wrong.event_offset}`);

  tell('3. Lineage: who, when and why');
  const identity = `agent_name=${who.agent_name}`;
  const { events } = await ask('GET', `/memories/${residence.id}/lineage?format=timeline&${identity}`);
  for (const { sentence } of events) tell(`   ${sentence}`);

  tell('4. Undo brings it back');
  const undone = await ask('POST', `/memories/${residence.id}/undo`, { agent_name: who.agent_name });
  tell(
    `   believed again: "${undone.memory.content}" (version ${undone.memory.version}) at position ${undone.event_offset}`,
  );
  expectEqual('the restored belief', undone.memory.id, residence.id);

  tell('5. Later she really moves');
  const moved = await ask('POST', '/memories', {
    ...who,
    messages: [{ role: 'user', name: 'Maria', content: 'I moved to Coimbra last week.' }],
  });
  tell(`   position ${moved.event_offset}, superseded: ${moved.superseded_ids?.length ?? 0}`);

  tell(`6. "${question}", asked as of each moment`);
  const answers = {
    before: await answerAsOf(talk.event_offset),
    during: await answerAsOf(wrong.event_offset),
    undone: await answerAsOf(undone.event_offset),
    after: await answerAsOf(moved.event_offset),
  };
  for (const [when, answer] of Object.entries(answers)) tell(`   ${when.padEnd(7)} ${answer}`);
  for (const [when, place] of [
    ['before', 'Lisbon'],
    ['during', 'Porto'],
    ['undone', 'Lisbon'],
    ['after', 'Coimbra'],
  ]) {
    expectEqual(`the answer ${when}`, answers[when]?.includes(place), true);
  }
  return answers;
}

async function listed(ask, { user_id: userId, agent_name: agent }) {
  const { results } = await ask('GET', `/memories?user_id=${userId}&agent_name=${agent}&limit=100`);
  return results;
}

function client(baseUrl, apiKey) {
  return async (method, path, body) => {
    const response = await fetch(`${baseUrl}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${method} ${path} was refused with ${response.status}: ${answer.detail}`);
    return answer;
  };
}

function expectEqual(what, found, wanted) {
  if (found !== wanted) throw new Error(`The demonstration failed: ${what} is ${found}, not ${wanted}.`);
}
