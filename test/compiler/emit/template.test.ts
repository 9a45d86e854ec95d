/** A compiled template says what the interpreter says, text or error, whatever the template and the context. */
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { templateExpression } from "../../../compiler/5-emit/template.ts";
import { transform } from "../../../compiler/6-bundle/transform.ts";
import * as abi from "../../../runtime/abi.ts";
import { renderTemplate, type Template } from "../../../runtime/template/index.ts";

function compiled(text: string): Template {
  return new Function("abi", `return ${templateExpression(abi.parseTemplate(text), "abi")}`)(abi) as Template;
}

function outcome(render: () => string): unknown {
  try {
    return render();
  } catch (error) {
    const { code, span, message } = error as { code?: string; span?: unknown; message: string };
    return { code, span, message };
  }
}

const texts = [
  "",
  'plain "quotes" and \\ and \u2028',
  'Dear <%= name %>, <%= order.items[0].price %> <%= order["odd key"] %>',
  "<% if a == 1 %>one<% else if not b and (c or d.e) %>two<% else %>many<% end %>",
  "<% if a >= -1.5 and 'x' < b %>x<% end %><% if not not a %>y<% end %>",
  "<% for k, v in o %><%= k %>=<% for x in v %>[<%= x %>]<% else %>none<% end %>;<% else %>empty<% end %>",
  "<% for x in xs %><% for x in x %><%= x %><% end %>,<% end %><%= x %>",
  '<%= "constant" %><%= null %><%= 5 %><%= not a %><%= missing %>',
];
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, undefined, true, false, 0, 1, 2.5, "", "x", "<%= a %>"),
    fc.array(tie("any"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("e", "items", "price", "odd key"), tie("any"), { maxKeys: 3 }),
  ),
})).any;
const context = fc.dictionary(fc.constantFrom("a", "b", "c", "d", "o", "x", "xs", "name", "order"), value);

describe.each(texts)("%j", (text) => {
  it("renders alike", () => {
    const render = compiled(text);
    fc.assert(
      fc.property(context, (data) => {
        expect(outcome(() => render(data))).toEqual(outcome(() => renderTemplate(text, data)));
      }),
    );
    expect(render.names).toEqual(abi.parseTemplate(text).names.map(({ name }) => name));
  });
});

test("what is printed is one function, in place of the call", () => {
  const text =
    'import { template } from "dspex";\nexport const greet = template("Dear <%= name %>,<% if vip %> at last<% end %>", ["name", "vip"]);\nexport const late = template(greet.name);\n';
  expect(transform({ path: "greet.ts", text })?.code).toMatchInlineSnapshot(`
    "import { template } from "dspex";
    export const greet = /* @__PURE__ */ abi.compiledTemplate("Dear <%= name %>,<% if vip %> at last<% end %>", ["name", "vip"], (t, c) =>
      "Dear " +
      t.text(c, 9, 13, "name") +
      "," +
      (t.truth(t.peek(c, 23, 26, "vip"))
        ? " at last"
        : ""));
    export const late = template(greet.name);

    import * as abi from "dspex/internal";
    "
  `);
});
