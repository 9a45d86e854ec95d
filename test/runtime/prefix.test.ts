import { expect, it } from "vitest";
import { inferPrefix } from "../../runtime/prefix.ts";

// As DSPy 3.4.1 answers: capitals, digits and titles of every script a name may be written in.
it.each([
  ["longURLName2go", "Long URL Name 2 Go:"],
  ["some_URL_id", "Some URL Id:"],
  ["a__b", "A  B:"],
  ["answer٣", "Answer ٣:"],
  ["a٣b", "A ٣ B:"],
  ["élanVital", "Élan Vital:"],
  ["ß", "Ss:"],
  ["ßA", "Ssa:"],
  ["ΑΣ", "ΑΣ:"],
  ["αΣ", "Ας:"],
  ["სახელი", "სახელი:"],
  ["имя_поля", "Имя Поля:"],
  ["质问", "质问:"],
])("%s", (name, prefix) => expect(inferPrefix(name)).toBe(prefix));
