import { sig } from "dspex";

export const Fine = sig(`
  message, # what the customer wrote
  history  # newest first
  -> label # one word
`);
sig("message # the text -> label");
sig("message -> label # one word");
