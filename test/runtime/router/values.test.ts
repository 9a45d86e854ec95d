/** The same reply on both routes is the same value, whatever the type (skipped where no environment with DSPy exists). */
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compileSignature } from "../../../compiler/index.ts";
import { predict } from "../../../runtime/index.ts";
import { scripted } from "../../../runtime/lm/testing.ts";
import { environmentPlaces, projectDir } from "../../../runtime/python/env/places.ts";
import "../../../runtime/python/index.ts";

const { interpreter } = environmentPlaces(projectDir());

describe.skipIf(!existsSync(interpreter))("both routes", () => {
  test.each([
    ["dict[int, str]", "{1: 'a', 2: 'b'}"],
    ["dict[float, int]", "{1.5: 2}"],
    ["dict[bool, int]", "{True: 1}"],
    ["dict[str, Any]", '{"2": 1, "1": {"a": [1.0, null]}}'],
    ["set[str]", '["b", "a", "c"]'],
    ["frozenset[int]", "[1, 2]"],
    ["tuple[int, str]", "(1, 'a')"],
    ["Any", "(1, {2})"],
    ["Optional[int]", "None"],
    ["Literal['a', 1]", "1"],
    ["bytes", "abc"],
    ["complex", "1+2j"],
    ["decimal.Decimal", "1.10"],
    ["uuid.UUID", "550E8400-e29b-41d4-a716-446655440000"],
    ["datetime.datetime", "2020-01-01T00:00:00"],
    ["datetime.time", "10:11"],
    ["datetime.timedelta", "PT1M"],
    ["ipaddress.IPv6Interface", "::1/64"],
    ["dict[ipaddress.IPv4Address, int]", '{"1.2.3.4": 1}'],
    ["pathlib.Path", "a//b"],
    ["pathlib.PureWindowsPath", "C:/a"],
    ["fractions.Fraction", "2/6"],
    ["pydantic.HttpUrl", "HTTP://x.y"],
    ["pydantic.MongoDsn", "mongodb://a,b"],
    ["pydantic.SecretStr", "abc"],
    ["pydantic.SecretBytes", "abc"],
    ["pydantic.ByteSize", "1KB"],
    ["pydantic.PaymentCardNumber", '"4242424242424242"'],
    ["pydantic.Json", '"[1]"'],
    ["pydantic.AwareDatetime", "2020-01-01T00:00:00Z"],
    ["pydantic.RootModel", '{"a": 1}'],
    ["list[pydantic.PositiveInt]", "[1]"],
    ["dspy.Signature", "{}"],
    ["dspy.ToolCallResults", '[{"name": "n", "value": 1}]'],
    ["dspy.Code", "x=1"],
    ["dspy.Reasoning", "r"],
    ["list[Hashable]", "[1]"],
    ["list[T]", "[1]"],
    ["collections.Counter", '{"a": 1}'],
  ])("%s from %s", async (type, text) => {
    const signature = compileSignature(`x -> y: ${type}`);
    const reply = `[[ ## y ## ]]\n${text}\n\n[[ ## completed ## ]]`;
    const answer = async (route: "native" | "python") =>
      (await predict(signature, { lm: scripted([reply]), route })({ x: "1" })).y as unknown;
    expect(await answer("python")).toStrictEqual(await answer("native"));
  });
});
