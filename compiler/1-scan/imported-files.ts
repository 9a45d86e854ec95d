/**
 * The files that checked files import. TypeScript keeps them once read; while a bundler or `--watch` keeps the checker,
 * they change on the disk, and a type of an hour ago would be compiled into the program.
 */
import { statSync } from "node:fs";
import type { Project, ts } from "ts-morph";

/** Milliseconds between two looks at the disk: a file with many tools asks many questions at once. */
const PAUSE = 50;

export class ImportedFiles {
  readonly #project: Project;
  readonly #seen = new Map<string, number>();
  #looked = 0;

  constructor(project: Project) {
    this.#project = project;
  }

  /** Reads anew what has changed, but for the file just given as text. */
  refresh(given: string): void {
    if (performance.now() - this.#looked < PAUSE) return;
    this.#looked = performance.now();
    for (const [path, before] of this.#seen) {
      const now = changedAt(path);
      if (now === before) continue;
      this.#seen.set(path, now);
      if (path !== given) this.#project.getSourceFile(path)?.refreshFromFileSystemSync();
    }
  }

  /** Packages and TypeScript's own library do not change under a build. */
  remember(program: ts.Program): void {
    for (const { fileName } of program.getSourceFiles()) {
      if (!this.#seen.has(fileName) && !/\/node_modules\/|\/lib\.[\w.]*d\.ts$/.test(fileName))
        this.#seen.set(fileName, changedAt(fileName));
    }
  }
}

const changedAt = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
