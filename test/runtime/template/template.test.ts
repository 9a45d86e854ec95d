import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TemplateError } from "../../../runtime/errors.ts";
import { renderTemplate, template } from "../../../runtime/template/index.ts";
import { float } from "../../../runtime/values.ts";

describe("what a template prints", () => {
  test.each([
    ["Hello <%= name %>!", { name: "Ada" }, "Hello Ada!"],
    ["<%=name%>|<%=  name  %>", { name: "x" }, "x|x"],
    ["<%= a.b[0].c %>", { a: { b: [{ c: 7 }] } }, "7"],
    ['<%= a["odd key"] %>', { a: { "odd key": true } }, "true"],
    ["<%= xs.length %>", { xs: [1, 2] }, "2"],
    ["[<%= none %>]", { none: null }, "[]"],
    ["<%= list %> <%= record %>", { list: [1, "a"], record: { k: [float(5)] } }, '[1,"a"] {"k":[5.0]}'],
    ["<%= day %>", { day: new Date(0) }, "1970-01-01T00:00:00.000Z"],
    ["<%= set %>", { set: new Set(["a"]) }, '["a"]'],
    ["no tags", {}, "no tags"],
    ["", {}, ""],
    ["<%% not a tag %> 50% > 3 <b>", {}, "<% not a tag %> 50% > 3 <b>"],
    ["a<%# a comment <%= x %>b", {}, "ab"],
    ["<%= if %> <%= for %>", { if: 1, for: 2 }, "1 2"],
    ["<%= 名前 %>", { 名前: "ok" }, "ok"],
    ['<%= "%>" %>', {}, "%>"],
  ])("%s", (text, context, expected) => {
    expect(renderTemplate(text, context)).toBe(expected);
  });

  test.each([
    ["<% if a %>yes<% else %>no<% end %>", { a: [] }, "no"],
    ["<% if a %>yes<% else %>no<% end %>", { a: "0" }, "yes"],
    ["<% if a == 1 %>one<% else if a == 2 %>two<% else %>many<% end %>", { a: 2 }, "two"],
    ["<% if not a and (b or c) %>x<% end %>", { a: 0, b: "", c: {}, d: 1 }, ""],
    ["<% if not not a %>x<% end %>", { a: 1 }, "x"],
    ["<% if a.b.c %>x<% else %>y<% end %>", { a: {} }, "y"],
    ["<% if n >= -1.5 and n < 2 %>in<% end %>", { n: 0 }, "in"],
    ["<% if 'a' < b %>x<% end %>", { b: "b" }, "x"],
    ["<% if a != null %>x<% end %>", { a: undefined }, ""],
    ["<% if a == '1' %>x<% else %>not the same<% end %>", { a: 1 }, "not the same"],
    ["<%= if ready do %>x<% end %>", { ready: true }, "x"],
  ])("conditions: %s", (text, context, expected) => {
    expect(renderTemplate(text, context)).toBe(expected);
  });

  test.each([
    ["<% for x in xs %>[<%= x %>]<% end %>", { xs: ["a", "b"] }, "[a][b]"],
    ["<%= for x <- xs do %><%= x %><% end %>", { xs: [1, 2] }, "12"],
    ["<% for i, x in xs %><%= i %>=<%= x %> <% end %>", { xs: ["a", "b"] }, "0=a 1=b "],
    ["<% for k, v in o %><%= k %>=<%= v %> <% end %>", { o: { a: 1, b: 2 } }, "a=1 b=2 "],
    ["<% for x in xs %>x<% else %>none<% end %>", { xs: null }, "none"],
    ["<% for x in xs %><% for x in x %><%= x %><% end %>;<% end %><%= x %>", { xs: [[1], [2, 3]], x: "out" }, "1;23;out"],
    ["<% for r in rows %><%= r.n %><% if r.last %>.<% else %>,<% end %><% end %>", { rows: [{ n: 1 }, { n: 2, last: true }] }, "1,2."],
  ])("loops: %s", (text, context, expected) => {
    expect(renderTemplate(text, context)).toBe(expected);
  });

  test("a tag alone on its line takes the line with it", () => {
    const text = "Items:\n  <% for x in xs %>\n  - <%= x %>\n  <% end %>\r\n<%# note %>\n<% if a %>\nA\n<% else %>\nB\n<% end %>";
    expect(renderTemplate(text, { xs: ["a", "b"], a: false })).toBe("Items:\n  - a\n  - b\nB\n");
  });
});

describe("what a template refuses", () => {
  test.each([
    ["Hi <%= nam %>", { name: 1 }, "template_unknown_name", [7, 10]],
    ["<%= a.b %>", { a: {} }, "template_unknown_name", [4, 7]],
    ["<%= a.__proto__ %>", { a: {} }, "template_syntax", [6, 15]],
    ["<%= a['__proto__'] %>", { a: {} }, "template_syntax", [6, 17]],
    ["<%= __proto__ %>", {}, "template_syntax", [4, 13]],
    ["<%= constructor %>", {}, "template_unknown_name", [4, 15]],
    ["<%= a.constructor.name %>", { a: {} }, "template_unknown_name", [4, 22]],
    ["<%= a.map %>", { a: [] }, "template_unknown_name", [4, 9]],
    ["<%= a.length %>", { a: "text" }, "template_unknown_name", [4, 12]],
    ["<%= f() %>", { f: () => 1 }, "template_syntax", [5, 6]],
    ["<%= f %>", { f: () => 1 }, "template_unknown_name", [4, 5]],
    ["<%= name | upper %>", { name: 1 }, "template_syntax", [9, 10]],
    ["<%= a + b %>", { a: 1, b: 2 }, "template_syntax", [6, 7]],
    ["<%= a b %>", { a: 1, b: 2 }, "template_syntax", [6, 7]],
    ["<%= a", { a: 1 }, "template_syntax", [0, 2]],
    ["<%= 'a %>", {}, "template_syntax", [4, 5]],
    ["<%= %>", {}, "template_syntax", [4, 6]],
    ["<% a %>", { a: 1 }, "template_syntax", [0, 7]],
    ["x<% if a %>y", { a: 1 }, "template_syntax", [1, 11]],
    ["<% end %>", {}, "template_syntax", [0, 9]],
    ["<% else %>", {}, "template_syntax", [0, 10]],
    ["<% if a %><% else %><% else %><% end %>", { a: 1 }, "template_syntax", [20, 30]],
    ["<% for x of xs %><% end %>", { xs: [] }, "template_syntax", [9, 11]],
    ["<% for x in 'abc' %><% end %>", {}, "template_syntax", [0, 20]],
    ["<% for x in n %><% end %>", { n: 5 }, "template_unknown_name", [12, 13]],
    ["<%# never closed", {}, "template_syntax", [0, 3]],
  ])("%s", (text, context, code, [start, end]) => {
    let caught: unknown;
    try {
      renderTemplate(text, context);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(TemplateError);
    expect(caught).toMatchObject({ code, span: { start, end } });
    expect((caught as Error).message).toMatch(/^Template, line 1, column \d+: .+\. .+\.$|\?$/);
  });

  test("an own field called like something inherited is data", () => {
    expect(renderTemplate("<%= constructor %> <%= a.toString %>", { constructor: "c", a: { toString: "t" } })).toBe("c t");
  });

  test("inherited data is none", () => {
    expect(() => renderTemplate("<%= secret %>", Object.create({ secret: 1 }))).toThrow(/no `secret`/);
  });

  test("a value that holds itself is an error, not a crash", () => {
    const loop: unknown[] = [];
    loop.push(loop);
    expect(() => renderTemplate("<%= loop %>", { loop })).toThrow(TemplateError);
  });

  test("names are checked where the template is written", () => {
    expect(() => template("<%= mesage %>", ["message", "label"])).toThrow(/Did you mean `message`\?/);
    const made = template("<% for x in xs %><%= x %> <%= name %><% end %>", ["xs", "name"]);
    expect(made.names).toEqual(["xs", "name"]);
    expect(made({ xs: [1, 2], name: "n" })).toBe("1 n2 n");
    expect(() => template(5 as never)).toThrow(TypeError);
  });

  test.each([
    ["64 blocks are read, one more is an error", "<% if a %>".repeat(65)],
    ["64 parentheses are read, one more is an error", `<% if ${"(".repeat(5000)}a %>`],
  ])("%s", (_, text) => {
    expect(() => renderTemplate(text, { a: 1 })).toThrow(/more than 64 levels/);
    expect(renderTemplate(`${"<% if a %>".repeat(64)}x${"<% end %>".repeat(64)}`, { a: 1 })).toBe("x");
  });

  test("a long line of tags, a long name, a long run of blanks: each in less than a second", () => {
    const start = performance.now();
    renderTemplate("<% if a %> <% end %>".repeat(50_000), { a: 1 });
    renderTemplate(`${" ".repeat(1_000_000)}<% if a %>${" ".repeat(1_000_000)}<% end %>`, { a: 1 });
    expect(() => renderTemplate(`<%= ${"a".repeat(1_000_000)} %>`, {})).toThrow(TemplateError);
    expect(() => renderTemplate("<%".repeat(500_000), {})).toThrow(TemplateError);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

describe("values are data", () => {
  test("template syntax in a value is printed as it is", () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom("", "<%= secret %>", "<%%", "%>", "<% if x %>"), (text, syntax) => {
        const value = `${text}${syntax}${text}`;
        expect(renderTemplate("[<%= value %>]", { value, secret: "s" })).toBe(`[${value}]`);
      }),
    );
  });

  test("any text is a template or a TemplateError", () => {
    const piece = fc.constantFrom(
      "<%",
      "%>",
      "<%=",
      "<%%",
      "<%#",
      " if ",
      " for x in xs ",
      " end ",
      " else ",
      " a ",
      ".b",
      "[0]",
      "(",
      ")",
      '"',
      "'",
      "\\",
      "\n",
      " not ",
      " == ",
      "1",
      "-",
      "é",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        try {
          renderTemplate(pieces.join(""), { a: { b: [1] }, xs: [1] });
        } catch (error) {
          if (!(error instanceof TemplateError)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });
});
