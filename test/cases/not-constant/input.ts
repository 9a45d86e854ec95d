import { sig } from "dspex";
import { IMPORTED } from "./texts.js";

declare const given: string;
let changing = "a -> b";
sig(given);
sig(changing);
sig(IMPORTED);
sig("a -> " + given.trim());
sig(missing);
sig();
sig(...["a -> b"]);
const LOOP_A: string = LOOP_B;
const LOOP_B: string = LOOP_A;
sig(LOOP_A);
