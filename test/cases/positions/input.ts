import { sig } from "dspex";

export const Crlf = sig(`
  first: str,
	second: strng
  -> 质问: intt, third:   list[
    flaot
  ]
`);
export const Escapes = sig("a\u003a strng, \x62: intt \
 -> c: flot");
export const Joined = sig("a: strng" +
  " -> 🙂");
