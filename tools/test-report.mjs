// Counts what the steps of npm test found out, and says it at the end.

export class TestReport {
  #startMs = performance.now();
  #passed = 0;
  #failures = [];
  #skips = [];

  say(line) {
    console.log(line);
  }

  /** Opens a step. A person who waits sees what is going on and for how long already. */
  heading(title) {
    const seconds = ((performance.now() - this.#startMs) / 1000).toFixed(1);
    this.say(`\n[${seconds.padStart(6)} s] ${title}`);
  }

  pass(count = 1) {
    this.#passed += count;
  }

  /** @param detail printed with the name at the end; leave it out if it has been printed already */
  fail(name, detail = '') {
    this.#failures.push({ name, detail });
  }

  skip(name, reason = '') {
    this.#skips.push({ name, reason });
  }

  /** Prints the summary, whose last line is for machines. @returns the exit code */
  finish() {
    this.heading('Done');
    if (this.#skips.length > 0) this.say(`\nSkipped:`);
    for (const { name, reason } of this.#skips) this.say(`  - ${name}${reason ? `: ${reason}` : ''}`);
    if (this.#failures.length > 0) this.say(`\nFailed:`);
    for (const { name, detail } of this.#failures) this.say(`  - ${name}${detail ? `\n${indent(detail)}` : ''}`);
    const skipped = this.#skips.length > 0 ? `, ${this.#skips.length} skipped` : '';
    this.say(`\n${this.#passed} passed, ${this.#failures.length} failed${skipped}`);
    return this.#failures.length > 0 ? 1 : 0;
  }
}

const indent = (text) => text.trimEnd().replace(/^/gm, '      ');
