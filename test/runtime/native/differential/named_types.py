"""Types that only a signature's text can name, in every place of a type, and texts near them: `named_types.py SEED COUNT` prints conformance rows, prompts and parses."""

import json
import logging
import random
import sys

import dspy
from cases import ADAPTERS, TEXTS, Row, marked
from dspy.adapters.base import Adapter

logging.disable(logging.CRITICAL)
rnd = random.Random(int(sys.argv[1]))

IP4 = ["1.2.3.4", "0.0.0.0", "255.255.255.255", "01.2.3.4", "1.2.3", "1.2.3.256", "10.0.0.0", "192.168.1.0", "1.2.3.4.5", "", "a.b.c.d", "1.2.3.4 "]
IP6 = ["::", "::1", "1::", "2001:DB8::1", "::ffff:1.2.3.4", "fe80::1%eth0", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1::2::3", "12345::"]
IP6 += ["1:0:0:2:0:0:0:3", "0:0:0:0:0:0:0:0", "1:0:2:0:3:0:4:0", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", ":::", "::g", "fe80::%", "a%b%c::", "::1.2.3", "1:2:3:4:5:6:1.2.3.4", "64:ff9b::1.2.3.4"]
MASKS = ["", "/24", "/0", "/32", "/33", "/64", "/128", "/129", "/255.255.255.0", "/0.0.0.255", "/0.0.0.0", "/255.0.255.0", "/", "/024", "/-1", "/ 4", "/24/1", "/255.255.255.255"]
PATHS = ["a/b", "a//b", "./a", "a/./b", "a/../b", "/", "//a", "///a", "//", "a/", ".", "..", "~", "a\\b", "C:\\x", "C:", "c:x", "C:/x/../y", "\\\\srv\\share\\x", "//srv/share", "//srv/share/", "//srv//x", "\\\\?\\C:\\a", "\\\\?\\UNC\\srv\\sh\\x", "\\\\.\\dev", "1:x", "/c:/x", "é/ü", "a b", "it's/x", 'q"x']
FRACTIONS = ["1/2", "2/4", "0.5", "3", "-1/3", " 1/3 ", "1 / 3", "1/0", "1e3", "1.5e-3", "nan", "1_000/3", "+3/4", ".5", "5.", "1/-2", "1.5/2", "1__0", "-.5e1", "1e-2", "E5", "0/5", "-0", "1/3e2", "10e1_0"]
URLS = ["http://example.com", "HTTP://EXAMPLE.com:80/a b?q#f", "https://u:p@h.x:8443/p;x?y=1&z=ü#é", "http://", "http:x", "http:///x", "//h/x", "x", "mailto:a@b.c", "ftp://h:21/x/../y", "file:///a/b", "file:a", "file://host/C|/x", "ws://h", "wss://h:443/", "http://[::1]:80/", "http://[::1", "http://1.2.3.4.5/", "http://0x7f.1/", "http://a_b.c/", "http://münchen.de/ä", "http://xn--mnchen-3ya.de", "http://a b/", "http://h:99999/", "http://h/%zz%41", " http://h ", "ht\ntp://h", "http://h\\a", "http://u@/", "data:text/plain,x y", "urn:a:b", "tel:+1", "javascript:x", "http://h?q'\"<>", "http://h/{}|^`", "http://h#a b`", "http://../", "http://h./", "http://%41.com/", "http://a%00b/", "foo://h x/", "foo://H/A", "foo://h:80", "foo:///x", "foo:/x/../y", "http://☃.net/", "http://a..b/", "https://example.com:443/"]
URLS += [f"http://h/{'a' * 2074}", f"http://h/{'a' * 2075}", f"http://h/{'é' * 1037}"]
DSNS = ["redis://", "redis:", "redis:/x", "redis://h", "redis://h/1", "redis://:p@h:1", "rediss://u@h/", "amqp://u:p@h", "amqps:", "mongodb://a,b:1/c", "mongodb://", "mongodb+srv://u:p@a.b/c?x=1", "mongodb://u:p@a,v:q@b", "kafka://h", "kafka://", "kafka:", "nats://h", "nats://", "ws://h", "ws://a,b/x", "ws://a,b", "wss://a:1,b:2/p?q", "tls://h:1", "postgres://u@h/db", "postgres://", "postgresql+asyncpg://u:p@a:1,b:2/db", "postgres://a,,b", "postgres://,b", "postgres://a,", "cockroachdb://h", "cockroachdb:", "mysql://u:p@h/db", "mysql://", "mysql+pymysql://h:1", "mariadb://h", "mariadb://", "mariadb:x", "clickhouse://", "clickhouse+http://h", "clickhouse:x", "snowflake://a/b", "snowflake://", " postgres://h ", "postgres:\\h", "POSTGRES://H/x"]
SIZES = ["1", "1KB", "1 kb", "1.5MiB", "-1", "1.5", "10", " 10 ", "1 foo", "2k", "1 b", "1 bit", "1kbit", "10 GiB", "1PiB", "0", ".5kb", "1.kb", "1_000", "3 EiB junk", "9eb", "0.1mb", "1e3", "1 KiBit"]
CARDS = ["4242424242424242", " 4242424242424242 ", "4242424242424241", "378282246310005", "5555555555554444", "6011111111111117", "123456789012", "000000000000000", "4222222222222", "4242-4242-4242-4242", "30569309025904", "3530111333300000", "555555555555444"]
MOMENTS = ["2020-01-01", "2999-01-01", "2020-01-01T00:00:00", "2999-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "2020-06-01T10:11:12.123456+02:00", "1577836800", "9999999999", "5", "0001-01-01", "0099-12-31T00:00:00"]
JSONS = ['{"a":1}', "[1, 2.0, null]", "5", "nan", "NaN", "-Infinity", "{a:1}", "", " [1] ", '"x"', "[1,]", '{"a":1,"a":2}', "01", "1e5", "1.0", "12345678901234567890", '"\\ud800"', '"a\nb"', "\ufeff1", "tru", "[" * 250 + "]" * 250]
RESULTS = ['{"tool_call_results": []}', "[]", '[{"name": "n", "value": 1}]', '{"name": "n", "value": [1], "is_error": "yes", "call_id": null}', '{"tool_call_results": [{"value": 1}]}', "{}", '{"func": 1}', '{"func": null, "name": "f"}', '{"a": 1}']

URL_NAMES = "AnyUrl AnyHttpUrl HttpUrl AnyWebsocketUrl WebsocketUrl FileUrl FtpUrl".split()
DSN_NAMES = "PostgresDsn CockroachDsn AmqpDsn RedisDsn MongoDsn KafkaDsn NatsDsn MySQLDsn MariaDBDsn ClickHouseDsn SnowflakeDsn".split()
POOLS: dict[str, list[str]] = {
    **{f"ipaddress.IPv4{form}": [a + m for a in IP4 for m in MASKS] + IP4 + IP6[:3] for form in ("Address", "Interface", "Network")},
    **{f"ipaddress.IPv6{form}": [a + m for a in IP6 for m in MASKS] + IP6 + IP4[:3] for form in ("Address", "Interface", "Network")},
    **{f"pydantic.IPvAny{form}": [a + m for a in IP4 + IP6 for m in MASKS] + IP4 + IP6 for form in ("Address", "Interface", "Network")},
    **{f"pathlib.{name}": PATHS for name in ("Path", "PurePath", "PosixPath", "PurePosixPath", "PureWindowsPath", "WindowsPath")},
    "fractions.Fraction": FRACTIONS,
    **{f"enum.{name}": ["a", "1", "0"] for name in ("Enum", "Flag", "IntEnum", "IntFlag", "StrEnum")},
    **{f"pydantic.{name}": URLS + DSNS[:6] for name in URL_NAMES},
    **{f"pydantic.{name}": DSNS + URLS[:6] for name in DSN_NAMES},
    **{f"pydantic.{name}": MOMENTS for name in ("PastDate", "FutureDate", "PastDatetime", "FutureDatetime", "AwareDatetime", "NaiveDatetime")},
    "pydantic.SecretStr": ["abc", ""],
    "pydantic.SecretBytes": ["abc", "", "é"],
    "pydantic.Json": JSONS,
    "pydantic.ByteSize": SIZES,
    "pydantic.PaymentCardNumber": CARDS,
    **{f"pydantic.{name}": RESULTS for name in ("BaseModel", "RootModel")},
    **{f"dspy.{name}": RESULTS for name in ("Signature", "Type", "ToolCallResults", "Tool")},
    **dict.fromkeys(("collections.abc.Hashable", "Type[int]", "Type[Any]", "Callable[..., int]", "collections.abc.Callable", "Self", "os.PathLike"), ["x", "[1]", "{}"]),
}
NESTED: dict[str, list[str]] = dict.fromkeys(("Hashable", "Callable", "Type", "T", "KT", "'int'", "'float'", "'list[int]'", "'int | None'", "'Foo'", "'Foo | None'", "'Any'", "'None'", "'bool'", "'complex'", "'object'", "'dict[str, int]'", "'Signature'", "'BaseModel'"), ["x", "5", "[1]", "{}", "1.5"])
NUMBERS = ["5", "0", "-1", "1.5", "True", "\"3\"", "nan", "inf", "1e400", "2.0", "-0.0"]
NESTED |= {f"pydantic.{sign}{kind}": NUMBERS for sign in ("Positive", "Negative", "NonPositive", "NonNegative", "Strict") for kind in ("Int", "Float")}
NESTED |= {"pydantic.FiniteFloat": NUMBERS, "pydantic.StrictStr": ["a", "5"], "pydantic.StrictBool": ["True", "1", "yes"], "pydantic.StrictBytes": ["b'a'", "a"]}
NESTED |= {f"pydantic.Base64{name}": ["YQ==", "YQ", "Y Q = =", "_-8=", "/+8=", "", "YWJj\n", "=YQ=", "YQ==YQ==", "A", "é", "w6k="] for name in ("Str", "Bytes", "UrlStr", "UrlBytes")}
UUIDS = [f"550e8400-e29b-{version}1d4-a716-446655440000" for version in range(9)]
NESTED |= {f"pydantic.UUID{version}": UUIDS for version in (1, 3, 4, 5, 6, 7, 8)}
DISK = ["/etc/passwd", "/etc", "/nope", "/dev/null", "", ".", "..", "/", "//etc", "a", "package.json", "test", "/etc/passwd/x", "/nope/x", "/new", "new", "new/x", "~/x", "a\0b", "x" * 300]
NESTED |= {f"pydantic.{name}Path": DISK for name in ("File", "Directory", "New", "Socket")}
PLACES = ["{}", "{}", "{}", "list[{}]", "Optional[{}]", "{} | None", "dict[str, {}]", "dict[{}, int]", "Union[{}, str]", "Union[int, {}]", "tuple[{}, ...]", "set[{}]", "List[{}]", "tuple[int, {}]", "Sequence[{}]"]


def near(text: str) -> str:
    """One character more, less or other: what stands just beside a rule."""
    at = rnd.randint(0, len(text))
    kind = rnd.random()
    if kind < 0.4:
        return text[:at] + rnd.choice(" /\\:.,@?#%[]|^`{}<>=&;+-_~!$'()*0aZ9éß\u00ad\u200d。☃") + text[at:]
    return text[:at] + text[at + 1 :] if kind < 0.7 else text[:at] + rnd.choice("/:.@?#%\\[]0") + text[at + 1 :]


def quoted(text: str) -> str:
    return rnd.choice([json.dumps(text), json.dumps(text, ensure_ascii=False), f"'{text}'", text])


def completion(place: str, pool: list[str]) -> str:
    kind = rnd.random()
    if kind < 0.08:
        return rnd.choice([*TEXTS, "b'\\x01\\x02\\x03\\x04'", "b'abc'", "[]", "{}", "4294967296", "(1, 2)", "('1.2.3.4', 24)"])
    one = rnd.choice(pool)
    while rnd.random() < 0.25 and len(one) < 1000:
        one = near(one)
    if kind < 0.5 and not place.startswith(("list", "List", "dict", "tuple", "set", "Sequence")):
        return one
    if kind < 0.6:
        return rnd.choice([f" {one} ", f'"{one}"', f"'{one}'", f"```\n{one}\n```"])
    if place.startswith("dict[{"):
        return f"{{{quoted(one)}: {rnd.randint(0, 9)}}}"
    if place.startswith("dict"):
        return f'{{"k": {quoted(one)}}}'
    if place.startswith("tuple[int"):
        return f"[1, {quoted(one)}]"
    if place.startswith(("list", "List", "tuple", "set", "Sequence")):
        return f"[{', '.join(quoted(rnd.choice(pool)) for _ in range(rnd.randint(0, 3)))}]"
    return quoted(one)


def show(row: Row) -> None:
    try:
        print(json.dumps(row))
    except (TypeError, ValueError):
        return


def prompts(adapters: dict[str, Adapter], signature: type[dspy.Signature], row: Row) -> None:
    for name, adapter in adapters.items():
        full = {**row, "kind": "prompt", "adapter": name, "demos": [], "inputs": {"x": "1"}}
        try:
            full |= {"messages": adapter.format(signature, [], {"x": "1"}), "ok": True}
        except Exception as error:
            full |= {"messages": None, "ok": False, "error_message": f"{type(error).__name__}: {error}"[:300]}
        show(full)


def written(name: str, place: str, pool: list[str]) -> str:
    text = completion(place, pool)
    if name == "ChatAdapter":
        return f"[[ ## y ## ]]\n{text}\n"
    if name == "XMLAdapter":
        return f"<y>{text}</y>"
    return f'{{"y": {text if rnd.random() < 0.6 else json.dumps(text)}}}'


for number in range(int(sys.argv[2])):
    annotation, pool = rnd.choice([*POOLS.items(), *POOLS.items(), *NESTED.items()])
    place = rnd.choice(PLACES[3:] if annotation in NESTED else PLACES)
    row: Row = {"signature": f"x -> y: {place.format(annotation)}", "fields": None, "types": {}, "instructions": None, "module": "Predict"}
    row["id"] = f"{sys.argv[1]}-{number}"
    try:
        signature = dspy.Signature(row["signature"])
    except Exception as error:
        show({**row, "kind": "signature", "ok": False, "error_message": f"{type(error).__name__}: {error}"[:300]})
        continue
    if rnd.random() < 0.3:
        prompts(ADAPTERS, signature, row)
    for _ in range(4):
        name = rnd.choice(["ChatAdapter", "ChatAdapter", "JSONAdapter", "XMLAdapter"])
        full = {**row, "kind": "parse", "adapter": name, "completion": written(name, place, pool)}
        try:
            parsed = ADAPTERS[name].parse(signature, full["completion"])
            full |= {"ok": True, "result": {field: marked(value) for field, value in parsed.items()}}
        except UnicodeDecodeError:
            continue
        except Exception as error:
            full |= {"ok": False, "error_message": f"{type(error).__name__}: {error}"[:600]}
        show(full)
