/**
 * The errors that only a call meets, for the public list. Constants of their own, because a bundler puts the file of
 * whatever that list names into the first chunk as soon as anything loads it: handed on as they are, these classes would
 * be in every first chunk (130 bytes), used or not.
 */
import { CancelledError as Cancelled, TimeoutError as Late } from "./ended.ts";
import { LMError as OfModel } from "./lm/lm-error.ts";

export const CancelledError: typeof Cancelled = Cancelled;
export type CancelledError = Cancelled;

export const LMError: typeof OfModel = OfModel;
export type LMError = OfModel;

export const TimeoutError: typeof Late = Late;
export type TimeoutError = Late;
