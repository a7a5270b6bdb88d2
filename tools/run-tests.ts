// Runs every vitest project in one run and writes the tally to the file it is given: TALLY ANNOUNCEMENTS [ROOT].

import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { type Reporter, type TestModule, startVitest } from 'vitest/node';
import { type NotRun, type Tally, readAnnouncements, readName, readPrinted } from './tally.ts';

/** Every one must show at least one test, or is named as not run. */
const PROJECTS = ['architecture', 'unit', 'docs', 'scenario', 'simulation', 'browser'];

/** Collects the counts; what a reader sees of the run is the default reporter's. */
class Counter implements Reporter {
  #printed = '';
  #unhandled = 0;
  #modules: readonly TestModule[] = [];

  onUserConsoleLog(log: { content: string }): void {
    if (log.content.includes('not run:')) this.#printed += `${log.content}\n`;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    this.#modules = modules;
    this.#unhandled = unhandled.length;
  }

  /** Failures outside a test (a file that does not load, a set-up that throws) count one each. */
  tally(announced: readonly NotRun[]): Tally {
    let passed = 0;
    let failed = this.#unhandled;
    const notRun = [...announced, ...readPrinted(this.#printed)];
    for (const module of this.#modules) {
      failed += module.errors().length;
      for (const suite of module.children.allSuites()) failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const result = test.result();
        const said = result.state === 'passed' ? readName(test.fullName) : undefined;
        if (said !== undefined) notRun.push(said);
        else if (result.state === 'passed') passed++;
        else if (result.state === 'failed') failed++;
        else {
          const why = result.state === 'skipped' ? result.note : undefined;
          const name = `${module.relativeModuleId}: ${test.fullName}`;
          notRun.push({ name, why: why ?? 'skipped without a reason' });
        }
      }
    }
    for (const project of PROJECTS) {
      const count = this.#modules.filter((module) => module.project.name === project).length;
      console.log(`  ${project}: ${count} files`);
      if (count === 0) notRun.push({ name: `project ${project}`, why: 'it holds no tests yet' });
    }
    if (passed + failed === 0) failed = 1;
    return { passed, failed, notRun };
  }
}

const [tallyFile = '', announcementsFile = '', root] = process.argv.slice(2);
const counter = new Counter();
const vitest = await startVitest('test', [], {
  run: true,
  watch: false,
  // The runner would leave a core to itself: of two, that is half.
  maxWorkers: availableParallelism(),
  ...(root === undefined ? {} : { root }),
  reporters: ['default', counter],
});
const announced = readAnnouncements(readFileSync(announcementsFile, 'utf8'));
writeFileSync(tallyFile, JSON.stringify(counter.tally(announced)));
await vitest.close();
// What a test left open does not keep the check from ending.
process.exit();
