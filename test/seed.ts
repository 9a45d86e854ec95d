/**
 * Property tests try the same cases in every run, so that a commit's own faults are what fails it; `DSPEX_SEED` tries
 * others (any number; a failure prints it) and is how they are searched at leisure.
 */
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env.DSPEX_SEED ?? 20261123) });
