import { sig } from "dspex";

export const First = sig.Triage`message -> label`;
export const Same = sig.Triage`message -> label`;
export const Different = sig.Triage`message -> label, reason`;
sig.name`a -> b`;
sig.then`a -> b`;
sig.toString`a -> b`;
sig.Called("a -> b");
